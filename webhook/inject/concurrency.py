"""The ``--concurrency`` arguments that Istio 1.1 to 1.8 gave a sidecar whose CPU is limited."""

from __future__ import annotations

import re
from typing import Any, Final

from webhook.inject.containers import PROXY, Container
from webhook.kube.quantity import parse_quantity

_FLAG: Final = re.compile(r"-{1,2}concurrency(?:=([0-9]+))?")


def with_concurrency(containers: list[Container]) -> list[Container]:
    """Return the containers; istio-proxy has as many workers as it has CPU cores, unless its arguments say how many."""
    return [_limited(item) if item.get("name") == PROXY else item for item in containers]


def _limited(proxy: Container) -> Container:
    arguments: list[str] = proxy.get("args") or []
    if _given(arguments) > 0:
        return proxy
    cores = _cores(proxy.get("resources") or {})
    return {**proxy, "args": [*arguments, "--concurrency", str(cores)]} if cores > 0 else proxy


def _given(arguments: list[str]) -> int:
    """Return the number of workers that the arguments ask for, 0 where they do not."""
    for index, argument in enumerate(arguments):
        match = _FLAG.fullmatch(argument.strip())
        if match is None:
            continue
        text = match[1] or (arguments[index + 1] if index + 1 < len(arguments) else "")
        return int(text) if re.fullmatch(r"[+-]?[0-9]+", text) else 0
    return 0


def _cores(resources: dict[str, Any]) -> int:
    """Return the CPU limit, else the request, in whole cores, rounded up; 0 where there is neither."""
    for part in ("limits", "requests"):
        amount = (resources.get(part) or {}).get("cpu")
        if amount is not None:
            return -(-parse_quantity(str(amount)).milli_value() // 1000)
    return 0
