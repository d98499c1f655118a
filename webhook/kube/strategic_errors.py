"""What a strategic merge patch can be refused for, in the words of apimachinery's mergepatch package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gotemplate.fmt import sprintf
from webhook.kube.gotypes import GoType

BAD_RETAIN_KEYS: Final = "invalid patch format of retainKeys"
BAD_SET_ORDER: Final = "invalid patch format of setElementOrder list"
NO_ITEMS: Final = "no elements in any of the given slices"


class StrategicMergeError(ValueError):
    """A patch cannot be merged; ``str(e)`` is apimachinery's sentence."""

    @classmethod
    def of_mixed(cls, lists: Sequence[list[Any]]) -> StrategicMergeError:
        """Word that the items of lists are not of one type."""
        return cls(f"list element types are not identical: {sprintf('%v', [_go_numbers(items) for items in lists])}")

    @classmethod
    def of_order(cls, patch: list[Any], order: list[Any]) -> StrategicMergeError:
        """Word that the items of a patch are not in the order it sets."""
        shown = sprintf("%v", _go_numbers(patch)), sprintf("%v", _go_numbers(order))
        return cls(f"The order in patch list:\n{shown[0]}\n doesn't match $setElementOrder list:\n{shown[1]}\n")


def no_merge_key(item: dict[str, Any], key: str) -> StrategicMergeError:
    """Word that an item of a list has no merge key."""
    return StrategicMergeError(f"map: {sprintf('%v', _go_numbers(item))} does not contain declared merge key: {key}")


def unknown_directive(directive: Any, item: dict[str, Any]) -> StrategicMergeError:
    """Word that ``$patch`` says something else than it may."""
    return StrategicMergeError(
        f"unknown patch type: {sprintf('%s', _go_numbers(directive))} in map: {sprintf('%v', _go_numbers(item))}"
    )


def bad_type(expected: Any, actual: Any) -> StrategicMergeError:
    """Word that a value is of another type than a directive or a merge key needs."""
    return StrategicMergeError(f"expected a {_type_name(expected)}, but received a {_type_name(actual)}")


def no_field(go_type: GoType, name: str, kind: str = "") -> StrategicMergeError:
    """Word that two objects would have to be merged at a place where the Go type has no struct field."""
    if kind:
        return StrategicMergeError(f"merging an object in json but data type is not struct, instead is: {kind}")
    struct = go_type.short_name
    return StrategicMergeError(f'unable to find api field in struct {struct} for the json field "{name}"')


def _type_name(value: Any) -> str:
    if value is None:
        return "%!s(<nil>)"
    names = ((bool, "bool"), (str, "string"), (dict, "map[string]interface {}"), (list, "[]interface {}"))
    return next((name for python, name in names if isinstance(value, python)), "float64")


def _go_numbers(value: Any) -> Any:
    """Return a JSON value with floats for numbers, as it is in Go."""
    if isinstance(value, dict):
        return {key: _go_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_go_numbers(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
