"""Defaults: ``default``, ``empty``, ``coalesce``, ``all``, ``any``, ``ternary``.

A value is empty when it is false in an ``if``; a struct never is.
"""

from __future__ import annotations

from gotemplate.values import Value, is_true


def default(fallback: Value, *given: Value) -> Value:
    """Return the given value, or the fallback when it is empty or missing."""
    return given[0] if given and given[0] else fallback


def empty(value: Value) -> bool:
    """Tell whether a value is empty."""
    return not is_true(value)


def coalesce(*values: Value) -> Value:
    """Return the first argument that is not empty, nil when all are."""
    return next((value for value in values if is_true(value)), None)


def all_given(*values: Value) -> bool:
    """Tell whether no argument is empty (``all``)."""
    return all(map(is_true, values))


def any_given(*values: Value) -> bool:
    """Tell whether some argument is not empty (``any``)."""
    return any(map(is_true, values))


def ternary(yes: Value, no: Value, condition: bool) -> Value:
    """Return the first argument for true, the second for false."""
    return yes if condition else no
