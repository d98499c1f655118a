"""The kinds that carry a pod template: which Go type reads them, and where the pod and its metadata are.

kube-inject knows a document by its ``kind`` alone: every type is also registered without a version, so that any
apiVersion will do. Which kinds are known, and which struct reads them, changed with the Istio release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

Era = Literal["0.5", "0.6", "1.0", "1.2", "1.11"]
"""The first release of a run of releases that know the same kinds."""

NEWEST_ERA: Final[Era] = "1.11"

Path = tuple[str, ...]


class Workload(NamedTuple):
    """A known kind: the struct that reads it, and the paths to the pod (``metadata`` and ``spec``) and to the annotated
    metadata.

    ``template`` is empty for a Pod. ``metadata`` is where kube-inject writes annotations and labels: that of the pod
    template, except for a CronJob, whose job template has it. ``pointer`` says that the template may be missing (a nil
    pointer in Go).
    """

    kind: str
    type_name: str
    template: Path
    metadata: Path
    pointer: bool = False


def _plain(kind: str, type_name: str, *, pointer: bool = False) -> Workload:
    return Workload(kind, type_name, ("spec", "template"), ("spec", "template", "metadata"), pointer)


def _cron_job(package: str) -> Workload:
    job_template = ("spec", "jobTemplate")
    return Workload("CronJob", f"{package}.CronJob", (*job_template, "spec", "template"), (*job_template, "metadata"))


POD: Final = Workload("Pod", "core/v1.Pod", (), ("metadata",))
_SINCE_0_5: Final = (
    _plain("DaemonSet", "extensions/v1beta1.DaemonSet"),
    _plain("Deployment", "extensions/v1beta1.Deployment"),
    _plain("Job", "batch/v1.Job"),
    _plain("ReplicaSet", "extensions/v1beta1.ReplicaSet"),
    _plain("ReplicationController", "core/v1.ReplicationController", pointer=True),
    _plain("StatefulSet", "apps/v1beta1.StatefulSet"),
    _cron_job("batch/v2alpha1"),
)
_SINCE_0_6: Final = (_plain("DeploymentConfig", "openshift/apps/v1.DeploymentConfig", pointer=True),)
_SINCE_1_2: Final = tuple(
    _plain(kind, f"apps/v1.{kind}") for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
)
_SINCE_1_11: Final = (_cron_job("batch/v1"),)


def _table(*groups: tuple[Workload, ...]) -> Mapping[str, Workload]:
    return {workload.kind: workload for group in groups for workload in group}


WORKLOADS: Final[Mapping[Era, Mapping[str, Workload]]] = {
    "0.5": _table(_SINCE_0_5),
    "0.6": _table(_SINCE_0_5, _SINCE_0_6),
    "1.0": _table(_SINCE_0_5, _SINCE_0_6, (POD,)),
    "1.2": _table(_SINCE_0_5, _SINCE_0_6, (POD,), _SINCE_1_2),
    "1.11": _table(_SINCE_0_5, _SINCE_0_6, (POD,), _SINCE_1_2, _SINCE_1_11),
}
"""The kinds by era.

Besides them, ``List`` (core/v1.List) is known from 0.6 on: its items are documents of their own.
"""

LIST_TYPE: Final = "core/v1.List"


def workload_of(kind: str, era: Era) -> Workload | None:
    """Return what is known about a kind in an era; None for a kind that passes through untouched (and for ``List``)."""
    return WORKLOADS[era].get(kind)


def value_at(value: Any, path: Iterable[str]) -> Any:
    """Return what is at a path of keys, None if some of it is not there."""
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def with_value_at(value: Mapping[str, Any], path: Path, new: Any) -> dict[str, Any]:
    """Return a copy in which a path of keys has a new value.

    What is not on the way is shared, missing steps are made.
    """
    if not path:
        return dict(new)
    head, rest = path[0], path[1:]
    inner = new if not rest else with_value_at(value.get(head) or {}, rest, new)
    return {**value, head: inner}
