"""The injector's configuration document: from text to its keys, whatever wrapping the text comes in.

A text may be a ConfigMap manifest (alone or in a stream of documents), the ``config`` document itself, or a bare pod
template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from webhook.config.errors import ConfigError
from webhook.kube import yaml
from webhook.kube.decode_errors import DecodeError

CONFIG_KEYS: Final = (
    "policy", "defaultTemplates", "template", "templates", "aliases", "neverInjectSelector", "alwaysInjectSelector",
    "injectedAnnotations",
)  # fmt: skip
"""Keys of Istio's injection Config, in all releases together."""

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})
_LOOKS_LIKE_CONFIG = r"(?m)^(policy|template|templates|defaultTemplates)\s*:"
_LOOKS_LIKE_MANIFEST = r"(?m)^\s*(kind\s*:\s*(ConfigMap|List)|\"kind\"\s*:\s*\"ConfigMap\")"
_LOOKS_LIKE_TEMPLATE = r"(?m)^\s*(initContainers|containers|volumes|metadata|spec)\s*:"


class ConfigMapTexts(NamedTuple):
    """The data of ConfigMaps found in a manifest, and the name of the one that holds the injection config."""

    config: str | None = None
    values: str | None = None
    mesh: str | None = None
    config_map_name: str = ""


class InjectDocument(NamedTuple):
    """A configuration document, decoded: the text of its templates is untouched.

    ``template`` is the single template of releases to 1.8, ``templates`` the named ones since. ``is_bare`` says that
    the text was a template and nothing else. ``keys`` are the known keys the document has.
    """

    policy: str = ""
    template: str | None = None
    templates: Mapping[str, str] = _NONE
    default_templates: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = _NONE
    never_inject_selector: tuple[Mapping[str, Any], ...] = ()
    always_inject_selector: tuple[Mapping[str, Any], ...] = ()
    injected_annotations: Mapping[str, str] = _NONE
    is_bare: bool = False
    keys: frozenset[str] = frozenset()


def find_config_maps(text: str, place: str, dialect: yaml.Dialect = yaml.LATEST) -> ConfigMapTexts | None:
    """Return the texts that ConfigMap manifests in a stream hold, or None for a text that holds no manifest.

    Raises ConfigError for a manifest that does not parse, or without any of the keys ``config``, ``values``, ``mesh``.
    """
    if re.search(_LOOKS_LIKE_MANIFEST, text) is None:
        return None
    try:
        documents = yaml.load_all(text, dialect)
    except yaml.YamlError as error:
        raise ConfigError(
            str(error), place=place, line=error.line, remedy="a ConfigMap manifest must be YAML"
        ) from None
    maps = [item for document in documents for item in _objects(document) if item.get("kind") == "ConfigMap"]
    if not maps:
        return None
    found: dict[str, str] = {}
    for item in maps:
        data = item.get("data") or {}
        found.update({key: data[key] for key in ("config", "values", "mesh") if isinstance(data.get(key), str)})
        if "config" in data:
            found["config_map_name"] = str((item.get("metadata") or {}).get("name", ""))
    if not found:
        keys = ", ".join(sorted({str(key) for item in maps for key in item.get("data") or {}})) or "none"
        remedy = f"the injector's ConfigMap has the key config, the mesh's the key mesh; this one has {keys}"
        raise ConfigError("the ConfigMap holds no injection configuration", place=place, remedy=remedy)
    return ConfigMapTexts(**found)


def _objects(document: object) -> list[dict[str, Any]]:
    if not isinstance(document, dict):
        return []
    items = document.get("items")
    if document.get("kind") == "List" and isinstance(items, list):
        return [item for item in items if isinstance(item, dict)]
    return [document]


def parse_document(text: str, place: str, dialect: yaml.Dialect = yaml.LATEST) -> InjectDocument:
    """Return the configuration document of a text.

    A text that is a template and nothing else becomes the only template of a document with policy enabled. Raises
    ConfigError with the place and, where YAML knows it, the line.
    """
    if not text.strip():
        raise ConfigError("the injection configuration is empty", place=place, remedy=_REMEDY)
    try:
        data = yaml.load(text, dialect)
    except yaml.YamlError as error:
        if _is_template(text):
            return InjectDocument(policy="enabled", template=text, is_bare=True)
        raise ConfigError(str(error), place=place, line=error.line, remedy=_REMEDY) from None
    if isinstance(data, dict) and _known_keys(data):
        return _decode(data, place)
    if isinstance(data, dict) and data.get("kind") not in (None, "Pod"):
        raise ConfigError(f"this is a {data['kind']}, no injection configuration", place=place, remedy=_REMEDY)
    if _is_template(text) or (isinstance(data, dict) and re.search(_LOOKS_LIKE_TEMPLATE, text)):
        return InjectDocument(policy="enabled", template=text, is_bare=True)
    raise ConfigError("this is no injection configuration", place=place, remedy=_REMEDY)


_REMEDY: Final = "give the injector's ConfigMap, its `config` document with policy and template, or a pod template"


def _is_template(text: str) -> bool:
    return re.search(_LOOKS_LIKE_CONFIG, text) is None and ("{{" in text or "[[" in text)


def _known_keys(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document's values by their proper key: Go matches in any case, the last in sorted order wins."""
    proper = {key.lower(): key for key in CONFIG_KEYS}
    return {proper[key.lower()]: data[key] for key in sorted(data) if key.lower() in proper and data[key] is not None}


def _decode(data: Mapping[str, Any], place: str) -> InjectDocument:
    known = _known_keys(data)
    return InjectDocument(
        policy=_string(known.get("policy", ""), "policy", place),
        template=_string(known["template"], "template", place) if "template" in known else None,
        templates=_strings(known.get("templates", {}), "templates", place),
        default_templates=_list(known.get("defaultTemplates", []), "defaultTemplates", place),
        aliases=_lists(known.get("aliases", {}), "aliases", place),
        never_inject_selector=_selectors(known.get("neverInjectSelector", []), "neverInjectSelector", place),
        always_inject_selector=_selectors(known.get("alwaysInjectSelector", []), "alwaysInjectSelector", place),
        injected_annotations=_strings(known.get("injectedAnnotations", {}), "injectedAnnotations", place),
        keys=frozenset(known),
    )


_JSON_KINDS: Final = {dict: "object", list: "array", str: "string", bool: "bool", int: "number", float: "number"}


def _mismatch(value: object, key: str, go_type: str, place: str) -> ConfigError:
    kind = _JSON_KINDS[type(value)]
    text = f"error unmarshaling JSON: json: cannot unmarshal {kind} into Go struct field Config.{key} of type {go_type}"
    return ConfigError(text, place=place, remedy=f"the key {key} must be a {go_type}")


def _string(value: Any, key: str, place: str) -> str:
    if isinstance(value, (dict, list)):
        raise _mismatch(value, key, "string", place)
    return value if isinstance(value, str) else yaml.scalar_to_string(value)


def _strings(value: Any, key: str, place: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _mismatch(value, key, "map[string]string", place)
    return {name: _string(item, f"{key}.{name}", place) for name, item in value.items() if item is not None}


def _list(value: Any, key: str, place: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _mismatch(value, key, "[]string", place)
    return tuple(_string(item, key, place) for item in value)


def _lists(value: Any, key: str, place: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _mismatch(value, key, "map[string][]string", place)
    return {name: _list([] if items is None else items, f"{key}.{name}", place) for name, items in value.items()}


def _selectors(value: Any, key: str, place: str) -> tuple[Mapping[str, Any], ...]:
    """Return label selectors as they are read into Go's struct: keys in any case, numbers as strings, null as none."""
    if not isinstance(value, list):
        raise _mismatch(value, key, "[]v1.LabelSelector", place)
    if not value:
        return ()
    from webhook.kube.schema import api_versions, load_schema  # few configurations have selectors

    schema = load_schema(api_versions()[-1])
    found = []
    for item in value:
        if item is not None and not isinstance(item, dict):
            raise _mismatch(item, key, "v1.LabelSelector", place)
        try:
            found.append(schema.decode("meta/v1.LabelSelector", item, coerce=True))
        except DecodeError as error:
            text = re.sub(r"(Go struct field \w+\.)", rf"\g<1>{key}.", str(error), count=1)
            remedy = (
                f"each item of {key} must be a label selector: matchLabels with strings, matchExpressions with a list"
            )
            raise ConfigError(f"error unmarshaling JSON: {text}", place=place, remedy=remedy) from None
    return tuple(found)


def line_of_template(text: str, template: str) -> int | None:
    """Return the line of a text in which a template begins, 1-based; None where it cannot be told."""
    wanted = [line.strip() for line in template.splitlines() if line.strip()][:3]
    lines = [line.strip() for line in text.splitlines()]
    skipped = len(template) - len(template.lstrip("\n"))
    for start in range(len(lines) - len(wanted) + 1):
        if wanted and [line for line in lines[start:] if line][: len(wanted)] == wanted and lines[start]:
            return start + 1 - skipped
    return None
