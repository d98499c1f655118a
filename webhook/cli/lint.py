"""``remora lint``: mistakes in templates."""

from __future__ import annotations

from webhook.cli.templates import forwarded

command = forwarded("lint")
