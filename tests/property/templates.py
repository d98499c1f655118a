"""Strategies for template texts: arbitrary bytes, near misses, and well-formed templates with data for them."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For machines that are busy with other things: how long an example takes is not what is tested."""

WORDS = [
    "{{",
    "}}",
    "{{-",
    "-}}",
    " - ",
    "if",
    "else",
    "end",
    "range",
    "with",
    "define",
    "template",
    "block",
    "break",
    "continue",
    "nil",
]
WORDS += [
    "true",
    ".",
    ".x",
    "$",
    "$v",
    ":=",
    "=",
    "|",
    "(",
    ")",
    ",",
    "`a`",
    '"b"',
    "'c'",
    "1",
    "0x1p-2",
    "1i",
    "len",
    "eq",
    "/*",
    "*/",
    "\n",
]
WORDS += [
    "{{/* x */}}",
    "é",
    "\x00",
    "{{end}}",
    "{{if .x}}",
    "{{range .l}}",
    "{{$v := .x}}",
    "printf",
    "\udcff",
    "{{else if .x}}",
]

anything = st.binary(max_size=60)
"""Any bytes at all."""

near_misses = st.lists(st.sampled_from(WORDS), max_size=14).map("".join) | st.lists(
    st.sampled_from(WORDS), max_size=14
).map(" ".join)
"""Words of the language in any order: many are almost templates."""

_ATOMS = [
    ".x",
    ".l",
    ".m",
    ".m.a",
    ".n",
    ".none.x",
    ".",
    "$",
    "$v",
    "`s`",
    '"q\\n"',
    "1",
    "-2.5",
    "'r'",
    "true",
    "1i",
    "nil",
]
_operands = st.sampled_from(_ATOMS)


def _calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    wrapped = inner.map(lambda text: f"({text})" if " " in text else text)
    return st.one_of(
        st.builds("{} {}".format, st.sampled_from(["len", "not", "print", "html"]), wrapped),
        st.builds(
            "{} {} {}".format, st.sampled_from(["eq", "and", "or", "index", "lt", "printf `%v-%s`"]), wrapped, wrapped
        ),
        st.builds("{} | {}".format, inner, st.sampled_from(["print", "len", "printf `%v`", "or .x"])),
        st.builds("({}).k".format, inner),
    )


expressions = st.recursive(_operands.filter(lambda atom: atom != "nil"), _calls, max_leaves=4)


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    otherwise = st.one_of(st.just(""), inner.map("{{{{else}}}}{}".format))
    heads = st.sampled_from(["if", "with", "range", "range $i, $v :=", "range $v :=", "with $v :="])
    return st.one_of(
        st.builds("{{{{{} {}}}}}{}{}{{{{end}}}}".format, heads, expressions, inner, otherwise),
        st.builds("{}{}".format, inner, inner),
        st.builds("{{{{range .l}}}}{}{{{{{}}}}}{{{{end}}}}".format, inner, st.sampled_from(["break", "continue"])),
    )


_leaves = st.one_of(
    st.text("ab {}'\"\\\n%é", max_size=6).filter(lambda text: "{{" not in text and not text.endswith("{")),
    expressions.map("{{{{{}}}}}".format),
    expressions.map("{{{{- {} -}}}}".format),
    st.builds("{{{{$v {} {}}}}}".format, st.sampled_from([":=", "="]), expressions),
    st.just("{{/* comment */}}"),
    st.just('{{template "t" .}}'),
)
templates = st.recursive(_leaves, _blocks, max_leaves=8).map("{{{{$v := .x}}}}{}".format)
"""Texts that parse; rendering may fail. They call the template ``t``."""

_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 2**40), st.floats(width=32), st.text(max_size=4), st.just("\udcc3\udca9")
)
_flat = st.lists(_scalars, max_size=3) | st.dictionaries(st.sampled_from("akx"), _scalars, max_size=3)
_values = _scalars | _flat | st.lists(_flat, max_size=2) | st.dictionaries(st.sampled_from("akx"), _flat, max_size=2)
data = st.fixed_dictionaries({}, optional=dict.fromkeys(("x", "l", "m", "n"), _values))
"""Data for them."""
