"""Going both ways with one pod, and what to do when they differ: the plain way is right, and the fast one is not trusted again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from webhook.inject.errors import InjectError

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.inject.settings import Settings

WARM_AFTER: Final = 2
"""Injections before the fast way is gone: a command that injects one file would pay for what it never uses."""

Result = TypeVar("Result")
Run = Callable[["Settings"], Result]
"""An injection of one pod by settings that say which way to go."""


def by_trusted_way(run: Run[Result], snapshot: Snapshot, settings: Settings) -> Result:
    """Return what an injection gives: the fast way where it is on and trusted, both where they are to be compared.

    Raises:
        InjectError: what the injection raises.
    """
    if settings.fast == "off":
        return run(settings)
    injections: int = snapshot.memory.setdefault("injections", 0)
    if injections < WARM_AFTER:
        snapshot.memory["injections"] = injections + 1
        return run(settings._replace(fast="off"))
    from webhook.inject.prepared import prepared_of

    prepared = prepared_of(snapshot, settings)
    if not prepared.trusted:
        return run(prepared.plain)
    if not prepared.is_to_be_verified(settings):
        return run(settings)
    got, expected = _attempt(run, settings), _attempt(run, prepared.plain)
    prepared.counts["verified"] += 1
    if not _is_same(got, expected):
        prepared.distrust(f"differs at {_place(got, expected)}")
    if isinstance(expected, InjectError):
        raise expected
    return expected


def _attempt(run: Run[Result], settings: Settings) -> Result | InjectError:
    try:
        return run(settings)
    except InjectError as error:
        return error


def _is_same(got: Any, expected: Any) -> bool:
    if isinstance(got, InjectError) or isinstance(expected, InjectError):
        return type(got) is type(expected) and str(got) == str(expected)
    return bool(got == expected)


def _place(got: Any, expected: Any, path: str = "") -> str:
    """Return where two results begin to differ, as a path; names and values of the pod do not show."""
    if isinstance(got, dict) and isinstance(expected, dict):
        keys = [key for key in {**expected, **got} if got.get(key) != expected.get(key)]
        return _place(got.get(keys[0]), expected.get(keys[0]), f"{path}/{keys[0]}") if keys else path
    if isinstance(got, list | tuple) and isinstance(expected, list | tuple):
        pairs = zip(got, expected, strict=False)
        index = next((i for i, (one, other) in enumerate(pairs) if one != other), min(len(got), len(expected)))
        if index < min(len(got), len(expected)):
            return _place(got[index], expected[index], f"{path}/{index}")
        return f"{path}/{index}"
    return path or "/"
