"""Budgets of a rendering, and depth: none of them ever ends in a RecursionError or a crash."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import pytest

from gotemplate import ExecError, LimitError, Limits, Template
from gotemplate.limits import StackRoom

NESTED = 3000


def failure(text: str, limits: Limits, data: object = None) -> LimitError:
    with pytest.raises(LimitError) as caught:
        Template("t").parse(text).render(data, limits=limits)
    return caught.value


def ticking(step: float) -> Callable[[], float]:
    """Return a clock that moves on by a step each time it is read."""
    now = [0.0]

    def clock() -> float:
        now[0] += step
        return now[0]

    return clock


def test_output_is_counted_in_bytes() -> None:
    template = Template("t").parse("é{{.}}")
    assert template.render("é", limits=Limits(output=4)) == "éé"
    e = failure("é{{.}}", Limits(output=3), "é")
    assert str(e) == "template: t: exceeded the limit of 3 bytes of output"
    assert e.partial == "é"


def test_steps() -> None:
    e = failure("{{range .}}{{.}}{{end}}", Limits(steps=10), list(range(100)))
    assert str(e) == 'template: t:1:13: executing "t" at <{{.}}>: exceeded the limit of 10 steps'
    assert e.partial == "0123"


def test_rounds_without_output_are_steps() -> None:
    assert "10 steps" in str(failure("{{range .}}{{end}}", Limits(steps=10), list(range(100))))


def test_time() -> None:
    e = failure("{{range 100000}}{{.}}{{end}}", Limits(seconds=5, clock=ticking(1)))
    assert str(e).endswith("exceeded the time limit of 5 seconds")


def test_time_that_suffices() -> None:
    limits = Limits(seconds=5, clock=ticking(0.001))
    assert Template("t").parse("{{range 100}}x{{end}}").render(limits=limits) == "x" * 100


def test_depth() -> None:
    text = '{{define "r"}}{{.}}{{template "r" .}}{{end}}{{template "r" 1}}'
    e = failure(text, Limits(depth=3))
    assert str(e) == ('template: t:1:30: executing "r" at <{{template "r" .}}>: exceeded maximum template depth (3)')
    assert e.partial == "111"


def test_a_budget_is_the_renderings_own() -> None:
    template = Template("t").parse("{{range .}}x{{end}}")
    for _ in range(3):
        assert template.render([1] * 5, limits=Limits(steps=11, output=5)) == "xxxxx"


def test_functions_cannot_swallow_a_limit() -> None:
    inner = Template("inner").parse("{{range .}}x{{end}}")
    outer = Template("outer", funcs={"include": lambda data: inner.render(data, limits=Limits(steps=3))})
    with pytest.raises(LimitError, match="exceeded the limit of 3 steps"):
        outer.parse("{{include .}}").render([1] * 10)


def test_depth_of_go() -> None:  # a hundred thousand calls: takes a second
    limit = sys.getrecursionlimit()
    with pytest.raises(ExecError) as caught:
        Template("t").parse('{{define "r"}}{{if .}}{{template "r" .}}{{end}}{{end}}{{template "r" 1}}').render()
    assert str(caught.value) == (
        'template: t:1:33: executing "r" at <{{template "r" .}}>: exceeded maximum template depth (100000)'
    )
    assert len(caught.value.callers) == 32
    assert sys.getrecursionlimit() == limit


def test_recursion_that_ends() -> None:
    text = '{{define "r"}}{{if .}}{{.n}} {{template "r" .next}}{{end}}{{end}}{{template "r" .}}'
    data = None
    for n in range(5000):
        data = {"n": n, "next": data}
    assert Template("t").parse(text).render(data).split() == [str(n) for n in range(4999, -1, -1)]


@pytest.mark.parametrize(
    "text",
    [
        "{{" + "(" * NESTED + "1" + ")" * NESTED + "}}",
        "{{" + "(not " * NESTED + "0" + ")" * NESTED + "}}",
        "{{if .}}" * NESTED + "1" + "{{end}}" * NESTED,
        "{{with .}}" * NESTED + "{{.}}" + "{{end}}" * NESTED,
        "{{range .}}x{{else}}" * NESTED + "1" + "{{end}}" * NESTED,
        "{{if 0}}" + "{{else if 0}}" * NESTED + "{{else}}1{{end}}",
    ],
    ids=["parentheses", "calls", "if", "with", "range", "else if"],
)
def test_deep_nesting(text: str) -> None:
    data = 0 if "{{range" in text else 1
    assert Template("t").parse(text).render(data) in ("1", "false")


def test_deep_nesting_fails_in_words() -> None:
    text = "{{" + "(not " * NESTED + ".a.b" + ")" * NESTED + "}}"
    with pytest.raises(ExecError, match=r"executing \"t\" at <\.a\.b>: can't evaluate field b"):
        Template("t").parse(text).render({"a": 1})


def test_templates_inside_functions() -> None:
    def include(n: int) -> str:
        return template.render(n + 1)

    template = Template("t", funcs={"include": include})
    template.parse("{{include .}}")
    with pytest.raises(LimitError, match="exceeded maximum template depth"):
        template.render(0)


def test_depth_in_threads() -> None:
    text = '{{define "r"}}{{if .}}{{template "r" (slice . 1)}}{{end}}{{end}}{{template "r" .}}done'
    template = Template("t").parse(text)
    outputs: list[str] = []
    threads = [threading.Thread(target=lambda: outputs.append(template.render("x" * 1500))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outputs == ["done"] * 4


def test_room_is_given_back() -> None:
    limit = sys.getrecursionlimit()
    room = StackRoom()
    assert room.claim(500)
    assert sys.getrecursionlimit() == limit + 500
    assert not room.claim(10**9)
    room.release()
    room.release()
    assert sys.getrecursionlimit() == limit
