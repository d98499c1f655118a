"""Reading configuration from files and mounted directories: I/O in, texts out.

A mounted ConfigMap is a directory whose keys are links into ``..data``, itself a link that is swapped when the map
changes. All keys are read behind one resolution of that link, so that they belong to one version of the map.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from webhook.config.errors import ConfigError
from webhook.config.model import FuncsFor, InputTexts, Snapshot, build_snapshot
from webhook.config.proxy_configs import with_proxy_configs
from webhook.config.release import Release

DATA_LINK: Final = "..data"
_TRIES: Final = 5
"""How often a directory is read again when the link is swapped meanwhile; kubelet swaps it once a minute at most."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a configuration is read from.

    ``inject`` is a file, or the directory of a mounted ConfigMap; the others are files, or empty. A directory may
    hold the keys ``config``, ``values`` and ``mesh``. ``mesh`` and ``values`` win over what the first one holds.
    ``proxy_configs`` are manifests of the cluster's ProxyConfig resources.
    """

    inject: str
    mesh: str = ""
    values: str = ""
    proxy_configs: str = ""


def read_text(path: str | Path, what: str) -> str:
    """Return the text of a file; bytes that are not UTF-8 are kept as surrogates.

    Raises ConfigError with the text of Go's error, the file and a remedy.
    """
    try:
        text = Path(path).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"open {path}: {reason}", place=what, remedy=_remedy(path, what)) from None
    if not text.strip():
        raise ConfigError(f"{path} is empty", place=what, remedy="a mounted ConfigMap may not be there yet") from None
    return text


def _remedy(path: str | Path, what: str) -> str:
    parent = Path(path).parent
    if not parent.exists():
        return f"there is no directory {parent}"
    return f"{what} is read from a file; check its name and its permissions"


def read_texts(sources: Sources) -> InputTexts:
    """Read the files of a configuration.

    Raises ConfigError naming the file and what to do.
    """
    mesh = read_text(sources.mesh, "the mesh configuration") if sources.mesh else None
    values = read_text(sources.values, "the values document") if sources.values else None
    proxies = read_text(sources.proxy_configs, "the ProxyConfig resources") if sources.proxy_configs else None
    if Path(sources.inject).is_dir():
        keys = read_directory(sources.inject)
        if "config" not in keys:
            names = ", ".join(sorted(keys)) or "nothing"
            remedy = f"mount the injector's ConfigMap here; the directory holds {names}"
            raise ConfigError(
                f"{sources.inject} has no file config", place="the injection configuration", remedy=remedy
            )
        return InputTexts(keys["config"], mesh or keys.get("mesh"), values or keys.get("values"), proxies)
    return InputTexts(read_text(sources.inject, "the injection configuration"), mesh, values, proxies)


def read_directory(path: str | Path) -> dict[str, str]:
    """Return the texts of a mounted ConfigMap's keys, all of the same version of the map.

    Raises ConfigError for a directory that cannot be read, or keeps changing.
    """
    place = Path(path)
    for _ in range(_TRIES):
        version = (place / DATA_LINK).resolve() if (place / DATA_LINK).is_symlink() else place
        try:
            names = sorted(item.name for item in version.iterdir() if item.is_file() and not item.name.startswith(".."))
            texts = {name: (version / name).read_text(encoding="utf-8", errors="surrogateescape") for name in names}
        except FileNotFoundError:
            continue  # the link was swapped and the old version removed
        except OSError as error:
            raise ConfigError(f"open {path}: {(error.strerror or '').lower()}", place=str(path)) from None
        if version == place or (place / DATA_LINK).resolve() == version:
            return texts
    raise ConfigError(f"{path} keeps changing", place=str(path), remedy="try again when the ConfigMap is settled")


def fingerprint(sources: Sources) -> tuple[tuple[str, str], ...]:
    """Return what the files are now, as pairs of name and content hash; what cannot be read has the hash ``-``."""
    named = (sources.inject, sources.mesh, sources.values, sources.proxy_configs)
    names = [name for name in named if name]
    files = [path for name in names for path in _files(Path(name))]
    return tuple((str(path), _digest(path)) for path in files)


def _files(place: Path) -> list[Path]:
    return [place / key for key in _keys(place)] if place.is_dir() else [place]


def _keys(place: Path) -> list[str]:
    try:
        return sorted(item.name for item in place.iterdir() if item.is_file() and not item.name.startswith(".."))
    except OSError:
        return []


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "-"


def load_snapshot(sources: Sources, *, funcs_for: FuncsFor, release: Release | None = None) -> Snapshot:
    """Read the files of a configuration and build the snapshot.

    Raises ConfigError.
    """
    texts = read_texts(sources)
    snapshot = build_snapshot(
        texts.inject, texts.mesh, texts.values, funcs_for=funcs_for, release=release, source=sources.inject
    )
    return with_proxy_configs(snapshot, texts.proxy_configs)
