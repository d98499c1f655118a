"""Templates over the mesh give what Go gives over the published API module: output, types, error texts."""

import json
from pathlib import Path

import pytest

from gotemplate import ExecError, Template
from gotemplate import values as go
from webhook.mesh.mesh import Mesh
from webhook.mesh.messages import Message
from webhook.mesh.protojson import Reader
from webhook.mesh.schema import MESH_CONFIG, PROXY_CONFIG, schema_of
from webhook.mesh.views import views_of

RECORDED = json.loads((Path(__file__).parent / "view_vectors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def data():
    schema = schema_of(RECORDED["release"])
    mesh = Mesh(schema, Reader(schema).read(RECORDED["mesh"], Message(MESH_CONFIG)))
    views = views_of(schema)
    types = {"MeshConfig": views.message_type(MESH_CONFIG), "ProxyConfig": views.message_type(PROXY_CONFIG)}
    struct = go.struct_type("main.data", [go.Field(name, go.pointer_to(go_type)) for name, go_type in types.items()])
    return go.Struct(struct, {"MeshConfig": mesh.view, "ProxyConfig": mesh.default_config_view})


def one_space(text):
    """Undo what a build of the Go library chooses: one or two spaces between fields."""
    return text.replace("  ", " ")


@pytest.mark.parametrize("row", RECORDED["rows"], ids=lambda row: row["template"])
def test_a_template_says_what_it_says_in_go(data, row):
    template = Template("inject").parse(row["template"])
    if "error" in row:
        with pytest.raises(ExecError) as caught:
            template.render(data)
        assert str(caught.value) == row["error"]
    else:
        assert one_space(template.render(data)) == one_space(row.get("output", ""))
