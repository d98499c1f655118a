"""When the pod's file system group becomes the proxy's."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.mesh_settings import assign_all
from webhook.config.release import release_of
from webhook.inject.fs_group import with_fs_group
from webhook.inject.settings import Settings
from webhook.mesh.mesh import default_mesh

OWN = {"runAsUser": 5, "fsGroup": 7}
SDS = {"sdsUdsPath": "unix:/x"}
ROWS: list[tuple[str, dict[str, Any], dict[str, str], dict[str, Any]]] = [
    ("1.0.9", {}, {}, OWN),
    ("1.1.17", SDS, {}, OWN),
    ("1.1.17", {**SDS, "enableSdsTokenMount": True}, {}, {"fsGroup": 1337}),
    ("1.3.8", {}, {}, OWN),
    ("1.3.8", SDS, {}, {"fsGroup": 1337}),
    ("1.5.10", SDS, {}, {"runAsUser": 5, "fsGroup": 1337}),
    ("1.8.6", {}, {}, {"runAsUser": 5, "fsGroup": 1337}),
    ("1.8.6", {}, {"JWT_POLICY": "first-party-jwt"}, OWN),
    ("1.8.6", {}, {"ENABLE_LEGACY_FSGROUP_INJECTION": "false"}, OWN),
    ("1.15.7", {}, {}, OWN),
    ("1.15.7", {}, {"ENABLE_LEGACY_FSGROUP_INJECTION": "true"}, {"runAsUser": 5, "fsGroup": 1337}),
    ("1.19.10", {}, {"ENABLE_LEGACY_FSGROUP_INJECTION": "true"}, OWN),
]


@pytest.mark.parametrize(("version", "mesh", "environment", "expected"), ROWS)
def test_security_context(
    version: str, mesh: dict[str, Any], environment: dict[str, str], expected: dict[str, Any]
) -> None:
    assigned = assign_all(default_mesh(version), mesh)
    spec = with_fs_group({"securityContext": OWN}, assigned, release_of(version), Settings(environment))
    assert spec["securityContext"] == expected
