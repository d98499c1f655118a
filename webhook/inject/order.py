"""The order of containers after a merge: where the proxy and the init containers of Istio stand (since 1.9)."""

from __future__ import annotations

from operator import is_not
from typing import TYPE_CHECKING

from webhook.inject.containers import (
    CONTAINERS,
    CORE_DUMP,
    INIT,
    INIT_CONTAINERS,
    PROXY,
    VALIDATION,
    Container,
    find,
    of_pod,
    with_list,
)

if TYPE_CHECKING:
    from webhook.inject.outcome import Pod


def in_order(pod: Pod, *, hold: bool) -> Pod:
    """Return the pod with its containers in order.

    The proxy goes first where the application waits for it, else last. A native sidecar comes right after what sets
    up the network, before the pod's own init containers; else the network is set up after them, so that they are not
    cut off, but checked before them.
    """
    place = _first if hold else _last
    ordered = with_list(pod, CONTAINERS, place(of_pod(pod, CONTAINERS), PROXY))
    init = of_pod(pod, INIT_CONTAINERS)
    if find(PROXY, init) is not None:
        for name in (CORE_DUMP, PROXY, VALIDATION, INIT):
            init = _first(init, name)
    else:
        init = _last(_last(_first(init, VALIDATION), INIT), CORE_DUMP)
    return with_list(ordered, INIT_CONTAINERS, init)


def _first(containers: list[Container], name: str) -> list[Container]:
    found, others = _split(containers, name)
    return _unless_same([found, *others], containers) if found is not None else containers


def _last(containers: list[Container], name: str) -> list[Container]:
    found, others = _split(containers, name)
    return _unless_same([*others, found], containers) if found is not None else containers


def _split(containers: list[Container], name: str) -> tuple[Container | None, list[Container]]:
    """Return the container of a name and the others; of several of one name the last remains."""
    found = find(name, reversed(containers))
    others = [] if found is None else [item for item in containers if item.get("name", "") != name]
    return found, others


def _unless_same(new: list[Container], old: list[Container]) -> list[Container]:
    return new if len(new) != len(old) or any(map(is_not, new, old)) else old
