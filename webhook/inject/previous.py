"""What an earlier injection left in a pod: its status annotation, the overrides it kept, and the pod without all that.

Templates see the pod as it was before; the merge starts from the pod as it is. Source: istio-inject-1.9-1.31, section 3.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from webhook.inject.containers import CONTAINERS, INIT_CONTAINERS, find, of_pod, with_list
from webhook.inject.errors import InjectError
from webhook.inject.scrape_annotations import port_of, without_scraping
from webhook.inject.status import STATUS_ANNOTATION
from webhook.kube import gojson
from webhook.kube.schema import DecodeError, Schema, load_schema

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod
    from webhook.mesh.mesh import Mesh

OVERRIDES_ANNOTATION: Final = "proxy.istio.io/overrides"
OVERRIDES_TYPE: Final = "istio/inject.podOverrides"
_ROWS: Final = (
    "Containers containers []core/v1.Container omitempty",
    "InitContainers initContainers []core/v1.Container omitempty",
)
_STATUS_TYPE: Final = "istio/inject.SidecarInjectionStatus"
_STATUS_ROWS: Final = (
    "InitContainers initContainers []string",
    "Containers containers []string",
    "Volumes volumes []string",
    "ImagePullSecrets imagePullSecrets []string",
    "Revision revision string",
)


class OverridesError(InjectError):
    """The annotation with the overrides of an earlier injection cannot be read."""

    step = "overrides"


def annotations_of(pod: Pod) -> dict[str, str]:
    """Return the annotations of a pod, empty where it has none."""
    found: dict[str, str] = (pod.get("metadata") or {}).get("annotations") or {}
    return found


def is_injected(pod: Pod) -> bool:
    """Tell whether a pod says that it was injected before."""
    return STATUS_ANNOTATION in annotations_of(pod)


def injected_names(pod: Pod, part: str) -> frozenset[str]:
    """Return the names an earlier injection put into a list, under exactly this key; empty where the annotation does not tell."""
    text = annotations_of(pod).get(STATUS_ANNOTATION)
    if text is None:
        return frozenset()
    try:
        document: Any = gojson.loads(text)
    except gojson.JsonError:
        return frozenset()
    names = document.get(part) if isinstance(document, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return frozenset()
    return frozenset(names)


def _status(pod: Pod, release: Release) -> dict[str, Any] | None:
    """Return what the status annotation says, keys in any case; None where it is missing or not what an injector writes."""
    text = annotations_of(pod).get(STATUS_ANNOTATION)
    if text is None:
        return None
    schema = load_schema(release.kube_version)
    schema.tables.declare(_STATUS_TYPE, _STATUS_ROWS)
    try:
        return schema.decode(_STATUS_TYPE, gojson.loads(text, numbers="number"), coerce=False)
    except (gojson.JsonError, DecodeError):
        return None


def pod_before(pod: Pod, mesh: Mesh, release: Release) -> Pod:
    """Return the pod that templates see: without injected containers, with overridden ones back in.

    Raises:
        OverridesError: the overrides cannot be read.
    """
    return _with_overrides(_stripped(pod, mesh, release), release)


def _stripped(pod: Pod, mesh: Mesh, release: Release) -> Pod:
    status = _status(pod, release)
    if status is None:
        return pod
    result = pod
    for part in (CONTAINERS, INIT_CONTAINERS):
        names = frozenset(status.get(part) or ())
        if names:
            kept = [item for item in of_pod(result, part) if item.get("name", "") not in names]
            result = with_list(result, part, kept)
    annotations = annotations_of(pod)
    if port_of(annotations, release) == str(mesh.proxy.get("status_port", 0)):
        annotations = without_scraping(annotations, release)
    annotations = {key: value for key, value in annotations.items() if key != STATUS_ANNOTATION}
    return {**result, "metadata": {**result["metadata"], "annotations": annotations}}


def _with_overrides(pod: Pod, release: Release) -> Pod:
    for part, containers in read_overrides(pod, release).items():
        known = of_pod(pod, part)
        added = [item for item in containers if find(item.get("name", ""), known) is None]
        if added:
            pod = with_list(pod, part, [*known, *added])
    return pod


def overrides_schema(release: Release) -> Schema:
    """Return the release's schema with the type of the overrides annotation."""
    schema = load_schema(release.kube_version)
    schema.tables.declare(OVERRIDES_TYPE, _ROWS)
    return schema


def read_overrides(pod: Pod, release: Release) -> dict[str, list[dict[str, Any]]]:
    """Return the containers that an earlier injection found in the pod and laid over its own, by list.

    Raises:
        OverridesError: the annotation is no JSON, or not of containers.
    """
    text = annotations_of(pod).get(OVERRIDES_ANNOTATION)
    if text is None:
        return {}
    try:
        document = gojson.loads(text, numbers="number")
        return overrides_schema(release).decode(OVERRIDES_TYPE, document, coerce=False)
    except (gojson.JsonError, DecodeError) as error:
        raise OverridesError(str(error)) from error
