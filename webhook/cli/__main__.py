"""``python -m webhook.cli``: the same as the command ``remora``."""

import sys

from webhook.cli import main

sys.exit(main())
