"""What Istio's injector takes from its surroundings instead of its configuration: environment, revision, what it knows of the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

Fast = Literal["on", "off", "verify"]
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class Settings(NamedTuple):
    """The surroundings of the injector.

    ``environment`` stands for the environment variables of the process (feature flags among them); ``revision`` is
    the injector's own. ``nodes`` are the kubelet versions of the cluster's nodes by name, None without a view of the
    cluster; ``namespaces`` the annotations of its namespaces by name. ``fast`` says whether overlays may be put together
    from skeletons (``webhook.inject.skeleton``); ``verify`` goes both ways with every pod and compares, ``on`` does so with
    one in ``verify_every`` (0: with none).
    """

    environment: Mapping[str, str] = _NONE
    revision: str = ""
    nodes: Mapping[str, str] | None = None
    namespaces: Mapping[str, Mapping[str, str]] = _NONE
    fast: Fast = "on"
    verify_every: int = 0


DEFAULTS = Settings()
"""An injector without revision, in an empty environment, that sees no cluster."""
