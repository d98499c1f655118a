"""What must hold for every pod that is injected, whatever the configuration: checks that need no golden.

``patch``: it applies by RFC 6902, and gives a pod that Kubernetes decodes to the same. ``idempotent``: injecting the
result changes nothing. ``foreign``: nothing of the pod that no template names is lost or changed, but by the documented
steps. ``minimal``: the patch has no operation too many. ``both ways``: kube-inject gives the pod that admission gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

import jsonpatch
import jsonpointer

from conformance.allowances import BOTH_WAYS, EMPTY_MAP, IDEMPOTENCE, LEFT_ALONE, PATCH, UNTELLABLE, allowed
from conformance.foreign import changed_by_nobody
from conformance.pods import POD_TYPE, pods_of
from conformance.trial import Json, Trial, admit
from webhook.inject.errors import InjectError, UnappliedError
from webhook.inject.settings import DEFAULTS
from webhook.kube.jsondiff import diff_by_index
from webhook.kube.jsonpatch import PatchError, apply_patch
from webhook.kube.schema import DecodeError, load_schema
from webhook.kubeinject.transform import DocumentError, inject_documents

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.inject.settings import Settings

INVARIANTS: Final = ("patch", "idempotent", "foreign", "minimal", "both ways")
"""Their names, in the order in which they are reported."""
INJECTIONS_TO_REST: Final = 2
"""After a second injection that changed something: one step may look at what another has changed only then.

Istio from 1.19 on takes the user of the network set-up from the istio-proxy that came, and drops overrides of the same.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of an invariant for one pod.

    problem: what is wrong, empty where nothing is. allowance: names the reasons why it holds only in part, empty where
    it holds strictly.
    """

    invariant: str
    problem: str = ""
    allowance: str = ""


def check_pod(trial: Trial) -> Iterator[Finding]:
    """Yield what each invariant of a single injection says; a pod that was not injected has nothing to fulfil.

    Where the patch does not apply there is no result that the others could look at. The literal recipe of releases to
    1.8 sets values whatever they were, and need not be minimal.
    """
    if not trial.injected:
        return
    if trial.error:
        allowance = allowed(trial.before, {}, trial, PATCH)
        yield Finding("patch", "" if allowance else trial.error, allowance or "")
        return
    for name, check in _CHECKS.items():
        if name == "minimal" and trial.release.patch_style == "recipe":
            continue
        finding = check(trial, name)
        yield finding
        if finding.problem and name == "patch":
            return


def _check_patch(trial: Trial, name: str) -> Finding:
    """Apply the patch by another implementation, and read the result as the API server does."""
    pod, patch = json.loads(json.dumps([trial.before, trial.outcome.patch]))  # no parts in common, as on the wire
    try:
        applied = jsonpatch.apply_patch(pod, patch, in_place=True)
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as error:
        return Finding(name, f"it does not apply: {error}")
    if applied != trial.after:
        return Finding(name, f"two implementations do not agree: {_difference(trial.after, applied)}")
    schema = load_schema(trial.release.kube_version)
    try:
        kept = schema.encode(POD_TYPE, schema.decode(POD_TYPE, applied, coerce=False))
    except DecodeError as error:
        return Finding(name, f"the result is no pod: {error}")
    return Finding(name, _difference(applied, kept))


def _check_idempotence(trial: Trial, name: str) -> Finding:
    """Inject the result again; where it may change, it must come to rest."""
    try:
        second = trial.again()
        if second.error:
            allowance = allowed(second.before, {}, second, PATCH)
            return Finding(name, "" if allowance else f"the second patch: {second.error}", allowance or "")
        allowance = allowed(trial.after, second.after, trial, IDEMPOTENCE)
        if allowance is None:
            return Finding(name, _difference(trial.after, second.after))
        return Finding(name, _unrest(second) if allowance else "", allowance)
    except InjectError as error:
        if UNTELLABLE.applies(trial):
            return Finding(name, allowance=UNTELLABLE.name)
        return Finding(name, f"the injected pod is refused: {error}")


def _unrest(trial: Trial) -> str:
    """Return what still changes after some more injections; empty when nothing does."""
    for _ in range(INJECTIONS_TO_REST):
        trial, former = trial.again(), trial
        if trial.after == former.after:
            return ""
    return f"it does not come to rest: {_difference(former.after, trial.after)}"


def _check_foreign(trial: Trial, name: str) -> Finding:
    return Finding(name, "; ".join(changed_by_nobody(trial)))


def _check_minimal(trial: Trial, name: str) -> Finding:
    """Look for an operation without effect: one that changes nothing, or that the result does not need."""
    operations = trial.outcome.patch
    document = trial.before
    for index, operation in enumerate(operations):
        changed = apply_patch(document, [operation])
        if changed == document or _leads_to(trial, [*operations[:index], *operations[index + 1 :]]):
            return Finding(name, f"not needed: {operation['op']} {operation['path']}")
        document = changed
    return Finding(name)


def _leads_to(trial: Trial, operations: list[Any]) -> bool:
    try:
        return bool(apply_patch(trial.before, operations) == trial.after)
    except PatchError:
        return False


_CHECKS: Final[dict[str, Callable[[Trial, str], Finding]]] = {
    "patch": _check_patch,
    "idempotent": _check_idempotence,
    "foreign": _check_foreign,
    "minimal": _check_minimal,
}


_ALONE: Final = "admission alone refuses: {}"


def check_both_ways(text: str, snapshot: Snapshot, settings: Settings = DEFAULTS) -> Iterator[Finding]:
    """Yield, for each workload of a stream, whether kube-inject gives the pod that admission of its pod gives.

    Nothing is compared up to 1.7, whose kube-inject edits objects by rules of its own.
    """
    if snapshot.release.kube_inject_style == "edit":
        return
    name = "both ways"
    refusals, trials = _admitted(text, snapshot, settings)
    passed_over: list[str] = []
    try:
        injected = "".join(inject_documents(text.splitlines(keepends=True), snapshot, passed_over.append, settings))
    except DocumentError as error:
        yield _refused(error, refusals)
        return
    if refusals:
        left_alone = passed_over and snapshot.release.kube_inject_skips_injected != "never"
        yield Finding(name, allowance=LEFT_ALONE.name) if left_alone else Finding(name, _ALONE.format(refusals[0]))
        return
    schema = load_schema(snapshot.release.kube_version)
    pods = [schema.encode(POD_TYPE, made.pod) for made in pods_of(injected, snapshot.release)]
    for trial, pod in zip_longest(trials, pods):
        if trial is None or pod is None:
            yield Finding(name, f"{len(trials)} pods are admitted, {len(pods)} are in the documents")
            return
        yield _compared(trial, pod)


def _refused(error: DocumentError, refusals: list[str]) -> Finding:
    if isinstance(error.cause, UnappliedError):
        return Finding("both ways", allowance=EMPTY_MAP.name)
    return Finding("both ways", "" if refusals else f"kube-inject alone refuses: {error}")


def _compared(trial: Trial, pod: Json) -> Finding:
    allowance = allowed(trial.after, pod, trial, BOTH_WAYS)
    problem = _difference(trial.after, pod) if allowance is None else ""
    return Finding("both ways", problem, allowance or "")


def _admitted(text: str, snapshot: Snapshot, settings: Settings) -> tuple[list[str], list[Trial]]:
    refusals, trials = [], []
    for made in pods_of(text, snapshot.release):
        try:
            trials.append(admit(made.pod, snapshot, settings, made.namespace))
        except InjectError as error:
            refusals.append(str(error))
    return refusals, trials


def _difference(one: Json, other: Json) -> str:
    """Return where two pods differ first, and how; empty where they do not."""
    operation = next(iter(diff_by_index(one, other)), None)
    if operation is None:
        return ""
    return f"{operation['op']} {operation['path']} {str(operation.get('value', ''))[:200]}".rstrip()
