"""``python -m bench [PART …] [--write]``: the measurements, a table each; ``--write`` renews the pages made of them."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

PARTS: Final = {
    "engine": "bench.engine",
    "injection": "bench.injection",
    "commands": "bench.commands",
    "serving": "bench.serving",
}


def main(words: list[str]) -> int:
    """Run the parts that were named, or all."""
    if {"-h", "--help"} & set(words):
        print(
            f"python -m bench [PART ...] [--write]\n\nThe parts are {', '.join(PARTS)}; --write renews the pages made of them."
        )
        return 0
    names = [word for word in words if word != "--write"]
    for name in names or PARTS:
        if name not in PARTS:
            print(f"no part {name!r}; there are {', '.join(PARTS)}", file=sys.stderr)
            return 2
        part = import_module(PARTS[name])
        lines = part.run()
        print(f"\n{name}\n" + "\n".join(lines), flush=True)
        if "--write" in words and hasattr(part, "write"):
            part.write(lines)
    return 0


sys.exit(main(sys.argv[1:]))
