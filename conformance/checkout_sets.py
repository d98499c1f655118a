"""Configurations that a manifest names by the settings they were rendered with, rendered again from the charts of a checkout."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from conformance.manifest import ConfigSet
from conformance.values_rows import values_of
from gotemplate import Template
from webhook.config.chartfiles import Tree, read_values_file
from webhook.config.installation import Settings, install
from webhook.config.release import Release
from webhook.kube import gojson

BUILT_IN: Final = "pilot/pkg/kube/inject/mesh.go"
"""Where checkouts to 1.1 have the template that istioctl has built in, as a constant of the program."""

_CONSTANT: Final = re.compile(r"parameterizedTemplate\s*=\s*`([^`]*)`")


def render_built_in(program: str, parameters: Mapping[str, Any], delimiters: Sequence[str]) -> str:
    """Return the pod template that istioctl makes of its built-in one with some parameters (up to 1.1).

    program: the text of ``mesh.go``. delimiters: those of the pod template; the parameters have the other pair.

    Raises ValueError for a text without the constant, and TemplateError.
    """
    found = _CONSTANT.search(program)
    if found is None:
        raise ValueError(f"{BUILT_IN} has no constant parameterizedTemplate")
    first = ("[[", "]]") if delimiters[0] == "{{" else ("{{", "}}")
    return Template("inject", delims=first).parse(found[1]).render(dict(parameters))


class SetRenderer:
    """Renders sets of one checkout."""

    def __init__(self, tree: Tree | None, release: Release, directory: Path) -> None:
        self._tree = tree
        self._release = release
        self._directory = directory

    def of(self, fields: ConfigSet) -> dict[str, str]:
        """Return the texts of a set by the paths it names them with; nothing for a set that says not how it was made.

        Raises ConfigError for settings that the charts refuse.
        """
        source = fields.fields.get("source")
        if fields.kind == "template+values":
            return {fields.fields["values"]: self._values(fields.fields["set"])}
        if "params" in fields.fields:
            return self._built_in(fields)
        if isinstance(source, Mapping):
            return self._named(fields, self._operator_settings(source))
        if isinstance(source, str) and source.startswith("config key of the chart's ConfigMap"):
            status_port = re.search(r"statusPort: N` in values.yaml replaced by (\d+)", source)
            flags = [f"global.proxy.statusPort={status_port[1]}"] if status_port else []
            return self._named(fields, Settings(set=flags))
        return {}

    def _built_in(self, fields: ConfigSet) -> dict[str, str]:
        path = self._directory / BUILT_IN
        if not path.is_file():
            return {}
        text = render_built_in(path.read_text("utf-8"), fields.fields["params"], fields.fields["delimiters"])
        return {fields.fields["template"]: text}

    def _named(self, fields: ConfigSet, settings: Settings) -> dict[str, str]:
        if self._tree is None:
            return {}
        found = install(self._tree, settings, self._release)
        names = ((fields.fields.get(key), getattr(found, key)) for key in ("config", "values", "mesh"))
        return {name: text for name, text in names if name}

    def _operator_settings(self, source: Mapping[str, Any]) -> Settings:
        operators = [{"spec": source["overlay"]}] if source.get("overlay") else []
        if source.get("operator_file"):
            operators.append(read_values_file(str(self._directory / source["operator_file"])))
        profiles = [f"profile={Path(name).stem}" for name in source.get("profiles", ())[1:]]
        flags = [*source.get("set", ()), *profiles, *(["components.pilot.enabled=true"] if profiles else [])]
        return Settings("istioctl", set=flags, operators=operators)

    def _values(self, flags: Mapping[str, Any]) -> str:
        if self._tree is None:
            return ""
        texts = {key: _flag_text(value) for key, value in flags.items()}
        return gojson.dumps(values_of(self._tree.chart.values, texts, self._release.numbers))


def _flag_text(value: Any) -> str:
    """Write a value for ``--set``, the language's own characters escaped."""
    if isinstance(value, list):
        return "{" + ",".join(map(_flag_text, value)) + "}"
    return str(value).lower() if isinstance(value, bool) else re.sub(r"([,{}])", r"\\\1", str(value))
