"""Templates and data from files to one output: what ``render`` of the command line does, as functions.

A template is a file, a folder (every file in it a template of one set, named by its path) or standard input. Data is JSON,
or YAML if the caller has a reader for it. Nothing here parses a command line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from gotemplate.assignments import AssignmentError, assign
from gotemplate.errors import TemplateError
from gotemplate.golib import utf8
from gotemplate.nearest import nearest
from gotemplate.template import Template
from gotemplate.whole_file import go_reason, open_whole

ReadYaml = Callable[[bytes], object]
"""A reader of YAML: bytes to plain values. Raises ValueError with what is wrong."""

FUNCTION_SETS: Final = ("sprig", "sprig-hermetic")
"""The function sets that can be named; ``funcs`` of ``load_set`` adds others."""

NUMBERS: Final = ("int", "float64")
"""What whole numbers of the data become. ``int`` prints them as they are written; ``float64`` is what Go's encoding/json
makes of them, and prints 1000000 as ``1e+06``."""

_INTEGRAL: Final = re.compile(r"-?[0-9]+")


class InputError(Exception):
    """A file that cannot be read, data that is none, or a name that nothing has: not what a template error is about."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one template and the name it goes by."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Options:
    """How a set of templates is parsed. ``function_sets`` are names of FUNCTION_SETS, ``allow`` goes to Sprig."""

    delims: tuple[str, str] = ("", "")
    missingkey: str = "default"
    strict: bool = False
    function_sets: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    funcs: Mapping[str, Any] = field(default_factory=dict)


# Files


def load_sources(path: str, stdin: Callable[[], bytes]) -> list[Source]:
    """Return the template of a file, of standard input for ``-``, or those of all files in a folder by relative path.

    Files whose names begin with a dot are left out of a folder. Raises InputError.
    """
    if path == "-":
        return [Source("stdin", utf8.from_bytes(stdin()))]
    start = Path(path)
    if not start.is_dir():
        return [Source(start.name, utf8.from_bytes(read_file(path)))]
    found = sorted(p.relative_to(start) for p in start.rglob("*") if p.is_file())
    names = [p for p in found if not any(part.startswith(".") for part in p.parts)]
    if not names:
        raise InputError(f"{path}: the folder holds no files")
    return [Source(name.as_posix(), utf8.from_bytes(read_file(str(start / name)))) for name in names]


def read_file(path: str) -> bytes:
    """Return the bytes of a file. Raises InputError with the reason in Go's form."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"open {path}: {go_reason(error)}") from None


def write_file(path: str, text: str) -> None:
    """Write a file whole or not at all. Raises InputError."""
    data = utf8.to_bytes(text)
    try:
        with open_whole(path) as stream:
            stream.write(data)
    except OSError as error:
        raise InputError(f"write {path}: {go_reason(error)}") from None


# Data


def read_data(content: bytes, name: str, *, numbers: str = "int", read_yaml: ReadYaml | None = None) -> Any:
    """Return the data in a file: JSON, or YAML by the ending of the name and wherever it is not JSON.

    ``numbers`` is one of NUMBERS. Raises InputError, also for YAML without a reader for it.
    """
    suffix = Path(name).suffix
    if not content.strip() and suffix != ".json":
        return None
    if suffix in (".yaml", ".yml") or not _looks_like_json(content):
        if read_yaml is None:
            raise InputError(f"{name}: reading YAML needs PyYAML (pip install pyyaml); JSON needs nothing")
        try:
            found = read_yaml(content)
        except ValueError as error:
            raise InputError(f"{name}: {error}") from None
        except RecursionError:
            raise InputError(f"{name}: the data nests too deeply") from None
    else:
        found = _read_json(content, name)
    try:
        return _numbers(found, float64=numbers == "float64")
    except RecursionError:
        raise InputError(f"{name}: the data nests too deeply") from None


def _looks_like_json(content: bytes) -> bool:
    return content.lstrip()[:1] in (b"{", b"[", b'"') or content.strip() in (b"true", b"false", b"null")


def _read_json(content: bytes, name: str) -> object:
    from gotemplate.golib.json_decode import JSONError, unmarshal

    try:
        return unmarshal(content, use_number=True)
    except JSONError as error:
        line = content.count(b"\n", 0, max(0, error.offset - 1)) + 1
        raise InputError(f"{name}:{line}: {error}") from None


def _numbers(value: Any, *, float64: bool) -> Any:
    """Return plain data in which numbers are what the policy says; text of a number is read here."""
    if isinstance(value, dict):
        return {str(key): _numbers(item, float64=float64) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item, float64=float64) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if not float64 and -(1 << 63) <= value < 1 << 63 else float(value)
    if isinstance(value, str) and value.__class__ is not str:  # a json.Number
        text = str(value)
        fits = _INTEGRAL.fullmatch(text) and -(1 << 63) <= int(text) < 1 << 63
        return int(text) if fits and not float64 else float(text)
    return value


# Templates


def load_set(sources: Iterable[Source], options: Options) -> Template:
    """Return the templates of all sources as one set, seen from the first.

    Raises ParseError in Go's words, and InputError for options that mean nothing.

    >>> sources = [Source("main", '{{template "part" .}}'), Source("part", "{{upper .}}")]
    >>> load_set(sources, Options(function_sets=("sprig",))).render("x")
    'X'
    """
    first: Template | None = None
    for source in sources:
        if first is None:
            template = first = _first(source.name, options)
        else:
            template = first.new(source.name)
        template.parse(source.text)
    if first is None:
        raise InputError("no template")
    return first


def _first(name: str, options: Options) -> Template:
    try:
        return Template(
            name,
            delims=options.delims,
            funcs=functions(options),
            missingkey=options.missingkey,
            strict=options.strict,
        )
    except (TypeError, ValueError) as error:
        raise InputError(str(error)) from None


def functions(options: Options) -> dict[str, Any]:
    """Return the functions of the named sets. Raises InputError for a set or an allowance that does not exist."""
    table: dict[str, Any] = {}
    for name in options.function_sets:
        if name not in FUNCTION_SETS:
            raise InputError(f"no function set {name!r}; there are {', '.join(FUNCTION_SETS)}")
        from gotemplate import sprig

        try:
            table.update(sprig.funcs(allow=options.allow) if name == "sprig" else sprig.hermetic_funcs())
        except ValueError as error:
            raise InputError(str(error)) from None
    return {**table, **options.funcs}


def choose(templates: Template, sources: list[Source], wanted: str | None) -> Template:
    """Return the template to execute: the one asked for, else the only file. Raises InputError with the names there are."""
    names = [source.name for source in sources]
    if wanted is not None:
        found = templates.lookup(wanted)
        if found is not None:
            return found
        names = sorted(t.name for t in templates.templates())
        meant = nearest(wanted, names)
        hint = f"did you mean {meant}?" if meant else f"there are: {', '.join(names)}"
        raise InputError(f"no template {wanted}; {hint}")
    if len(sources) > 1:
        raise InputError(f"which template is to be rendered? Name it with --template: {', '.join(names)}")
    return templates


def set_values(data: Any, assignments: Iterable[str], *, numbers: str = "int") -> Any:
    """Return the data with every ``--set`` applied in order. Raises InputError."""
    try:
        for assignment in assignments:
            data = assign(data, assignment, float64=numbers == "float64")
    except AssignmentError as error:
        raise InputError(str(error)) from None
    return data


def explained(error: TemplateError) -> str:
    """Return an error as a command prints it: Go's text first, then what this package adds."""
    return error.explain()
