"""The functions Istio's injector registers for its templates, with their Go signatures; a release names the ones it has.

Source: istio-inject-0.5-1.8, section 2.2; istio-inject-1.9-1.31, section 2.2. Sprig's functions lie underneath from 1.8
on, and the injector's own win over those of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from gotemplate import Template, TemplateError
from gotemplate.fmt import sprint
from gotemplate.golib import path
from gotemplate.golib.strings import to_lower
from gotemplate.values import (
    ANY,
    BOOL,
    INT,
    MAP_STRING_STRING,
    SLICE_STRING,
    STRING,
    Func,
    Map,
    Slice,
    Struct,
    Type,
    func_of,
    indirect,
    is_nil,
    pointer_to,
    slice_of,
    type_name,
)
from webhook.inject.containers import PROXY
from webhook.inject.networks import append_network
from webhook.inject.telemetry import resource_attributes
from webhook.kube import gojson, yaml
from webhook.kube.schema import load_schema
from webhook.kube.structview import json_of, view_type
from webhook.mesh.durations import duration_string
from webhook.mesh.layering import clean_proxy_config
from webhook.mesh.messages import Duration, Message
from webhook.mesh.protojson import write_message, write_well_known
from webhook.mesh.schema import MESH_CONFIG, PROXY_CONFIG, schema_of
from webhook.mesh.views import message_of, views_of

if TYPE_CHECKING:
    from webhook.config.release import Release

Call = Callable[..., Any]
_MAX_SECONDS: Final = 315_576_000_000  # the range of a protobuf Duration: ten thousand years
_PORTLESS: Final = frozenset({"UDP", "SCTP"})
NO_JSON: Final = "{}"

# Durations, annotations, ports


def duration_text(duration: Any) -> str:
    """Return a protobuf Duration as Go prints a time.Duration; ``1s`` for nil and for one that is out of range."""
    message = message_of(duration)
    if not isinstance(message, Duration) or abs(message.seconds) > _MAX_SECONDS:
        return "1s"
    if not -(2**63) <= message.nanoseconds < 2**63:
        return "1s"
    return duration_string(message.nanoseconds)


def duration_text_saturated(duration: Any) -> str:
    """Return a protobuf Duration as Go prints it through AsDuration (since 1.14): ``0s`` for nil, cut at the range."""
    message = message_of(duration)
    nanoseconds = message.nanoseconds if isinstance(message, Duration) else 0
    return duration_string(max(-(2**63), min(2**63 - 1, nanoseconds)))


def isset(mapping: dict[str, str], key: str) -> bool:
    """Tell whether a map[string]string has the key."""
    return key in mapping


def annotation(meta: Struct, name: str, default: Any) -> str:
    """Return an annotation, even if it is empty; where it is missing, the default as fmt.Sprint prints it."""
    annotations = meta.host.get("annotations") if meta.host is not None else None
    found = None if annotations is None else annotations.get(name)
    return sprint(default) if found is None else found


def value_or_default(value: Any, default: Any) -> Any:
    """Return the default for nil and for an empty plain string; 0, false and empty lists stay."""
    return default if value is None or (value.__class__ is str and not value) else value


def exclude_inbound_port(port: Any, excluded: str) -> str:
    """Return a list of ports with one more, unless it is none or in the list (spaces count there)."""
    text = sprint(port).strip()
    if text in ("", "0"):
        return excluded
    ports = excluded.split(",")
    if text in ports:
        return excluded
    return ",".join([*filter(None, (item.strip() for item in ports)), text])


def container_ports(containers: Slice, *, skips_proxy: bool = False, skips_udp: bool = True) -> str:
    """Return the container ports, comma-separated: since 1.4 without UDP and SCTP."""
    ports = []
    for container in (item.host or {} for item in containers):
        if skips_proxy and container.get("name") == PROXY:
            continue
        for port in container.get("ports") or ():
            if not (skips_udp and port.get("protocol") in _PORTLESS):
                ports.append(str(port.get("containerPort", 0)))
    return ",".join(ports)


def _itself(text: str) -> str:
    return text


# Texts and JSON


def to_json(mapping: dict[str, str]) -> str:
    """Return a map[string]string as JSON, ``{}`` for nil."""
    return NO_JSON if is_nil(mapping) else gojson.dumps(dict(mapping))


def from_json(text: str) -> Any:
    """Return the value of a JSON text; the string ``{}`` where it is none."""
    try:
        return gojson.loads(text)
    except gojson.JsonError:
        return NO_JSON


def indent(spaces: int, text: str) -> str:
    """Indent every line but the first, empty ones too."""
    return text.replace("\n", "\n" + " " * abs(spaces))


def contains(needle: str, text: str) -> bool:
    """Tell whether a text contains another; the needle comes first."""
    return needle in text


def directory(name: str) -> str:
    """Return what precedes the last element of a path, with the slash."""
    return path.split(name)[0]


def _plain_json(value: Any, release: Release) -> Any:
    return json_of(load_schema(release.kube_version), value)


def struct_to_json(value: Any, *, release: Release) -> str:
    """Return any value as JSON, Kubernetes structs as their types say; ``{}`` for nil."""
    if value is None:
        return NO_JSON
    try:
        return gojson.dumps(_plain_json(value, release), sort_keys=False)
    except (gojson.JsonError, TypeError):
        return NO_JSON


def to_yaml(value: Any, *, release: Release) -> str:
    """Return any value as YAML with a closing line end; empty where it cannot be written."""
    try:
        return yaml.dump(_plain_json(value, release), release.yaml_dialect)
    except (yaml.YamlError, TypeError):
        return ""


def proto_to_json(value: Any, *, release: Release, defaults: Message | None = None) -> str:
    """Return a mesh message as JSON; a ProxyConfig without what equals the built-in one (since 1.6).

    defaults: stands for the built-in ProxyConfig.
    """
    message = message_of(value)
    if message is None:
        return NO_JSON
    schema = schema_of(release.version)
    if not isinstance(message, Message):
        return write_well_known(message, type_name(indirect(value)).rpartition(".")[2], schema)
    if message.name == PROXY_CONFIG:
        message = clean_proxy_config(message, schema, defaults)
    return write_message(message, schema)


# Maps


def _strings(mapping: Mapping[str, str]) -> Map:
    return Map(MAP_STRING_STRING, mapping)


def omit(mapping: dict[str, str], *keys: str) -> Map:
    """Return a map without some keys; never nil."""
    return _strings({key: value for key, value in mapping.items() if key not in keys})


def strdict(*pairs: str) -> Map:
    """Return the map of keys and values in turn; a key without value gets the empty string."""
    padded = [*pairs, ""] if len(pairs) % 2 else pairs
    return _strings(dict(zip(padded[::2], padded[1::2], strict=True)))


def merge_maps(*mappings: dict[str, str]) -> Map:
    """Return the union of maps, later ones win; nil without arguments."""
    if not mappings:
        return Map(MAP_STRING_STRING)
    return _strings({key: value for mapping in mappings for key, value in mapping.items()})


def to_json_map(*mappings: dict[str, str]) -> str:
    """Return the union of maps as JSON."""
    return to_json(merge_maps(*mappings))


_DROPPED: Final = object()


def omit_nil(value: Any) -> Any:
    """Return a value without the nils in its maps and lists; what becomes empty by that is nil itself."""
    kept = _without_nil(value)
    return None if kept is _DROPPED else kept


def _without_nil(value: Any) -> Any:
    if value is None:
        return _DROPPED
    if value.__class__ is dict:
        kept = {key: new for key, item in value.items() if (new := _without_nil(item)) is not _DROPPED}
        return _DROPPED if value and not kept else kept
    if value.__class__ is list:
        items = [new for item in value if (new := _without_nil(item)) is not _DROPPED]
        return _DROPPED if value and not items else items
    return value


# render: a template out of a value, with the data of the template that calls it

_data: ContextVar[Any] = ContextVar("data of the template in execution", default=None)


class Rendering:
    """A context in which ``data`` is what the function ``render`` executes its argument on."""

    __slots__ = ("_data", "_token")

    def __init__(self, data: Any) -> None:
        self._data = data

    def __enter__(self) -> None:
        self._token = _data.set(self._data)

    def __exit__(self, *_: object) -> None:
        _data.reset(self._token)


def _render_with(functions: Mapping[str, Any], release: Release) -> Call:
    """Return the function ``render`` (1.2 to 1.13): anything that goes wrong gives the empty string."""

    @lru_cache(maxsize=64)
    def parsed(text: str) -> Template | None:
        template = Template("inject", delims=release.delimiters, funcs=functions, go=release.go_version)
        try:
            return template.parse(text)
        except TemplateError:
            return None

    def render(text: str) -> str:
        template = parsed(text)
        try:
            return "" if template is None else template.render(_data.get())
        except TemplateError:
            return ""

    return render


# The table


def _signatures(release: Release) -> dict[str, Type]:
    """Return the parameters and results that differ with the release's Kubernetes types and mesh messages."""
    schema = load_schema(release.kube_version)
    mesh = views_of(schema_of(release.version))
    containers = slice_of(view_type(schema, "core/v1.Container"))
    meta = view_type(schema, "meta/v1.ObjectMeta")
    mesh_config = pointer_to(mesh.message_type(MESH_CONFIG))
    default = STRING if release.values_default_is_text else ANY
    return {
        "annotation": func_of((meta, STRING, ANY), (STRING,)),
        "applicationPorts": func_of((containers,), (STRING,)),
        "formatDuration": func_of((pointer_to(mesh.duration_type),), (STRING,)),
        "includeInboundPorts": func_of((containers,), (STRING,)),
        "otelResourceAttributes": func_of(
            (mesh_config, MAP_STRING_STRING, MAP_STRING_STRING, STRING, containers), (STRING,)
        ),
        "valueOrDefault": func_of((default, default), (default,)),
    }


_TEXT_OF_ANY: Final = func_of((ANY,), (STRING,))
_TEXT_OF_TEXT: Final = func_of((STRING,), (STRING,))
_TEXT_OF_TWO: Final = func_of((STRING, STRING), (STRING,))
_TEXT_OF_MAP: Final = func_of((MAP_STRING_STRING,), (STRING,))
_MAPS: Final = slice_of(MAP_STRING_STRING)
_TYPES: Final[Mapping[str, Type]] = {
    "appendMultusNetwork": _TEXT_OF_TWO,
    "contains": func_of((STRING, STRING), (BOOL,)),
    "directory": _TEXT_OF_TEXT,
    "env": _TEXT_OF_TWO,
    "excludeInboundPort": func_of((ANY, STRING), (STRING,)),
    "excludeInterfaces": _TEXT_OF_TEXT,
    "fromJSON": func_of((STRING,), (ANY,)),
    "indent": func_of((INT, STRING), (STRING,)),
    "isset": func_of((MAP_STRING_STRING, STRING), (BOOL,)),
    "kubevirtInterfaces": _TEXT_OF_TEXT,
    "mergeMaps": func_of((_MAPS,), (MAP_STRING_STRING,), variadic=True),
    "omit": func_of((MAP_STRING_STRING, SLICE_STRING), (MAP_STRING_STRING,), variadic=True),
    "omitNil": func_of((ANY,), (ANY,)),
    "protoToJSON": _TEXT_OF_ANY,
    "render": _TEXT_OF_TEXT,
    "strdict": func_of((SLICE_STRING,), (MAP_STRING_STRING,), variadic=True),
    "structToJSON": _TEXT_OF_ANY,
    "toJSON": _TEXT_OF_MAP,
    "toJson": _TEXT_OF_MAP,
    "toJsonMap": func_of((_MAPS,), (STRING,), variadic=True),
    "toLower": _TEXT_OF_TEXT,
    "toYaml": _TEXT_OF_ANY,
}
FRESH: Final = frozenset({"fromJSON", "mergeMaps", "omit", "omitNil", "strdict"})
"""Functions whose results are new each time, so that what is done with them might change them."""
_IMPURE: Final = FRESH | {"render"}
"""Functions that may not be called ahead of time: those, and one that looks at more than its argument."""


def _calls(release: Release, environment: Mapping[str, str], defaults: Message | None) -> dict[str, Call]:
    ports = partial(container_ports, skips_udp=not release.old_port_lists)
    return {
        "annotation": annotation,
        "appendMultusNetwork": partial(append_network, release=release),
        "applicationPorts": partial(ports, skips_proxy=True),
        "contains": contains,
        "directory": directory,
        "env": lambda key, default: environment.get(key) or default,
        "excludeInboundPort": exclude_inbound_port,
        "excludeInterfaces": _itself,
        "formatDuration": duration_text_saturated if release.parses_templates_at_load else duration_text,
        "fromJSON": from_json,
        "includeInboundPorts": ports,
        "indent": indent,
        "isset": isset,
        "kubevirtInterfaces": _itself,
        "mergeMaps": merge_maps,
        "omit": omit,
        "omitNil": omit_nil,
        "otelResourceAttributes": resource_attributes,
        "protoToJSON": partial(proto_to_json, release=release, defaults=defaults),
        "strdict": strdict,
        "structToJSON": partial(struct_to_json, release=release),
        "toJSON": to_json,
        "toJson": to_json,
        "toJsonMap": to_json_map,
        "toLower": to_lower,
        "toYaml": partial(to_yaml, release=release),
        "valueOrDefault": value_or_default,
    }


def function_table(
    release: Release, environment: Mapping[str, str] | None = None, proxy_defaults: Message | None = None
) -> dict[str, Any]:
    """Return the functions a release's templates may call, by name.

    environment: what the template function ``env`` reads; empty where none is given. proxy_defaults: stands for the
    release's built-in ProxyConfig, which ``protoToJSON`` leaves out.
    """
    environment = {} if environment is None else environment
    types = {**_TYPES, **_signatures(release)}
    calls = _calls(release, environment, proxy_defaults)
    table: dict[str, Any] = _sprig(release, environment)
    names = [name for name in release.functions if name != "render"]
    table.update((name, Func(types[name], calls[name], name=name, pure=name not in _IMPURE)) for name in names)
    if "render" in release.functions:
        table["render"] = Func(types["render"], None, name="render")
        table["render"].call = _render_with(table, release)
    return table


_SPRIG_SINCE: Final[Mapping[str, tuple[str, ...]]] = {
    "3.2": (
        "add1f", "addf", "all", "any", "bcrypt", "chunk", "dig", "divf", "fromJson", "genCAWithKey",
        "genSelfSignedCertWithKey", "genSignedCertWithKey", "maxf", "minf", "mulf", "mustChunk", "mustFromJson",
        "osBase", "osClean", "osDir", "osExt", "osIsAbs", "randBytes", "randInt", "regexQuoteMeta", "subf",
    ),
    "3.3": ("sha512sum",),
}  # fmt: skip
"""The functions that came to Sprig's text map after 3.1, by the release that brought them."""


def _sprig(release: Release, environment: Mapping[str, str]) -> dict[str, Any]:
    if not release.sprig:
        return {}
    from gotemplate import sprig

    newer = {name for since, names in _SPRIG_SINCE.items() if since > release.sprig for name in names}
    found = sprig.funcs(environment=environment)
    return {name: function for name, function in found.items() if name not in newer}
