"""No YAML text costs more than its size, and none ends in anything but a value or a YamlError."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from webhook.kube import yaml


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "{a: " * 5000,
        "- " * 5000 + "x",
        "".join(" " * depth + "a:\n" for depth in range(1000)),
        "? " * 5000,
        "[" * 251 + "]" * 251,
    ],
    ids=["lists", "maps", "dashes", "indents", "keys", "one too many"],
)
def test_nesting_is_limited(text):
    with pytest.raises(yaml.YamlError, match="exceeded max depth of 250"):
        yaml.load(text)


def test_nesting_up_to_the_limit_is_read_and_written():
    deep = yaml.load("[" * yaml.MAX_DEPTH + "]" * yaml.MAX_DEPTH)
    assert yaml.load(yaml.dump(deep)) == deep


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize("dialect", [yaml.YAML_V2_0, yaml.LATEST], ids=["oldest", "newest"])
def test_alias_bombs_are_refused(dialect):
    with pytest.raises(yaml.YamlError, match="yaml: document contains excessive aliasing"):
        yaml.load(bomb(9), dialect)


def test_common_aliasing_is_not():
    assert len(yaml.load("base: &b {a: 1, b: 2}\n" + "".join(f"k{n}: *b\n" for n in range(2000)))) == 2001


def test_many_stray_colons_end_in_an_error():
    with pytest.raises(yaml.YamlError, match="found unexpected ':'"):
        yaml.load("[" + "a:," * 500 + "]")


def test_writing_what_contains_itself_is_an_error():
    value: dict[str, object] = {}
    value["self"] = [value]
    with pytest.raises(yaml.YamlError, match="exceeded max depth of 250"):
        yaml.dump(value)


MEGABYTE = 1_000_000
LARGE = {
    "a scalar": "a: " + "x" * MEGABYTE,
    "words": "a: " + "x " * (MEGABYTE // 2),
    "escaped quotes": 'a: "' + "\\'" * (MEGABYTE // 2) + '"',
    "backslashes": "a: " + "\\" * MEGABYTE + "'",
    "a number": "a: " + "1" * MEGABYTE,
    "base 60": "a: 1" + ":1" * (MEGABYTE // 2),
    "a literal": "a: |\n" + "  x\n" * (MEGABYTE // 4),
    "keys": "".join(f"k{number}: 1\n" for number in range(MEGABYTE // 10)),
    "one key": "k: 1\n" * (MEGABYTE // 5),
    "documents": "---\na\n" * (MEGABYTE // 6),
    "empty documents": "---\n" * (MEGABYTE // 4),
    "anchors": "".join(f"- &a{number} x\n" for number in range(MEGABYTE // 12)),
    "aliases": "- &a x\n" + "- *a\n" * (MEGABYTE // 5),
    "merge keys": "- &a {b: c}\n" + "- <<: *a\n" * (MEGABYTE // 9),
    "byte order marks": "\ufeff" * (MEGABYTE // 3),
    "lists that do not end": "a: [\n" * (MEGABYTE // 5),
    "blank lines": "\n" * MEGABYTE,
    "base 64": "a: !!binary " + "QUJD" * (MEGABYTE // 4),
    "directives": "%FOO bar\n" * (MEGABYTE // 9) + "---\na: b\n",
    "tags": "".join(f"%TAG !a{number}! tag:x\n" for number in range(MEGABYTE // 20)) + "---\na: b\n",
    "bytes": b"\xff" * MEGABYTE,
    "UTF-16": b"\xff\xfe" + ("a: " + "x" * (MEGABYTE // 2)).encode("utf-16-le"),
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_megabyte_is_read_in_seconds(text):
    """A step that is quadratic would take minutes."""
    started = time.process_time()
    with suppress(yaml.YamlError):
        yaml.load_all(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "text",
    [
        "x" * MEGABYTE,
        "x " * (MEGABYTE // 2),
        "x\n" * (MEGABYTE // 2),
        " \n" * (MEGABYTE // 2),
        "1" + ":1" * (MEGABYTE // 2),
        "\x85x" + " " * MEGABYTE + "x",
        "x \u2028" * (MEGABYTE // 5),
        "\udcff" * (MEGABYTE // 2),
    ],
    ids=["letters", "words", "lines", "blanks", "base 60", "U+0085 and blanks", "U+2028", "no UTF-8"],
)
def test_a_megabyte_is_written_in_seconds(text):
    started = time.process_time()
    for value in ({"a": text}, [text], {text[:200]: text}):
        with suppress(yaml.YamlError):
            yaml.dump(value)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\ta: b\n", "found character that cannot start any token"),
        ("a:\n\t- b\n", "line 2: found character that cannot start any token"),
        ("%YAML 1.1\n%YAML 1.1\n---\na\n", "line 1: found duplicate %YAML directive"),
        (LARGE["tags"], "exceeded 1000 %TAG directives"),
        ("%YAML 1.2\n---\na\n", "found incompatible YAML document"),
        (b"a: \xff\n", "invalid leading UTF-8 octet"),
        (b"a: \xe2\x82", "incomplete UTF-8 octet sequence"),
        (b"\xff\xfea\x00:\x00 \x00\x00\xd8", "incomplete UTF-16 surrogate pair"),
        ("a: b".encode("utf-32"), "control characters are not allowed"),
        ("a: \0", "control characters are not allowed"),
    ],
)
def test_what_is_no_yaml_is_said(text, reason):
    with pytest.raises(yaml.YamlError) as caught:
        yaml.load(text)
    assert str(caught.value) == f"error converting YAML to JSON: yaml: {reason}"
