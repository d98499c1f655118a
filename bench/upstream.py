"""Where the stock configurations are that the injection benchmarks use."""

from __future__ import annotations

import os
from pathlib import Path


def upstream() -> Path | None:
    """Return the directory of upstream data (REMORA_UPSTREAM, else beside the checkout), or None."""
    given = os.environ.get("REMORA_UPSTREAM")
    path = Path(given) if given else Path(__file__).resolve().parent.parent.parent / "shared" / "upstream"
    return path if path.is_dir() else None
