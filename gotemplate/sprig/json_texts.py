"""JSON: ``toJson`` and its relatives, ``fromJson``. Sprig's manual has them on the page of defaults."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gotemplate.errors import FuncError
from gotemplate.values import Value


def from_json(text: str) -> Value:
    """Return the value of a JSON text, nil when it is none (``fromJson``). Numbers are float64."""
    try:
        return must_from_json(text)
    except FuncError:
        return None


def must_from_json(text: str) -> Value:
    """Return the value of a JSON text (``mustFromJson``)."""
    from gotemplate.golib import encoding_json

    try:
        return encoding_json.unmarshal(text)
    except ValueError as error:
        raise FuncError(str(error)) from None


def to_json(value: Value) -> str:
    """Return a value as JSON, nothing when it has none (``toJson``)."""
    try:
        return must_to_json(value)
    except FuncError:
        return ""


def must_to_json(value: Value) -> str:
    """Return a value as JSON (``mustToJson``)."""
    from gotemplate.golib import encoding_json

    return _or_complaint(encoding_json.marshal, value)


def to_pretty_json(value: Value) -> str:
    """Return a value as JSON on lines of their own, nothing when it has none (``toPrettyJson``)."""
    try:
        return must_to_pretty_json(value)
    except FuncError:
        return ""


def must_to_pretty_json(value: Value) -> str:
    """Return a value as JSON on lines of their own (``mustToPrettyJson``)."""
    from gotemplate.golib import encoding_json

    return _or_complaint(encoding_json.marshal_indent, value)


def to_raw_json(value: Value) -> str:
    """Return a value as JSON in which ``<``, ``>`` and ``&`` stand as they are (``toRawJson``, ``mustToRawJson``)."""
    from gotemplate.golib import encoding_json

    return _or_complaint(partial(encoding_json.marshal, escape_html=False), value)


def _or_complaint(marshal: Callable[[Value], str], value: Value) -> str:
    try:
        return marshal(value)
    except ValueError as error:
        raise FuncError(str(error)) from None
