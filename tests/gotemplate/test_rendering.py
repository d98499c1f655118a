"""Files to templates and data: sources, numbers, --set, function sets, and output that is whole or not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gotemplate import ParseError
from gotemplate.assignments import AssignmentError, assign
from gotemplate.rendering import (
    InputError,
    Options,
    Source,
    choose,
    functions,
    load_set,
    load_sources,
    read_data,
    set_values,
    write_file,
)


def _never() -> bytes:
    raise AssertionError("standard input is not to be read")


# Sources


def test_a_file_is_named_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.tmpl").write_bytes(b"x\xff{{.y}}\r\n")
    assert load_sources(str(tmp_path / "a.tmpl"), _never) == [Source("a.tmpl", "x\udcff{{.y}}\r\n")]


def test_a_folder_is_a_set_by_path(tmp_path: Path) -> None:
    for name in ("b.tmpl", "sub/a.tmpl", ".hidden", ".git/c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [source.name for source in load_sources(str(tmp_path), _never)] == ["b.tmpl", "sub/a.tmpl"]


def test_standard_input() -> None:
    assert load_sources("-", lambda: b"{{.x}}") == [Source("stdin", "{{.x}}")]


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"open .*gone: no such file or directory"):
        load_sources(str(tmp_path / "gone"), _never)
    with pytest.raises(InputError, match="the folder holds no files"):
        load_sources(str(tmp_path), _never)


# Data


@pytest.mark.parametrize(
    ("text", "ints", "floats"),
    [
        ("1000000", 1000000, 1000000.0),
        ("1.5", 1.5, 1.5),
        ("1e3", 1000.0, 1000.0),
        ("9223372036854775808", 9223372036854775808.0, 9223372036854775808.0),
        ("[-1, 0]", [-1, 0], [-1.0, 0.0]),
        ('{"a": {"b": 2}, "t": true, "n": null, "s": "1"}', {"a": {"b": 2}, "t": True, "n": None, "s": "1"}, None),
    ],
)
def test_numbers(text: str, ints: Any, floats: Any) -> None:
    for numbers, wanted in (("int", ints), ("float64", floats)):
        found = read_data(f"[{text}]".encode(), "d.json", numbers=numbers)[0]
        if wanted is not None:
            assert (found, repr(found)) == (wanted, repr(wanted))


def test_json_errors_are_gos() -> None:
    with pytest.raises(InputError, match=r"^d\.json:2: invalid character '}' looking for beginning of value$"):
        read_data(b'{"a":\n}', "d.json")


def test_data_that_nests_too_deeply() -> None:
    with pytest.raises(InputError, match=r"^d\.json: the data nests too deeply$"):
        read_data(b"[" * 5000 + b"]" * 5000, "d.json")


def test_yaml_needs_a_reader() -> None:
    with pytest.raises(InputError, match="needs PyYAML"):
        read_data(b"a: 1", "d.yaml")

    def refuse(content: bytes) -> object:
        raise ValueError(f"no {content.decode()}")

    with pytest.raises(InputError, match=r"^d\.yaml: no a$"):
        read_data(b"a", "d.yaml", read_yaml=refuse)
    assert read_data(b"x", "d.yml", numbers="float64", read_yaml=lambda _: {1: [2, True]}) == {"1": [2.0, True]}


def test_yaml_is_told_by_its_look_on_standard_input() -> None:
    assert read_data(b"a: 1", "stdin", read_yaml=lambda _: {"a": 1}) == {"a": 1}
    assert read_data(b' {"a": 1}', "stdin", read_yaml=lambda _: None) == {"a": 1}


# --set


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("x=c", {"x": "c", "l": [1], "m": {"k": 1}}),
        ("a.b=c", {"x": 1, "l": [1], "m": {"k": 1}, "a": {"b": "c"}}),
        ("m.j=2", {"x": 1, "l": [1], "m": {"k": 1, "j": 2}}),
        ("l[0]=q", {"x": 1, "l": ["q"], "m": {"k": 1}}),
        ("l[2].a=q", {"x": 1, "l": [1, None, {"a": "q"}], "m": {"k": 1}}),
        ("x[0]=1", AssignmentError),
        ("x.y=1", {"x": {"y": 1}, "l": [1], "m": {"k": 1}}),
        ("x=true,m=null", {"x": True, "l": [1]}),
        ("x={1,b,true}", {"x": [1, "b", True], "l": [1], "m": {"k": 1}}),
        ("x={}", {"x": [], "l": [1], "m": {"k": 1}}),
        ("x=a=b", {"x": "a=b", "l": [1], "m": {"k": 1}}),
        (r"x=a\,b", {"x": "a,b", "l": [1], "m": {"k": 1}}),
        (r"a\.b=1", {"x": 1, "l": [1], "m": {"k": 1}, "a.b": 1}),
        ("x=007", {"x": "007", "l": [1], "m": {"k": 1}}),
        ("x=1.5", {"x": "1.5", "l": [1], "m": {"k": 1}}),
        ("x=-3", {"x": -3, "l": [1], "m": {"k": 1}}),
        ("x=", {"x": "", "l": [1], "m": {"k": 1}}),
        ("x", AssignmentError),
        ("=1", AssignmentError),
        ("a..b=1", AssignmentError),
        ("l[99999]=1", AssignmentError),
    ],
)
def test_assignments(text: str, result: Any) -> None:
    data = {"x": 1, "l": [1], "m": {"k": 1}}
    if result is AssignmentError:
        with pytest.raises(AssignmentError):
            assign(data, text)
    else:
        assert assign(data, text) == result
    assert data == {"x": 1, "l": [1], "m": {"k": 1}}


def test_assignments_follow_the_number_policy() -> None:
    assert repr(set_values(None, ["a=1", "b=2"], numbers="float64")) == "{'a': 1.0, 'b': 2.0}"
    assert repr(set_values(None, ["a=1"])) == "{'a': 1}"
    with pytest.raises(InputError, match="no value"):
        set_values(None, ["a"])


# Sets


def test_a_set_of_sources() -> None:
    sources = [Source("main", '{{template "part" .}}'), Source("part", "<{{.x}}>")]
    templates = load_set(sources, Options())
    assert choose(templates, sources, "main").render({"x": 1}) == "<1>"
    assert choose(templates, sources, "part").render({"x": 1}) == "<1>"


def test_choosing() -> None:
    sources = [Source("main", "x"), Source("part", "y")]
    templates = load_set(sources, Options())
    with pytest.raises(InputError, match="Name it with --template: main, part"):
        choose(templates, sources, None)
    with pytest.raises(InputError, match=r"no template mian; did you mean main\?"):
        choose(templates, sources, "mian")
    with pytest.raises(InputError, match="there are: main, part"):
        choose(templates, sources, "zzzzzzzz")
    assert choose(load_set(sources[:1], Options()), sources[:1], None).name == "main"


def test_options_reach_the_set() -> None:
    options = Options(delims=("[[", "]]"), missingkey="zero", function_sets=("sprig",), funcs={"own": lambda: "o"})
    assert load_set([Source("t", "[[upper .a]][[own]]{{")], options).render({"a": "x"}) == "Xo{{"
    with pytest.raises(ParseError, match='function "upper" not defined'):
        load_set([Source("t", "{{upper .a}}")], Options())


def test_function_sets() -> None:
    assert "env" in functions(Options(function_sets=("sprig",)))
    assert "env" not in functions(Options(function_sets=("sprig-hermetic",)))
    with pytest.raises(InputError, match="no function set 'helm'; there are sprig, sprig-hermetic"):
        functions(Options(function_sets=("helm",)))
    with pytest.raises(InputError, match="can be allowed"):
        functions(Options(function_sets=("sprig",), allow=("rm",)))


# Output


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("before")
    target.chmod(0o640)
    write_file(str(target), "after\udcff")
    assert target.read_bytes() == b"after\xff"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"write .*: no such file or directory"):
        write_file(str(tmp_path / "no" / "out"), "x")
