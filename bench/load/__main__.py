"""``python -m bench.load stalls|disruptions|fuzz``: the tables, measured on this machine."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.load import disruptions, fuzz, stalls
from bench.load.configurations import embedded, stock
from bench.load.served import Served


def main(words: list[str]) -> int:
    """Print the tables that were asked for; 1 when requests were lost or an answer was a bad one."""
    given = _arguments(words)
    with tempfile.TemporaryDirectory(prefix="remora-load-") as folder:
        base = Path(folder)
        for name in given.tables or ("stalls", "disruptions"):
            bad = False
            for line in TABLES[name](given, base / name):
                print(line, flush=True)
                bad = bad or line.startswith("COMPLAINT")
            print()
            if bad:
                return 1
    return 0


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.load", description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="stalls|disruptions|fuzz")
    parser.add_argument(
        "--release", default="", help="serve the stock ConfigMaps of this Istio release instead of the embedded default"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="for each row (default %(default)s)")
    parser.add_argument("--count", type=int, default=100_000, help="requests of the fuzz run (default %(default)s)")
    parser.add_argument("--clients", type=int, nargs="*", default=stalls.COUNTS, help="numbers of stalling clients")
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().randrange(1_000_000), help="default: drawn, and printed"
    )
    given = parser.parse_args(words)
    for name in given.tables:
        if name not in TABLES:
            parser.error(f"no table {name!r}; there are {', '.join(TABLES)}")
    return given


def _server(given: argparse.Namespace, folder: Path, *flags: str, like: Served | None = None) -> Served:
    folder.mkdir(parents=True)
    config = stock(given.release) if given.release else embedded()
    return Served(folder, config, flags=("--logLevel", "warning", *flags), ca=like.ca if like else None)


def _stalls(given: argparse.Namespace, folder: Path) -> Iterator[str]:
    with _server(given, folder) as served:
        yield from stalls.table(served, given.clients, given.seconds)


def _disruptions(given: argparse.Namespace, folder: Path) -> Iterator[str]:
    flags = ("--reloadInterval", "0.1", "--drain", "1.5")
    made: list[Served] = []

    def make() -> Served:
        made.append(_server(given, folder / str(len(made)), *flags, like=made[0] if made else None))
        return made[-1]

    yield from disruptions.table(make, given.seconds, given.seed)


def _fuzz(given: argparse.Namespace, folder: Path) -> Iterator[str]:
    with _server(given, folder) as served:
        yield from fuzz.report(served, given.seed, given.count)


TABLES: dict[str, Any] = {"stalls": _stalls, "disruptions": _disruptions, "fuzz": _fuzz}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
