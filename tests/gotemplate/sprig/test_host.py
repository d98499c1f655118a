"""What comes from outside is what funcs was given, and nothing else."""

from __future__ import annotations

import random
import re
import subprocess
import sys

import pytest

from gotemplate import Template, sprig
from gotemplate.errors import ExecError
from gotemplate.values import Func

NOW = 1_700_000_000 * 10**9 + 123_000_000


def rendered(text: str, functions: dict[str, Func]) -> str:
    return Template("t", funcs=functions).parse(text).render({})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{ now }}", "2023-11-14 22:13:20.123 +0000 UTC"),
        ("{{ now | unixEpoch }}", "1700000000"),
        ('{{ date "2006-01-02 15:04 MST" now }}', "2023-11-14 22:13 UTC"),
        ('{{ dateInZone "15:04 MST" now "Asia/Tokyo" }}', "07:13 JST"),
        ("{{ htmlDate 0 }}", "1970-01-01"),
        ('{{ ago (toDate "2006-01-02" "2023-11-14") }}', "22h13m20s"),
        ('{{ durationRound (toDate "2006-01-02" "2023-11-11") }}', "3d"),
    ],
)
def test_the_clock_is_given(text: str, wanted: str) -> None:
    assert rendered(text, sprig.funcs(clock=lambda: NOW)) == wanted


@pytest.mark.parametrize(
    ("zone", "wanted"),
    [
        ("Europe/Berlin", "23:13 CET 2023-11-14 00:00:00 +0100 CET"),
        (":America/New_York", "17:13 EST 2023-11-14 00:00:00 -0500 EST"),
        ("", "22:13 UTC 2023-11-14 00:00:00 +0000 UTC"),
        ("No/Where", "22:13 UTC 2023-11-14 00:00:00 +0000 UTC"),
    ],
)
def test_the_local_zone_is_that_of_the_environment(zone: str, wanted: str) -> None:
    functions = sprig.funcs(clock=lambda: NOW, environment={"TZ": zone})
    text = '{{ date "15:04 MST" now }} {{ toDate "2006-01-02" "2023-11-14" }}'
    assert rendered(text, functions) == wanted


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("{{ randAlpha 40 }}", "[A-Za-z]{40}"),
        ("{{ randNumeric 40 }}", "[0-9]{40}"),
        ("{{ randAlphaNum 40 }}", "[A-Za-z0-9]{40}"),
        ("{{ randAscii 40 }}", "[ -~]{40}"),
        ("{{ randBytes 12 }}", "[A-Za-z0-9+/]{16}"),
        ("{{ randInt 500000 700000 }}", "[56][0-9]{5}"),
        ("{{ uuidv4 }}", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ('{{ shuffle "abcdefgh" }}', "(?!abcdefgh)[a-h]{8}"),
        ('{{ encryptAES "k" "text" }}', "[A-Za-z0-9+/]{43}="),
    ],
)
def test_chance_is_given(text: str, pattern: str) -> None:
    first, again, other = (rendered(text, sprig.funcs(random=random.Random(seed))) for seed in (3, 3, 6))
    assert re.fullmatch(pattern, first)
    assert first == again
    assert first != other
    assert re.fullmatch(pattern, rendered(text, sprig.funcs()))


def test_the_environment_is_given() -> None:
    functions = sprig.funcs(allow={"env"}, environment={"A": "x"})
    assert rendered('{{ env "A" }}|{{ env "HOME" }}', functions) == "x|"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$A", "x"),
        ("${A}b", "xb"),
        ("$Ab", ""),
        ("a$", "a$"),
        ("a$-b", "ab"),
        ("a$.b", "a$.b"),
        ("a${b", "ab"),
        ("a${}b", "ab"),
        ("$$A", "A"),
        ("$12", "2"),
        ("${A$A}", ""),
        ("é$A$A", "éxx"),
        ("${*}$#", ""),
    ],
)
def test_expandenv_follows_the_shell_as_far_as_go_does(text: str, wanted: str) -> None:
    functions = sprig.funcs(allow=["expandenv"], environment={"A": "x"})
    assert rendered(f"{{{{ expandenv `{text}` }}}}", functions) == wanted


def test_the_process_environment_is_read_when_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMORA_SPRIG_TEST", "set")
    assert rendered('{{ env "REMORA_SPRIG_TEST" }}', sprig.funcs(allow={"env"})) == "set"


@pytest.mark.parametrize("call", ['env "HOME"', 'expandenv "$HOME"', 'getHostByName "localhost"'])
def test_guarded_functions_refuse(call: str) -> None:
    name = call.split(maxsplit=1)[0]
    with pytest.raises(ExecError) as caught:
        rendered(f"{{{{ {call} }}}}", sprig.funcs(environment={"HOME": "/"}))
    assert str(caught.value).endswith(
        f"error calling {name}: {name} reads outside of the template and is not allowed; pass allow={{'{name}'}}"
    )


def test_only_guarded_functions_can_be_allowed() -> None:
    with pytest.raises(ValueError, match="not \\['now'\\]"):
        sprig.funcs(allow={"now", "env"})


def test_host_names_are_resolved_by_the_resolver() -> None:
    functions = sprig.funcs(allow={"getHostByName"}, resolver={"a": ["10.0.0.1"], "b": []}.__getitem__)
    assert rendered('{{ getHostByName "a" }}', functions) == "10.0.0.1"
    with pytest.raises(ExecError, match="invalid argument to Intn"):
        rendered('{{ getHostByName "b" }}', functions)


def test_the_hermetic_map_leaves_out_what_depends_on_the_outside() -> None:
    hermetic = sprig.hermetic_funcs()
    assert set(sprig.funcs()) - set(hermetic) == set(sprig.NONHERMETIC)
    assert len(hermetic) == 194


def test_getting_the_functions_imports_none_of_their_pages() -> None:
    program = """
import sys
from gotemplate import sprig
functions = sprig.funcs()
assert all(functions.values())
pages = {name for name in sys.modules if name.startswith("gotemplate.sprig.")}
assert pages == {"gotemplate.sprig.host", "gotemplate.sprig.table"}, pages
assert not {"re2", "cryptography", "datetime", "zoneinfo", "random"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
