"""What a template sees: pod, workload, mesh and values as Go structs, under the field names of Istio's SidecarTemplateData."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gotemplate import values
from webhook.inject.images import init_image, proxy_image
from webhook.inject.settings import DEFAULTS, Settings
from webhook.inject.workload_meta import Owner
from webhook.kube.quantity import QuantityError, parse_quantity
from webhook.kube.schema import load_schema
from webhook.kube.structview import view

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.mesh.mesh import Mesh
    from webhook.mesh.messages import Message

NAMESPACED_NAME: Final = values.struct_type(
    "types.NamespacedName",
    (values.Field("Namespace", values.STRING), values.Field("Name", values.STRING)),
    (values.Method("String", lambda name: f"{name['Namespace']}/{name['Name']}", (), (values.STRING,)),),
)
_int64: Final = values.class_of(values.INT64)


class Subject(NamedTuple):
    """The pod a template is executed for, and what was found out about it before.

    ``metadata`` and ``spec`` in canonical form; ``owner`` its workload; ``mesh`` the configuration it sees and
    ``proxy`` its own ProxyConfig; ``native_sidecars`` whether its sidecar may be an init container; the user and group
    of the proxy, 0 where nothing sets them.
    """

    metadata: dict[str, Any]
    spec: dict[str, Any]
    owner: Owner
    mesh: Mesh
    proxy: Message
    native_sidecars: bool = False
    proxy_uid: int = 0
    proxy_gid: int = 0


def template_data(subject: Subject, snapshot: Snapshot, settings: Settings = DEFAULTS) -> values.Pointer:
    """Return the data for one pod, as a pointer: the members that the release has, in its order.

    Source: istio-inject-0.5-1.8, section 2.1; istio-inject-1.9-1.31, section 2.1.
    """
    data = _Data(subject, snapshot, settings)
    return values.Pointer(values.pointer_to(data.go_type), data)


class _Data(values.Struct):
    """The data; a member is made when the template first asks for it."""

    __slots__ = ("_source",)

    def __init__(self, subject: Subject, snapshot: Snapshot, settings: Settings) -> None:
        self.go_type = _type_of_data(subject, snapshot, settings)
        self.hidden = {}
        self.host = None
        self._source = (subject, snapshot, settings)

    def __missing__(self, name: str) -> values.Value:
        subject, snapshot, settings = self._source
        if name not in snapshot.release.template_data:
            raise KeyError(name)
        value = self[name] = _MEMBERS[name](subject, snapshot, settings)
        return value


def member_of(name: str, subject: Subject, snapshot: Snapshot, settings: Settings = DEFAULTS) -> values.Value:
    """Return one member of the data by its name."""
    return _MEMBERS[name](subject, snapshot, settings)


def _type_of_data(subject: Subject, snapshot: Snapshot, settings: Settings) -> values.Type:
    """Return the struct type, which is the same for all pods: every member has one type."""
    found: values.Type | None = snapshot.memory.get("type of data")
    if found is None:
        members = ((name, member_of(name, subject, snapshot, settings)) for name in snapshot.release.template_data)
        types = tuple((name, values.type_of(value) or values.ANY) for name, value in members)
        found = snapshot.memory["type of data"] = _data_type(types)
    return found


@cache
def _data_type(types: tuple[tuple[str, values.Type], ...]) -> values.Type:
    return values.struct_type("inject.SidecarTemplateData", [values.Field(name, type_) for name, type_ in types])


def _type_meta(subject: Subject, snapshot: Snapshot, _: Settings) -> values.Value:
    canonical = {"kind": subject.owner.kind, "apiVersion": subject.owner.api_version}
    pointer = snapshot.release.template_meta == "pointers"
    schema = load_schema(snapshot.release.kube_version)
    return view(schema, "meta/v1.TypeMeta", {k: v for k, v in canonical.items() if v}, pointer=pointer)


def _deployment_meta(subject: Subject, snapshot: Snapshot, _: Settings) -> values.Value:
    metadata, style = subject.owner.metadata, snapshot.release.template_meta
    if style == "values and a name":
        fields = {"Namespace": metadata.get("namespace", ""), "Name": metadata.get("name", "")}
        return values.Struct(NAMESPACED_NAME, fields)
    schema = load_schema(snapshot.release.kube_version)
    return view(schema, "meta/v1.ObjectMeta", metadata, pointer=style == "pointers")


def _object_meta(subject: Subject, snapshot: Snapshot, _: Settings) -> values.Value:
    release = snapshot.release
    schema = load_schema(release.kube_version)
    return view(schema, "meta/v1.ObjectMeta", subject.metadata, pointer=release.template_pod_is_pointer)


def _spec(subject: Subject, snapshot: Snapshot, _: Settings) -> values.Value:
    release = snapshot.release
    schema = load_schema(release.kube_version)
    return view(schema, "core/v1.PodSpec", subject.spec, pointer=release.template_pod_is_pointer)


def _proxy_config(subject: Subject, _snapshot: Snapshot, _: Settings) -> values.Value:
    return subject.mesh.proxy_view(subject.proxy)


def _inbound_mode(subject: Subject, _snapshot: Snapshot, _: Settings) -> str:
    policy = subject.mesh.message.get("inbound_traffic_policy")
    if policy is None:
        return "passthrough"
    enum = next(f.type for f in subject.mesh.schema.message(policy.name).fields if f.name == "mode")
    name = subject.mesh.schema.enum(enum).names.get(policy.get("mode", 0))
    return "localhost" if name == "LOCALHOST" else "passthrough"


CPU_ANNOTATIONS: Final = ("sidecar.istio.io/proxyCPULimit", "sidecar.istio.io/proxyCPU")
"""The annotations that say how much CPU the proxy has, in the order in which they count."""


def _concurrency(subject: Subject, snapshot: Snapshot, _: Settings) -> int:
    """Estimate how many workers the proxy will have: its setting, or for 0 what CPU it has (1.11 to 1.17)."""
    wanted = subject.proxy.get("concurrency")
    if wanted is None:
        return 2
    if wanted > 0:
        return int(wanted)
    annotations = subject.metadata.get("annotations") or {}
    amount = next((annotations[name] for name in CPU_ANNOTATIONS if annotations.get(name)), None)
    if amount is None:
        amount = _cpu_of_values(snapshot.values or {})
    return 2 if amount is None else _cores(str(amount))


def _cpu_of_values(chart: Mapping[str, Any]) -> Any:
    resources: Any = chart
    for key in ("global", "proxy", "resources"):
        resources = resources.get(key) if isinstance(resources, Mapping) else None
    for part in ("limits", "requests"):
        amount = ((resources or {}).get(part) or {}).get("cpu") if isinstance(resources, Mapping) else None
        if amount:
            return amount
    return None


def _cores(amount: str) -> int:
    try:
        return -(-parse_quantity(amount).milli_value() // 1000)
    except QuantityError:
        return 0


_CHANGES_MAP: Final = re.compile(
    r"(?:\{\{-?|[(|=])\s*(?:set|unset|merge|mergeOverwrite|mustMerge|mustMergeOverwrite)\s"
)
"""A call of one of Sprig's functions that change their first argument."""


def _values(_subject: Subject, snapshot: Snapshot, _: Settings) -> Mapping[str, Any]:
    """Return the values; a copy of them for templates that may change maps."""
    chart = snapshot.values or {}
    if snapshot.release.sprig and any(map(_changes_maps, snapshot.template_texts.values())):
        copied: Mapping[str, Any] = _copy(chart)
        return copied
    return chart


@lru_cache(maxsize=256)
def _changes_maps(text: str) -> bool:
    return _CHANGES_MAP.search(text) is not None


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


Member = Callable[[Subject, "Snapshot", Settings], values.Value]
_MEMBERS: Final[Mapping[str, Member]] = {
    "CompliancePolicy": lambda _subject, _snapshot, settings: settings.environment.get("COMPLIANCE_POLICY", ""),
    "DeploymentMeta": _deployment_meta,
    "EstimatedConcurrency": _concurrency,
    "InboundTrafficPolicyMode": _inbound_mode,
    "MeshConfig": lambda subject, _snapshot, _settings: subject.mesh.view,
    "NativeSidecars": lambda subject, _snapshot, _settings: subject.native_sidecars,
    "ObjectMeta": _object_meta,
    "ProxyConfig": _proxy_config,
    "ProxyGID": lambda subject, _snapshot, _settings: _int64(subject.proxy_gid),
    "ProxyImage": lambda subject, snapshot, _settings: proxy_image(
        subject.metadata, subject.proxy, snapshot.values or {}, snapshot.release
    ),
    "ProxyInitImage": lambda subject, snapshot, _settings: init_image(
        subject.metadata, snapshot.values or {}, snapshot.release
    ),
    "ProxyUID": lambda subject, _snapshot, _settings: _int64(subject.proxy_uid),
    "Revision": lambda _subject, _snapshot, settings: settings.revision,
    "Spec": _spec,
    "TypeMeta": _type_meta,
    "Values": _values,
}
