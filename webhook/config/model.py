"""The Snapshot: everything an injection needs that does not depend on the pod, parsed, checked and frozen."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gotemplate import ParseError, Template
from webhook.config.detect import Detection, detect_release
from webhook.config.document import ConfigMapTexts, InjectDocument, find_config_maps, line_of_template, parse_document
from webhook.config.errors import ConfigError
from webhook.config.numbers import go_numbers
from webhook.config.release import Release
from webhook.config.values_types import values_error
from webhook.kube import yaml
from webhook.mesh.errors import MeshError
from webhook.mesh.mesh import Mesh, default_mesh, read_mesh

if TYPE_CHECKING:
    from gotemplate.cache import CodeCache
    from webhook.mesh.effective import ProxyConfigResource

__all__ = ["ConfigError", "Snapshot", "build_snapshot"]

FuncsFor = Callable[[Release], Mapping[str, Any]]
"""Gives the functions a release's templates may call."""

TEMPLATE_NAME: Final = "inject"
"""The name of every template, as it shows in the original's error messages."""

SINGLE: Final = "inject"
"""The key under which the single template of releases to 1.8 is kept."""

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class InputTexts(NamedTuple):
    """The texts of a configuration's inputs as they were read."""

    inject: str
    mesh: str | None = None
    values: str | None = None
    proxy_configs: str | None = None


class _Configuration(NamedTuple):
    """The fields of a Snapshot."""

    release: Release
    policy: str
    templates: Mapping[str, Template]
    template_texts: Mapping[str, str]
    mesh: Mesh
    version: str = ""
    template_errors: Mapping[str, ParseError] = _NONE
    default_templates: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = _NONE
    values: Mapping[str, Any] | None = None
    never_inject_selector: tuple[Mapping[str, Any], ...] = ()
    always_inject_selector: tuple[Mapping[str, Any], ...] = ()
    injected_annotations: Mapping[str, str] = _NONE
    source: str = ""
    texts: InputTexts = InputTexts("")
    proxy_configs: tuple[ProxyConfigResource, ...] = ()
    warnings: tuple[str, ...] = ()
    detection: Detection | None = None


class Snapshot(_Configuration):
    """One configuration in force. Built once, shared by all injections, never changed; ``_replace`` makes another.

    ``templates`` and ``template_texts`` by name; up to 1.8 the only one is called ``inject``, and ``version`` is the
    sha256 (hex) of its text, which the status annotation names. ``template_errors`` are
    those of templates that do not parse, which releases 1.9 to 1.13 only notice when they are used. ``values`` has
    Go's numbers (floats). ``warnings`` are sentences for whoever operates this; ``detection`` is None where the
    release was named. ``texts`` are what all this was built of. ``proxy_configs`` are the cluster's resources, oldest
    first, where it was given any (``proxy_configs.with_proxy_configs``).
    """

    @cached_property
    def memory(self) -> dict[str, Any]:
        """What injections keep for the next ones with this configuration; no part of its value."""
        return {}

    @cached_property
    def hash(self) -> str:
        """What identifies the whole: the sha256 (hex) of all that injections depend on."""
        return _hash(self)

    @property
    def template(self) -> Template:
        """The single template of releases to 1.8; KeyError where there are named ones."""
        return self.templates[SINGLE]

    @property
    def template_text(self) -> str:
        """The text of the single template."""
        return self.template_texts[SINGLE]


class _Texts(NamedTuple):
    """The three inputs after ConfigMaps are unpacked, and what messages call the first."""

    inject: str
    mesh: str | None
    values: str | None
    place: str
    config_map_name: str


def build_snapshot(
    inject_config_text: str,
    mesh_text: str | None = None,
    values_text: str | None = None,
    *,
    funcs_for: FuncsFor,
    release: Release | None = None,
    source: str = "the injection configuration",
    cache: CodeCache | None = None,
) -> Snapshot:
    """Build a snapshot from the texts of its inputs.

    inject_config_text: the injector's ConfigMap manifest, its ``config`` document, or a bare template.
    mesh_text: a mesh file or the manifest of the ConfigMap ``istio``; None for the release's defaults.
    values_text: the ``values`` document; None where the ConfigMap has it, or the release knows none.
    release: forces the release; None: it is told from the configuration.
    source: what messages call the first input.
    cache: keeps the code of templates for the next process; with it nothing of a known text is parsed.

    Raises ConfigError with input, line where it is known, and remedy.
    """
    texts = _unpack(inject_config_text, mesh_text, values_text, source)
    document = parse_document(texts.inject, texts.place, release.yaml_dialect if release else yaml.LATEST)
    values = _parse_values(texts.values)
    detection = None
    if release is None:
        detection = detect_release(document, values=values, config_map_name=texts.config_map_name)
        release = detection.release
    _check_values(values, release)
    template_texts = _template_texts(document, release, texts.place)
    templates, errors = _parse_templates(template_texts, release, funcs_for, texts, cache)
    return Snapshot(
        release=release,
        policy=document.policy,
        templates=MappingProxyType(templates),
        template_texts=MappingProxyType(template_texts),
        template_errors=MappingProxyType(errors),
        mesh=_mesh(texts.mesh, release),
        version=_sha256(template_texts[SINGLE], "surrogateescape") if release.status_has_version else "",
        default_templates=_default_templates(document, release),
        aliases=MappingProxyType(dict(document.aliases)),
        values=values if release.has_values else None,
        never_inject_selector=document.never_inject_selector if release.has_selectors else (),
        always_inject_selector=document.always_inject_selector if release.has_selectors else (),
        injected_annotations=document.injected_annotations if release.has_injected_annotations else {},
        source=texts.place,
        texts=InputTexts(inject_config_text, mesh_text, values_text),
        warnings=_warnings(document, release, detection, template_texts),
        detection=detection,
    )


def _unpack(inject_text: str, mesh_text: str | None, values_text: str | None, source: str) -> _Texts:
    if not inject_text.strip():
        raise ConfigError("the injection configuration is empty", place=source, remedy="give the injector's ConfigMap")
    found = find_config_maps(inject_text, source)
    mesh = _mesh_text(mesh_text)
    if found is None:
        return _Texts(inject_text, mesh, values_text, source, "")
    if found.config is None:
        remedy = "give the ConfigMap istio-sidecar-injector (istio-inject up to 0.7), and the mesh's one separately"
        raise ConfigError("the ConfigMap has no key config", place=source, remedy=remedy)
    return _Texts(
        found.config,
        mesh if mesh is not None else found.mesh,
        values_text if values_text is not None else found.values,
        f"{source}, key config of ConfigMap {found.config_map_name}",
        found.config_map_name,
    )


def _mesh_text(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    found: ConfigMapTexts | None = find_config_maps(text, "the mesh configuration")
    if found is None:
        return text
    if found.mesh is None:
        remedy = "give the mesh file, or the ConfigMap called istio"
        raise ConfigError("the ConfigMap has no key mesh", place="the mesh configuration", remedy=remedy)
    return found.mesh


def _mesh(text: str | None, release: Release) -> Mesh:
    if text is None:
        return default_mesh(release.version)
    place = "the mesh configuration"
    try:
        return read_mesh(yaml.load(text, release.yaml_dialect), release.version)
    except yaml.YamlError as error:
        # the original converts to JSON in a step of its own, whose errors have no prefix
        reason = str(error).removeprefix("error converting YAML to JSON: ")
        message = f"failed to convert to proto. {reason}"
        raise ConfigError(message, place=place, line=error.line, remedy="the mesh file must be YAML") from None
    except MeshError as error:
        remedy = f"this is what Istio {release.version} says; check the field, or the release"
        raise ConfigError(str(error), place=place, line=_line_of(text, str(error)), remedy=remedy) from None


def _line_of(text: str, message: str) -> int | None:
    """Return the line of the field an error message quotes."""
    _, _, rest = message.partition('unknown field "')
    name = rest.partition('"')[0]
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if name and line.strip().startswith(f"{name}:")), None)


_BAD_VALUES: Final = "could not parse configuration values:"


def _parse_values(text: str | None) -> dict[str, Any] | None:
    if text is None or not text.strip():
        return None
    place = "the values document"
    try:
        data = yaml.load(text)
    except yaml.YamlError as error:
        message = f"{_BAD_VALUES} {error}"
        raise ConfigError(message, place=place, line=error.line, remedy="values must be JSON or YAML") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        kind = "array" if isinstance(data, list) else "string" if isinstance(data, str) else "number"
        message = f"{_BAD_VALUES} json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
        raise ConfigError(message, place=place, remedy="values must be an object, the `values` key of the ConfigMap")
    values: dict[str, Any] = go_numbers(data)
    return values


def _check_values(values: dict[str, Any] | None, release: Release) -> None:
    if values is None or not release.values_parse.startswith("typed"):
        return
    error = values_error(values, release.version)
    if error is not None:
        remedy = f"Istio {release.version} reads values into a message; give each setting the type it has there"
        raise ConfigError(f"{_BAD_VALUES} {error}", place="the values document", remedy=remedy)


def _template_texts(document: InjectDocument, release: Release, place: str) -> dict[str, str]:
    if release.named_templates:
        if document.is_bare:
            return {"sidecar": document.template or ""}
        return dict(document.templates)
    if document.templates and document.template is None:
        remedy = f"Istio {release.version} reads a single `template`; give a configuration of that release"
        raise ConfigError("the configuration has named templates only", place=place, remedy=remedy)
    return {SINGLE: document.template or ""}


def _parse_templates(
    texts: Mapping[str, str], release: Release, funcs_for: FuncsFor, inputs: _Texts, cache: CodeCache | None
) -> tuple[dict[str, Template], dict[str, ParseError]]:
    functions = dict(funcs_for(release))
    templates: dict[str, Template] = {}
    errors: dict[str, ParseError] = {}
    for name, text in texts.items():
        try:
            template = Template(
                TEMPLATE_NAME, delims=release.delimiters, funcs=functions, go=release.go_version, cache=cache
            )
            misses = cache.misses if cache is not None else 0
            templates[name] = template.parse(text)
            if cache is not None and cache.misses > misses:
                template.compile()  # so that the next process finds it, whether or not this one executes it
        except ParseError as error:
            if not release.named_templates or release.parses_templates_at_load:
                raise _template_error(name, text, error, release, inputs) from error
            errors[name] = error
    return templates, errors


def _template_error(name: str, text: str, error: ParseError, release: Release, inputs: _Texts) -> ConfigError:
    start = line_of_template(inputs.inject, text)
    line = getattr(error, "line", None)
    which = "the template" if name == SINGLE else f"template {name}"
    remedy = f"read as a template of Istio {release.version} with {' '.join(release.delimiters)}"
    return ConfigError(
        f"{which} does not parse: {error}",
        place=inputs.place,
        line=start + line - 1 if start is not None and isinstance(line, int) and line else None,
        remedy=remedy,
    )


def _default_templates(document: InjectDocument, release: Release) -> tuple[str, ...]:
    if not release.named_templates:
        return (SINGLE,)
    return document.default_templates or ("sidecar",)


def _warnings(
    document: InjectDocument, release: Release, detection: Detection | None, texts: Mapping[str, str]
) -> tuple[str, ...]:
    found = list(detection.warnings) if detection else []
    if document.policy not in ("enabled", "disabled"):
        shown = json.dumps(document.policy, ensure_ascii=False)
        found.append(f"the policy is {shown}, neither enabled nor disabled: no pod is injected")
    if not any(texts.values()):
        found.append("the configuration has no template: injection adds nothing")
    missing = [name for name in document.default_templates if release.named_templates and name not in texts]
    found.extend(f"the default template {name} does not exist" for name in missing if name not in document.aliases)
    return tuple(found)


def _hash(snapshot: Snapshot) -> str:
    facts = {
        "release": snapshot.release.version,
        "policy": snapshot.policy,
        "templates": dict(snapshot.template_texts),
        "defaults": snapshot.default_templates,
        "aliases": dict(snapshot.aliases),
        "values": snapshot.values,
        "mesh": snapshot.mesh.json,
        "never": snapshot.never_inject_selector,
        "always": snapshot.always_inject_selector,
        "annotations": dict(snapshot.injected_annotations),
    }
    if snapshot.proxy_configs:
        facts["proxy configs"] = snapshot.texts.proxy_configs
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
    return _sha256(text, "surrogatepass")


def _sha256(text: str, errors: str) -> str:
    from hashlib import sha256  # it loads OpenSSL, and the injection of a file needs no hash from 1.9 on

    return sha256(text.encode("utf-8", errors)).hexdigest()
