"""The page that shows how many golden cases pass: written by the runner, the same for the same results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from conformance.table import Row, write_table

_PAGE: Final = """\
<!-- Written by `make conformance-page` (python -m conformance istio DIRECTORY… --write FILE). Do not edit. -->

# Golden cases of Istio that pass

Istio tests its injector with golden files: an input, a configuration, and what must come out. Remora runs the same cases
with the configuration that an installation of the release has, and is held to the same outcome. The table counts, for
each release and way of running, the cases that pass of all there are.

{table}

- **kube-inject**: a file of workloads is injected, and the text must be the golden's.
- **webhook**: the pods of that file are admitted one by one, and the patched pods must be the golden's.
- **patch**: a pod is admitted, and the patch must be the golden's, operation by operation.
- **cli**: the command line of `kube-inject` is called, and what it prints, or refuses, must be the golden's.
- **uninject**: the command line of `kube-uninject` is called, and the text must be the golden's.

A case that expects an error passes only with the error's own words. What else is checked on every case, without a
golden, is told by `python -m conformance invariants --help`.
"""


def write_page(path: Path, rows: Mapping[str, Row], columns: Sequence[str]) -> None:
    """Write the page with the counts of each release by mode."""
    path.write_text(_PAGE.format(table=write_table(rows, columns, "all")), "utf-8")
