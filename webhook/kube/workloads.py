"""The kinds of Kubernetes object that hold a pod template, and where each of them keeps it.

A kind is found by its name alone, whatever its apiVersion says: Istio registers its types without a version too.
Source: istio-inject-0.5-1.8 section 4.3, istio-inject-1.9-1.31 sections 4.3 and 8.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TEMPLATE: Final = ("spec", "template")
_JOB_TEMPLATE: Final = ("spec", "jobTemplate")


@dataclass(frozen=True, slots=True)
class Workload:
    """A kind that can be injected.

    ``go_type`` is the struct it is decoded into. ``metadata_path`` leads to the metadata that labels and annotations go to,
    ``spec_path`` to the pod spec; both are empty for a List, which holds other objects.
    """

    kind: str
    go_type: str
    metadata_path: tuple[str, ...] = (*TEMPLATE, "metadata")
    spec_path: tuple[str, ...] = (*TEMPLATE, "spec")


def _cron_job(go_type: str) -> Workload:
    # Annotations of a CronJob go to its job template, not to the pod template inside: golden cronjob.yaml of every release.
    return Workload("CronJob", go_type, (*_JOB_TEMPLATE, "metadata"), (*_JOB_TEMPLATE, *TEMPLATE, "spec"))


_POD: Final = Workload("Pod", "core/v1.Pod", ("metadata",), ("spec",))
_LIST: Final = Workload("List", "core/v1.List", (), ())
_CONFIG: Final = Workload("DeploymentConfig", "openshift/apps/v1.DeploymentConfig")
_FIRST: Final = (
    _cron_job("batch/v2alpha1.CronJob"),
    Workload("DaemonSet", "extensions/v1beta1.DaemonSet"),
    Workload("Deployment", "extensions/v1beta1.Deployment"),
    Workload("Job", "batch/v1.Job"),
    Workload("ReplicaSet", "extensions/v1beta1.ReplicaSet"),
    Workload("ReplicationController", "core/v1.ReplicationController"),
    Workload("StatefulSet", "apps/v1beta1.StatefulSet"),
)
_APPS: Final = tuple(
    Workload(known.kind, f"apps/v1.{known.kind}") if known.go_type.startswith(("apps/", "extensions/")) else known
    for known in (*_FIRST, _LIST, _CONFIG, _POD)
)
_BATCH: Final = tuple(_cron_job("batch/v1.CronJob") if known.kind == "CronJob" else known for known in _APPS)

ERAS: Final[dict[str, dict[str, Workload]]] = {
    era: {known.kind: known for known in kinds}
    for era, kinds in {
        "0.5": _FIRST,
        "0.6": (*_FIRST, _LIST, _CONFIG),
        "1.0": (*_FIRST, _LIST, _CONFIG, _POD),
        "1.2": _APPS,
        "1.11": _BATCH,
    }.items()
}
"""First Istio release with a set of kinds → the kinds by name."""


def find_workload(kind: object, era: str) -> Workload | None:
    """Return the workload a kind names in an era, None for a kind that is passed on unchanged."""
    return ERAS[era].get(kind) if isinstance(kind, str) else None
