"""Ask Go the questions and write its answers to data/: ``python record.py`` here, with Go on the path.

Questions whose answer holds an address differ from run to run and are left out.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from questions import FILES, Question

HERE = Path(__file__).parent
LONGEST = 20000
"""An answer longer than this (a width of a million) is not worth its room."""


def ask(questions: list[Question]) -> list[list[str]]:
    """Return the oracle's answers."""
    lines = "\n".join(json.dumps(question) for question in questions) + "\n"
    command = ["go", "run", "./oracle"]
    done = subprocess.run(command, cwd=HERE, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Record every file."""
    for name, questions in FILES.items():
        asked = questions()
        pairs = zip(asked, ask(asked), ask(asked), strict=True)
        rows = [
            [question, answer] for question, answer, again in pairs if answer == again and len(str(answer)) < LONGEST
        ]
        text = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
        (HERE / "data" / f"{name}.jsonl").write_text(text)


if __name__ == "__main__":
    main()
