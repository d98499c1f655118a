"""The cases of a checkout since 1.5: TestInjection, and before 1.8 TestIntoResourceFile and TestRewriteAppProbe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.checkout_tree import Checkout
from conformance.golden_rows import ROWS, SUFFIX, Row
from conformance.manifest import Case


def injection_cases(checkout: Checkout) -> Iterator[Case]:
    """Yield the cases in the folder of inputs of a release since 1.5."""
    if checkout.release.numbers >= (1, 5, 0):
        yield from _Cases(checkout).cases()


class _Cases:
    def __init__(self, checkout: Checkout) -> None:
        self._at = checkout

    def cases(self) -> Iterator[Case]:
        rows = [row for row in ROWS if self._applies(row)]
        named = {row.golden for row in rows if row.golden != row.input}
        inputs = {row.input for row in rows if row.error}
        for name in self._at.goldens("inject", f"*{SUFFIX}"):
            plain = name.removesuffix(SUFFIX)
            if name not in named and plain not in inputs and self._at.has("inject", plain):
                rows.append(Row(plain, name))
        for number, row in enumerate(rows):
            yield from self._row_cases(row, number)
        for name in self._at.goldens("inject/app_probe", f"*.yaml{SUFFIX}"):
            yield from self._probe_case(name)

    def _probe_case(self, name: str) -> Iterator[Case]:
        held = name.endswith(f".proxyHoldsApplication.yaml{SUFFIX}")
        plain = name.removesuffix(SUFFIX).replace(".proxyHoldsApplication", "")
        if self._at.has("inject/app_probe", plain):
            flags = ("values.global.proxy.holdApplicationUntilProxyStarts=true",) if held else ()
            yield from self._row_cases(
                Row(f"app_probe/{plain}", f"app_probe/{name}", set=flags), 0, "TestRewriteAppProbe"
            )

    def _applies(self, row: Row) -> bool:
        if not row.since <= self._at.release.numbers <= row.until:
            return False
        if row.older_nodes and self._at.release.numbers < (1, 27, 0):
            return False
        there = self._at.has("inject", row.input) and (not row.operator or self._at.has("inject", row.operator))
        return there and (bool(row.error) or self._at.has("inject", row.golden))

    def _row_cases(self, row: Row, number: int, test: str = "") -> Iterator[Case]:
        new = self._at.release.numbers >= (1, 8, 0)
        test = test or (
            "TestInvalidAnnotations"
            if row.error and not new
            else "TestInjectionOlderVersion"
            if row.older_nodes
            else "TestInjection"
            if new
            else "TestIntoResourceFile"
        )
        name = (row.golden or row.input).removesuffix(SUFFIX)
        if row.ways != "webhook":
            compare = "error-contains-lower" if row.error else "text" if new else "text-status-version-blanked"
            yield self._case(f"{test}/{number:02}-{name}/kube-inject", "kube-inject", row, compare, "")
        if row.ways != "kube-inject" and new:
            revision = "default" if self._at.release.numbers >= (1, 9, 0) else ""
            yield self._case(f"{test}/{number:02}-{name}/webhook", "webhook", row, "pod-normalised", revision)

    def _case(self, name: str, mode: str, row: Row, compare: str, revision: str) -> Case:
        params: dict[str, Any] = {"revision": revision}
        params.update({key: dict(value) for key, value in (("env", row.env), ("features", row.features)) if value})
        if (1, 6, 0) <= self._at.release.numbers < (1, 7, 0):
            params["mesh_test_mode"] = True
        base = "set" if self._at.release.numbers >= (1, 7, 0) else "go-defaults"
        return Case(
            id=name,
            mode=mode,
            input=self._at.path("inject", row.input),
            expected=None if row.error else self._at.path("inject", row.golden),
            expected_error=row.error or None,
            config=self._at.installed(row.set, row.operator),
            compare=compare,
            mesh={"base": base, "set": dict(row.mesh)},
            values={"set": list(row.set), "operator_file": row.operator or None},
            params=params,
        )
