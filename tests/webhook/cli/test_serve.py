"""remora serve: the flags, read but not served."""

from __future__ import annotations

import pytest

from webhook.cli.serve import command


@pytest.mark.parametrize(
    ("flags", "name", "value"),
    [
        ([], "debug_pages", None),
        (["--debug"], "debug_pages", True),
        (["--no-debug"], "debug_pages", False),
        (["--dev-tls"], "dev_tls", True),
        (["--workers", "3"], "workers", 3),
        (["--onError", "allow"], "on_error", "allow"),
    ],
)
def test_a_flag_is_read(flags: list[str], name: str, value: object) -> None:
    assert command.make_context("serve", list(flags)).params[name] == value
