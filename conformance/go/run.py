"""Asks the engine what a vector asked Go, and compares: the verdict, the output, the error text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from conformance.go import world
from conformance.go.decode import decode
from conformance.go.vectors import Suite
from gotemplate import Chan, ExecError, ParseError, Template, fmt, sprig
from gotemplate.template import Tier
from gotemplate.values import Value

OK: Final = "ok"
PARSE: Final = "parse error"
EXEC: Final = "exec error"
CRASH: Final = "crash"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a vector.

    ``verdict`` is one of the constants above; ``output`` ends where an error came; ``tree`` is the tree printed back, if asked for.
    """

    verdict: str
    output: str = ""
    error: str = ""
    tree: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A vector with Go's answer and ours."""

    suite: str
    vector: dict[str, Any]
    wanted: Answer
    got: Answer

    @property
    def kind(self) -> str:
        """The kind of question within the suite."""
        return str(self.vector["k"])

    @property
    def passed(self) -> bool:
        """Whether everything is the same: verdict, output, error text, tree."""
        return self.wanted == self.got

    @property
    def verdict_passed(self) -> bool:
        """Whether both succeeded, or failed in the same phase."""
        return self.wanted.verdict == self.got.verdict


def run_suite(suite: Suite, tier: Tier = "auto") -> Iterator[Outcome]:
    """Ask the vectors of a suite one by one, in its order, of templates executed by ``tier``."""
    shared = {name: decode(encoded) for name, encoded in suite.shared.items()}
    asker = _Asker(suite, shared, tier)
    for vector in suite.vectors:
        yield Outcome(suite.name, vector, wanted_answer(vector), asker.ask(vector))


def wanted_answer(vector: dict[str, Any]) -> Answer:
    """Return what Go answered."""
    if "perr" in vector:
        return Answer(PARSE, error=vector["perr"])
    if "xerr" in vector:
        return Answer(EXEC, vector["out"], vector["xerr"], vector.get("tree", ""))
    return Answer(OK, vector["out"], tree=vector.get("tree", ""))


class _Asker:
    """Asks vectors of one suite; functions and shared data that nothing can change are made once."""

    def __init__(self, suite: Suite, shared: dict[str, Value], tier: Tier) -> None:
        self._suite = suite
        self._tier = tier
        self._shared = shared
        self._channels = [(c, list(c.items)) for data in shared.values() for c in data.values() if isinstance(c, Chan)]
        self._test_functions = world.template_functions()
        self._sprig = sprig.funcs(environment={})

    def ask(self, vector: dict[str, Any]) -> Answer:
        """Return the engine's answer; an exception that is no template error is a crash."""
        try:
            return _formatted(vector) if "call" in vector else self._rendered(vector)
        except Exception as error:  # whatever a defect raises is a difference to report, not the end of the run
            return Answer(CRASH, error=f"{type(error).__name__}: {error}")

    def _rendered(self, vector: dict[str, Any]) -> Answer:
        try:
            root = self._parse(vector)
        except ParseError as error:
            return Answer(PARSE, error=str(error))
        tree = str(root.tree.root) if "tree" in vector and root.tree is not None else ""
        try:
            return Answer(OK, root.render(self._data(vector), template=vector.get("x")), tree=tree)
        except ExecError as error:
            return Answer(EXEC, error.partial, str(error), tree)

    def _parse(self, vector: dict[str, Any]) -> Template:
        root = Template(
            vector.get("n", "t"),
            delims=(vector.get("l", ""), vector.get("r", "")),
            funcs=self._sprig if vector.get("f") == "sprig" else self._test_functions,
            missingkey=vector.get("o", "default"),
            tier=self._tier,
        )
        texts = [["", vector["t"]]] if isinstance(vector["t"], str) else vector["t"]
        for name, text in texts:
            (root.new(name) if name else root).parse(text)
        return root

    def _data(self, vector: dict[str, Any]) -> Value:
        if "data" in vector:
            return decode(vector["data"])
        if vector.get("f") == "sprig":  # set, unset, merge change their arguments
            return decode(self._suite.shared[vector["use"]])
        for channel, items in self._channels:
            channel.items = list(items)
        return self._shared.get(vector.get("use", ""))


def _formatted(vector: dict[str, Any]) -> Answer:
    args = [decode(item) for item in vector["a"]]
    call = {"Sprintf": fmt.sprintf, "Sprint": fmt.sprint, "Sprintln": fmt.sprintln}[vector["call"]]
    return Answer(OK, call(*args))
