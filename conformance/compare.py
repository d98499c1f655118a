"""How a result is held against a golden: each rule of the manifest is a function that returns a difference, empty when there is none."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from typing import Any, Final

_STATUS_VERSION: Final = re.compile(r"""(sidecar\.istio\.io/status: '\{"version":")([0-9a-f]+)(",)""")
CONTEXT: Final = 2


_BLANK_VERSION: Final = """sidecar.istio.io/status: '{"version":"","""


def compare_text(got: str, golden: str) -> str:
    """Compare as text, white space at both ends aside.

    A golden that is stored with an empty template hash (1.8) is compared without it.
    """
    if _BLANK_VERSION in golden:
        got = _STATUS_VERSION.sub(r"\1\3", got)
    return _difference(got.strip(), golden.strip())


def compare_text_without_version(got: str, golden: str) -> str:
    """Compare as text with the template hash of the status annotation blanked on both sides."""
    return compare_text(_STATUS_VERSION.sub(r"\1\3", got), _STATUS_VERSION.sub(r"\1\3", golden))


def compare_error(got: str, part: str) -> str:
    """Compare an error text: it must contain the expected part."""
    return "" if part in got else f"the error does not contain {part!r}: {got}"


def compare_error_lower(got: str, part: str) -> str:
    """Compare an error text in lower case."""
    return compare_error(got.lower(), part)


def compare_patch(got: str, golden: str) -> str:
    """Compare patches printed with two-space indentation, member order kept."""
    return compare_text(got, golden)


RULES: Final[dict[str, Callable[[str, str], str]]] = {
    "error-contains": compare_error,
    "error-contains-lower": compare_error_lower,
    "patch-json-indent2": compare_patch,
    "text": compare_text,
    "text-status-version-blanked": compare_text_without_version,
}


def compare_documents(got: list[Any], golden: list[Any], scrub: Callable[[Any], Any]) -> str:
    """Compare lists of documents after ``scrub`` has removed from each what the rule does not look at."""
    return _difference(_pretty([scrub(d) for d in got]), _pretty([scrub(d) for d in golden]))


def scrub_workload(document: Any) -> Any:
    """Return a workload without what the rule ``workload-normalised`` leaves out of the comparison.

    Upstream's test reads every workload as a Deployment: of its spec only the pod template is compared.
    """
    copied = json.loads(json.dumps(document))
    for holder in _pod_holders(copied):
        _scrub_pod(holder)
    if isinstance(copied.get("spec"), dict) and "template" in copied["spec"]:
        copied["spec"] = {"template": copied["spec"]["template"]}
        copied.pop("status", None)
    return copied


def has_pod(document: Any) -> bool:
    """Tell whether a document has a pod in it."""
    return bool(_pod_holders(document))


def _pod_holders(document: Any) -> list[dict[str, Any]]:
    """Find every object in a document that has a pod's ``spec.containers``, however deep."""
    found: list[dict[str, Any]] = []
    if isinstance(document, dict):
        spec = document.get("spec")
        if isinstance(spec, dict) and "containers" in spec:
            found.append(document)
        for value in document.values():
            found.extend(_pod_holders(value))
    elif isinstance(document, list):
        for value in document:
            found.extend(_pod_holders(value))
    return found


def _scrub_pod(pod: dict[str, Any]) -> None:
    ((pod.get("metadata") or {}).get("annotations") or {}).pop("sidecar.istio.io/status", None)
    spec = pod["spec"]
    for container in [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]:
        for key in ("image", "terminationMessagePath", "terminationMessagePolicy"):
            container.pop(key, None)
        if "env" in container:
            container["env"] = [item for item in container["env"] if not item["name"].startswith("ISTIO_METAJSON_")]
        for variable in container.get("env") or []:
            ((variable.get("valueFrom") or {}).get("fieldRef") or {}).pop("apiVersion", None)
        for probe in filter(None, (container.get(name) for name in ("livenessProbe", "readinessProbe"))):
            _scrub_probe(probe)
    for container in spec.get("initContainers") or []:
        (container.get("securityContext") or {}).pop("privileged", None)
    for volume in spec.get("volumes") or []:
        (volume.get("secret") or {}).pop("defaultMode", None)


def _scrub_probe(probe: dict[str, Any]) -> None:
    """Remove what the API server sets by itself, where it has set it."""
    for name in ("timeoutSeconds", "successThreshold"):
        if probe.get(name) == 1:
            del probe[name]
    if (probe.get("httpGet") or {}).get("scheme") == "HTTP":
        del probe["httpGet"]["scheme"]


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)


def _difference(got: str, golden: str) -> str:
    if got == golden:
        return ""
    lines = difflib.unified_diff(golden.splitlines(), got.splitlines(), "golden", "got", lineterm="", n=CONTEXT)
    return "\n".join(lines) or "the texts differ in line ends only"
