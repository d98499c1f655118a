"""The file system group of the pod: 1337, so that the proxy's user can read the token of the service account.

Source: istio-inject-0.5-1.8, section 3.3 (a workaround of Istio's for Kubernetes 57923).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gotemplate.golib.strconv import NumError, parse_bool

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.settings import Settings
    from webhook.mesh.mesh import Mesh

PROXY_GROUP: Final = 1337
_FLAG: Final = "ENABLE_LEGACY_FSGROUP_INJECTION"


def with_fs_group(spec: dict[str, Any], mesh: Mesh, release: Release, settings: Settings) -> dict[str, Any]:
    """Return the pod spec with the proxy's group, where the release, the mesh or a flag ask for it.

    Until 1.4.4 the whole security context of the pod is replaced.
    """
    if not _is_wanted(mesh, release, settings):
        return spec
    keeps = release.fs_group not in ("with token mount", "with sds path")
    context = spec.get("securityContext") or {}
    return {**spec, "securityContext": {**(context if keeps else {}), "fsGroup": PROXY_GROUP}}


def _is_wanted(mesh: Mesh, release: Release, settings: Settings) -> bool:
    style = release.fs_group
    if style == "no":
        return False
    if style.startswith("legacy"):
        return _flag(settings, default=style == "legacy on")
    if not mesh.message.get("sds_uds_path"):
        return False
    return style != "with token mount" or bool(mesh.message.get("enable_sds_token_mount"))


def _flag(settings: Settings, *, default: bool) -> bool:
    if default and settings.environment.get("JWT_POLICY") == "first-party-jwt":
        default = False
    try:
        return parse_bool(settings.environment.get(_FLAG, ""))
    except NumError:
        return default
