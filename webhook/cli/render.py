"""``remora render``: a Go template with data."""

from __future__ import annotations

from webhook.cli.templates import forwarded

command = forwarded("render")
