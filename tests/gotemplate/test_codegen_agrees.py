"""Generated code and closures give the same results, errors and partial outputs."""

from __future__ import annotations

import random
from typing import Any

import pytest

from gotemplate import (
    ExecError,
    Func,
    Map,
    Method,
    Pointer,
    Slice,
    Struct,
    Template,
    pointer,
    sprig,
    struct_type,
    values,
)
from gotemplate.builtin_funcs import BUILTINS
from gotemplate.codegen.options import Options
from gotemplate.compiled import make_unit

POINT = struct_type(
    "geo.Point",
    [values.Field("X", values.INT), values.Field("Name", values.STRING)],
    [
        Method("Double", lambda p: p["X"] * 2, (), (values.INT,)),
        Method("Plus", lambda p, n: p["X"] + n, (values.INT,), (values.INT,)),
        Method("Ptr", lambda p: p.target["X"], (), (values.INT,), pointer=True),
    ],
)


def boom(*_: Any) -> Any:
    raise ValueError("boom")


FUNCS: dict[str, Any] = {
    **sprig.funcs(),
    "boom": boom,
    "echo": lambda *args: args[-1] if args else None,
    "half": Func(values.func_of((values.INT,), (values.INT,)), lambda n: n // 2, name="half"),
    "wide": Func(values.func_of((values.INT64,), (values.STRING,)), lambda n: f"<{n}>", name="wide"),
}


def data() -> dict[str, Any]:
    point = Struct(POINT, {"X": 3, "Name": "p"})
    return {
        "s": "text", "e": "", "i": 7, "z": 0, "f": 2.5, "big": 1e6, "t": True, "n": None,
        "l": ["a", 1, None, {"k": "v"}], "none": [], "m": {"b": 2, "a": {"c": "deep"}, "n": None},
        "strings": Map(values.MAP_STRING_STRING, {"k": "v"}), "nilmap": Map(values.MAP_STRING_STRING, None),
        "ints": Slice(values.slice_of(values.INT), [1, 2, 3]), "p": point, "pp": pointer(point),
        "nilp": Pointer(values.pointer_to(POINT)), "bytes": "h\u00e9\udcff", "i8": values.make(values.INT8, 5),
    }  # fmt: skip


DATA = data()  # one object: pointers print as addresses

TEMPLATES = [
    "{{.s}} {{.i}} {{.f}} {{.big}} {{.t}} {{.n}} {{.missing}} {{.l}} {{.m}} {{.p}} {{.pp}} {{.bytes}} {{.i8}}",
    "{{.m.a.c}}|{{.m.n}}|{{.m.x.y.z}}|{{.m.a.x}}",
    "before {{.m.n.x}} after",
    "before {{.s.x}}",
    "{{.p.X}}{{.p.Double}}{{.pp.Ptr}}{{.pp.Name}}{{.p.Plus 4}}{{4 | .p.Plus}}",
    "{{.p.Plus (len .l)}}{{.p.Plus `x`}}",
    "{{.p.Plus .s}}",
    "{{.p.Missing}}",
    "{{.nilp.X}}",
    "{{range .l}}<{{.}}>{{else}}none{{end}}{{range .none}}x{{else}}none{{end}}{{range .missing}}x{{else}}none{{end}}",
    "{{range $i, $e := .l}}{{$i}}={{$e}};{{end}}{{range $k, $v := .m}}{{$k}}={{$v}};{{end}}",
    "{{range $k, $v := .strings}}{{$k}}{{$v}}{{end}}{{range .ints}}{{.}}{{end}}{{range $i, $e := .ints}}{{$i}}{{$e}}{{end}}",
    "{{range 3}}{{.}}{{end}}{{range $i := .i}}{{$i}}{{end}}",
    "{{range .s}}x{{end}}",
    "{{range $i, $e := .i}}x{{end}}",
    "{{range .l}}{{if eq . 1}}{{break}}{{end}}{{.}}{{end}}{{range .l}}{{if eq . 1}}{{continue}}{{end}}{{.}},{{end}}",
    "{{$x := 1}}{{range .ints}}{{$x = .}}{{end}}{{$x}}{{$y := .missing}}{{$y}}{{$y = .s}}{{$y}}",
    "{{$a := 0}}{{range $a = .ints}}{{$a}}{{end}}{{$a}}{{$k := `q`}}{{range $k, $a = .m}}{{$k}}{{$a}}{{end}}{{$k}}",
    "{{range $i, $e := .ints}}{{$e = 9}}{{$e}}{{.}}{{end}}{{range $e := .none}}{{else}}{{$e}}{{end}}",
    "{{with .m}}{{.b}}{{with .a}}{{.c}}{{$.s}}{{end}}{{else}}no{{end}}{{with .missing}}x{{else}}{{.s}}{{end}}",
    "{{with $x := .s}}{{$x}}{{.}}{{$x = `y`}}{{.}}{{$x}}{{end}}",
    "{{if and .s .i (gt .i 5)}}yes{{end}}{{if or .z .n .missing}}no{{else}}none{{end}}{{and .s .z .boom}}{{or .z `d`}}",
    "{{and}}",
    "{{or (and .z .s) .e .f}}{{and .t (or .e .n)}}{{.s | and .t}}{{.e | or .z}}{{not .n}}{{not .s}}",
    "{{eq .s `text`}}{{eq .i 7}}{{eq .i 7 8}}{{eq .s `x` `text`}}{{ne .s .e}}{{eq .n nil}}{{eq .t true}}{{lt .i 9}}{{ge .f 2.5}}",
    "{{eq .i .s}}",
    "{{eq .i 7.0}}",
    "{{lt .s .i}}",
    "{{eq .l .l}}",
    "{{eq}}{{ne 1}}",
    "{{len .s}}{{len .l}}{{len .m}}{{len .strings}}{{len .bytes}}{{len `abc`}}{{len .missing}}",
    "{{len .n}}",
    "{{len .i}}",
    "{{index .l 0}}{{index .l 3 `k`}}{{index .m `a` `c`}}{{index .m `zz`}}{{index .strings `k`}}{{index .strings `q`}}{{index .ints 1}}",
    "{{index .l 9}}",
    "{{index .m 1}}",
    "{{index .n 1}}{{index .s 1}}",
    "{{slice .s 1 3}}{{slice .l 1}}{{slice .ints 0 2}}{{slice .bytes 1 3}}",
    "{{slice .l 3 1}}",
    "{{slice .n}}",
    "{{printf `%s-%d-%v` .s .i .f}}{{printf `%5d|%-5d|%05d|%x` .i .i .i .i}}{{printf `%10s|%-10s|` .s .bytes}}{{printf `%.2f %t` .f .t}}",
    "{{printf `%d` .s}}{{printf `%s` .i}}{{printf `%q %v` .s .n}}{{printf `%z`}}{{printf .s}}{{printf `%%`}}{{printf `%d %d` 1}}",
    "{{printf .i}}",
    "{{print .s .i 1 2 `x`}}{{print}}{{print .s .e}}{{println .s .missing .n}}{{html `<a>`}}{{js `'`}}{{urlquery `a b`}}",
    "{{.s | printf `%s.%s` `a` | len}}{{.missing | default `d` | upper | quote}}{{.n | default .s}}{{.e | default (printf `%d` .i)}}",
    "{{half .i}}{{half 7}}{{.i | half}}",
    "{{half .s}}",
    "{{half .missing}}",
    "{{half .n}}",
    "{{half 1.5}}",
    "{{half nil}}",
    "{{wide 5}}{{wide .i}}",
    "{{half}}",
    "{{echo .n}}{{echo .missing}}{{echo nil}}{{echo .p}}{{echo 1.5}}{{echo 'a'}}{{echo true}}{{echo 1i}}",
    "x{{boom .s}}y",
    "{{.s | boom}}",
    "{{(boom).x}}",
    "{{(echo .m).a.c}}{{(index .l 3).k}}{{(.m).b}}{{(or .n .m).b}}",
    "{{(or .n .s).b}}",
    "{{(and .s .m.x).y}}{{(or .z .s) | half}}",
    "{{half (or .z .s)}}",
    "{{call .s}}",
    "{{call .missing 1}}",
    "{{nil}}",
    "{{nil | print}}",
    "{{.s 1}}",
    "{{.i.x.y}}",
    "{{$x := .m}}{{$x.a.c}}{{$x.q}}{{$x.n.r}}",
    "{{template `b` .m}}{{template `c`}}{{define `b`}}[{{.b}}{{$.a.c}}]{{end}}{{define `c`}}{{.}}{{end}}",
    "{{template `b` .}}{{define `b`}}{{template `c` .m}}{{end}}{{define `c`}}{{.a.c.d}}{{end}}",
    "{{template `no` .}}",
    "{{template `r` .i}}{{define `r`}}{{.}}{{if gt . 4}}{{template `r` (half .)}}{{end}}{{end}}",
    "{{or 1 ($v := 2)}}{{if or .t ($w := 1)}}{{end}}{{or .z ($u := 3)}}{{$u}}",
    "{{if or .t ($w := 1)}}{{$w}}{{end}}",
    "{{range .ints}}{{or (eq . 1) ($q := .)}}{{$q}}{{end}}",
    "{{.l | toJson}}{{.m | toJson | nindent 2}}{{list .s .i | join `-`}}{{dict `a` .s | toJson}}{{.strings | toJson}}",
    "{{'{'}}{{`{}'\"\\`}}{}\\'\"\n\t{{.s}}{{\"\\n{{\"}}",
    "{{$.s}}{{$ := 1}}{{$}}",
    "{{$ = 5}}{{$}}",
    "{{ternary .s .e .t}}{{.i | add 1 | mul 2}}{{trunc 2 .s}}{{.s | replace `t` `T`}}{{dig `a` `c` `x` .m}}",
    "{{trunc .s 2}}",
    "{{block `w` .m}}{{.b}}{{end}}{{1.0}}{{1e3}}{{0x10}}{{-5}}{{'x'}}{{1i}}",
]  # fmt: skip


def outcome(template: str, tier: Any, **options: Any) -> tuple[str, ...]:
    try:
        return (Template("t", funcs=FUNCS, tier=tier, **options).parse(template).render(DATA),)
    except ExecError as error:
        return error.partial, str(error), str(error.callers), error.node, error.template


@pytest.mark.parametrize("missingkey", ["default", "zero", "error"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_same_outcome(template: str, missingkey: str) -> None:
    assert outcome(template, "code", missingkey=missingkey) == outcome(template, "closures", missingkey=missingkey)


@pytest.mark.parametrize("go", ["1.13", "1.17", "1.20", "1.24"])
def test_same_outcome_in_older_releases(go: str) -> None:
    for template in TEMPLATES:
        if "break" not in template:
            assert outcome(template, "code", go=go) == outcome(template, "closures", go=go), template


ATOMS = [
    ".s",
    ".i",
    ".m",
    ".l",
    ".n",
    ".missing",
    ".m.a.c",
    ".m.n",
    "$v",
    ".",
    "$",
    "`x`",
    "3",
    "true",
    ".p",
    ".p.X",
    ".strings",
    ".f",
]
CALLS = [
    "eq {} {}",
    "and {} {}",
    "or {} {}",
    "not {}",
    "len {}",
    "index {} {}",
    "printf `%v%s` {} {}",
    "print {}",
    "default {} {}",
]
CALLS += ["quote {}", "half {}", "echo {}", "lt {} {}", "ne {} {}", "toJson {}", "list {} {}"]


def expression(rng: random.Random, depth: int) -> str:
    if depth == 0 or rng.random() < 0.35:
        return rng.choice(ATOMS)
    call = rng.choice(CALLS)
    filled = call.format(*(_argument(rng, depth - 1) for _ in range(call.count("{}"))))
    return f"{expression(rng, depth - 1)} | {filled}" if rng.random() < 0.2 else filled


def _argument(rng: random.Random, depth: int) -> str:
    text = expression(rng, depth)
    return f"({text})" if " " in text else text


def body(rng: random.Random, depth: int) -> str:
    return "".join(statement(rng, depth) for _ in range(rng.randint(1, 3)))


def statement(rng: random.Random, depth: int) -> str:
    kind = rng.randint(0, 9 if depth else 4)
    if kind == 0:
        return rng.choice(["text ", "\n", "{'"])
    if kind <= 3:
        return f"{{{{{expression(rng, 2)}}}}}"
    if kind == 4:
        return f"{{{{$v {rng.choice([':=', '='])} {expression(rng, 2)}}}}}"
    word = ["if", "with", "range", "range $i, $v :=", "range $v :="][kind - 5]
    middle = f"{{{{else}}}}{body(rng, depth - 1)}" if rng.random() < 0.4 else ""
    jump = rng.choice(["", "", "{{break}}", "{{continue}}"]) if word.startswith("range") else ""
    return f"{{{{{word} {expression(rng, 1)}}}}}{body(rng, depth - 1)}{jump}{middle}{{{{end}}}}"


def test_same_outcome_of_random_templates() -> None:  # 120 templates: a second
    rng = random.Random(7)
    failed = 0
    for _ in range(120):
        template = "{{$v := .i}}" + body(rng, 3)
        closures = outcome(template, "closures")
        assert outcome(template, "code") == closures, template
        failed += len(closures) > 1
    assert 20 < failed < 100  # both kinds are there


@pytest.mark.parametrize("template", TEMPLATES)
def test_all_of_these_are_generated(template: str) -> None:
    parsed = Template("t", funcs=FUNCS).parse(template)
    for part in parsed.templates():
        assert part.tree is not None
        for options in (
            Options(),
            Options(metered=True),
            Options(traced=True),
            Options(covered=True),
            Options(holes=True),
        ):
            assert make_unit(part.tree, FUNCS, BUILTINS, options) is not None
