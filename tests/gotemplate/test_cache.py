"""The code cache: found by what matters, harmless when lost or damaged, trusted only where nobody else can write."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from gotemplate import ExecError, Func, ParseError, Template, sprig, values
from gotemplate.cache import CodeCache
from gotemplate.compiled import StoredTree

TEXT = 'a{{define "b"}}[{{.x | upper}}]{{end}}{{define "empty"}} {{/* nothing */}}{{end}}{{template "b" .}}{{.y.z}}'
DATA = {"x": "v", "y": {"z": 1}}


@pytest.fixture
def cache(tmp_path: Path) -> CodeCache:
    return CodeCache(tmp_path / "code")


def template(cache: CodeCache, text: str = TEXT, name: str = "t", **options: Any) -> Template:
    return Template(name, funcs=sprig.funcs(), cache=cache, **options).parse(text)


def entries(cache: CodeCache) -> list[Path]:
    folder = Path(cache.directory)
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_second_process_finds_the_code(cache: CodeCache) -> None:
    assert template(cache).render(DATA) == "a[V]1"
    again = CodeCache(cache.directory)
    found = template(again)
    assert isinstance(found.tree, StoredTree)
    assert found.render(DATA) == "a[V]1"
    assert (again.hits, again.misses, again.writes) == (1, 0, 0)


def test_a_hit_needs_neither_parser_nor_generator(cache: CodeCache) -> None:
    template(cache).render(DATA)
    program = (
        "import sys; from gotemplate import Template, sprig; from gotemplate.cache import CodeCache\n"
        f"t = Template('t', funcs=sprig.funcs(), cache=CodeCache({str(cache.directory)!r})).parse({TEXT!r})\n"
        f"assert t.render({DATA!r}) == 'a[V]1'\n"
        "bad = {'lark', 'dataclasses', 'gotemplate.parser', 'gotemplate.grammar', 'gotemplate.lexer', 'gotemplate.codegen.statements'}\n"
        "print(sorted(bad & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_errors_are_worded_from_stored_code(cache: CodeCache) -> None:
    data = {"x": "v", "y": 5}
    told = []
    for cached in (None, cache, CodeCache(cache.directory), CodeCache(cache.directory)):
        with pytest.raises(ExecError) as caught:
            Template("t", funcs=sprig.funcs(), cache=cached).parse(TEXT).render(data)
        told.append((str(caught.value), caught.value.partial, caught.value.explain()))
    assert len(set(told)) == 1
    assert told[0][0] == 'template: t:1:103: executing "t" at <.y.z>: can\'t evaluate field z in type interface {}'


def test_stored_trees_are_parsed_when_asked_for(cache: CodeCache) -> None:
    template(cache).render(DATA)
    found = template(CodeCache(cache.directory))
    assert found.tree is not None
    assert str(found.tree) == str(Template("t", funcs=sprig.funcs()).parse(TEXT).tree)
    assert found.defined_templates() == '; defined templates are: "b", "empty", "t"'


def test_empty_definitions_do_not_replace(cache: CodeCache) -> None:
    for _ in range(2):
        first = template(cache, '{{define "empty"}}full{{end}}')
        first.new("other").parse(TEXT)
        assert first.render(DATA, template="empty") == "full"


def test_parse_errors_are_not_cached(cache: CodeCache) -> None:
    for _ in range(2):
        with pytest.raises(ParseError, match="function"):
            template(cache, "{{nosuch}}")
    assert entries(cache) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"text": TEXT + "."},
        {"name": "u"},
        {"delims": ("{{", " }}")},
        {"missingkey": "error"},
        {"go": "1.17"},
    ],
)
def test_everything_that_matters_is_in_the_key(cache: CodeCache, changed: dict[str, Any]) -> None:
    template(cache).render(DATA)
    before = len(entries(cache))
    options = {"text": TEXT, **changed}
    text = str(options.pop("text"))
    if "delims" in changed:
        text = text.replace("}}", " }}")
    template(cache, text, **options).render(DATA)
    assert len(entries(cache)) == before + 1


def test_function_names_and_signatures_matter(cache: CodeCache) -> None:
    def made(*params: values.Type) -> dict[str, Func]:
        return {"f": Func(values.func_of(params, (values.STRING,)), lambda *args: f"{args}", name="f")}

    text = "{{f .}}"
    assert Template("t", funcs=made(values.STRING), cache=cache).parse(text).render("x") == "('x',)"
    with pytest.raises(ExecError, match="wrong type for value; expected int; got string"):
        Template("t", funcs=made(values.INT), cache=cache).parse(text).render("x")
    with pytest.raises(ExecError, match="want 0 got 1"):
        Template("t", funcs=made(), cache=cache).parse(text).render("x")
    assert Template("t", funcs={"f": str.upper, "eq": boom}, cache=cache).parse(text).render("x") == "X"


def boom(*_: Any) -> Any:
    raise ValueError("boom")


def test_shadowed_builtins_are_not_taken_for_builtins(cache: CodeCache) -> None:
    for funcs in ({}, {"eq": lambda *_: "shadowed"}):
        rendered = Template("t", funcs=funcs, cache=cache).parse("{{eq 1 1}}").render()
        assert rendered == ("shadowed" if funcs else "true")


@pytest.mark.parametrize("damage", [b"", b"x", b"gotemplate code\n", b"gotemplate code\n" + bytes(40)])
def test_damaged_entries_are_made_again(cache: CodeCache, damage: bytes) -> None:
    template(cache).render(DATA)
    (entry,) = entries(cache)
    whole = entry.read_bytes()
    for data in (damage, whole[:-1], whole[:100], whole[:60] + bytes([whole[60] ^ 1]) + whole[61:]):
        entry.write_bytes(data)
        assert template(CodeCache(cache.directory)).render(DATA) == "a[V]1"
        assert entry.read_bytes() == whole


def test_lost_directory(cache: CodeCache) -> None:
    template(cache).render(DATA)
    for entry in entries(cache):
        entry.unlink()
    Path(cache.directory).rmdir()
    assert template(cache).render(DATA) == "a[V]1"
    assert len(entries(cache)) == 1


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = CodeCache(tmp_path / "file" / "code")
    assert template(cache).render(DATA) == "a[V]1"
    assert cache.writes == 0


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_directories_others_can_write_are_not_used(cache: CodeCache, mode: int) -> None:
    template(cache).render(DATA)
    Path(cache.directory).chmod(mode)
    again = CodeCache(cache.directory)
    assert not again.is_safe()
    assert template(again).render(DATA) == "a[V]1"
    assert (again.hits, again.writes) == (0, 0)


def test_parents_others_can_write_are_not_trusted(tmp_path: Path) -> None:
    parent = tmp_path / "open"
    parent.mkdir()
    cache = CodeCache(parent / "code")
    template(cache).render(DATA)
    parent.chmod(0o777)
    assert not CodeCache(parent / "code").is_safe()
    parent.chmod(0o1777)  # sticky, as /tmp is
    assert CodeCache(parent / "code").is_safe()


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_files_others_can_write_are_not_loaded(cache: CodeCache, mode: int) -> None:
    template(cache).render(DATA)
    (entry,) = entries(cache)
    entry.chmod(mode)
    assert CodeCache(cache.directory).load(*entry.stem.rsplit("-", 1)) is None


def test_links_are_not_followed(cache: CodeCache, tmp_path: Path) -> None:
    template(cache).render(DATA)
    (entry,) = entries(cache)
    elsewhere = tmp_path / "elsewhere"
    entry.rename(elsewhere)
    entry.symlink_to(elsewhere)
    assert CodeCache(cache.directory).load(*entry.stem.rsplit("-", 1)) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_of_others_are_not_loaded(cache: CodeCache) -> None:
    template(cache).render(DATA)
    (entry,) = entries(cache)
    os.chown(entry, 12345, -1)
    assert CodeCache(cache.directory).load(*entry.stem.rsplit("-", 1)) is None


def test_files_are_private(cache: CodeCache) -> None:
    template(cache).render(DATA)
    assert [entry.stat().st_mode & 0o777 for entry in entries(cache)] == [0o600]
    assert Path(cache.directory).stat().st_mode & 0o777 == 0o700


def test_racing_writers(cache: CodeCache) -> None:
    failed: list[Exception] = []

    def work() -> None:
        try:
            for i in range(5):
                assert template(CodeCache(cache.directory), TEXT + str(i)).render(DATA) == f"a[V]1{i}"
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(entries(cache)) == 5
