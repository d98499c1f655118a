"""A tree prints itself as a template that parses to the same tree and renders the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from property.templates import data, templates, unhurried

from gotemplate import ExecError, Template
from gotemplate.limits import Limits

LIMITS = Limits(depth=5)


def outcome(template: Template, value: Any) -> tuple[str, str]:
    try:
        return template.render(value, limits=LIMITS), ""
    except ExecError as error:
        return error.partial, error.message


@unhurried
@given(templates, data)
def test_printed_tree(text: str, value: dict[str, Any]) -> None:
    first = Template("t").parse(text)
    printed = str(first.tree)
    second = Template("t").parse(printed)
    assert str(second.tree) == printed
    assert outcome(second, value) == outcome(first, value)
