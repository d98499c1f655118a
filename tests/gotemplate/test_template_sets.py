"""Template sets: define and block across Parse calls, associated templates, clones, delimiters, options, functions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from gotemplate import ExecError, ParseError, Template
from gotemplate import values as go


def test_templates_call_each_other_by_name() -> None:
    root = Template("root").parse('{{define "a"}}A{{template "b" .}}{{end}}{{template "a" .}}')
    root.new("b").parse("B{{.}}")
    assert root.render(1) == "AB1"
    assert root.render(1, template="b") == "B1"


def test_lookup_and_templates() -> None:
    root = Template("root").parse('{{define "a"}}A{{end}}')
    assert sorted(t.name for t in root.templates()) == ["a", "root"]
    found = root.lookup("a")
    assert found is not None
    assert found.render() == "A"
    assert root.lookup("nope") is None


def test_new_is_associated_once_it_has_been_parsed() -> None:
    root = Template("root").parse("x")
    late = root.new("late")
    assert root.lookup("late") is None
    late.parse("y")
    assert root.lookup("late") is late


def test_unknown_template() -> None:
    with pytest.raises(ExecError) as caught:
        Template("root").parse("x").render(template="nope")
    assert str(caught.value) == 'template: no template "nope" associated with template "root"'


def test_later_definitions_replace_earlier_ones() -> None:
    root = Template("root").parse('{{block "b" .}}old{{end}}')
    assert root.render() == "old"
    root.new("more").parse('{{define "b"}}new{{end}}')
    assert root.render() == "new"


def test_definitions_of_nothing_replace_nothing() -> None:
    root = Template("root").parse('body{{define "b"}}kept{{end}}')
    root.parse('{{define "b"}} {{/* nothing */}} {{end}}')
    assert root.render() == "body"
    assert root.render(template="b") == "kept"


def test_an_empty_template_is_complete() -> None:
    assert Template("root").parse("").render() == ""


def test_a_failed_parse_changes_nothing() -> None:
    root = Template("root").parse("fine")
    with pytest.raises(ParseError, match="unclosed action"):
        root.parse('{{define "a"}}x{{end}}{{')
    assert root.render() == "fine"
    assert root.lookup("a") is None


def test_names_in_errors() -> None:
    root = Template("root")
    root.new("other").parse('{{define "in"}}{{.a.b}}{{end}}')
    with pytest.raises(ExecError) as caught:
        root.render({"a": 1}, template="in")
    assert str(caught.value).startswith('template: other:1:19: executing "in" at <.a.b>:')


def test_add_parse_tree_under_another_name() -> None:
    root = Template("root").parse("{{.a.b}}")
    assert root.tree is not None
    root.add_parse_tree("alias", root.tree)
    with pytest.raises(ExecError) as caught:
        root.render({"a": 1}, template="alias")
    assert str(caught.value).startswith('template: root:1:4: executing "alias" at <.a.b>:')


def test_clones_go_their_own_way() -> None:
    root = Template("root", funcs={"f": lambda: "old"}).parse('{{f}}{{template "b"}}{{define "b"}}one{{end}}')
    copy = root.clone()
    copy.parse('{{define "b"}}two{{end}}').funcs({"f": lambda: "new"})
    copy.option("missingkey=error")
    assert root.render() == "oldone"
    assert copy.render() == "newtwo"
    assert root.lookup("b") is not copy.lookup("b")


def test_clone_of_what_was_never_parsed() -> None:
    assert Template("root").clone().parse("x").render() == "x"


def test_delims() -> None:
    root = Template("root", delims=("<<", ">>")).parse('<<.>>{{.}}<<define "a">>[<<.>>]<<end>><<template "a" .>>')
    assert root.render(1) == "1{{.}}[1]"
    assert root.new("b").parse("<<.>>").render(2) == "2"
    assert root.new("c").delims("", "").parse("{{.}}<<.>>").render(3) == "3<<.>>"


@pytest.mark.parametrize(("go", "shown"), [("1.26", '{{template "no"}}'), ("1.27", '[[template "no"]]')])
def test_delims_in_errors(go: str, shown: str) -> None:
    with pytest.raises(ExecError) as caught:
        Template("t", delims=("[[", "]]"), go=go).parse('[[template "no"]]').render()
    assert str(caught.value) == f'template: t:1:11: executing "t" at <{shown}>: template "no" not defined'


@pytest.mark.parametrize("option", ["missingkey=never", "missingkey", "other=1", "missingkey ", "="])
def test_unknown_options(option: str) -> None:
    with pytest.raises(ValueError, match=f"^unrecognized option: {option}$"):
        Template("t").option(option)


def test_empty_option() -> None:
    with pytest.raises(ValueError, match=r"^empty option string$"):
        Template("t").option("")


def test_options_apply_to_the_whole_set_at_once() -> None:
    root = Template("root").parse("{{.a}}")
    assert root.render({}) == "<no value>"
    root.new("other").option("missingkey=error")
    with pytest.raises(ExecError, match="map has no entry"):
        root.render({})


def test_functions_have_to_be_known_when_a_text_is_parsed() -> None:
    with pytest.raises(ParseError) as caught:
        Template("t").parse("{{late}}")
    assert str(caught.value) == 'template: t:1: function "late" not defined'


def test_functions_may_be_replaced_later() -> None:
    root = Template("t", funcs={"f": lambda: 1}).parse("{{f}}")
    assert root.render() == "1"
    assert root.funcs({"f": lambda: 2}).render() == "2"


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a.b", "a b"])
def test_function_names_are_identifiers(name: str) -> None:
    with pytest.raises(ValueError, match=f'^function name "{name}" is not a valid identifier$'):
        Template("t", funcs={name: len})


@pytest.mark.parametrize("name", ["a", "_", "_1", "é", "größe", "a٣"])
def test_good_function_names(name: str) -> None:
    assert Template("t", funcs={name: lambda: "ok"}).parse(f"{{{{{name}}}}}").render() == "ok"


def test_signatures_that_go_refuses() -> None:
    none = go.Func(go.func_of((), ()), print)
    with pytest.raises(ValueError, match=r"^function f has 0 return values; should be 1 or 2$"):
        Template("t", funcs={"f": none})
    with pytest.raises(TypeError, match=r"^a str is not a function$"):
        Template("t", funcs={"f": "text"})


def test_defined_templates() -> None:
    root = Template("root")
    assert root.defined_templates() == ""
    root.parse('{{define "a"}}x{{end}}')
    assert root.defined_templates() == '; defined templates are: "a", "root"'


def test_texts_may_be_bytes() -> None:
    assert Template("t").parse(b"\xff{{.}}\xc3\xa9").render(1) == "\udcff1é"


def test_many_threads_render_one_template() -> None:
    root = Template("t").parse('{{range $i, $x := .}}{{template "x" $x}}{{end}}{{define "x"}}{{.}},{{end}}')
    with ThreadPoolExecutor(4) as pool:
        outputs = list(pool.map(lambda n: root.render([n] * 50), range(40)))
    assert outputs == [f"{n}," * 50 for n in range(40)]
