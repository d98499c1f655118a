"""The places to scrape in a pod (since 1.31): read from an annotation, refused where the proxy itself would answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypedDict

from gotemplate.golib.quote import quote
from gotemplate.golib.strconv import NumError, atoi
from gotemplate.golib.strings import trim_space
from webhook.inject.errors import InjectError
from webhook.inject.scrape_annotations import TARGETS, spellings_of

if TYPE_CHECKING:
    from webhook.config.release import Release

DEFAULT_PATH: Final = "/metrics"
RESERVED: Final[Mapping[int, str]] = {
    15000: "Envoy admin",
    15001: "outbound traffic capture",
    15004: "pilot debug",
    15006: "inbound traffic capture",
    15008: "HBONE tunnel",
    15020: "pilot-agent status / merged Prometheus",
    15021: "Envoy health",
    15053: "DNS proxy",
    15090: "Envoy Prometheus (already merged)",
}
"""Ports of the proxy that are no application's, and whose they are."""
_HIGHEST: Final = 65535


class Target(TypedDict):
    """One place to scrape, as the agent reads it."""

    port: str
    path: str


class ScrapeError(InjectError):
    """A pod asks for a port to be scraped that cannot be."""

    step = "prometheus"


def scrape_targets(annotations: Mapping[str, str], release: Release) -> list[Target]:
    """Return the places to scrape, in the order of the annotation; none where an entry has no port, which Istio only logs."""
    if release.prometheus_merge != "targets":
        return []
    targets: list[Target] = []
    for text in spellings_of(annotations, TARGETS, release):
        found = [_read(entry) for entry in map(trim_space, text.split(",")) if entry]
        targets = targets if any(not target["port"] for target in found) else found
    return targets


def _read(entry: str) -> Target:
    port, _, path = entry.partition(":")
    return {"port": trim_space(port), "path": trim_space(path) or DEFAULT_PATH}


def check_ports(targets: Sequence[Target], port: str, agent_port: int) -> None:
    """Refuse ports that cannot be scraped: those of the targets, or where there are none the one of ``prometheus.io/port``.

    Raises:
        ScrapeError: one is no port, or belongs to the proxy.
    """
    for target in targets:
        problem = _problem(target["port"], "target port", agent_port)
        if problem:
            raise ScrapeError(f"invalid prometheus scrape targets: {problem}")
    problem = "" if targets or not port else _problem(port, "port", agent_port)
    if problem:
        raise ScrapeError(f"invalid prometheus scrape configuration: {problem}")


def _problem(text: str, name: str, agent_port: int) -> str:
    try:
        port = atoi(text)
    except NumError:
        port = 0
    if not 1 <= port <= _HIGHEST:
        return f"invalid {name} {quote(text)}"
    if port == agent_port:
        return f"{name} {text} conflicts with agent port"
    if port in RESERVED:
        return f"{name} {text} is reserved for Istio ({RESERVED[port]}) and cannot be scraped"
    return ""
