"""What a template sees: the pod and the mesh as Go structs, under the field names of Istio's SidecarTemplateData."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gotemplate import values
from webhook.kube.schema import load_schema
from webhook.kube.structview import view

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

_TYPE: Final = values.struct_type(
    "inject.SidecarTemplateData",
    [values.Field(name, values.ANY) for name in ("ObjectMeta", "Spec", "ProxyConfig", "MeshConfig")],
)


def template_data(metadata: dict[str, Any], spec: dict[str, Any], snapshot: Snapshot) -> values.Struct:
    """Return the data for one pod: ``metadata`` and ``spec`` in canonical form, as pointers to structs; the mesh from the snapshot.

    Source: istio-inject-0.5-1.8, section 2.1.
    """
    schema = load_schema(snapshot.release.kube_version)
    return values.Struct(
        _TYPE,
        {
            "ObjectMeta": view(schema, "v1.ObjectMeta", metadata, pointer=True),
            "Spec": view(schema, "v1.PodSpec", spec, pointer=True),
            "ProxyConfig": snapshot.mesh.default_config_view,
            "MeshConfig": snapshot.mesh.view,
        },
    )
