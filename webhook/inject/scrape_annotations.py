"""The annotations by which a pod tells Prometheus how to scrape it, in all the spellings that count.

Prometheus replaces odd characters in the names of annotations, so that ``prometheus.io/port`` and
``prometheus-io.port`` are the same to it; the injector knows that from 1.13 on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from webhook.kube.short_texts import kept_for_short

if TYPE_CHECKING:
    from webhook.config.release import Release

SCRAPE: Final = "scrape"
PORT: Final = "port"
PATH: Final = "path"
PARTS: Final = (SCRAPE, PATH, PORT)
PREFIX: Final = "prometheus.io/"
TARGETS: Final = "prometheus.istio.io/scrape-targets"
"""The annotation with several places to scrape (since 1.31): ``port:path`` with commas between."""
SECURE_PORT: Final = "prometheus.istio.io/secure-port"

_PARTS: Final = {PREFIX + part: part for part in PARTS}
_ODD: Final = re.compile(r"[^a-zA-Z0-9_]")


def sanitised(name: str) -> str:
    """Return the name of an annotation as Prometheus has it."""
    return _ODD.sub("_", name)


_LITERAL: Final = {sanitised(name): name for name in (*(PREFIX + part for part in PARTS), TARGETS, SECURE_PORT)}


@kept_for_short(count=2048, longest=128)
def _meaning(name: str) -> str:
    """Return the annotation about scraping that Prometheus takes a name for; empty where it takes it for none."""
    return _LITERAL.get(sanitised(name), "")


def _reading(release: Release) -> Callable[[str], str]:
    return str if release.prometheus_merge == "literal" else _meaning


def spellings_of(annotations: Mapping[str, str], wanted: str, release: Release) -> list[str]:
    """Return the values of the annotations whose name Prometheus takes for the wanted one."""
    read = _reading(release)
    return [value for name, value in annotations.items() if read(name) == wanted]


def parts_of(annotations: Mapping[str, str], release: Release) -> list[tuple[str, str]]:
    """Return the parts of the scrape configuration that annotations tell, each as often as it is told, and their values."""
    read = _reading(release)
    return [(part, value) for name, value in annotations.items() if (part := _PARTS.get(read(name), ""))]


def port_of(annotations: Mapping[str, str], release: Release) -> str | None:
    """Return the port that is scraped, None where no annotation tells."""
    return next(iter(spellings_of(annotations, PREFIX + PORT, release)), None)


def without_scraping(annotations: Mapping[str, str], release: Release) -> dict[str, str]:
    """Return the annotations without those for Prometheus, in any spelling."""
    read, targets = _reading(release), TARGETS if release.prometheus_merge == "targets" else ""
    return {
        name: value
        for name, value in annotations.items()
        if not (meaning := read(name)) or (meaning not in _PARTS and meaning != targets)
    }
