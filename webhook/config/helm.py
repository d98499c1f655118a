"""Helm's template engine on top of ours: its functions, the objects templates see, and the order templates run in.

Source of the rules: Helm 3's engine. Templates of a chart share one ``.Values``, which they may change: Istio's charts
from 1.21 on lay their profiles over the defaults in a template that runs before the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gotemplate import FuncError, Template, TemplateError, sprig
from gotemplate.sprig.merging import merge_overwrite, must_merge_overwrite
from gotemplate.values import ANY, BOOL, STRING, Map, Method, Type, map_of, named, slice_of
from webhook.config.charts import Chart, Values
from webhook.config.errors import ConfigError
from webhook.config.numbers import go_numbers
from webhook.kube import gojson, yaml

Functions = dict[str, Any]

MAX_INCLUDES: Final = 1000
"""How deep templates may include each other before Helm calls it a loop."""

_NO_VALUE: Final = "<no value>"
_FORBIDDEN: Final = ("env", "expandenv", "getHostByName")


@dataclass(frozen=True, slots=True)
class HelmRelease:
    """What templates see as ``.Release``, and how Helm was in the days of the chart.

    ``nulls_overwrite``: a null in the source of a merge overwrites; Helm of before 2022 leaves the old value.
    """

    name: str = "istiod"
    namespace: str = "istio-system"
    service: str = "Helm"
    nulls_overwrite: bool = True


def render_chart(chart: Chart, values: Values, release: HelmRelease, wanted: Iterable[str]) -> dict[str, str]:
    """Return what templates of a chart render to, by their path, as ``helm template`` does.

    values: what :func:`webhook.config.values.coalesce` gives; not changed. wanted: paths such as
    ``templates/configmap.yaml``; the partials of all charts and the templates that come before in Helm's order and
    change ``.Values`` are executed as well.

    Raises ConfigError with Go's text for a template that does not parse, or fails.
    """
    top = _Scope(chart, values, release).top()
    preparing = [path for path in chart.templates if path.rpartition("/")[2].startswith("zz")]
    chosen = {path for path in wanted if path in chart.templates}
    root = Template("gotpl", missingkey="zero")
    root.funcs(_functions(root, release))
    for path, text in _parsed_first(chart):
        _parse(root, path, text)
    for path in _in_order({*preparing, *chosen}):
        _parse(root, f"{chart.name}/{path}", chart.templates[path])
    rendered = {path: _execute(root, chart.name, path, top) for path in _in_order({*preparing, *chosen})}
    return {path: text for path, text in rendered.items() if path in chosen}


def _in_order(paths: Iterable[str]) -> list[str]:
    """Return paths as Helm runs them: the deepest first, then backwards by name."""
    return sorted(paths, key=lambda path: (path.count("/"), path), reverse=True)


def _parsed_first(chart: Chart, prefix: str = "") -> list[tuple[str, str]]:
    """Return the partials of a chart and its dependencies, the dependencies' first."""
    name = f"{prefix}{chart.name}"
    below = [item for part in chart.dependencies for item in _parsed_first(part, f"{name}/charts/")]
    own = _in_order(path for path in chart.templates if path.rpartition("/")[2].startswith("_"))
    return below + [(f"{name}/{path}", chart.templates[path]) for path in own]


def _parse(root: Template, path: str, text: str) -> None:
    try:
        root.new(path).parse(text)
    except TemplateError as error:
        raise ConfigError(
            f"parse error at ({path}): {error}", place=path, line=error.line or None, remedy="see the chart's template"
        ) from error


def _execute(root: Template, chart: str, path: str, top: Values) -> str:
    top["Template"] = {"Name": f"{chart}/{path}", "BasePath": f"{chart}/templates"}
    try:
        return root.render(top, template=f"{chart}/{path}").replace(_NO_VALUE, "")
    except TemplateError as error:
        remedy = "check the values that the template reads"
        raise ConfigError(str(error), place=f"{chart}/{path}", line=error.line or None, remedy=remedy) from error


# What templates see


class _Scope:
    """The data of a chart's templates: ``.Values``, ``.Release``, ``.Chart``, ``.Files``, ``.Capabilities``."""

    def __init__(self, chart: Chart, values: Values, release: HelmRelease) -> None:
        self._chart = chart
        self._values = values
        self._release = release

    def top(self) -> Values:
        release = self._release
        return {
            "Values": _copied(self._values),
            "Chart": {key[:1].upper() + key[1:]: value for key, value in self._chart.metadata.items()},
            "Release": {
                "Name": release.name,
                "Namespace": release.namespace,
                "Service": release.service,
                "IsInstall": True,
                "IsUpgrade": False,
                "Revision": 1,
            },
            "Files": Map(_FILES, dict(self._chart.files)),
            "Capabilities": {
                "KubeVersion": {"Version": "v1.20.0", "GitVersion": "v1.20.0", "Major": "1", "Minor": "20"},
                "APIVersions": Map(_API_VERSIONS, {}),
            },
            "Subcharts": {},
        }


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _get(files: Mapping[str, str], name: str) -> str:
    return dict(files).get(name, "")


def _lines(files: Mapping[str, str], name: str) -> list[str]:
    return _get(files, name).removesuffix("\n").split("\n") if _get(files, name) else []


_FILES: Final[Type] = named(
    "engine.files",
    map_of(STRING, STRING),
    [Method("Get", _get, (STRING,), (STRING,)), Method("Lines", _lines, (STRING,), (slice_of(STRING),))],
)
_API_VERSIONS: Final[Type] = named(
    "chartutil.VersionSet", map_of(STRING, ANY), [Method("Has", lambda *_: False, (STRING,), (BOOL,))]
)


# Functions


def _functions(root: Template, release: HelmRelease) -> Functions:
    functions: Functions = {name: func for name, func in sprig.funcs().items() if name not in _FORBIDDEN}
    functions.update(
        toYaml=to_yaml,
        fromYaml=from_yaml,
        fromYamlArray=from_yaml_array,
        toJson=to_json,
        fromJson=from_json,
        fromJsonArray=from_json_array,
        required=required,
        lookup=lambda *_: {},
        include=_Include(root),
        tpl=_tpl(root),
    )
    if not release.nulls_overwrite:
        functions["mergeOverwrite"] = _without_nulls(merge_overwrite)
        functions["mustMergeOverwrite"] = _without_nulls(must_merge_overwrite)
    return functions


class _Include:
    """Renders an associated template to a text, and stops where that never ends."""

    def __init__(self, root: Template) -> None:
        self._root = root
        self._open: dict[str, int] = {}

    def __call__(self, name: str, data: Any) -> str:
        depth = self._open.get(name, 0)
        if depth > MAX_INCLUDES:
            raise FuncError(f"rendering template has a nested reference name: {name}: unable to execute template")
        self._open[name] = depth + 1
        try:
            return self._root.render(data, template=name)
        finally:
            self._open[name] = depth


def _tpl(root: Template) -> Callable[[str, Any], str]:
    def tpl(text: str, data: Any) -> str:
        clone = root.clone()
        clone.funcs({"include": _Include(clone), "tpl": _tpl(clone)})
        return clone.new("tpl").parse(text).render(data).replace(_NO_VALUE, "")

    return tpl


def _without_nulls(merge: Callable[..., Any]) -> Callable[..., Any]:
    def merged(target: Values, *sources: Values) -> Any:
        return merge(target, *(_dropped(source) for source in sources))

    return merged


def _dropped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dropped(item) for key, item in value.items() if item is not None}
    return value


def to_yaml(value: Any) -> str:
    """Return a value as YAML without the last newline; empty for what cannot be written."""
    try:
        return yaml.dump(value).removesuffix("\n")
    except yaml.YamlError:
        return ""


def to_json(value: Any) -> str:
    """Return a value as compact JSON; empty for what cannot be written."""
    try:
        return gojson.dumps(value)
    except (gojson.JsonError, TypeError):
        return ""


def from_yaml(text: str) -> Values:
    """Return the object of a YAML text; one with the key Error for a text that is none."""
    found: Values = _read(text, dict, "map[string]interface {}")
    return found


def from_yaml_array(text: str) -> list[Any]:
    """Return the list of a YAML text; one with the error for a text that is none."""
    found = _read(text, list, "[]interface {}")
    return [found["Error"]] if isinstance(found, dict) else found


def from_json(text: str) -> Values:
    """Return the object of a JSON text; one with the key Error for a text that is none."""
    found: Values = _read_json(text, dict, "map[string]interface {}")
    return found


def from_json_array(text: str) -> list[Any]:
    """Return the list of a JSON text; one with the error for a text that is none."""
    found = _read_json(text, list, "[]interface {}")
    return [found["Error"]] if isinstance(found, dict) else found


def _read(text: str, kind: type, go_type: str) -> Any:
    try:
        data = yaml.load(text)
    except yaml.YamlError as error:
        return {"Error": str(error)}
    return _checked(go_numbers(data), kind, go_type, "error unmarshaling JSON: while decoding JSON: ")


def _read_json(text: str, kind: type, go_type: str) -> Any:
    try:
        data = gojson.loads(text)
    except gojson.JsonError as error:
        return {"Error": str(error)}
    return _checked(data, kind, go_type)


def _checked(data: Any, kind: type, go_type: str, prefix: str = "") -> Any:
    if data is None:
        return kind()
    if isinstance(data, kind):
        return data
    names = {dict: "object", list: "array", str: "string", bool: "bool"}
    found = names.get(type(data), "number")
    return {"Error": f"{prefix}json: cannot unmarshal {found} into Go value of type {go_type}"}


def required(message: str, value: Any) -> Any:
    """Return a value; nil and the empty text fail with the message."""
    if value is None or value == "":
        raise FuncError(message)
    return value
