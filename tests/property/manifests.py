"""Texts on and beyond the border of everyday YAML: lines of manifests in any order and indentation, and near misses of them."""

from __future__ import annotations

from hypothesis import strategies as st

LINES = """a:|a: b|b: 1|c: "d"|a: 'it''s'|- a|- a: b|- b:|-|- - a|a: |- {}|- []|a: {}|a: [b, "c",]|a: [|  b, c|]|x: {y: 1.5,|  z: "w",|}
a: {b}|a: [,]|a: {b: c: d}|  text|    deeper| # comment|# comment|a: b # c|a: b#c|a: # c|- # c|---|--- # c|...|%YAML 1.2
<<: a|y: 1|null: 1|1: 2|a: *b|b: &b c|a: !x y|a: !!str 1|? a|: b|a: .inf|a: -|a: - b|a: b: c|a: b:|a:b|- a:b|a: ::x|a: x :y
a: x #|"a": b|'a': b|a: "b\\"c\\n"|a: "\\x41"|a: "b|c"|a: 'b|a: "b" c|a: -x|a: --|- ---|- ...|é: ü|a: ü b|a: 0o17|a: 2001-01-01
a: 1_0|a: 010|a: ~|a: yes|a: y|a: @b|a: `b|a: %b|a: >|a: a,b|a: [a:b]|a: [a?b]|a: {"b":"c"}|a: {b: c, b: d}|a: {b: [c, {d: e}]}
- {a: {b: c}, "d":"e"}|a: [[b]|a: {b: {c: d}}, e|a: {"b}": '{'}"""
BLOCKS = ["a: |", "b: |-", "- |", "- c: |-", "a: |+", "a: |2", "a: | # c", "|"]
ODD = "\t\r\x00\x07\x7f\x85\xa0\u2028\u2029\ufeff\u3000\ud800\U0001f600|>&*!%@`?"

_line = st.sampled_from([line for row in LINES.split("\n") for line in row.split("|")] + BLOCKS * 3)
_indented = st.builds(lambda width, line: " " * width + line, st.sampled_from((0, 0, 0, 1, 2, 2, 2, 4, 4, 6)), _line)
_blank = st.sampled_from(("", " ", "   "))
_ending = st.sampled_from(("\n", "\n", "\n", "", "\n\n", "\n  "))
manifests = st.builds(
    lambda lines, end: "\n".join(lines) + end, st.lists(_indented | _indented | _indented | _blank, max_size=9), _ending
)


@st.composite
def near_manifests(draw: st.DrawFn) -> str:
    """A manifest in which one character was put in, or replaced."""
    text: str = draw(manifests)
    at = draw(st.integers(0, len(text)))
    odd: str = draw(st.sampled_from(ODD))
    return text[:at] + odd + text[at + draw(st.integers(0, 1)) :]
