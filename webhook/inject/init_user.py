"""The user a pod sets on its istio-proxy, carried to where the network is set up or checked (since 1.23, backported).

The proxy's traffic is told by its user, so the arguments of the init container must name the same one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from webhook.inject.containers import (
    INIT,
    INIT_CONTAINERS,
    PROXY,
    VALIDATION,
    Container,
    find,
    find_in_pod,
    of_pod,
    with_container,
)
from webhook.inject.previous import annotations_of

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod
    from webhook.mesh.messages import Message

MODE_ANNOTATION: Final = "sidecar.istio.io/interceptionMode"
TPROXY: Final = 1
"""The enum value of ProxyConfig's interception mode for which the proxy must run as root."""


def adjust_init_user(final: Pod, original: Pod, proxy: Message, release: Release) -> Pod:
    """Return the merged pod with the proxy's user in the init container, where the original pod sets one."""
    own = find_in_pod(PROXY, original, release)
    context = (own or {}).get("securityContext") or {}
    if "runAsUser" not in context and "runAsGroup" not in context:
        return final
    init = find(INIT, of_pod(final, INIT_CONTAINERS)) or find(VALIDATION, of_pod(final, INIT_CONTAINERS))
    if init is None:
        return final
    tproxy = proxy.get("interception_mode") == TPROXY or annotations_of(final).get(MODE_ANNOTATION) == "TPROXY"
    if tproxy and "runAsUser" in context:
        final = _with_root_proxy(final, release)
    adjusted = init
    if not tproxy and init.get("name") == VALIDATION:
        adjusted = _with_user(init, context)
    adjusted = _with_argument(adjusted, context.get("runAsUser", 0))
    return final if adjusted is init else with_container(final, init, adjusted)


def _with_root_proxy(pod: Pod, release: Release) -> Pod:
    sidecar = find_in_pod(PROXY, pod, release)
    if sidecar is None:
        return pod
    context = {**(sidecar.get("securityContext") or {}), "runAsUser": 0}
    return with_container(pod, sidecar, {**sidecar, "securityContext": context})


def _with_user(container: Container, context: dict[str, Any]) -> Container:
    own = {key: context[key] for key in ("runAsUser", "runAsGroup") if key in context}
    return {**container, "securityContext": {**(container.get("securityContext") or {}), **own}}


def _with_argument(container: Container, user: int) -> Container:
    """Replace what follows the first ``-u``; root would exempt everything from redirection."""
    arguments = container.get("args") or []
    if not user or "-u" not in arguments[:-1]:
        return container
    place = arguments.index("-u") + 1
    return {**container, "args": [*arguments[:place], str(user), *arguments[place + 1 :]]}
