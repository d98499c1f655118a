"""Settings: which source wins, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.server.settings import SettingsError, settings_from

TLS = {"dev_tls": True}


def test_defaults() -> None:
    settings = settings_from(TLS, {})
    assert (settings.bind, settings.admin_bind, settings.workers) == ("0.0.0.0:9443", "127.0.0.1:15014", 2)
    assert settings.keep_alive > 90


def test_flags_win_over_the_environment_and_that_over_the_file() -> None:
    environment = {"REMORA_WORKERS": "3", "REMORA_GRACE": "4"}
    settings = settings_from({**TLS, "workers": 5}, environment, {"workers": 7, "grace": 8, "keepAlive": 9})
    assert (settings.workers, settings.grace, settings.keep_alive) == (5, 4, 9)


@pytest.mark.parametrize(
    ("flags", "environment", "document", "words"),
    [
        ({}, {}, {}, "give --cert and --key"),
        ({"cert": "c"}, {}, {}, "belong together"),
        ({**TLS, "bind": "9443"}, {}, {}, "HOST:PORT"),
        ({**TLS, "bind": "h:99999"}, {}, {}, "HOST:PORT"),
        ({**TLS, "workers": 0}, {}, {}, "1 or more"),
        (TLS, {"REMORA_WORKERS": "many"}, {}, "REMORA_WORKERS is 'many', but must be a whole number"),
        (TLS, {"REMORA_ON_ERROR": "ignore"}, {}, "must be one of deny, allow"),
        ({}, {"REMORA_DEV_TLS": "maybe"}, {}, "true or false"),
        (TLS, {}, {"worker": 1}, "the key 'worker', which is no setting"),
        (TLS, {}, {"workers": True}, "workers in the settings file"),
    ],
)
def test_what_is_refused(
    flags: dict[str, Any], environment: dict[str, str], document: dict[str, Any], words: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(flags, environment, document)
    assert words in str(caught.value)
