"""From settings to a Snapshot: which files are meant, what they are now, and the embedded default when none is named."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from webhook.config.errors import ConfigError
from webhook.config.loading import Sources, load_snapshot, read_text
from webhook.config.loading import fingerprint as fingerprint_of
from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import Release, release_of
from webhook.defaults import RELEASE, Parameters, inject_config
from webhook.inject.funcs import function_table
from webhook.server.settings import visible_environment

if TYPE_CHECKING:
    from webhook.server.settings import Settings


def revisions(settings: Settings) -> dict[str, Settings]:
    """Return the settings of every configuration that is served, by revision; the default one has the empty name.

    Raises:
        ConfigError: an entry of ``--revisions`` is not NAME=FOLDER.
    """
    found = {"": settings}
    for entry in filter(None, settings.revisions.split(",")):
        name, equals, path = entry.strip().partition("=")
        if not equals or not name or not path:
            raise ConfigError(f"{entry!r} is not NAME=FOLDER", place="--revisions")
        found[name] = replace(settings, inject_config_file=path, mesh_config_file="", values_file="", release="")
    return found


def load(settings: Settings) -> Snapshot:
    """Read the files the settings name and build the snapshot.

    Raises:
        ConfigError: a file cannot be read, or its content cannot be used.
    """
    release = _release(settings.release)
    environment = visible_environment(settings, os.environ)

    def functions(release: Release) -> Mapping[str, Any]:
        return function_table(release, environment)

    if settings.inject_config_file:
        return load_snapshot(_sources(settings), funcs_for=functions, release=release)
    mesh = read_text(settings.mesh_config_file, "the mesh configuration") if settings.mesh_config_file else None
    return build_snapshot(
        inject_config(Parameters()),  # of a release that knows no ProxyConfig resources
        mesh,
        funcs_for=functions,
        release=release or release_of(RELEASE),
        source="the embedded default",
    )


def fingerprint(settings: Settings) -> object:
    """Return what the files are now; a change of it is a reason to load again."""
    return fingerprint_of(_sources(settings))


def _sources(settings: Settings) -> Sources:
    return Sources(
        settings.inject_config_file, settings.mesh_config_file, settings.values_file, settings.proxy_config_file
    )


def _release(version: str) -> Release | None:
    if not version:
        return None
    try:
        return release_of(version)
    except ValueError as error:
        raise ConfigError(str(error), place="--release") from None
