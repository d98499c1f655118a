"""Whether the application waits for the proxy: values and mesh say, and either is enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.mesh.mesh import Mesh


def holds_application(mesh: Mesh, snapshot: Snapshot) -> bool:
    """Tell whether istio-proxy goes before the other containers (since 1.7).

    mesh: with the pod's annotation laid over it.
    """
    source = snapshot.release.hold_source
    if source == "no":
        return False
    asks_mesh = source == "values or mesh" or (source == "values or annotated mesh" and mesh is not snapshot.mesh)
    if asks_mesh and mesh.proxy.get("hold_application_until_proxy_starts"):
        return True
    found: Any = snapshot.values or {}
    for key in ("global", "proxy", "holdApplicationUntilProxyStarts"):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found is True
