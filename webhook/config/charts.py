"""A Helm chart as a value: parsed from the texts of its files, with the charts it depends on. Reads no files itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webhook.config.errors import ConfigError
from webhook.config.numbers import go_numbers
from webhook.kube import yaml

Values = dict[str, Any]
"""Chart values: numbers are floats, as Helm reads them from YAML, and ints where ``--set`` wrote them."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. ``templates`` and ``files`` are texts by path inside the chart; ``requirements`` the listed dependencies."""

    name: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    dependencies: tuple[Chart, ...] = ()
    requirements: tuple[Mapping[str, Any], ...] = ()


def parse_chart(texts: Mapping[str, str], place: str) -> Chart:
    """Return the chart of a folder's texts, keyed by slashed path relative to the folder.

    Raises ConfigError for a folder without Chart.yaml, and for YAML that does not parse.
    """
    if "Chart.yaml" not in texts:
        remedy = "give an Istio checkout or release directory, or the chart's own folder"
        raise ConfigError("there is no Chart.yaml", place=place, remedy=remedy)
    metadata = read_values(texts["Chart.yaml"], f"{place}/Chart.yaml")
    listed = metadata.get("dependencies")
    if "requirements.yaml" in texts:
        listed = read_values(texts["requirements.yaml"], f"{place}/requirements.yaml").get("dependencies")
    return Chart(
        name=str(metadata.get("name", "")),
        metadata=metadata,
        values=read_values(texts.get("values.yaml", ""), f"{place}/values.yaml"),
        templates={path: text for path, text in texts.items() if path.startswith("templates/")},
        files={path: text for path, text in texts.items() if not path.startswith(("templates/", "charts/"))},
        dependencies=tuple(parse_chart(part, f"{place}/charts/{name}") for name, part in _subcharts(texts)),
        requirements=tuple(listed or ()),
    )


def _subcharts(texts: Mapping[str, str]) -> Iterable[tuple[str, dict[str, str]]]:
    parts: dict[str, dict[str, str]] = {}
    for path, text in texts.items():
        pieces = [piece for piece in path.split("/") if piece not in ("", ".")]
        if pieces[0] == "charts" and len(pieces) > 2:
            parts.setdefault(pieces[1], {})["/".join(pieces[2:])] = text
    return sorted((name, part) for name, part in parts.items() if "Chart.yaml" in part)


def read_values(text: str, place: str) -> Values:
    """Return a values document as Helm reads it: an object whose numbers are floats; empty for an empty text.

    Raises ConfigError for YAML that does not parse, and for a document that is no object.
    """
    try:
        data = yaml.load(text)
    except yaml.YamlError as error:
        raise ConfigError(str(error), place=place, line=error.line, remedy="the file must be YAML") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError("this is no object", place=place, remedy="values are an object of settings")
    found: Values = go_numbers(data)
    return found
