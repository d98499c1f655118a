"""Words and figures about a run: the table suite × kind, differences to read, JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from conformance.go.run import OK, Answer, Outcome


@dataclass(slots=True)
class Tally:
    """Passed and asked: whole vectors, results (Go succeeded), verdicts (all), error texts with partial output (Go failed)."""

    passed: int = 0
    total: int = 0
    results: int = 0
    results_of: int = 0
    verdicts: int = 0
    texts: int = 0
    texts_of: int = 0

    def count(self, outcome: Outcome) -> None:
        """Take one outcome into account."""
        self.total += 1
        self.passed += outcome.passed
        self.verdicts += outcome.verdict_passed
        if outcome.wanted.verdict == OK:
            self.results_of += 1
            self.results += outcome.passed
        else:
            self.texts_of += 1
            self.texts += outcome.passed


@dataclass(slots=True)
class Report:
    """The figures of a run, as many differences as were asked for, and the Go and seed the vectors were recorded with."""

    keep: int = 0
    go: str = ""
    seed: int = 0
    kinds: dict[tuple[str, str], Tally] = field(default_factory=dict)
    suites: dict[str, Tally] = field(default_factory=dict)
    total: Tally = field(default_factory=Tally)
    failures: list[Outcome] = field(default_factory=list)

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Take the outcomes of a suite into account."""
        for outcome in outcomes:
            for tally in (
                self.kinds.setdefault((outcome.suite, outcome.kind), Tally()),
                self.suites.setdefault(outcome.suite, Tally()),
                self.total,
            ):
                tally.count(outcome)
            if not outcome.passed and len(self.failures) < self.keep:
                self.failures.append(outcome)


_COLUMNS = "{:<13} {:<20} {:>15} {:>15} {:>15} {:>15}"


def _row(suite: str, kind: str, tally: Tally) -> str:
    return _COLUMNS.format(
        suite,
        kind,
        f"{tally.passed}/{tally.total}",
        f"{tally.results}/{tally.results_of}",
        f"{tally.verdicts}/{tally.total}",
        f"{tally.texts}/{tally.texts_of}",
    )


def table(report: Report) -> str:
    """Return the table suite × kind with a line for each suite and one for all."""
    lines = [_COLUMNS.format("suite", "kind", "passed", "results", "verdicts", "error texts")]
    for suite in sorted(report.suites):
        lines += [_row(suite, kind, t) for (name, kind), t in sorted(report.kinds.items()) if name == suite]
        lines.append(_row(suite, "(all)", report.suites[suite]))
    lines.append(_row("(all)", "", report.total))
    return "\n".join(lines)


def difference(outcome: Outcome) -> str:
    """Return one difference for a reader: the question, Go's answer, ours."""
    vector = outcome.vector
    question = {k: v for k, v in vector.items() if k not in ("k", "out", "perr", "xerr", "tree", "t", "use")}
    lines = [f"--- {outcome.suite}/{outcome.kind}"]
    if "t" in vector:
        lines.append(f"  template  {vector['t']!r}")
    if question:
        lines.append(f"  with      {json.dumps(question, ensure_ascii=True)[:600]}")
    return "\n".join(
        [
            *lines,
            *_answer_lines("Go  ", outcome.wanted, outcome.got),
            *_answer_lines("here", outcome.got, outcome.wanted),
        ]
    )


def _answer_lines(who: str, answer: Answer, other: Answer) -> list[str]:
    lines = [f"  {who}      {answer.verdict}"]
    if answer.error:
        lines.append(f"            {answer.error!r}")
    if answer.output != other.output:
        lines.append(f"     output {answer.output!r}")
    if answer.tree != other.tree:
        lines.append(f"     tree   {answer.tree!r}")
    return lines


def as_json(report: Report) -> str:
    """Return the figures as one JSON object: go, seed, total, and a list of suites with their kinds."""
    suites = [
        {
            "suite": suite,
            **_figures(tally),
            "kinds": [
                {"kind": kind, **_figures(t)} for (name, kind), t in sorted(report.kinds.items()) if name == suite
            ],
        }
        for suite, tally in sorted(report.suites.items())
    ]
    failures = [{"suite": f.suite, "kind": f.kind, "difference": difference(f)} for f in report.failures]
    return json.dumps(
        {"go": report.go, "seed": report.seed, **_figures(report.total), "suites": suites, "failures": failures},
        indent=1,
    )


def _figures(tally: Tally) -> dict[str, int]:
    return {name: getattr(tally, name) for name in Tally.__slots__}
