"""From the files and flags of a command to the Snapshot it works with; no command-line library here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from gotemplate.cache import CodeCache
from gotemplate.whole_file import go_reason
from webhook.cli.exits import BAD_INPUT, CliError
from webhook.config.errors import ConfigError
from webhook.config.model import build_snapshot
from webhook.config.release import release_of
from webhook.defaults import RELEASE, Parameters, inject_config
from webhook.inject.funcs import function_table

if TYPE_CHECKING:
    from webhook.config.model import Snapshot


class Sources(NamedTuple):
    """The texts a snapshot is built of; ``inject_name`` is what messages call the first, ``release`` is known of our own text."""

    inject: str
    inject_name: str
    mesh: str = ""
    values: str = ""
    release: str = ""
    proxy_configs: str = ""


def read_file(name: str) -> str:
    """Return the text of a file, or of the standard file of a mounted folder.

    Raises:
        CliError: it cannot be read.
    """
    try:
        with open(name, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123 - pathlib is slow to import
            return file.read()
    except OSError as error:
        raise CliError(f"open {name}: {go_reason(error)}", BAD_INPUT) from error


def builtin_sources(parameters: Parameters, mesh: str = "") -> Sources:
    """Return the embedded default with its parameters filled in."""
    return Sources(inject_config(parameters), "the built-in template", mesh, release=RELEASE)


def snapshot_from(sources: Sources, release: str = "") -> Snapshot:
    """Build the snapshot.

    Raises:
        CliError: with exit code 3, for what cannot be parsed, and where.
    """
    named = release or sources.release
    try:
        snapshot = build_snapshot(
            sources.inject,
            sources.mesh or None,
            sources.values or None,
            release=release_of(named) if named else None,
            funcs_for=lambda release: function_table(release, os.environ),
            source=sources.inject_name,
            cache=code_cache(),
        )
        return _with_proxy_configs(snapshot, sources.proxy_configs) if sources.proxy_configs else snapshot
    except (ConfigError, ValueError) as error:
        raise CliError(str(error), BAD_INPUT) from error


def _with_proxy_configs(snapshot: Snapshot, text: str) -> Snapshot:
    from webhook.config.proxy_configs import with_proxy_configs  # few have any

    return with_proxy_configs(snapshot, text)


def code_cache() -> CodeCache | None:
    """Return where the code of templates is kept between two commands: REMORA_CACHE, else below the user's cache folder.

    None where REMORA_CACHE is empty, and where there is no such folder to be found.
    """
    named = os.environ.get("REMORA_CACHE")
    if named is not None:
        return CodeCache(named) if named else None
    home = os.environ.get("HOME", "")
    base = os.environ.get("XDG_CACHE_HOME", "") or (f"{home}/.cache" if home else "")
    return CodeCache(f"{base}/remora") if base.startswith("/") else None


def load_snapshot(
    inject_config_file: str = "",
    mesh_config_file: str = "",
    values_file: str = "",
    release: str = "",
    proxy_config_file: str = "",
) -> Snapshot:
    """Build the snapshot of the options that name files; of the embedded default when none is named.

    Raises:
        CliError: with exit code 3.
    """
    mesh = read_file(mesh_config_file) if mesh_config_file else ""
    if not inject_config_file:
        return snapshot_from(builtin_sources(Parameters(), mesh), release)
    values = read_file(values_file) if values_file else ""
    proxies = read_file(proxy_config_file) if proxy_config_file else ""
    sources = Sources(read_file(inject_config_file), inject_config_file, mesh, values, proxy_configs=proxies)
    return snapshot_from(sources, release)
