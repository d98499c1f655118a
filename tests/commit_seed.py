"""The seed of generated tests: another one for every commit, the same one for everybody who tests that commit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def commit_seed() -> int:
    """Return REMORA_SEED where it is set, else a number made of the commit that is checked out."""
    given = os.environ.get("REMORA_SEED")
    if given:
        return int(given)
    command = ["git", "rev-parse", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)
    return int(done.stdout[:8] or "1", 16)
