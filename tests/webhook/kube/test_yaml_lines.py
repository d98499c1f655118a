"""Everyday YAML is read line by line, the rest is refused, and what is read is what the whole reader reads."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from webhook.kube import yaml, yaml_reader
from webhook.kube.yaml_lines import NotEverydayError, read_lines

READ = {
    "": None,
    "\n  \n# comment\n": None,
    "a: 1\nb:\n  c: [x, 'y', \"z\", 1.5,]\n": {"a": 1, "b": {"c": ["x", "y", "z", 1.5]}},
    "---\n- a\n-   b: c\n    d: e\n- ''\n": ["a", {"b": "c", "d": "e"}, ""],
    "a:\n- b\n- c\nd:\n  - e\n  - f:\n    - g\n": {"a": ["b", "c"], "d": ["e", {"f": ["g"]}]},
    "a:\n\n  # comment\n  b:   c d  # comment\nd: # comment\n": {"a": {"b": "c d"}, "d": None},
    "a: |\n  b\n\n    c\n  \n\nd: |-\n    e\n   \n": {"a": "b\n\n  c\n", "d": "e"},
    "- |\n b\n- a: |\n    c\n": ["b\n", {"a": "c\n"}],
    "a: [b, {c: d, e: [f, []]}]\n": {"a": ["b", {"c": "d", "e": ["f", []]}]},
    'a: {\n  b: {c: d},\n  \'e\': 1}\nf: {"g":"h"}\n': {"a": {"b": {"c": "d"}, "e": 1}, "f": {"g": "h"}},
    '{"a": "b \\"c\\"",\n  "d": []}\n': {"a": 'b "c"', "d": []},
    "a:\n  []\nb:\n- c:\n    {d: e}\n": {"a": [], "b": [{"c": {"d": "e"}}]},
    "a: |\n  b": {"a": "b"},
    "- |-\n  b\n ": ["b"],
    "a: [b # c\n]\n": {"a": ["b"]},
    "a: {}\nb: []\nc: {d: e}\n": {"a": {}, "b": [], "c": {"d": "e"}},
    "a: {\n  x/y.z: \"b\",\n  'c': 2,\n}\nd: e\n": {"a": {"x/y.z": "b", "c": 2}, "d": "e"},
    "a: \"b\\\"c\\\\d\\n\"\ne: 'it''s: #1'\n": {"a": 'b"c\\d\n', "e": "it's: #1"},
    "a: http://b:80/c?d=e#f\nb: -x\nc: a :b::c\n": {"a": "http://b:80/c?d=e#f", "b": "-x", "c": "a :b::c"},
    "a: y\nb: ~\nc: 0o17\nd: 1e3\ne: 010\n": {"a": True, "b": None, "c": 15, "d": 1000.0, "e": 8},
    "é: ü # ö\n": {"é": "ü"},
    "  a: 1\n  b: 2\n": {"a": 1, "b": 2},
    "a: 1\na: 2": {"a": 2},
}
REFUSED = [
    *(
        "a: &b c\n",
        "a: *b\n",
        "a: !x y\n",
        "<<: {a: b}\n",
        "? a\n",
        "a: >\n  b\n",
        "a: |+\n  b\n",
        "a: |2\n   b\n",
    ),
    *(
        "a: b\n---\nc: d\n",
        "a: b\n...\n",
        "%YAML 1.1\n---\na: b\n",
        "a\n",
        "- - a\n",
        "-\n  a: b\n",
        "y: 1\n",
        "1: a\n",
    ),
    *("a:\tb\n", "a: b\r\n", "\ufeffa: b\n", "a: b\x85\n", "a: b\u2028\n", "a: \x07\n", "a: \ud800\n", "a: .inf\n"),
    *(
        "a: b\n  c\n",
        "a: 'b\n  c'\n",
        "a: b: c\n",
        "a: b:\n",
        "a: 'b' c\n",
        "a: [b, c: d]\n",
        "a: {b:c}\n",
        "a: [[b]\n",
        "a: [b]]\n",
        "a: {b}\n",
        "a: [,]\n",
    ),
    *(
        "a: [b\n",
        "a: {b: c\nd: e\n",
        "a: [b] c\n",
        "a: ['b # c\n']\n",
        "a: b\n c: d\n",
        "a:\n  b: c\n d: e\n",
        "a: b\n- c\n",
    ),
    *("a:\n  - b\n  c: d\n", "- a\nb: c\n", "a: |\nb: c\n", "a: |\n\n  b\n", "a: |\n   b\n  c\n", "a: |"),
    *(
        "a: " + "[" * 30 + "]" * 30 + "\n",
        "a: {[b]: c}\n",
        "a: {{b: c}: d}\n",
        "a: {y: 1}\n",
        "a: {b: c d}\n",
        "a:\n{}\n",
        "{}\n{}\n",
        "a:\n  []\n  b: c\n",
        "[a]: b\n",
    ),
    *("a: " + "b" * 3000 + "\n", "a" * 300 + ": b\n", " " * 101 + "a: b\n"),
]


@pytest.mark.parametrize("text", READ)
def test_read(text):
    assert read_lines(text, yaml.LATEST) == READ[text]
    assert repr(read_lines(text, yaml.LATEST)) == repr(yaml_reader.load(text, yaml.LATEST))


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text):
    with pytest.raises(NotEverydayError):
        read_lines(text, yaml.LATEST)


def test_what_is_returned_belongs_to_the_caller():
    text = "a: {}\nb: [x]\nc:\n- d\n"
    first = read_lines(text, yaml.LATEST)
    first["a"]["x"] = first["b"].append("y") or first["c"].append("z")
    assert read_lines(text, yaml.LATEST) == {"a": {}, "b": ["x"], "c": ["d"]}


def test_a_line_means_what_the_dialect_says():
    text = "a: 1e3\nb: 2001-01-01\nc: 0o17\n"
    assert read_lines(text, yaml.YAML_V2_0) == {"a": "1e3", "b": "2001-01-01", "c": "0o17"}
    assert read_lines(text, yaml.LATEST) == {"a": 1000.0, "b": "2001-01-01", "c": 15}


def test_what_is_remembered_is_bounded():
    text = "".join(f"k{number}: v{number}\n" for number in range(20_000))
    assert len(read_lines(text, yaml.LATEST)) == 20_000
    assert read_lines(text, yaml.LATEST)["k19999"] == "v19999"


@pytest.mark.parametrize(
    "unit",
    [
        "a: |\n  b\n",
        "a: [b]\n",
        "- a: b\n",
        "a: " + "b " * 900 + "c\n",
        "a: '" + "''" * 900 + "'\n",
        "a: [" + "\n" * 20,
    ],
)
def test_the_time_taken_is_that_of_the_length(unit):
    """A quadratic step would take minutes for these."""
    started = time.process_time()
    for count in (1, 1_000_000 // len(unit)):
        with suppress(NotEverydayError):
            read_lines(unit * count, yaml.LATEST)
    assert time.process_time() - started < 10
