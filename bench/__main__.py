"""``python -m bench [PART …]``: the measurements, a table each."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

PARTS: Final = {"injection": "bench.injection", "serving": "bench.serving"}


def main(words: list[str]) -> int:
    """Run the parts that were named, or all."""
    for name in words or PARTS:
        if name not in PARTS:
            print(f"no part {name!r}; there are {', '.join(PARTS)}", file=sys.stderr)
            return 2
        print(f"\n{name}\n" + "\n".join(import_module(PARTS[name]).run()), flush=True)
    return 0


sys.exit(main(sys.argv[1:]))
