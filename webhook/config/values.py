"""How values come together: documents over documents, user values over a chart's defaults, a chart's over its sub-charts'.

These are Helm's rules. Nothing is changed in place; the results share no mutable parts with their inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from webhook.config.charts import Chart, Values
from webhook.kube.workloads import value_at


def merge_documents(*documents: Mapping[str, Any]) -> Values:
    """Return values documents laid over each other, the last on top: objects merge, everything else replaces, null too."""
    merged: Values = {}
    for document in documents:
        _merge_into(merged, document)
    return merged


def _merge_into(base: Values, over: Mapping[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            _merge_into(base[key], value)
        else:
            base[key] = deepcopy(value)


def merge_dropping_nulls(*documents: Mapping[str, Any]) -> Values:
    """Return documents laid over each other, where a null takes away what lies below it: JSON merge patch (RFC 7386)."""
    merged: Values = {}
    for document in documents:
        for key, value in document.items():
            if value is None:
                merged.pop(key, None)
            elif isinstance(value, Mapping):
                below = merged.get(key)
                merged[key] = merge_dropping_nulls(below if isinstance(below, Mapping) else {}, value)
            else:
                merged[key] = deepcopy(value)
    return merged


def coalesce(chart: Chart, user: Mapping[str, Any]) -> Values:
    """Return the values a chart is rendered with: the user's over the defaults of the chart and its enabled sub-charts.

    A null of the user takes away the default of the same place, and stays where there is none.
    """
    return _coalesce(_with_enabled(chart, user), deepcopy(dict(user)))


def _coalesce(chart: Chart, values: Values) -> Values:
    _fill(values, chart.values)
    for dependency in chart.dependencies:
        own = values.get(dependency.name)
        own = own if isinstance(own, dict) else {}
        _fill_globals(own, values)
        values[dependency.name] = _coalesce(dependency, own)
    return values


def _fill(values: Values, defaults: Mapping[str, Any]) -> None:
    for key, default in defaults.items():
        if key not in values:
            values[key] = deepcopy(default)
        elif values[key] is None:
            del values[key]
        elif isinstance(values[key], dict) and isinstance(default, Mapping):
            _fill(values[key], default)


def _fill_globals(own: Values, parent: Mapping[str, Any]) -> None:
    """Give a sub-chart the parent's globals, which win over its own."""
    mine = own.get("global")
    merged: Values = mine if isinstance(mine, dict) else {}
    theirs = parent.get("global")
    for key, value in (theirs if isinstance(theirs, Mapping) else {}).items():
        if isinstance(value, Mapping) and isinstance(merged.get(key), dict):
            table = deepcopy(dict(value))
            _fill(table, merged[key])
            merged[key] = table
        elif not isinstance(merged.get(key), dict) or isinstance(value, Mapping):
            merged[key] = deepcopy(value)
    own["global"] = merged


def _with_enabled(chart: Chart, user: Mapping[str, Any]) -> Chart:
    """Return the chart without the dependencies that conditions and tags of its requirements switch off."""
    values = _coalesce(replace(chart, dependencies=()), deepcopy(dict(user)))
    off = {str(item.get("alias") or item.get("name")) for item in chart.requirements if not _is_enabled(item, values)}
    kept = (item for item in chart.dependencies if item.name not in off)
    return replace(chart, dependencies=tuple(_with_enabled(item, _section(values, item.name)) for item in kept))


def _section(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def _is_enabled(requirement: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Tell whether a dependency is used: the first condition that is a bool decides, else its tags."""
    for path in str(requirement.get("condition") or "").split(","):
        found = value_at(values, path.strip().split("."))
        if isinstance(found, bool):
            return found
    tags = [_section(values, "tags").get(tag) for tag in requirement.get("tags") or ()]
    return True in tags or False not in tags
