"""Pods of one workload, which differ in one word only: they get the patch of the one before.

The API server gives every pod a volume with the token of its service account before the webhook sees it, and five random
characters in the name of that volume, so that no two pods are the same. What is done to a pod after its templates are
rendered compares the names of its volumes with others and does nothing else with them. Hence two pods with the same
overlay that are equal but for this name get the same patch, if the name is not in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from webhook.kube import quickjson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webhook.inject.outcome import Operation, Overlay, Pod

TOKEN_VOLUME: Final = "kube-api-access-"
"""How the name of the volume begins. Source: the ServiceAccount admission plugin of Kubernetes."""
MAX_TEXT: Final = 16_384
"""Bytes of a pod that is kept to compare the next one with: whoever writes pods chooses how large they are."""
_NAME: Final = re.compile(rb'"name":"(kube-api-access-[a-z0-9]{5})"')
_ANY_NAME: Final = b'"name":?'
"""What stands for the name; in JSON it cannot occur."""
_NO_TEXT: Final = b"\\ufffd"
"""How strings are written that are not UTF-8: several alike."""


def likeness_of(pod: Pod) -> bytes:
    """Return a text that pods share if they differ in nothing but the name of their token volume.

    Empty for a pod that nothing can be said of: it is large, or the name stands where no volume is named.
    """
    text = quickjson.dumps(pod)
    if len(text) > MAX_TEXT or _NO_TEXT in text:
        return b""
    found = _NAME.search(text)
    if found is None:
        return text
    name = found[1]
    return text.replace(found[0], _ANY_NAME) if text.count(name) == _uses(pod["spec"], name.decode()) else b""


def _uses(spec: dict[str, Any], name: str) -> int:
    """Return how often a volume of a pod is named: itself, and where containers mount it."""
    containers = (spec.get("initContainers") or []) + (spec.get("containers") or [])
    mounts = [mount for container in containers for mount in container.get("volumeMounts") or ()]
    return [item.get("name") for item in mounts + (spec.get("volumes") or [])].count(name)


def suits_replicas(overlay: Overlay, operations: Sequence[Operation]) -> bool:
    """Tell whether what a pod got is what its replicas get: neither template nor patch name a token volume."""
    return TOKEN_VOLUME not in overlay.text and TOKEN_VOLUME.encode() not in quickjson.dumps(list(operations))
