"""The questions whose answers by Go are the data of the tests: grids of arguments, the rest drawn with a fixed seed.

Each function returns the questions of one data file, in the form that oracle/main.go reads.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Question = list[Any]

INTEGERS = [
    "0",
    "1",
    "-1",
    "7",
    "-42",
    "65",
    "127",
    "255",
    "1000000",
    str(2**63 - 1),
    str(-(2**63)),
    "1114111",
    "55296",
]
FLOATS = [
    "0", "-0", "1", "-1", "0.1", "1.5", "100000", "999999.5", "1e6", "123456789", "1e20", "1e21", "1e-5", "0.0001",
    "3.14159265358979", "NaN", "Inf", "-Inf", "1e300", "5e-324", "2.5", "123.456", "-0.00001234", "0x1p-149", "0x1p-24",
]  # fmt: skip
TEXTS = [
    "", "a", "abc", "hello world", "héllo", "日本語", 'a"b', "x\n\ty", "back`tick", "\udcff\udcfebad", "\u200b", "a\\b", "😀",
    "\x7f", "<&>'=",
]  # fmt: skip
SCALARS = [
    "int", "int8", "int64", "uint", "uint8", "uint64", "uintptr", "float32", "float64", "complex128", "complex64", "bool",
    "string", "string", "I", "F32", "St", "Str", "Er", "GS", "Pan", "Fo", "NB", "Duration", "Month",
]  # fmt: skip
PARTS = [
    "int", "uint8", "float64", "string", "bool", "any", "Str", "Er", "GS", "I", "VS", "S", "PS", "Em", "Duration", "BS",
    "any", "NB", "Fo",
]  # fmt: skip
LIMITS = {"int8": (-128, 127), "uint8": (0, 255)} | dict.fromkeys(("uint", "uint64", "uintptr"), (0, 2**64 - 1))
ZONES = [
    "UTC",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Monrovia",
    "Europe/Dublin",
    "Etc/GMT+5",
]
MOMENTS = [
    "0", "-1", "86399", "951782400", "1709164800", "1698541200", "253402300800", "-62135596800", "-62167219201",
    "-99999999999",
]  # fmt: skip
ELEMENTS = [
    "2006", "06", "01", "1", "Jan", "January", "02", "2", "_2", "__2", "002", "Mon", "Monday", "15", "3", "03", "4", "04",
    "5", "05", "PM", "pm", "MST", "-0700", "-07:00", "-07", "-070000", "-07:00:00", "Z0700", "Z07:00", "Z07", "Z070000",
    ".000", ".999", ",000", ".0", ".0000000000", "Janx", " ", "T", ":", "-", "0", "é", "_2006", ".00x", ".001",
]  # fmt: skip


def hexed(text: str) -> str:
    """Return a Go string as the oracle reads it."""
    return text.encode("utf-8", "surrogateescape").hex()


class Draw:
    """Draws values of Go types."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def any(self, choices: list[Any]) -> Any:
        return self.random.choice(choices)

    def scalar(self, name: str) -> Any:
        if name in LIMITS:
            low, high = LIMITS[name]
            return str(max(low, min(high, int(self.any(INTEGERS)))))
        if name in ("float32", "float64", "F32"):
            return self.any(FLOATS)
        if name.startswith("complex"):
            return [self.any(FLOATS), self.any(FLOATS)]
        if name in ("bool", "NB"):
            return self.random.random() < 0.5
        return hexed(self.any(TEXTS)) if name in ("string", "St", "Str", "Er") else self.any(INTEGERS)

    def type(self, depth: int = 0) -> str:
        chance = self.random.random()
        if depth > 2 or chance < 0.4:
            return str(self.any(PARTS))
        if chance < 0.6:
            return "[]" + self.type(depth + 1)
        if chance < 0.7:
            return "[2]" + self.type(depth + 1)
        if chance < 0.85:
            return f"map[{self.any(['string', 'int', 'I', 'bool', 'Str'])}]{self.type(depth + 1)}"
        return "*" + str(self.any(["S", "VS", "PS", "[]int", "map[string]int", "M", "Em"]))

    def interface(self, depth: int = 0) -> Any:
        """Return a value of type any: nil, a scalar, or something composite."""
        if self.random.random() < 0.15:
            return None
        name = self.type(depth + 1) if depth < 3 and self.random.random() < 0.5 else "any"
        if name == "any":
            name = str(self.any(SCALARS))
        return [name, self.value(name, depth + 1)]

    def value(self, name: str, depth: int) -> Any:
        structs: dict[str, list[str]] = {
            "S": ["int", "string", "any"], "VS": ["int"], "PS": ["int"], "Em": ["VS", "int"], "BS": ["uint8", "uint8"],
        }  # fmt: skip
        if name == "any":
            return self.interface(depth)
        if name in structs:
            return [self.value(part, depth + 1) for part in structs[name]]
        if name.startswith(("[]", "*", "map[", "M")) and name != "Month" and self.random.random() < 0.15:
            return None
        if name.startswith("["):
            count = 2 if name[1] == "2" else self.random.randint(0, 3)
            return [self.value(name.partition("]")[2], depth + 1) for _ in range(count)]
        if name.startswith("*"):
            return self.value(name[1:], depth + 1) or []
        if name.startswith("map[") or name == "M":
            key, _, elem = ("string", "", "int") if name == "M" else name[4:].partition("]")
            keys = {self.scalar(key) for _ in range(self.random.randint(0, 3))}
            return [[key, self.value(elem, depth + 1)] for key in sorted(keys)]
        return self.scalar(name)

    def directive(self) -> str:
        text = "%" + "".join(self.random.sample("+-# 0", self.any([0, 0, 0, 1, 1, 2, 3])))
        text += self.any(["", "", "", "", "1", "3", "8", "12", "*", f"[{self.random.randint(0, 4)}]*"])
        text += self.any(["", "", "", "", "", ".", ".0", ".1", ".3", ".10", ".*", ".[2]*"])
        text += self.any([""] * 10 + ["[1]", "[2]", "[x]", "[", "[]"])
        return text + str(self.any(list("vvvvsdqxXTtbocUeEfFgGOwz!é")))


def fmt() -> list[Question]:
    """Every verb with every flag over every kind of scalar, then drawn formats over drawn values."""
    draw = Draw(1)
    grid: list[Question] = []
    for verb in "vsdqxXtTbocUeEfFgGOwz":
        for flags in ("", "+", "#", "8", "-8.2", "08", " .3", "+#012.1"):
            names = draw.random.sample(SCALARS, 3)
            grid.append(["sprintf", hexed("|".join([f"%{flags}{verb}"] * 3)), *[[n, draw.scalar(n)] for n in names]])
    for _ in range(900):
        form = "".join(draw.any(["", "a", "é ", "%%"]) + draw.directive() for _ in range(draw.any([1, 1, 2, 3])))
        arguments = [draw.interface() for _ in range(draw.any([0, 1, 1, 2, 3]))]
        grid.append(["sprintf", hexed(form + draw.any(["", "", "x", "%"])), *arguments])
    for op in ("sprint", "sprintln"):
        grid += [[op, *[draw.interface() for _ in range(draw.random.randint(0, 4))]] for _ in range(60)]
    return grid


def builtins() -> list[Question]:
    """Comparisons over all pairs of kinds, and the printing builtins over drawn values."""
    draw = Draw(2)
    comparisons = ["eq", "ne", "lt", "le", "gt", "ge"]
    kinds = [
        "int",
        "uint8",
        "float64",
        "complex128",
        "string",
        "bool",
        "St",
        "NB",
        "[]int",
        "map[string]int",
        "*S",
        "S",
        "PS",
    ]
    pairs = [(a, b) for a in [*kinds, None] for b in [*kinds, None]]
    drawn = [[name and [name, draw.value(name, 0)] for name in pair] for pair in pairs]
    grid: list[Question] = [["builtin", draw.any(comparisons), *pair] for pair in drawn]
    grid += [["builtin", draw.any(["eq", "ne"]), *pair] for pair in drawn]
    for name in (*comparisons, *comparisons, "not", "html", "js", "urlquery", "action", "print"):
        grid += [["builtin", name, draw.interface(), draw.interface()] for _ in range(25)]
    same = [[name, draw.scalar(name), draw.scalar(name)] for name in SCALARS for _ in range(3)]
    return grid + [["builtin", name, [t, a], [t, b]] for t, a, b in same for name in ("eq", "lt", "ge")]


def strconv() -> list[Question]:
    """Numbers and quoted strings to text and back, wrong ones included."""
    draw = Draw(3)
    grid: list[Question] = [
        ["format_float", f, form, prec, bits]
        for f in FLOATS
        for form in "eEfgGxXb"
        for prec, bits in [
            ("-1", "64"),
            ("-1", "32"),
            (draw.any(["0", "1", "3", "6", "17", "20"]), draw.any(["32", "64"])),
        ]
    ]
    odd = [
        "", "-", "+", ".", "1e", "1e+", "0x", "0x1", "0x1p", "0x.8p1", "0x1.fffffffffffff8p0", "_1", "1_", "1__0", "1_000", "0_1",
        "0x_1p0", "0x1_p0", "1e1_0", "inf", "+Inf", "-INFINITY", "nan", "+nan", "infi", "4.9e-324", "2.4e-324", "1e309",
        "3.4028236e38", "7e-46", "7.1e-46", "0x1.000001p-149", "0b101", "0o17", "017", "089", "é", "128", "-129", str(2**63),
        str(-(2**63)), str(2**64), "99999999999999999999x", "0X1F", "1i", "(1+2i)", "1+-2i", "1++2i", "i", "1+2", "nani", "1+nani",
    ]  # fmt: skip
    grid += [["parse_float", hexed(text), bits] for text in odd for bits in ("32", "64")]
    grid += [
        [op, hexed(t), base, "64"] for op in ("parse_int", "parse_uint") for t in odd for base in ("0", "10", "16")
    ]
    grid += [["parse_int", hexed(t), "10", b] for t in ("127", "128", "-128", "-129") for b in ("8", "0", "65", "-1")]
    grid += [["parse_int", hexed("1"), base, "64"] for base in ("1", "37", "-1")]
    grid += [[op, hexed(text)] for op in ("atoi", "parse_complex") for text in odd]
    escapes = [
        r"\n", r"\"", r"\'", r"\\", r"\x41", r"\xff", r"\xc3\xa9", r"\u00e9", r"\U0001F600", r"\ud800", r"\U00110000", r"\101",
        r"\377", r"\400", r"\8", r"\z", r"\x4", "a", "é", '"', "'", "`", "\n", "\r", "\udcff", r"\a\b\f\v\r\t", "",
    ]  # fmt: skip
    grid += [["unquote", hexed(f"{d}{text}{d}")] for text in escapes for d in "\"'`"]
    grid += [["unquote_char", hexed(text + "x"), d] for text in escapes for d in "\"'"]
    letters = (
        "ab\"'`\\\n\t\x00\x1b\x7f\x80é\u00ad\u2028日😀\ufeff\ufffd\U000e0001\udcff\udce2\udc82\ue000\u0378\U0010ffff"
    )
    grid += [["quote", hexed("".join(draw.random.choices(letters, k=draw.random.randint(0, 8))))] for _ in range(120)]
    return grid


def texts() -> list[Question]:
    """Characters and their classes, case, paths, escapes, URLs."""
    draw = Draw(4)
    edges = [
        *range(0x370),
        *range(0x1C4, 0x1CD),
        *range(0x1F80, 0x2000),
        *range(0x2000, 0x2070),
        *range(0x10400, 0x10450),
    ]
    edges += [draw.random.randint(0, 0x10FFFF) for _ in range(1500)]
    chars = [chr(code) for code in edges if not 0xD800 <= code < 0xE000]
    grid: list[Question] = [["runes", hexed("".join(chars[at : at + 128]))] for at in range(0, len(chars), 128)]
    letters = "abXYZ ßǆǅİıſ\u212aé日 _-.1٣\u00a0\u2003\x1c\x85\t\n\udcff\udcc3\udca9😀ẞΣςⅷ\u0345"
    grid += [["strings", hexed("".join(draw.random.choices(letters, k=draw.random.randint(0, 9))))] for _ in range(150)]
    names = ["a", "b.c", ".", "..", "/", "/", "//", "é", ".d"]
    grid += [["path", hexed("".join(draw.random.choices(names, k=draw.random.randint(0, 7))))] for _ in range(150)]
    marks = [
        "a b",
        "%20",
        "%zz",
        "%",
        "+",
        "é",
        "<'\"&>",
        "=\\",
        "\x00\n",
        "\u200b\u2028",
        "%e4",
        "\udcff",
        "$-_.~!*()@:/?#[]",
    ]
    grid += [["escape", hexed("".join(draw.random.choices(marks, k=draw.random.randint(1, 3))))] for _ in range(120)]
    before = ["http://", "https://u:p@", "ftp://u@", "//", "mailto:", "a+b:", "", "/", "HTTP://", ":", "http://a b@"]
    hosts = [
        "host",
        "host:80",
        "host:",
        "[::1]:80",
        "[::1]",
        "ho st",
        "é.com",
        "h%41",
        "host:x",
        "a%e4b",
        "[fe80::1%25e%41n]",
        "",
    ]
    after = ["", "/", "/a/b", "/a%2Fb", "/a b", "/é", "/%zz", "*", "?", "?a=b?c", "#f%20g", "#%zz", "?x#f!(*"]
    grid += [["url", hexed(draw.any(before) + draw.any(hosts) + draw.any(after))] for _ in range(350)]
    fields = ["1", "ff", "12345", "0", "::", ":", ".", "127.0.0.1", "1.2.3", "%25", "%25en", "g", "256", "01"]
    grid += [
        ["url", hexed(f"//[{''.join(draw.random.choices(fields, k=draw.random.randint(0, 9)))}]")] for _ in range(150)
    ]
    return grid


def times() -> list[Question]:
    """Durations, layouts written and read, arithmetic in zones."""
    draw = Draw(5)
    spans = [
        "0",
        "1",
        "-1",
        "999",
        "1500000",
        "1000000000",
        "-1000000000",
        "5400000000001",
        str(2**63 - 1),
        str(-(2**63)),
    ]
    units = ["1000000000", "60000000000", "7", "-5", "86400000000000"]
    grid: list[Question] = [["duration", span, unit] for span in spans for unit in units]
    numbers = [
        "1",
        "1.5",
        ".5",
        "0",
        "2562047",
        str(2**63),
        "1.",
        ".",
        "0.0000000001",
        "99999999999999999999",
        "",
        "300",
    ]
    endings = ["h", "m", "s", "ms", "us", "µs", "ns", "d", "", "é", '"']
    for _ in range(200):
        parts = [draw.any(numbers) + draw.any(endings) for _ in range(draw.any([1, 1, 2]))]
        grid.append(["parse_duration", hexed(draw.any(["", "-", "+"]) + "".join(parts))])
    for _ in range(300):
        layout = "".join(draw.random.choices(ELEMENTS, k=draw.random.randint(1, 5)))
        moment = [draw.any(MOMENTS), draw.any(["0", "1", "123456789", "500000000"]), hexed(draw.any(ZONES))]
        grid.append(["time_format", *moment, hexed(layout)])
        steps = [str(draw.random.randint(-30, 30)) for _ in range(3)]
        grid.append(["time_parts", *moment, *steps, draw.any(units)])
    return grid + _time_values()


def _time_values() -> list[Question]:
    cases = {
        "2006-01-02": ["2024-02-29", "2023-02-29", "2024-13-01", "2024-1-1", "2024-00-01", "2024-01-02x", ""],
        "2006-01-02T15:04:05Z07:00": [
            "2024-02-29T23:59:59Z", "2024-02-29T23:59:59.123456789123+05:30", "2024-02-29T24:00:00Z", "2024-02-29T10:60:00Z",
            "2024-02-29T10:11:60Z", "2024-02-29T10:11:12+25:00", "2024-02-29T10:11:12+01:61", "2024-02-29 10:11:12Z",
        ],
        "Mon, 02 Jan 2006 15:04:05 MST": [
            "Thu, 29 Feb 2024 10:11:12 EST", "thu, 29 feb 2024 10:11:12 GMT+3", "Thu, 29 Feb 2024 10:11:12 UTC",
            "Thx, 29 Feb 2024 10:11:12 UTC", "Thu, 29 Feb 2024 10:11:12 ABCDE", "Thu, 29 Feb 2024 10:11:12 WITA",
        ],
        "January 2, 2006 3:04PM": ["January 5, 2020 12:00AM", "JANUARY 15, 2020 1:00PM", "January 5, 2020 13:00PM", "J 5"],
        "02/01/06 03:04:05 pm": ["31/04/69 12:00:00 am", "01/02/68 12:30:00 pm", "01/02/68 1:30:00 pm"],
        "15:04:05.000": ["10:11:12.345", "10:11:12,345", "10:11:12.3", "10:11:12"],
        "05": ["05.123", "5", "60", "05x"],
        "2006 002": ["2024 366", "2023 366", "2023 060", "2023 000", "2023 60"],
        "2006 __2 Jan 2": ["2024  60 Feb 29", "2024  60 Feb 28", "2024  60 Mar 1"],
        "-07:00:00": ["+05:30:15", "+0 :61:00", "+05:30"],
        ".0000000000": [".1234567890", ".123456789x", ".-12345678x", ".12"],
        "MST": ["+03", "-11", "+24", "+5", "ChST", "MeST", "GMT-12", "GMT+24", "ABCDT", "AB"],
        "x  y": ["x y", "x    y", "xy", 'x"\\é\udcff\n'],
    }  # fmt: skip
    grid: list[Question] = [["time_parse", hexed(layout), hexed(v)] for layout, values in cases.items() for v in values]
    zones = ["America/New_York", "Asia/Kolkata", "Europe/Dublin"]
    grid += [["time_parse_in", *q[1:], hexed(zone)] for q in grid[:30] for zone in zones]
    named = ["", "UTC", "Local", "America/New_York", "Nope/Zone", "../x", "/abs", "\\x", "a b"]
    return grid + [["location", hexed(name)] for name in named]


def json() -> list[Question]:
    """Documents, broken ones too, and values of every kind."""
    draw = Draw(6)
    words = [
        "1", "-0", "1.5", "-1E-7", "1e400", "true", "null", '"a"', '"é\\u00e9\\n\\ud83d\\ude00\\ud800x"', '"\udcff"', '"<&>"', "[]",
        "{}", "01", "1.", "1e", "+1", ".5", "nul", "tRue", "falsy", '"a\nb"', '"\\x"', '"\\u12g"', '"abc', "'a'", "\x00", "é", "-", "1e+",
    ]  # fmt: skip
    frames = [
        "{}",
        " {}\n",
        "[{}]",
        "[1,{}",
        "[{},]",
        '{{"a":{}}}',
        '{{"a":{},}}',
        '{{"a" {}}}',
        "{{{}:1}}",
        "{} x",
        "[{} {}]",
        "{{",
    ]
    grid: list[Question] = [["json_decode", hexed(frame.format(word, word))] for word in words for frame in frames]
    grid += [["json_decode", hexed("[" * 10001)], ["json_decode", hexed("")]]
    grid += [
        ["json_encode", [kind, f]] for kind in ("float64", "float32") for f in [*FLOATS, "1e-6", "9.99e-7", "1e-10"]
    ]
    drawn = [draw.interface() for _ in range(400)]
    return grid + [["json_encode", item] for item in drawn if item is not None]


def regexp() -> list[Question]:
    """Expressions put together of pieces, wrong ones too, over short texts."""
    draw = Draw(7)
    pieces = [
        "a", "b", r"\d", r"\w+", ".", "[a-c]", "[^a]", "(a|b)", "(?:ab)", "(a)", "(?P<n>b)", "(?<m>c)", "a*", "b+?", "a??", "x{2}",
        "a{1,3}", "b{2,}?", "^", "$", r"\b", r"\B", "|", "(?i)", "(?i:K)", "[[:alpha:]]", r"\pL", r"\p{Greek}", r"\P{Lu}", r"\x41",
        r"\Q.*\E", r"\A", r"\z", "(?s).", "(?m)^", "(?U)a+", r"[\d\-x]", r"[^\n]", r"\.", "()", "(a|ab)(c|bcd)", "{", "}", "]", "(?m)$",
    ]  # fmt: skip
    wrong = [
        "(", ")", "[", "*", "{2", "{1001}", "{5,2}", "\\", "(?", "(?P<", "(?P<n", "(?P<n>", "(?<>", "(?P<a b>", "(?=", "(?<=", "(?i",
        "(?-", "(?-i)", "(?i-s:a)", "(?z)", r"\1", r"\8", r"\x", r"\x{", r"\x{110000}", r"\C", r"\Z", r"\p", r"\pQ", r"\p{", r"\p{Foo}",
        "[a", "[b-a]", "[[:foo:]]", "[]a]", "[^]a]", r"[a-\d]", "a**", "a{2}{3}", "(a{100}){11}", r"\Q\Eb*", "x{0}", "{,2}", "\udcff",
        "[\udcff]", r"\p{^Lu}", r"\p{ Uppercase letter}", r"(?i)\p{Lu}", "(?i)[^a-z]", "[[:^space:]]", r"\07", r"\400", "[a-]",
        "$*", "^+", r"\_", r"\é", "a|*", "(?:)*", "a{,3}", "(?P<n>a)(?P<n>b)", "(?#c)", "(?>a)", r"\Qab",
    ]  # fmt: skip
    templates = ["", "X", "$1", "${1}y", "$1y", "$n", "${n}", "$$", "$", "${", "[$0]", "$2-$1", "$10", "$01"]
    grid: list[Question] = []
    for at in range(700):
        chosen = draw.random.choices(pieces, k=draw.random.randint(1, 4))
        chosen = [*chosen[1:], wrong[at % len(wrong)]] if at % 3 == 0 else chosen
        text = "".join(draw.random.choices("aabbccABCxyzé日 \n.-_19kKſ\u212aσ😀", k=draw.random.randint(0, 10)))
        grid.append(["regexp", hexed("".join(chosen)), hexed(text), hexed(draw.any(templates))])
    return [*grid, ["quote_meta", hexed(r"a.b*c[d]^$()+?{}|\ é")]]


FILES: dict[str, Callable[[], list[Question]]] = {
    "builtins": builtins,
    "fmt": fmt,
    "json": json,
    "regexp": regexp,
    "strconv": strconv,
    "texts": texts,
    "times": times,
}
