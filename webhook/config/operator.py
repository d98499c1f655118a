"""From IstioOperator files to Helm values, as istioctl translates them for the charts of the control plane.

Three eras: 1.5 to 1.8, 1.9 to 1.23 (both: what istioctl sets lies below the user's values) and 1.24 on, where a null of
the user survives. Source: istio-inject-0.5-1.8, section 6.4; istio-inject-1.9-1.31, section 1.6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webhook.config.charts import Values
from webhook.config.setflags import apply_operator_flags
from webhook.config.values import merge_documents, merge_dropping_nulls
from webhook.kube import gojson
from webhook.kube.workloads import value_at
from webhook.mesh.versions import Version

NAMESPACE = "istio-system"


@dataclass(frozen=True, slots=True)
class OperatorResult:
    """What an IstioOperator comes to: the values for the charts, and the namespace they are installed in."""

    values: Values
    namespace: str = NAMESPACE


@dataclass(frozen=True, slots=True)
class OperatorInputs:
    """IstioOperator documents and flags. ``profiles`` is every profile by name; ``files`` and ``flags`` in the order given."""

    profiles: Mapping[str, Values]
    files: Sequence[Values] = ()
    flags: Sequence[str] = ()


class OperatorError(ValueError):
    """An IstioOperator that cannot be translated: it names a profile that is not there, or has a spec of another kind."""


def operator_values(inputs: OperatorInputs, version: Version) -> OperatorResult:
    """Return the Helm values of IstioOperator files and ``--set`` flags over the profile they name.

    Raises OperatorError, and SetError for a flag.
    """
    user = user_document(inputs, version)
    merge = merge_documents if version >= (1, 24, 0) else merge_dropping_nulls
    base = _profile(inputs.profiles, _text(value_at(user, ("spec", "profile"))))
    document = merge(base, user)
    return _translate(document, user) if version >= (1, 24, 0) else _translate_before_1_24(document, version)


def user_document(inputs: OperatorInputs, version: Version) -> Values:
    """Return the user's IstioOperator: files over each other in their order, then the flags.

    Raises OperatorError for a document whose spec is no object, and SetError for a flag.
    """
    files = [{key: value for key, value in file.items() if key != "spec" or value is not None} for file in inputs.files]
    document = merge_documents({"metadata": {}, "spec": {}}, *files)
    if not isinstance(document["spec"], dict):
        raise OperatorError("the spec of the IstioOperator is no object")
    return apply_operator_flags(document, inputs.flags, version)


def _profile(profiles: Mapping[str, Values], name: str) -> Values:
    """Return a profile over the default profile."""
    wanted = name or "default"
    for profile in ("default", wanted):
        if profile not in profiles:
            known = ", ".join(sorted(profiles)) or "none"
            raise OperatorError(f'profile "{profile}" not found; there are: {known}')
    return merge_documents(profiles["default"], {} if wanted == "default" else profiles[wanted])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _spec(document: Values) -> Values:
    spec: Values = document["spec"]
    return spec


def _is_on(spec: Values, component: str) -> bool:
    return value_at(spec, ("components", component, "enabled")) is True


def _translate_before_1_24(document: Values, version: Version) -> OperatorResult:
    """Lay the values of the document over what istioctl derives from the rest of it."""
    spec = _spec(document)
    namespace = _text(value_at(document, ("metadata", "namespace"))) or NAMESPACE
    settings: Values = {"hub": spec.get("hub", ""), "tag": spec.get("tag", "")}
    if version >= (1, 6, 0):
        settings["istioNamespace"] = namespace
    if version >= (1, 9, 0):
        settings.update(enabled=_is_on(spec, "base"), namespace=namespace)
    derived: Values = {"global": settings, "istio_cni": {"enabled": _is_on(spec, "cni")}}
    if version >= (1, 6, 0):
        derived["revision"] = spec.get("revision") or ""
        derived["meshConfig"] = spec.get("meshConfig") or {}
    values = merge_dropping_nulls(derived, spec.get("values") or {}, spec.get("unvalidatedValues") or {})
    return OperatorResult(values, namespace)


def _translate(document: Values, user: Values) -> OperatorResult:
    spec = _spec(document)
    derived: Values = {"pilot": {"enabled": _is_on(spec, "pilot"), "cni": {"enabled": _is_on(spec, "cni")}}}
    for name in ("revision", "compatibilityVersion", "meshConfig"):
        if name in spec:
            derived[name] = spec[name]
    images = {name: _tag_text(spec[name]) for name in ("hub", "tag") if name in spec}
    if images:
        derived["global"] = images
    given = value_at(user, ("spec", "values")) or {}
    values = merge_documents(spec.get("values") or {}, derived, given, spec.get("unvalidatedValues") or {})
    return OperatorResult(values, _text(value_at(values, ("global", "istioNamespace"))) or NAMESPACE)


def _tag_text(value: Any) -> Any:
    return f"{value:g}" if isinstance(value, float) else str(value) if isinstance(value, int) else value


@dataclass(frozen=True, slots=True)
class OperatorTexts:
    """What kube-inject takes from an IstioOperator file: texts of mesh configuration and values, empty for what it lacks."""

    mesh: str = ""
    values: str = ""


def operator_texts(document: Values, version: Version, tag: str) -> OperatorTexts:
    """Return the mesh configuration and the values in an IstioOperator document, as kube-inject reads them since 1.13.

    Up to 1.23 these are the document's own. Since 1.24 they lie over the built-in default profile, with the images that
    istioctl was built for: ``tag`` is the release.

    Raises OperatorError for a document whose spec is no object.
    """
    if document.get("spec") is not None and not isinstance(document["spec"], dict):
        raise OperatorError("the spec of the IstioOperator is no object")
    if version >= (1, 24, 0):
        profile = {"spec": {"hub": _released_hub(version), "tag": tag, "values": _default_profile_values(version)}}
        profile["spec"]["components"] = {"base": {"enabled": True}, "pilot": {"enabled": True}}
        inputs = OperatorInputs({"default": profile}, [_without_profile(document)])
        return _texts(value_at(document, ("spec", "meshConfig")), operator_values(inputs, version).values)
    return _texts(*(value_at(document, ("spec", name)) for name in ("meshConfig", "values")))


def _texts(mesh: Any, values: Any) -> OperatorTexts:
    return OperatorTexts(*(gojson.dumps(part) if isinstance(part, Mapping) else "" for part in (mesh, values)))


def _without_profile(document: Values) -> Values:
    """Return a document that names no profile: only the default one is built in."""
    spec = document.get("spec") or {}
    return {**document, "spec": {key: value for key, value in spec.items() if key != "profile"}}


def _released_hub(version: Version) -> str:
    return "registry.istio.io/release" if version >= (1, 30, 0) else "docker.io/istio"


def _default_profile_values(version: Version) -> Values:
    """Return the values of the default profile that istioctl has built in."""
    values: Values = {
        "defaultRevision": "",
        "global": {"istioNamespace": NAMESPACE, "configValidation": True},
        "gateways": {"istio-ingressgateway": {}, "istio-egressgateway": {}},
    }
    if version >= (1, 27, 0):
        values["ztunnel"] = {"resourceName": "ztunnel"}
    return values
