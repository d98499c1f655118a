"""What templates see of pods and meshes: methods of the pod's metadata, JSON as Go's types have it, names in errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from webhook.config.model import Snapshot
from webhook.inject.errors import InjectError
from webhook.inject.pipeline import inject_template
from webhook.inject.settings import Settings
from webhook.inject.workload_meta import Owner

Configure = Callable[..., Snapshot]
METADATA = {"name": "p", "labels": {"app": "web"}}
CONTAINER = {"name": "a", "resources": {"limits": {"cpu": "1"}}, "livenessProbe": {"httpGet": {"port": "web"}}}


def rendered(snapshot: Snapshot, fast: str = "on") -> str:
    owner = Owner("Pod", "v1", METADATA)
    settings = Settings(fast=fast)  # type: ignore[arg-type]
    metadata, _ = inject_template(METADATA, {"containers": [CONTAINER]}, owner, snapshot, settings)
    return metadata["annotations"]["out"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (".ObjectMeta.GetName", "p"),
        ("index .ObjectMeta.GetLabels `app`", "web"),
        ("len .ObjectMeta.GetAnnotations", "0"),
        ("toJson (index .Spec.Containers 0)",
         '{"name":"a","resources":{"limits":{"cpu":"1"}},"livenessProbe":{"httpGet":{"port":"web"}}}'),
        ("toRawJson (index .Spec.Containers 0).LivenessProbe.HTTPGet.Port", '"web"'),
        ("mustToJson (index .Spec.Containers 0).Resources.Limits", '{"cpu":"1"}'),
        ("toJson .ObjectMeta", '{"name":"p","labels":{"app":"web"}}'),
        ("toJson .MeshConfig.ConnectTimeout", '{"seconds":10}'),
        ("toJson .MeshConfig.EnableAutoMtls", '{"value":true}'),
        ("toJson .MeshConfig.OutboundTrafficPolicy", '{"mode":"ALLOW_ANY"}'),
        ("structToJSON .MeshConfig.InboundTrafficPolicy", "{}"),
        ("toYaml .MeshConfig.OutboundTrafficPolicy", "mode: ALLOW_ANY\n"),
        ("toYaml .MeshConfig.ConnectTimeout", "seconds: 10\n"),
        (".ProxyConfig.InterceptionMode.Number", "0"),
        ("protoToJSON .MeshConfig.ConnectTimeout", '"10s"'),
        ("protoToJSON .MeshConfig.EnableAutoMtls", "true"),
        ("protoToJSON .ProxyConfig.Concurrency", "{}"),
        ("(deepCopy (index .Spec.Containers 0)).Name", "a"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("fast", ["on", "off"])
def test_expressions(configure: Configure, expression: str, text: str, fast: str) -> None:
    template = f"metadata:\n  annotations:\n    out: {{{{ {expression} | toString | quote }}}}\n"
    assert rendered(configure("1.31", sidecar=template), fast) == text


def test_an_unknown_member(configure: Configure) -> None:
    problem = r"can't evaluate field Nope in type \*inject.SidecarTemplateData$"
    with pytest.raises(InjectError, match=problem):
        rendered(configure("1.31", sidecar="{{ .Nope }}"))
