"""Why kube-inject leaves a workload alone, in istioctl's words; the workload is still read and written again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gotemplate.golib.quote import quote
from webhook.inject.containers import PROXY
from webhook.inject.decide import decide_offline
from webhook.inject.outcome import Reason
from webhook.inject.status import STATUS_ANNOTATION

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.workload_meta import Owner


def reason_to_skip(metadata: dict[str, Any], spec: dict[str, Any], owner: Owner, release: Release) -> str:
    """Return istioctl's warning about a workload that is not injected; empty for one that is."""
    if spec.get("hostNetwork"):
        return _warning(metadata, owner, "has host networking enabled", release)
    if _is_injected(metadata, spec, release):
        return _already_injected(metadata, owner, release)
    decision = decide_offline(metadata, spec, release)
    if decision.inject or decision.reason is Reason.NOT_ASKED:
        return ""
    return _warning(metadata, owner, "has sidecar injection disabled", release)


def _is_injected(metadata: dict[str, Any], spec: dict[str, Any], release: Release) -> bool:
    rule = release.kube_inject_skips_injected
    containers = spec.get("containers") or ()
    if rule == "never" or len(containers) < 2:
        return False
    if rule == "by status" and STATUS_ANNOTATION not in (metadata.get("annotations") or {}):
        return False
    return any(container.get("name") == PROXY for container in containers)


def _warning(metadata: dict[str, Any], owner: Owner, what: str, release: Release) -> str:
    kind = f"{owner.kind} " if release.skip_names_kind and owner.kind else ""
    prefix = "===> " if release.kube_inject_decides else ""
    return f"{prefix}Skipping injection because {kind}{quote(_name(metadata, owner, release))} {what}"


def _already_injected(metadata: dict[str, Any], owner: Owner, release: Release) -> str:
    if release.skip_names_kind:  # 1.13 to 1.16 handed the arguments of one message to another
        return (
            f"===> Skipping injection because {owner.kind} {_name(metadata, owner, release)} "
            f"{quote(PROXY)} has host networking enabled"
        )
    return _warning(metadata, owner, f"has injected {quote(PROXY)} sidecar already", release)


def _name(metadata: dict[str, Any], owner: Owner, release: Release) -> str:
    name: str = metadata.get("name", "")
    if not release.kube_inject_decides:
        return name
    name = name or owner.metadata.get("name", "")
    if not release.skip_names_namespace:
        return name
    namespace = owner.metadata.get("namespace", "")  # also where the template names another one
    return f"{namespace}/{name}" if namespace else name
