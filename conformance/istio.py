"""Runs the golden cases of an Istio release, the way its own tests do, and says which pass.

A case is run in its mode: ``kube-inject`` (a file through the command's transformation), ``patch`` (a pod through the
admission handler, the patch as text), ``webhook`` (every pod of a file through the admission handler, the patch applied),
``cli`` and ``uninject`` (a command line, or flags that must be refused).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jsonpatch

from conformance.command_line import CommandError, run_command_line
from conformance.compare import RULES, compare_documents, has_pod, scrub_workload
from conformance.manifest import Case, Manifest
from conformance.pods import POD_TYPE, pods_of, scrub_pod, settings_of
from conformance.snapshots import snapshot_of
from webhook.config.errors import ConfigError
from webhook.config.release import release_of
from webhook.inject.annotations import validate_parameters
from webhook.inject.errors import InjectError
from webhook.kube import gojson, yaml
from webhook.kube.schema import load_schema
from webhook.kube.workloads import LIST_TYPE, value_at, with_value_at, workload_of
from webhook.kubeinject.transform import DocumentError, inject_documents
from webhook.server.handler import answer_review

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.inject.settings import Settings


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case: ``difference`` is empty when it passed."""

    case: Case
    difference: str

    @property
    def passed(self) -> bool:
        """Whether the case gave its golden."""
        return not self.difference


class _FailedError(Exception):
    """The run gave an error; cases that expect one look at its text."""


def run_cases(manifest: Manifest, wanted: Callable[[Case], bool] = lambda _: True) -> Iterator[Result]:
    """Run the cases of a manifest one by one, in its order."""
    for case in manifest.cases:
        if wanted(case):
            yield Result(case, _difference(case, manifest))


def _difference(case: Case, manifest: Manifest) -> str:
    try:
        got = _MODES[case.mode](case, manifest)
    except (_FailedError, ConfigError) as error:
        if case.expected_error is None:
            return f"unexpected error: {error}"
        return RULES[case.compare](str(error), case.expected_error)
    if case.expected_error is not None:
        return f"no error, but one with {case.expected_error!r} was expected"
    golden = manifest.text(case.expected or "")
    if case.compare == "workload-normalised":
        return compare_documents(_workloads(got), _workloads(golden), scrub_workload)
    if case.compare == "pod-normalised":
        wanted = [made.pod for made in pods_of(golden, release_of(manifest.release))]
        return compare_documents(_documents(got), wanted, scrub_pod)
    return RULES[case.compare](got, golden)


def _documents(text: str) -> list[Any]:
    """Return the documents of a stream that hold something; streams of kube-inject end with an empty one."""
    return [document for document in yaml.load_all(text) if document is not None]


def _workloads(text: str) -> list[Any]:
    """Return the documents of a stream that have pods in them, and the items of lists one by one."""
    documents = _documents(text)
    items = [item for document in documents for item in document.get("items", [document])]
    return [item for item in items if has_pod(item)]


def _kube_inject(case: Case, manifest: Manifest) -> str:
    lines = manifest.text(case.input or "").splitlines(keepends=True)
    warnings: list[str] = []
    try:
        settings = settings_of(case, manifest)
        text = "".join(inject_documents(lines, snapshot_of(case, manifest), warnings.append, settings))
    except DocumentError as error:
        raise _FailedError(str(error)) from error
    log: str = case.params.get("expected_log") or ""
    if not any(log in warning for warning in warnings) and log:
        raise _FailedError(f"no warning says {log!r}, only {warnings}")
    return text


def _patch(case: Case, manifest: Manifest) -> str:
    pod = yaml.load(manifest.text(case.input or ""))
    request = case.params.get("request") or {}
    operations = _answer(pod, request, snapshot_of(case, manifest), settings_of(case, manifest))
    return gojson.dumps(operations, sort_keys=False, indent="  ")


def _answer(pod: Any, request: Mapping[str, Any], snapshot: Snapshot, settings: Settings) -> Any:
    """Send a pod through the admission handler and return the operations of the patch."""
    asked = {"uid": "1", **request, "object": pod}
    review = {"apiVersion": "admission.k8s.io/v1beta1", "kind": "AdmissionReview", "request": asked}
    body = gojson.dumps(review).encode("utf-8", "surrogateescape")
    answer = gojson.loads(answer_review(body, snapshot, settings=settings).body)
    response: Mapping[str, Any] = answer["response"]  # type: ignore[index]
    if not response["allowed"]:
        raise _FailedError(response["status"]["message"])
    return gojson.loads(base64.b64decode(response["patch"]), numbers="number") if "patch" in response else []


def _webhook(case: Case, manifest: Manifest) -> str:
    snapshot = snapshot_of(case, manifest)
    if case.compare == "pod-normalised":
        return "---\n".join(yaml.dump(pod) for pod in _admitted_pods(case, snapshot, manifest))
    settings = settings_of(case, manifest)
    documents = _documents(manifest.text(case.input or ""))
    return "---\n".join(yaml.dump(_admit(document, case, snapshot, settings)) for document in documents)


def _admitted_pods(case: Case, snapshot: Snapshot, manifest: Manifest) -> Iterator[Any]:
    """Admit the pods that a controller would make of the documents, and read what the API server would keep."""
    schema, settings = load_schema(snapshot.release.kube_version), settings_of(case, manifest)
    for made in pods_of(manifest.text(case.input or ""), snapshot.release):
        pod = schema.encode(POD_TYPE, made.pod)
        operations = _answer(pod, {"namespace": made.namespace}, snapshot, settings)
        sent = json.loads(json.dumps(pod))  # no parts in common, since the library changes its argument
        yield schema.decode(POD_TYPE, jsonpatch.apply_patch(sent, operations, in_place=True), coerce=False)


def _admit(document: Any, case: Case, snapshot: Snapshot, settings: Settings) -> Any:
    """Admit every pod template of a document, as the API server would admit the pods it makes of them."""
    kind = document.get("kind") if isinstance(document, dict) else None
    schema = load_schema(snapshot.release.kube_version)
    if kind == "List":
        value = schema.encode(LIST_TYPE, schema.decode(LIST_TYPE, document, coerce=True))
        return {**value, "items": [_admit(item, case, snapshot, settings) for item in value.get("items") or ()]}
    workload = workload_of(kind, snapshot.release.workload_era) if kind else None
    if workload is None:
        return document
    value = schema.encode(workload.type_name, schema.decode(workload.type_name, document, coerce=True))
    template = _admit_template(value_at(value, workload.template), case, snapshot, settings)
    return with_value_at(value, workload.template, template)


def _admit_template(template: dict[str, Any], case: Case, snapshot: Snapshot, settings: Settings) -> dict[str, Any]:
    pod = {"metadata": template.get("metadata") or {}, "spec": template["spec"]}
    return {
        **template,
        **jsonpatch.apply_patch(pod, _answer(pod, case.params.get("request") or {}, snapshot, settings)),
    }


def _command_line(case: Case, manifest: Manifest) -> str:
    try:
        if "command" in case.params:
            return run_command_line(case, manifest)
        validate_parameters(case.values.get("params") or {}, release_of(manifest.release))
    except (CommandError, InjectError) as error:
        raise _FailedError(str(error)) from error
    return ""


_MODES: Final[Mapping[str, Callable[[Case, Manifest], str]]] = {
    "cli": _command_line,
    "kube-inject": _kube_inject,
    "patch": _patch,
    "uninject": _command_line,
    "webhook": _webhook,
}
