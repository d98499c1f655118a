"""``remora fmt``: the insides of template actions, normalised."""

from __future__ import annotations

from webhook.cli.templates import forwarded

command = forwarded("fmt")
