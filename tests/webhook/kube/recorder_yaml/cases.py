"""What is asked of Go: the tables of ``cases.json``, and seeded streams of random texts and values."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

TABLES: dict[str, list[str]] = json.loads(Path(__file__).with_name("cases.json").read_text("utf-8"))
KEY_SETS: list[list[str]] = [*TABLES["key_sets"]]  # type: ignore[list-item]

TAGGED = [
    f"!!{tag} {quote}{text}{quote}"
    for tag in ("str", "int", "float", "bool", "null", "timestamp", "binary", "merge", "set", "foo")
    for text in (
        "5",
        "1.5",
        "yes",
        "null",
        "",
        "abc",
        "aGk=",
        "/w==",
        "2001-01-01",
        "18446744073709551615",
        "<<",
        ".inf",
    )
    for quote in ("", "'")
] + ["!foo 5", "! 5", "! '5'", "!<tag:yaml.org,2002:str> 5", "!!str", "!!int", "!!binary a"]

NUMBERS = [
    *(0, -1, 2**63 - 1, -(2**63), 2**63, 2**64 - 1, 2**64, 0.0, -0.0, 1.0, 0.1, 0.5, 1e6, 100000000.5, 1e20, 1e21),
    *(123456789012345680000.0, 1e-6, 1e-7, 1.5e-10, 5e-324, 1e300),
]
JSON_VALUES: list[object] = [
    *(
        None,
        True,
        False,
        "",
        "<a>&'\"",
        "\u2028\u2029",
        "\x00\x01\x1f\x7f\t\n\r\b\f\\/",
        "é😀",
        [],
        {},
        [[]],
        {"a": {}},
    ),
    *({"b": 1, "a": [1, {"c": None}], "é": "x", "Z": 0}, [1, "a", None]),
    *NUMBERS,
]

_WORDS = ["kind", "x", "'tis", '"a"', "a:", "#c", "it's", "\\", "--flag=value", "é", "{", "longer-word-in-between", "2"]
_POOLS = [
    *("0123456789_+-.eExXbBo:", "-?:,[]{}#&*!|>'\"%@` ab", "ab \n\t\r'\"\\#:-", "ab\u2028\u2029\n é😀\ufeff\x00\x1b"),
    "yesnotruefalseonoff~.inf",
]


def random_strings(seed: int, count: int) -> Iterator[str]:
    """Short strings of troublesome characters, and long ones that fold."""
    draw = random.Random(seed)
    for _ in range(count):
        if draw.random() < 0.3:
            yield " ".join(draw.choice(_WORDS) for _ in range(draw.randint(8, 40)))
        elif draw.random() < 0.2:
            yield "".join(draw.choice("ab  '\"\\é") for _ in range(draw.randint(70, 250)))
        else:
            pool = draw.choice(_POOLS)
            yield "".join(draw.choice(pool) for _ in range(draw.choice((1, 2, 3, 4, 6, 8, 12, 30))))


_ODD = [
    *(
        "\x85",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x80",
        "\xa0",
        "\xad",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
    ),
    *(
        "\ufffe",
        "\ufffd",
        "\U0001f600",
        "\u200b",
        "\u3000",
        " ",
        "  ",
        "a",
        "b",
        "0",
        "-",
        "---",
        "--- ",
        "...",
        ": ",
        " #",
        ":",
    ),
    *("#", '"', "'", "\\", "\\'", "{", "[", "?", "%", "@", "&", "*", "|", ">", "~", "=", "<<", ","),
]
_VALUES = [
    "%s",
    '"%s"',
    "'%s'",
    "|\n  %s",
    ">-\n  %s\n\n  y",
    "|+\n  %s\n\n",
    '["%s", b]',
    "{a: '%s'}",
    "&x %s",
    "!!str %s",
    "a %s\n  b",
]
_TEXTS = [
    *(f"k: {value}\nz: 1\n" for value in _VALUES),
    "%s: v\n",
    '"%s": v\n',
    "- %s\n- a\n",
    "%s",
    "a: 1\n%s\nb: 2\n",
    "\ufeffk: %s",
]


def odd_strings(seed: int, count: int) -> Iterator[str]:
    """Strings of characters that YAML treats in ways of their own, alone and among words."""
    draw = random.Random(seed)
    for _ in range(count):
        if draw.random() < 0.7:
            yield "".join(draw.choices(_ODD, k=draw.randint(1, 5)))
        else:
            words = draw.choices(_WORDS, k=draw.randint(4, 24))
            words[draw.randrange(len(words))] += draw.choice(_ODD)
            yield " ".join(words)


def odd_values(seed: int, count: int) -> Iterator[object]:
    """Such strings as values, items and keys."""
    strings = odd_strings(seed, count)
    for number, text in enumerate(strings):
        yield ({"a": {"b": [{"c": text}]}}, [text, [text]], {text: {"v": text}}, {text: 1, "a" + text: 2})[number % 4]


def odd_texts(seed: int, count: int) -> Iterator[str]:
    """Such strings written into documents as they are, in all styles."""
    for number, text in enumerate(odd_strings(seed, count)):
        yield _TEXTS[number % len(_TEXTS)].replace("%s", text)


def random_values(seed: int, count: int) -> Iterator[object]:
    """Nested maps and lists whose keys and strings come from the tables."""
    draw = random.Random(seed)
    strings = TABLES["scalars"] + [text for text in TABLES["strings"] if not set(text) & set("\x7f\x80\x85\ufffe")]
    plain: list[object] = [*NUMBERS, None, True, False]

    def value(depth: int) -> object:
        kind = draw.random()
        if kind < 0.15:
            return draw.choice(plain)
        if kind < 0.5 or depth > 4:
            return (
                draw.choice(strings) if draw.random() < 0.8 else " ".join(draw.choices(_WORDS, k=draw.randint(5, 30)))
            )
        if kind < 0.7:
            return [value(depth + 1) for _ in range(draw.randint(0, 3))]
        keys = [
            draw.choice(strings) if draw.random() < 0.3 else f"k{draw.randint(0, 20)}"
            for _ in range(draw.randint(0, 4))
        ]
        return {key: value(depth + 1) for key in keys}

    for _ in range(count):
        yield {"root": value(0), "list": [value(1), value(2)]}
