"""The configurations of golden cases: each built once of the texts of its set, then given what a case changes in the mesh."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from conformance.mesh_settings import assign_all, in_test_mode
from conformance.pods import settings_of
from webhook.config.model import build_snapshot
from webhook.config.release import release_of
from webhook.inject.funcs import function_table
from webhook.kube import gojson
from webhook.mesh.mesh import default_mesh

if TYPE_CHECKING:
    from conformance.manifest import Case, ConfigSet, Manifest
    from webhook.config.model import Snapshot


def snapshot_of(case: Case, manifest: Manifest) -> Snapshot:
    """Return the configuration that a case is injected with: that of its set, with the case's own mesh and version.

    Raises:
        ConfigError: the configuration is refused, which some cases expect.
    """
    fields = manifest.sets[case.config or ""]
    texts = _inject_config(fields, manifest), _mesh_text(case, fields, manifest), _values_text(fields, manifest)
    environment = tuple(sorted(settings_of(case, manifest).environment.items()))
    test_mode = bool(case.params.get("mesh_test_mode"))
    snapshot = _built(texts, fields.name, manifest.release, environment, test_mode)
    mesh = in_test_mode(snapshot.mesh) if test_mode else snapshot.mesh
    version = case.params.get("version") or snapshot.version
    return snapshot._replace(mesh=assign_all(mesh, case.mesh.get("set") or {}), version=version)


@lru_cache(maxsize=64)
def _built(
    texts: tuple[str, str | None, str | None],
    name: str,
    version: str,
    environment: tuple[tuple[str, str], ...],
    test_mode: bool,
) -> Snapshot:
    """Build the snapshot of a configuration; most cases of a release share one.

    test_mode: 1.6 has a test that changes the built-in ProxyConfig.
    """
    defaults = in_test_mode(default_mesh(version)).proxy if test_mode else None
    return build_snapshot(
        *texts,
        release=release_of(version),
        funcs_for=lambda release: function_table(release, dict(environment), defaults),
        source=name,
    )


def _inject_config(fields: ConfigSet, manifest: Manifest) -> str:
    """Return the ``config`` document of a set; a bare template gets its policy here."""
    if fields.kind in ("config", "config+values+mesh"):
        return manifest.text(fields.fields["config"])
    template = manifest.text(fields.fields["template"])
    return gojson.dumps({"policy": fields.fields.get("policy", "enabled"), "template": template})


def _mesh_text(case: Case, fields: ConfigSet, manifest: Manifest) -> str | None:
    if case.mesh.get("base") != "set":
        return None
    return manifest.text(fields.fields["mesh"])


def _values_text(fields: ConfigSet, manifest: Manifest) -> str | None:
    """Return the values document of a set: a file, or the text itself where it is an object."""
    given: str | None = fields.fields.get("values")
    return given if given is None or given.startswith("{") else manifest.text(given)
