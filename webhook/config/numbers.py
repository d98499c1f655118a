"""Numbers of decoded documents, as Go's JSON has them in values without a type of their own."""

from __future__ import annotations

from typing import Any


def go_numbers(value: Any) -> Any:
    """Return a decoded document with every number a float: Go's JSON knows no other in an untyped value."""
    if isinstance(value, dict):
        return {key: go_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [go_numbers(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
