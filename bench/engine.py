"""The engine: rendering, parsing and starting, as ratios to Go's time, beside Jinja2, gotpl and a cgo wrapper.

Every contender gets the same template and data; outputs are compared first. Rounds are interleaved: each runs every
contender of a work once, so that a machine that slows down slows all of them. Times are CPU time, of the thread for Python
and of the whole process, its garbage collector included, for Go. ``python -m bench engine --write`` writes the page
``docs/comparison.md``.
"""

from __future__ import annotations

import gc
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.engine_works import INJECTOR, Work, works
from bench.go_peer import GoPeer, start_engine
from gotemplate import Template, sprig
from gotemplate.cache import CodeCache

ROUNDS = 9
SECONDS = 0.03
PAGE = Path(__file__).parent.parent / "docs" / "comparison.md"

GO = "Go"
GO_PARSE = "Go parse"
CODE = "code"
CLOSURES = "closures"
FIRST = "first"
CACHED = "cached"
JINJA = "Jinja2"
GOTPL = "gotpl"
CGO = "py-go-template"

Run = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """Microseconds by contender, a sample a round, and what a contender could not do."""

    work: Work
    samples: dict[str, list[float]]
    remarks: dict[str, str] = field(default_factory=dict)

    def median(self, contender: str) -> float:
        return statistics.median(self.samples[contender])

    def ratio(self, contender: str, *others: str) -> float | None:
        """Return the median over the rounds of the ratio to the sum of others; None for a contender that did not run."""
        if contender not in self.samples:
            return None
        rounds = zip(self.samples[contender], *(self.samples[other] for other in others), strict=True)
        return statistics.median(one / sum(rest) for one, *rest in rounds)


def run() -> list[str]:
    """Return the tables, a line each."""
    with start_engine() as peer:
        if peer is None:
            return ["engine: no Go on PATH"]
        return _tables([_measure(work, peer) for work in works()])


def write(lines: list[str]) -> None:
    """Write the comparison page from the tables."""
    PAGE.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


# Contenders


def _functions() -> dict[str, Any]:
    return {**sprig.funcs(), **INJECTOR}


def _template(work: Work, **options: Any) -> Template:
    return Template(work.name, delims=work.delims, funcs=_FUNCTIONS, **options).parse(work.text)


_FUNCTIONS = _functions()


def _measure(work: Work, peer: GoPeer) -> Measured:
    left, right = work.delims
    wanted = peer.ask({"load": work.name, "text": work.text, "left": left, "right": right, "data": work.data})["output"]
    remarks: dict[str, str] = {}
    runs: dict[str, Run] = {}
    with tempfile.TemporaryDirectory() as folder:
        cache = CodeCache(folder)
        _template(work, cache=cache).render(work.data)
        for name, contender in _contenders(work, cache, Path(folder)):
            try:
                output = contender()
            except Exception as error:  # a peer that cannot do a work says so in the table
                remarks[name] = f"fails: {type(error).__name__}"
                continue
            if isinstance(output, str) and output.lower() != wanted.lower():
                remarks[name] = "other output"
            runs[name] = contender
        return Measured(work, _rounds(work, peer, runs), remarks)


def _contenders(work: Work, cache: CodeCache, folder: Path) -> Iterator[tuple[str, Run]]:
    code, closures = _template(work, tier="code"), _template(work, tier="closures")
    yield CODE, lambda: code.render(work.data)
    yield CLOSURES, lambda: closures.render(work.data)
    yield FIRST, lambda: _template(work).render(work.data)
    yield CACHED, lambda: _template(work, cache=cache)
    yield JINJA, _jinja(work)
    yield GOTPL, _gotpl(work)
    yield CGO, _cgo(work, folder)


def _jinja(work: Work) -> Run:
    from bench.jinja_peer import environment, source_of

    trees = {t.name: t.tree for t in _template(work).templates() if t.tree is not None}
    source = source_of(trees, work.name)
    used = {name: getattr(f, "call", f) for name, f in _FUNCTIONS.items() if f"{name}(" in source}
    template = environment(used).from_string(source)
    return lambda: template.render(dot=work.data)


def _gotpl(work: Work) -> Run:
    """Return the rendering by gotpl, which makes its template when it is first asked."""
    made: list[Any] = []

    def render() -> Any:
        if not made:
            from gotpl import Template as Peer
            from gotpl.funcs.sprig import text_func_map

            functions = {**text_func_map(), **INJECTOR}
            made.append(Peer(work.text, name=work.name, delimiters=work.delims, functions=functions))
        return made[0].render(work.data)

    return render


_PROBE = """
import json, pathlib, sys
from go_template import render
render(pathlib.Path(sys.argv[1]), json.load(open(sys.argv[2])))
"""


def _cgo(work: Work, folder: Path) -> Run:
    """Return the rendering by Go compiled into a Python package, which parses each time and knows no functions but Sprig's.

    A template it cannot run ends the process: that is found out in another one.
    """
    template, data = folder / "work.tmpl", folder / "work.json"
    made: list[Run] = []

    def render() -> Any:
        if not made:
            template.write_text(work.text, "utf-8")
            data.write_text(json.dumps(work.data), "utf-8")
            command = [sys.executable, "-c", _PROBE, str(template), str(data)]
            if subprocess.run(command, capture_output=True, check=False).returncode:
                raise RuntimeError("ends the process")
            from go_template import render as peer

            made.append(lambda: peer(template, work.data).decode())
        return made[0]()

    return render


# Timing


def _rounds(work: Work, peer: GoPeer, runs: dict[str, Run]) -> dict[str, list[float]]:
    samples: dict[str, list[float]] = {name: [] for name in (GO, GO_PARSE, *runs)}
    for _ in range(ROUNDS):
        samples[GO].append(peer.ask({"render": work.name, "seconds": SECONDS})["seconds"] * 1e6)
        samples[GO_PARSE].append(peer.ask({"parse": work.name, "seconds": SECONDS})["seconds"] * 1e6)
        for name, contender in runs.items():
            samples[name].append(_timed(contender))
    return samples


def _timed(contender: Run) -> float:
    """Return the microseconds of CPU that one run takes, from as many as fit into a slice of time."""
    gc.collect()
    count, started, before = 0, time.perf_counter(), time.thread_time()
    while count == 0 or time.perf_counter() - started < SECONDS:
        contender()
        count += 1
    return (time.thread_time() - before) / count * 1e6


# Words


def _tables(measured: list[Measured]) -> list[str]:
    return [
        "Rendering, as a ratio to Go's time (lower is better; median of interleaved rounds):",
        "",
        "| work | Go µs | code | target | closures | Jinja2 | gotpl | py-go-template |",
        "|---|---|---|---|---|---|---|---|",
        *(_rendering(m) for m in measured),
        "",
        "Starting: the first rendering of a text against Go's parse and rendering, and a text found in the code cache against Go's parse:",
        "",
        "| work | KB | Go parse µs | first rendering | cached | cached µs |",
        "|---|---|---|---|---|---|",
        *(_starting(m) for m in measured),
        "",
        *_remarks(measured),
        f"CPython {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in _PEERS) + ".",
    ]


def _rendering(m: Measured) -> str:
    cells = [_cell(m, name) for name in (CODE, CLOSURES, JINJA, GOTPL, CGO)]
    cells.insert(1, f"{m.work.target:.2f}" if m.work.target else "")
    return f"| {m.work.name} | {m.median(GO):.1f} | {' | '.join(cells)} |"


def _cell(m: Measured, name: str) -> str:
    found = m.ratio(name, GO)
    return "–" if found is None else f"{found:.2f}{'*' if name in m.remarks else ''}"


def _starting(m: Measured) -> str:
    first, cached = m.ratio(FIRST, GO, GO_PARSE), m.ratio(CACHED, GO_PARSE)
    return (
        f"| {m.work.name} | {len(m.work.text) / 1024:.1f} | {m.median(GO_PARSE):.0f} "
        f"| {first:.1f} | {cached:.2f} | {m.median(CACHED):.0f} |"
    )


def _remarks(measured: list[Measured]) -> list[str]:
    found = [f"* {name} on {m.work.name}: {text}." for m in measured for name, text in m.remarks.items()]
    return [*found, ""] if found else []


_PEERS = ("jinja2", "gotpl", "py-go-template")

_HEAD = """# Comparison with Go and with other template engines

Generated by `python -m bench engine --write`; the works are in `bench/engine_works.py`, the Go program in `bench/go/engine`.

* **code**: templates as generated Python code, what a hot template is executed as.
* **closures**: what a template is executed as at first.
* **Jinja2**: the same template translated to Jinja2, with its own means.
* **gotpl**: another Go template engine in Python.
* **py-go-template**: Go's own engine compiled into a Python package. It parses at each rendering, takes no functions of the
  caller's, gets its data as JSON (so every number is a float64), and a template that fails ends the Python process. The other packages
  of this kind, go-template and cognihub-pygotemplate, take files only or need a Go compiler to install, and are not measured.

"""
