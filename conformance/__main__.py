"""``python -m conformance``: see ``conformance.cli``."""

import sys

from conformance.cli import run

if __name__ == "__main__":
    sys.exit(run())
