"""Lists are built when they are first entered: nothing but time may tell that from building them all at once."""

from __future__ import annotations

import sys
import threading

import pytest

from gotemplate import ExecError, LimitError, Limits, ParseError, Template


def closures(text: str) -> Template:
    return Template("t", tier="closures").parse(text)


def answer(template: Template, data: object) -> str:
    try:
        return template.render(data)
    except ExecError as e:
        return f"{e.partial}<{e.node}> {e.message}"


@pytest.mark.parametrize(
    ("text", "data", "want"),
    [
        ("{{$x := 1}}{{range .}}{{if .}}{{$x}}{{end}}{{$x := 2}}{{$x}}{{end}}", [0, 1, 1], "21212"),
        ("{{range .}}{{if .}}{{$y := .}}{{$y}}{{end}}{{$z := 7}}{{$z}}{{end}}", [0, 1, 2], "71727"),
        ("{{$x := 0}}{{range .}}{{if .}}{{$x = .}}{{else}}{{$x}}{{end}}{{end}}{{$x}}", [0, 5, 0, 6], "056"),
        ("{{range $x := .}}{{$x}}{{else}}[{{$x}}]{{end}}", [1, 2], "12"),
        ("{{range $x := .}}{{$x}}{{else}}[{{$x}}]{{end}}", [], "[[]]"),
        ("{{with $x := .a}}{{with .b}}{{.}}{{$x.b}}{{else}}{{.c}}{{end}}{{end}}", {"a": {"b": 3}}, "33"),
        ("{{if or .n ($y := 2)}}{{$y}}{{else}}-{{end}}", {"n": 0}, "2"),
        ("{{if or .n ($y := 2)}}{{$y}}{{end}}", {"n": 1}, "<$y> undefined variable: $y"),
        ("{{range .}}{{if eq . 3}}{{break}}{{else if eq . 1}}{{continue}}{{end}}{{.}}{{end}}", [1, 2, 3, 4], "2"),
        ("{{range .}}{{with .}}{{if eq . 2}}{{continue}}{{end}}{{end}}<{{.}}>{{end}}", [0, 2, 4], "<0><4>"),
        ("{{range .}}{{range .}}{{break}}{{else}}{{break}}{{end}}x{{end}}", [[1], [2], [], [3]], "xxxx"),
        ("{{range $k, $v := .}}{{if $v}}{{$k}}{{$v.x}}{{end}}{{end}}", {"a": 0, "b": 7}, "b<$v.x> can't evaluate field x in type interface {}"),  # noqa: E501
        ("{{range .}}{{if .}}{{.x}}{{end}}{{end}}", [0, 7], "<.x> can't evaluate field x in type interface {}"),
        ("{{range .}}{{with .}}{{.x}}{{end}}{{end}}", [0, 7], "<.x> can't evaluate field x in type int"),
    ],
)  # fmt: skip
def test_what_a_list_sees(text: str, data: object, want: str) -> None:
    template = closures(text)
    assert answer(template, data) == want
    assert answer(template, data) == want  # now that its lists are built
    assert answer(Template("t", tier="code").parse(text), data) == want


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("{{lower .}}", 'function "lower" not defined'),
        ("{{$y}}", 'undefined variable "$y"'),
        ("{{break}}", "{{break}} outside {{range}}"),
        ("{{1 | 2}}", "non executable command in pipeline stage 2"),
        ("{{08}}", 'integer overflow: "08"'),
    ],
)
def test_errors_in_lists_that_are_never_entered(body: str, complaint: str) -> None:
    with pytest.raises(ParseError) as found:
        closures(f"{{{{if false}}}}\n{body}{{{{end}}}}")
    assert str(found.value) == f"template: t:2: {complaint}"


def test_failures_in_lists_that_are_never_entered_stay_away() -> None:
    template = closures("{{if .}}{{index 1 2}}{{template `none`}}{{len}}{{end}}ok")
    assert template.render(0) == "ok"
    assert answer(template, 1).startswith("<index 1 2> error calling index")


def test_recursion_enters_a_list_first_where_it_is_deepest() -> None:
    text = (
        "{{define `f`}}{{$n := .n}}{{if .next}}{{$m := $n}}({{template `f` .next}}{{$m}})"
        "{{else}}{{$a := 8}}{{$b := 9}}{{$a}}{{$b}}{{$n}}{{end}}{{$n}}{{end}}{{template `f` .}}"
    )
    data: dict[str, object] = {"n": 0}
    for n in range(1, 40):
        data = {"n": n, "next": data}
    inner = "8900"
    for n in range(1, 40):
        inner = f"({inner}{n}){n}"
    assert closures(text).render(data) == inner


def test_the_innermost_of_many_lists_is_entered_at_last() -> None:
    depth = 3 * sys.getrecursionlimit()
    template = closures("{{with .}}" * depth + "{{if .x}}{{print (print (print .x))}}{{end}}" + "{{end}}" * depth)
    assert template.render({"y": 1}) == ""
    assert template.render({"x": 1}) == "1"


def test_a_long_chain_of_else_ifs() -> None:
    text = "{{if eq . 0}}0" + "".join(f"{{{{else if eq . {i}}}}}{i}" for i in range(1, 500)) + "{{end}}"
    template = closures(text)
    assert [template.render(i) for i in (3, 499, 500)] == ["3", "499", ""]


@pytest.mark.parametrize(("steps", "fits"), [(9, True), (8, False)])
def test_steps(steps: int, fits: bool) -> None:
    template = closures("{{range .}}{{if .}}x{{else}}{{end}}{{end}}")
    try:  # the range; three rounds, each with its if; two texts
        assert template.render([1, 0, 1], limits=Limits(steps=steps)) == "xx"
        assert fits
    except LimitError:
        assert not fits


def test_a_redefined_template_is_another_one() -> None:
    base = closures("{{define `part`}}{{if .}}old{{end}}{{end}}{{range .}}{{template `part` .}}{{end}}")
    assert base.render([0]) == ""
    other = base.clone()
    other.new("part").parse("{{if .}}new{{end}}")
    assert (base.render([0, 1]), other.render([0, 1])) == ("old", "new")


def test_threads_enter_a_list_at_once() -> None:
    text = "{{range $i, $x := .}}{{if $x}}{{$y := $x}}{{with $y}}{{$z := .}}{{$i}}{{$z}}{{$y}} {{end}}{{end}}{{end}}"
    data, found = [1, 2, 0, 3], list[str]()
    for _ in range(40):
        template, gate = closures(text), threading.Barrier(4)

        def render(template: Template = template, gate: threading.Barrier = gate) -> None:
            gate.wait()
            found.append(template.render(data))

        threads = [threading.Thread(target=render) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["011 122 333 "] * 160
