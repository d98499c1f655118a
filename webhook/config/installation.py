"""What an installation of Istio puts into the cluster for the injector: the ConfigMaps of its charts, without Helm.

Two ways lead there, as in life: Helm (``values`` and ``--set`` over the chart's defaults) and istioctl (IstioOperator
files and ``--set`` over a profile, translated to values). Both end in the same chart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from webhook.config.chartfiles import Tree
from webhook.config.charts import Chart, Values
from webhook.config.detect import Detection, Evidence, detect_release
from webhook.config.document import parse_document
from webhook.config.errors import ConfigError
from webhook.config.helm import HelmRelease, render_chart
from webhook.config.operator import NAMESPACE, OperatorError, OperatorInputs, operator_values
from webhook.config.release import LAST_PATCHES, Release, release_of
from webhook.config.setflags import SetError, apply_set
from webhook.config.values import coalesce, merge_documents
from webhook.kube import gojson, yaml
from webhook.mesh.versions import NEWEST_PATCH, Version, parse_version

Installer = Literal["helm", "istioctl"]

INJECTOR_TEMPLATES: Final = ("templates/istiod-injector-configmap.yaml", "templates/sidecar-injector-configmap.yaml")
MESH_TEMPLATE: Final = "templates/configmap.yaml"
_DEFAULTS: Final = ("_internal_defaults_do_not_set", "defaults")
"""Keys under which charts since 1.21 keep what used to be the top level of values.yaml."""

_MERGE_KEEPS_OLD: Final[Version] = (1, 14, 0)
"""Before this release the charts were rendered by a Helm whose merge skipped nulls, so that rootNamespace kept its default."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to install. ``set`` is in the installer's own language; ``values`` are documents, the last on top.

    ``operators``: IstioOperator documents, which only istioctl takes. ``profile`` may be empty, so may ``revision``.
    """

    installer: Installer = "helm"
    values: Sequence[Values] = ()
    set: Sequence[str] = ()
    operators: Sequence[Values] = ()
    profile: str = ""
    revision: str = ""
    namespace: str = NAMESPACE


@dataclass(frozen=True, slots=True)
class Installation:
    """The ConfigMaps of an installation: their manifests, and the texts they hold.

    ``mesh`` and ``mesh_manifest`` are empty where the settings leave the mesh's ConfigMap out, ``values`` where the
    release has none.
    """

    injector_manifest: str
    mesh_manifest: str
    config: str
    values: str
    mesh: str


def tell_release(tree: Tree) -> Detection:
    """Return the release a checkout is of, told from what its chart installs by default and from the chart's own shape."""
    installed = install(tree, Settings(), None)
    values = gojson.loads(installed.values) if installed.values else None
    document = parse_document(installed.config, str(tree.chart_path))
    found = detect_release(
        document, values=values if isinstance(values, Mapping) else None, config_map_name="istio-sidecar-injector"
    )
    since, until = _era(tree.chart)
    if since <= found.release.numbers < until:
        return found
    fitting = [patch for patch in LAST_PATCHES if since <= parse_version(patch) < until]
    release = release_of(min(fitting, key=lambda patch: _distance(parse_version(patch), found.release.numbers)))
    shape = Evidence("the shape of the chart", since, (until[0], until[1] - 1, NEWEST_PATCH))
    return Detection(release, (*found.evidence, shape), found.warnings)


def _distance(one: Version, other: Version) -> int:
    return abs(one[0] * 1000 + one[1] - other[0] * 1000 - other[1])


def install(tree: Tree, settings: Settings, release: Release | None) -> Installation:
    """Return the ConfigMaps that a release's charts give with some settings.

    release: None where it is not known yet; then only what does not depend on it is exact.

    Raises ConfigError for settings that cannot be applied, and for what templates refuse.
    """
    version = release.numbers if release else _era(tree.chart)[0]
    try:
        user, namespace = _user_values(tree, settings, version)
    except (SetError, OperatorError) as error:
        remedy = f"this is read as settings of {settings.installer}"
        raise ConfigError(str(error), place="the settings", remedy=remedy) from error
    helm = _helm_release(version, namespace, settings.installer)
    rendered = render_chart(tree.chart, coalesce(tree.chart, user), helm, (*INJECTOR_TEMPLATES, MESH_TEMPLATE))
    return _installation(rendered, tree)


_ERAS: Final[tuple[Version, ...]] = ((0, 8, 0), (1, 2, 0), (1, 5, 0), (1, 21, 0), (1, 24, 0), (2, 0, 0))


def _era(chart: Chart) -> tuple[Version, Version]:
    """Return the first release whose charts have the shape of this one, and the first whose have another."""
    if _DEFAULTS[0] in chart.values:
        since = (1, 24, 0)
    elif _DEFAULTS[1] in chart.values:
        since = (1, 21, 0)
    elif INJECTOR_TEMPLATES[0] in chart.templates:
        since = (1, 5, 0)
    else:
        since = (1, 2, 0) if "files/injection-template.yaml" in chart.files else (0, 8, 0)
    return since, _ERAS[_ERAS.index(since) + 1]


def _helm_release(version: Version, namespace: str, installer: Installer) -> HelmRelease:
    old = version < (1, 5, 0)
    return HelmRelease(
        name="istio" if old or installer == "istioctl" else "istiod",
        namespace=namespace,
        service="Tiller" if old else "Helm",
        nulls_overwrite=version >= ((1, 24, 0) if installer == "istioctl" else _MERGE_KEEPS_OLD),
    )


def _user_values(tree: Tree, settings: Settings, version: Version) -> tuple[Values, str]:
    if settings.installer == "istioctl":
        return _operator_values(tree, settings, version)
    if settings.operators:
        raise OperatorError("an IstioOperator file is for istioctl, not for Helm")
    values = merge_documents(tree.global_values, *_profile_values(tree, settings.profile), *settings.values)
    for expression in settings.set:
        values = apply_set(values, expression)
    if settings.revision:
        values["revision"] = settings.revision
    return values, settings.namespace


def _profile_values(tree: Tree, profile: str) -> list[Values]:
    """Return the values a profile stands for: a setting of charts since 1.21, a values file up to 1.4."""
    if not profile or profile == "default":
        return []
    if any(key in tree.chart.values for key in _DEFAULTS):
        return [{"profile": profile}]
    if profile in tree.overlays:
        return [tree.overlays[profile]]
    known = ", ".join(sorted(tree.overlays)) or "none: profiles of 1.5 to 1.20 belong to istioctl"
    raise OperatorError(f'profile "{profile}" not found; there are: {known}')


def _operator_values(tree: Tree, settings: Settings, version: Version) -> tuple[Values, str]:
    documents = [*settings.operators, *({"spec": {"values": values}} for values in settings.values)]
    flags = [
        f"{name}={value}" for name, value in (("profile", settings.profile), ("revision", settings.revision)) if value
    ]
    inputs = OperatorInputs(tree.profiles, documents, [*settings.set, *flags])
    result = operator_values(inputs, version)
    return result.values, result.namespace


def _installation(rendered: Mapping[str, str], tree: Tree) -> Installation:
    injector = next((rendered[path] for path in INJECTOR_TEMPLATES if path in rendered), None)
    if injector is None:
        remedy = "give the chart istio-discovery, or istio up to 1.4"
        raise ConfigError(
            "the chart has no template of the injector's ConfigMap", place=str(tree.chart_path), remedy=remedy
        )
    data = _data(injector)
    if "config" not in data:
        remedy = "the chart leaves it out with global.omitSidecarInjectorConfigMap, and for some profiles"
        raise ConfigError("the settings leave out the injector's ConfigMap", place="the settings", remedy=remedy)
    mesh = rendered.get(MESH_TEMPLATE, "")
    return Installation(
        injector_manifest=_trimmed(injector),
        mesh_manifest=_trimmed(mesh),
        config=data["config"],
        values=data.get("values", ""),
        mesh=_data(mesh).get("mesh", ""),
    )


def _data(manifest: str) -> dict[str, Any]:
    """Return the data of the first ConfigMap in a rendered template."""
    for document in yaml.load_all(manifest):
        if isinstance(document, dict) and document.get("kind") == "ConfigMap":
            return document.get("data") or {}
    return {}


def _trimmed(manifest: str) -> str:
    """Return a rendered template as a document: without blank lines around, and without the separator at its end."""
    lines = manifest.strip().splitlines()
    while lines and lines[-1] in ("", "---"):
        lines.pop()
    return "\n".join([*lines, ""]) if lines else ""
