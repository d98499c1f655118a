"""From settings to a Snapshot: which files are meant, what they are now, and the embedded default when none is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhook.config.errors import ConfigError
from webhook.config.loading import Sources, load_snapshot, read_text
from webhook.config.loading import fingerprint as fingerprint_of
from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import Release, release_of
from webhook.defaults import RELEASE, Parameters, inject_config
from webhook.inject.funcs import function_table

if TYPE_CHECKING:
    from webhook.server.settings import Settings


def load(settings: Settings) -> Snapshot:
    """Read the files the settings name and build the snapshot.

    Raises:
        ConfigError: a file cannot be read, or its content cannot be used.
    """
    release = _release(settings.release)
    if settings.inject_config_file:
        return load_snapshot(_sources(settings), funcs_for=function_table, release=release)
    mesh = read_text(settings.mesh_config_file, "the mesh configuration") if settings.mesh_config_file else None
    return build_snapshot(
        inject_config(Parameters()),
        mesh,
        funcs_for=function_table,
        release=release or release_of(RELEASE),
        source="the embedded default",
    )


def fingerprint(settings: Settings) -> object:
    """Return what the files are now; a change of it is a reason to load again."""
    return fingerprint_of(_sources(settings))


def _sources(settings: Settings) -> Sources:
    return Sources(settings.inject_config_file, settings.mesh_config_file, settings.values_file)


def _release(version: str) -> Release | None:
    if not version:
        return None
    try:
        return release_of(version)
    except ValueError as error:
        raise ConfigError(str(error), place="--release") from None
