"""The story of one pod since Istio 1.9: render the named templates, merge each into the pod, finish, and tell the difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from webhook.inject.annotations import validate_annotations
from webhook.inject.data import Subject
from webhook.inject.errors import InjectError, OverlayError
from webhook.inject.init_user import adjust_init_user
from webhook.inject.native import supports_native, wants_native, with_proxy_moved
from webhook.inject.openshift import DEFAULT_ID, is_openshift, proxy_ids, without_assigned_user
from webhook.inject.outcome import POD_TYPE, Operation, Overlay, Request
from webhook.inject.overrides import reapply_overrides
from webhook.inject.patches import Patch, lay_patch_over
from webhook.inject.postprocess import Facts, post_process
from webhook.inject.previous import pod_before
from webhook.inject.proxy_config import mesh_and_proxy, mesh_of_pod
from webhook.inject.proxy_env import proxy_environment
from webhook.inject.rendered import rendered
from webhook.inject.templates import select_templates
from webhook.inject.workload_meta import Owner, owner_of_pod
from webhook.kube.jsondiff import diff, diff_by_index
from webhook.kube.schema import load_schema

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.inject.outcome import Pod
    from webhook.inject.settings import Settings
    from webhook.mesh.mesh import Mesh


Answer = tuple[Overlay, tuple[Operation, ...]]
"""What is injected into a pod, and the patch that does it."""

REPLICAS_AFTER: Final = 1
"""Pods that got an overlay before the next ones are compared with the last of them."""

UNLIKE: Final = 8
"""Pods in a row with an overlay, each unlike the one before, after which they are no longer compared."""


class StepError(InjectError):
    """A step of the merge failed; the text says which, ``__cause__`` is the step's own error."""

    def __init__(self, words: str, cause: InjectError) -> None:
        super().__init__(f"{words}: {cause}")
        self.step = cause.step


class _Words:
    """A context that says of a failure which step it was."""

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        self._words = words

    def __enter__(self) -> None:
        """Begin the step."""

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, InjectError):
            raise StepError(self._words, error) from error


_RENDERING: Final = _Words("failed to run injection template")
_REAPPLYING: Final = _Words("failed to re apply container")
_FINISHING: Final = _Words("failed to process pod")


class ValuesError(InjectError):
    """The values document of the configuration was not readable."""

    step = "values"


class _Case(NamedTuple):
    """A pod with all that was found out about it: its workload, the mesh it goes by, and how it is injected."""

    pod: Pod
    owner: Owner
    environment: Mapping[str, str]
    ids: tuple[int, int]
    native: bool
    offline: bool


def merge_for_pod(pod: Pod, request: Request, snapshot: Snapshot, settings: Settings) -> Answer:
    """Return what is injected into a pod in admission, and the patch that does it.

    Raises:
        InjectError: a step failed.
    """
    release = snapshot.release
    if release.drops_managed_fields and "managedFields" in (pod.get("metadata") or {}):
        pod = {**pod, "metadata": {k: v for k, v in pod["metadata"].items() if k != "managedFields"}}
    ids = (DEFAULT_ID, DEFAULT_ID)
    if is_openshift(release, settings):
        pod = without_assigned_user(pod, release)
        ids = proxy_ids(settings.namespaces.get((pod.get("metadata") or {}).get("namespace", "")))
    owner = owner_of_pod(pod, release, namespace=request.namespace)
    environment = proxy_environment(pod.get("metadata") or {}, request.path, snapshot)
    native = supports_native(pod, release, settings)
    return _answer(_Case(pod, owner, environment, ids, native, False), snapshot, settings)


def merge_for_template(
    metadata: dict[str, Any], spec: dict[str, Any], owner: Owner, snapshot: Snapshot, settings: Settings
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return metadata and spec of a pod template with the sidecar: what kube-inject does.

    Raises:
        InjectError: a step failed.
    """
    pod = {key: part for key, part in (("metadata", metadata), ("spec", spec)) if part}
    if snapshot.release.kube_inject_reads_proxy_config_first:
        mesh_of_pod(metadata, snapshot)
    environment = proxy_environment(metadata, "", snapshot)
    native = supports_native(pod, snapshot.release, settings)
    case = _Case(pod, owner, environment, (DEFAULT_ID, DEFAULT_ID), native, True)
    with _RENDERING:
        subject, mesh = _subject(case, snapshot)
        patches = rendered(select_templates(pod, snapshot, offline=True), subject, snapshot, settings)
    _, final = _injected(case, subject, mesh, patches, snapshot, settings)
    return final.get("metadata") or {}, final.get("spec") or {}


def _answer(case: _Case, snapshot: Snapshot, settings: Settings) -> Answer:
    """Return what is injected into a pod and the patch: for a pod like the last one that got an overlay, the same patch."""
    with _RENDERING:
        subject, mesh = _subject(case, snapshot)
        names = select_templates(case.pod, snapshot, offline=False)
        patches = rendered(names, subject, snapshot, settings)
        only = next(patches) if len(names) == 1 else None
    shows_names = snapshot.release.patch_style == "diff by index"  # those of volumes that are moved
    if only is None or only.used <= REPLICAS_AFTER or only.unlike >= UNLIKE or shows_names:
        return _computed(case, subject, mesh, patches if only is None else (only,), snapshot, settings)
    from webhook.inject.replicas import likeness_of, suits_replicas  # only the webhook sees so many pods

    likeness = likeness_of(case.pod)
    key = (likeness, case.native, tuple(case.environment.items()))
    if likeness and only.answer is not None and only.answer[0] == key:
        only.unlike = 0
        kept: Answer = only.answer[1]
        return kept
    only.unlike += 1
    answer = _computed(case, subject, mesh, (only,), snapshot, settings)
    only.answer = (key, answer) if likeness and suits_replicas(*answer) else None
    return answer


def _computed(
    case: _Case, subject: Subject, mesh: Mesh, patches: Iterable[Patch], snapshot: Snapshot, settings: Settings
) -> Answer:
    overlay, final = _injected(case, subject, mesh, patches, snapshot, settings)
    return overlay, _difference(case.pod, final, overlay, snapshot, settings)


def _difference(
    pod: Pod, final: Pod, overlay: Overlay, snapshot: Snapshot, settings: Settings
) -> tuple[Operation, ...]:
    schema = load_schema(snapshot.release.kube_version)
    if settings.fast != "off":
        from webhook.kube.typed_diff import typed_diff

        by_index = snapshot.release.patch_style == "diff by index"
        found = typed_diff(schema, by_index=by_index).of(POD_TYPE, pod, final, overlay.known)
        return cast("tuple[Operation, ...]", tuple(found))
    make = diff_by_index if snapshot.release.patch_style == "diff by index" else diff
    operations = make(schema.encode(POD_TYPE, pod), schema.encode(POD_TYPE, final))
    return cast("tuple[Operation, ...]", tuple(operations))


def _injected(
    case: _Case, subject: Subject, mesh: Mesh, patches: Iterable[Patch], snapshot: Snapshot, settings: Settings
) -> tuple[Overlay, Pod]:
    """Return what the templates give together, and the finished pod."""
    with _RENDERING:
        template_pod, merged, laid = _merged(case, patches, snapshot)
    with _REAPPLYING:
        merged = reapply_overrides(merged, case.pod, template_pod, snapshot.release)
    if snapshot.release.adjusts_init_container_user:
        merged = adjust_init_user(merged, case.pod, subject.proxy, snapshot.release)
    overlay = _overlay(template_pod, laid)
    with _FINISHING:
        annotated = _mesh_for_order(case.pod, mesh, snapshot)
        facts = Facts(overlay, mesh, annotated, case.environment, case.offline)
        return overlay, post_process(merged, facts, snapshot, settings)


def _overlay(template_pod: Pod, patches: list[Patch]) -> Overlay:
    spec: dict[str, Any] = template_pod.get("spec") or {}
    if len(patches) == 1:
        return Overlay(spec, patches[0].make_text, "", patches[0].known)
    known = {key: item for patch in patches for key, item in patch.known.items()}
    return Overlay(spec, lambda: "".join(patch.text for patch in patches), "", known)


def _subject(case: _Case, snapshot: Snapshot) -> tuple[Subject, Mesh]:
    """Return what templates see of the pod, and the mesh configuration that the later steps go by.

    Only kube-inject from 1.13 on lets the pod's annotation into the latter.
    """
    release = snapshot.release
    metadata: dict[str, Any] = case.pod.get("metadata") or {}
    validate_annotations(metadata.get("annotations") or {}, release)
    mesh, proxy = mesh_and_proxy(metadata, snapshot, offline=case.offline)
    if release.values_must_parse and snapshot.values is None:
        raise ValuesError("failed to parse values.yaml; check Istiod logs for errors")
    before = pod_before(case.pod, snapshot.mesh, release)
    later = mesh if case.offline and release.kube_inject_reads_proxy_config_first else snapshot.mesh
    subject = Subject(
        before.get("metadata") or {}, before.get("spec") or {}, case.owner, mesh, proxy, case.native, *case.ids
    )
    return subject, later


def _merged(case: _Case, patches: Iterable[Patch], snapshot: Snapshot) -> tuple[Pod, Pod, list[Patch]]:
    """Return the pod that the templates make by themselves, the pod with all of them merged in, and these."""
    release = snapshot.release
    template_pod: Pod = {}
    merged, laid = case.pod, []
    for patch in patches:
        laid.append(patch)
        if release.merges_template_pod_first:
            template_pod = _over_template(template_pod, patch, snapshot)
            if wants_native(merged, release, supported=case.native):
                merged = with_proxy_moved(merged, template_pod)
        merged = _over_pod(merged, patch, snapshot)
        if not release.merges_template_pod_first:
            template_pod = _over_template(template_pod, patch, snapshot)
    return template_pod, merged, laid


def _over_template(template_pod: Pod, patch: Patch, snapshot: Snapshot) -> Pod:
    return _laid_over(template_pod, patch, snapshot, "failed applying injection overlay")


def _over_pod(pod: Pod, patch: Patch, snapshot: Snapshot) -> Pod:
    words = "failed parsing generated injected YAML (check Istio sidecar injector configuration)"
    return _laid_over(pod, patch, snapshot, words)


def _laid_over(pod: Pod, patch: Patch, snapshot: Snapshot, words: str) -> Pod:
    """Lay a patch over a pod; ``words`` say which merge failed. A text that is no YAML was found out before either, to 1.13."""
    try:
        return lay_patch_over(pod, patch, snapshot.release)
    except OverlayError as error:
        if snapshot.release.merge_rules == "json" and str(error).startswith("yaml to json: "):
            raise
        raise OverlayError(f"{words}: {error}", line=error.line, text=error.text) from error


def _mesh_for_order(pod: Pod, mesh: Mesh, snapshot: Snapshot) -> Mesh:
    return mesh if mesh is not snapshot.mesh else mesh_of_pod(pod.get("metadata") or {}, snapshot)
