"""A specialised template writes what the template writes, as numbers of constant text and holes."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import Template, sprig
from gotemplate.specialise import BARE, QUOTED, Lacking, specialise
from gotemplate.values import MAP_STRING_STRING, Func, Map, Struct, func_of, pointer_to, struct_type

KNOWN = {
    "V": {"on": True, "off": False, "n": 3.0, "list": ["a", "b"], "map": {"y": 1, "x": None}, "text": "t"},
    "B": False,
}
UNKNOWN = {"O": {"name": "shop", "tags": ["p", "q"], "empty": ""}}


def _template(text: str, **funcs: Any) -> Template:
    return Template("t", funcs={**sprig.funcs(), **funcs}).parse(text)


@pytest.mark.parametrize(
    ("text", "path", "holes"),
    [
        ("plain", (0,), ()),
        ("a{{.V.text}}b{{.V.n}}{{.V.map.x}}", (0,), ()),
        ("a{{.O.name}}b", (0, BARE, 1), ("shop",)),
        ("a{{.O.name | quote}}b", (0, QUOTED, 1), ("shop",)),
        ('"{{.O.name}}"', (0, BARE, 1), ("shop",)),
        ("a{{.O.empty}}b", (0, 1), ()),
        ("{{if .V.on}}yes{{else}}{{.O.name}}{{end}}", (0,), ()),
        ("{{if .V.off}}{{.O.name}}{{else if .B}}x{{else}}no{{end}}", (0,), ()),
        ("{{if .O.name}}yes{{else}}no{{end}}", (0,), ()),
        ("{{with .V.list}}{{index . 1}}{{end}}{{with .V.map.x}}x{{else}}{{$.O.name}}{{end}}", (0, BARE), ("shop",)),
        ("{{range $i, $e := .V.list}}{{$i}}{{$e}};{{end}}", (0,), ()),
        ("{{range .V.list}}{{.}}{{$.O.name}}{{end}}", (0, BARE, 1, BARE), ("shop", "shop")),
        ("{{range $k, $v := .V.map}}{{$k}}={{$v}} {{end}}", (0,), ()),
        ("{{range .V.list}}{{if eq . `b`}}{{break}}{{end}}{{.}}{{end}}", (BARE,), ("a",)),
        ("{{range .O.tags}}<{{.}}>{{end}}", (0, BARE, 1, 0, BARE, 1), ("p", "q")),
        ("{{range .V.none}}x{{else}}none{{end}}", (0,), ()),
        ("{{range .O.tags}}{{range $.V.none}}{{else}}<{{break}}x{{end}}{{.}}{{end}}", (0, BARE, 0, BARE), ("p", "q")),
        ("{{$x := .V.text}}{{$y := .O.name}}{{$x}}{{$y}}", (0, BARE), ("shop",)),
        ("{{$x := .V.text}}{{$x = .O.name}}{{$x}}", (BARE,), ("shop",)),
        ("{{or .V.off .V.text}}{{and .V.on .O.name}}{{or .V.text .O.name}}", (0, BARE, 1), ("shop",)),
        ("{{.V.text | upper | printf `%s-%v` .V.n}}", (0,), ()),
        ("{{define `x`}}[{{.V.text}}{{.O.name}}]{{end}}{{template `x` .}}", (0, BARE, 1), ("shop",)),
        ("{{define `x`}}[{{.}}]{{end}}{{template `x` .V.text}}{{template `x` .O.name}}", (0, 1, BARE, 2), ("shop",)),
        ("{{$o := .O}}{{$o.name}}{{$o.name}}{{$.O.name}}", (BARE, BARE, BARE), ("shop", "shop", "shop")),
        ("{{list 1 2 | len}}{{.V.list | join `,`}}", (0,), ()),
    ],
)
def test_path_and_holes(text: str, path: tuple[int, ...], holes: tuple[str, ...]) -> None:
    template, data = _template(text), {**KNOWN, **UNKNOWN}
    special = specialise(template, KNOWN)
    assert special.render(data) == (path, holes)
    assert special.text(path, holes) == template.render(data)


@pytest.mark.parametrize(
    "text",
    [
        "{{$_ := set .V `text` .O.name}}{{.V.text}}",
        "{{if .V.on}}{{$_ := unset .V `on`}}{{end}}{{.V.on}}",
    ],
)
def test_nothing_is_known_beside_what_changes_data(text: str) -> None:
    template = _template(text)
    special = specialise(template, {"V": {"text": "old", "on": True}})
    for name in ("one", "two"):
        data = {"V": {"text": "old", "on": True}, "O": {"name": name}}
        assert special.text(*special.render(data)) == template.render(
            {"V": {"text": "old", "on": True}, "O": {"name": name}}
        )


def test_impure_functions_are_called_each_time() -> None:
    count = iter(range(10))
    special = specialise(_template("{{next}}{{next}}", next=lambda: next(count)), {})
    assert special.render({}) == ((BARE, BARE), ("0", "1"))
    assert special.render({}) == ((BARE, BARE), ("2", "3"))


def test_a_pure_function_is_called_once_a_round() -> None:
    calls: list[str] = []

    def shout(text: str) -> str:
        calls.append(text)
        return text.upper()

    text = func_of((sprig.funcs()["upper"].go_type.params[0],), sprig.funcs()["upper"].go_type.results)
    special = specialise(
        _template("{{range .O.tags}}{{if shout .}}{{shout .}}{{end}}{{end}}", shout=Func(text, shout, pure=True)), {}
    )
    calls.clear()
    assert special.render(UNKNOWN)[1] == ("P", "Q")
    assert len(calls) <= 4


def test_failures_are_for_the_template_to_tell() -> None:
    special = specialise(_template("{{index .O.tags 9}}"), KNOWN)
    with pytest.raises(Exception, match="index out of range"):
        special.render(UNKNOWN)
    assert specialise(_template("{{if .O.name}}ok{{else}}{{index .V.list 9}}{{end}}"), KNOWN).render(UNKNOWN) == (
        (0,),
        (),
    )


def test_a_map_that_lacks_keys() -> None:
    asked: set[str] = set()
    template = _template("{{if isset .M `a`}}a{{end}}{{index .M `b`}}{{if .M}}c{{end}}{{len .M}}", isset=_isset())
    partly = {("M",): Lacking(MAP_STRING_STRING, asked)}
    special = specialise(template, {}, partly=partly, lookups=frozenset({"index", "isset"}))
    assert asked == {"a", "b"}
    data = {"M": Map(MAP_STRING_STRING, {"z": "1"})}
    assert special.text(*special.render(data)) == template.render(data) == "c1"


def _isset() -> Func:
    string = sprig.funcs()["upper"].go_type.params[0]
    boolean = sprig.funcs()["contains"].go_type.results[0]
    return Func(
        func_of((MAP_STRING_STRING, string), (boolean,)), lambda mapping, key: key in mapping, name="isset", pure=True
    )


@pytest.mark.parametrize("look", [len, list, bool, dict, lambda m: m == {}, lambda m: m.items(), lambda m: {**m}])
def test_nothing_else_is_to_be_learnt_of_it(look: Any) -> None:
    with pytest.raises(LookupError):
        look(Lacking(MAP_STRING_STRING, set()))


def test_structs_and_pointers() -> None:
    go_type = struct_type("x.Meta")
    template = _template("{{.P}}{{with .P}}x{{end}}")
    data = {"P": Struct(go_type)}
    special = specialise(template, data)
    assert special.text(*special.render(data)) == template.render(data)
    assert pointer_to(go_type).name == "*x.Meta"
