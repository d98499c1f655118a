"""The functions Istio's injector registers for its templates, with their Go signatures; a release names the ones it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gotemplate.values import ANY, BOOL, MAP_STRING_STRING, STRING, Func, func_of
from webhook.mesh.durations import duration_string
from webhook.mesh.messages import Duration
from webhook.mesh.views import message_of

if TYPE_CHECKING:
    from webhook.config.release import Release

_MAX_SECONDS: Final = 315_576_000_000  # the range of a protobuf Duration: ten thousand years
_DEFAULT_DURATION: Final = "1s"


def duration_text(duration: Any) -> str:
    """Return a protobuf Duration as Go prints a time.Duration; ``1s`` for nil and for one that is out of range."""
    message = message_of(duration)
    if not isinstance(message, Duration) or abs(message.seconds) > _MAX_SECONDS:
        return _DEFAULT_DURATION
    if not -(2**63) <= message.nanoseconds < 2**63:
        return _DEFAULT_DURATION
    return duration_string(message.nanoseconds)


def isset(mapping: dict[str, str], key: str) -> bool:
    """Tell whether a map[string]string has the key."""
    return key in mapping


_TABLE: Final = {
    "formatDuration": Func(func_of((ANY,), (STRING,)), duration_text, name="formatDuration", pure=True),
    "isset": Func(func_of((MAP_STRING_STRING, STRING), (BOOL,)), isset, name="isset", pure=True),
}
"""Source: istio-inject-0.5-1.8, section 2.2."""


def function_table(release: Release) -> dict[str, Func]:
    """Return the functions a release's templates may call, by name."""
    return {name: _TABLE[name] for name in release.functions}
