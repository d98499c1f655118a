"""Go's text/template for Python: the same language, the same output, the same errors.

    >>> from gotemplate import Template
    >>> Template("hello").parse("Hello, {{.name}}!").render({"name": "Remora"})
    'Hello, Remora!'

Names are loaded when they are first used: importing this package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as typing has it, without the import
if TYPE_CHECKING:
    from typing import Any, Final

    from gotemplate import fmt, sprig, values
    from gotemplate.cache import CodeCache
    from gotemplate.errors import ExecError, FuncError, LimitError, ParseError, TemplateError
    from gotemplate.limits import Limits
    from gotemplate.template import FuncMap, GoVersion, Template
    from gotemplate.values import (
        MISSING,
        Chan,
        Field,
        Func,
        Map,
        Method,
        Pointer,
        Seq,
        Slice,
        Struct,
        Type,
        make,
        pointer,
        struct_type,
    )

_HOMES: Final = {
    "fmt": "",
    "sprig": "",
    "values": "",
    **dict.fromkeys(("ExecError", "FuncError", "LimitError", "ParseError", "TemplateError"), "errors"),
    "CodeCache": "cache",
    "Limits": "limits",
    **dict.fromkeys(("FuncMap", "GoVersion", "Template"), "template"),
    **dict.fromkeys(
        ("MISSING", "Chan", "Field", "Func", "Map", "Method", "Pointer", "Seq", "Slice", "Struct"), "values"
    ),
    **dict.fromkeys(("Type", "make", "pointer", "struct_type"), "values"),
}
"""The module each public name lives in; empty for a module of that name itself."""

__all__ = [
    "MISSING",
    "Chan",
    "CodeCache",
    "ExecError",
    "Field",
    "Func",
    "FuncError",
    "FuncMap",
    "GoVersion",
    "LimitError",
    "Limits",
    "Map",
    "Method",
    "ParseError",
    "Pointer",
    "Seq",
    "Slice",
    "Struct",
    "Template",
    "TemplateError",
    "Type",
    "fmt",
    "make",
    "pointer",
    "sprig",
    "struct_type",
    "values",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = import_module(f"{__name__}.{name}") if not home else getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
