"""No YAML text costs more than its size, and none ends in anything but a value or a YamlError."""

from __future__ import annotations

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
