"""What the pipeline answers: the Decision about a pod and, when it was injected, how to change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple, NotRequired, TypedDict

POD_TYPE: Final = "core/v1.Pod"
Pod = dict[str, Any]
"""A pod in canonical form: JSON names, Go's field order, zero values dropped. Never changed in place."""


class Operation(TypedDict):
    """One JSON Patch operation (RFC 6902); members in the order Istio writes them."""

    op: str
    path: str
    value: NotRequired[Any]


class Reason(Enum):
    """Why a pod is or is not injected: a closed set, a sentence each (``{}`` is the subject of the decision)."""

    HOST_NETWORK = "the pod uses the host's network (spec.hostNetwork)"
    IGNORED_NAMESPACE = "the namespace {} is a system namespace, which is never injected"
    ANNOTATION_ON = "the annotation sidecar.istio.io/inject is {}"
    ANNOTATION_OFF = "the annotation sidecar.istio.io/inject is {}, which means no"
    LABEL_ON = "the label sidecar.istio.io/inject is {}"
    LABEL_OFF = "the label sidecar.istio.io/inject is {}, which means no"
    NEVER_SELECTOR = "neverInjectSelector number {} matches the pod's labels"
    ALWAYS_SELECTOR = "alwaysInjectSelector number {} matches the pod's labels"
    ALREADY_INJECTED = "the pod template has the container {} already"
    POLICY_ENABLED = "the policy is enabled and the pod does not opt out"
    POLICY_DISABLED = (
        'the policy is disabled and the pod does not opt in with the annotation sidecar.istio.io/inject: "true"'
    )
    POLICY_UNKNOWN = "the policy {} is neither enabled nor disabled, so nothing is injected"
    NOT_ASKED = "kube-inject of this release injects whatever it is given"


class Decision(NamedTuple):
    """Whether a pod is injected, and why; ``subject`` fills the reason's sentence.

    ``warning`` is a sentence about what the pod says without effect, empty where there is nothing to say.
    """

    inject: bool
    reason: Reason
    subject: str = ""
    warning: str = ""

    @property
    def sentence(self) -> str:
        """The reason in words, without a full stop."""
        return self.reason.value.replace("{}", repr(self.subject) if self.subject else "empty")


class Request(NamedTuple):
    """What an admission request says of the pod beside the pod itself; ``path`` is that of the URL, ``/inject/…``."""

    namespace: str = ""
    name: str = ""
    uid: str = ""
    path: str = ""


class Overlay:
    """What a template adds to a pod, typed: the keys of Istio's SidecarInjectionSpec that were given, in canonical form.

    ``text``, what the templates wrote, is put together when it is asked for. ``known`` is the JSON of parts by identity,
    where it is known before it is asked for.
    """

    __slots__ = ("_make_text", "known", "parts", "version")

    def __init__(
        self,
        parts: dict[str, Any],
        make_text: Callable[[], str],
        version: str,
        known: Mapping[int, Any] | None = None,
    ) -> None:
        self.parts = parts
        self._make_text = make_text
        self.version = version
        self.known = {} if known is None else known

    def __eq__(self, other: object) -> bool:
        """Tell whether two overlays add the same; what is known of them beside that does not count."""
        return isinstance(other, Overlay) and self._value() == other._value()

    __hash__ = None  # type: ignore[assignment]  # its parts are dicts

    @property
    def text(self) -> str:
        """What the templates wrote."""
        return self._make_text()

    def _value(self) -> tuple[dict[str, Any], str, str]:
        return self.parts, self.text, self.version

    def with_parts(self, parts: dict[str, Any]) -> Overlay:
        """Return the overlay with other parts."""
        return Overlay(parts, self._make_text, self.version, self.known)

    def names(self, part: str) -> tuple[str, ...] | None:
        """Return the names in one list of the overlay; None when the list is empty, as the status annotation shows it."""
        return tuple([item.get("name", "") for item in self.parts.get(part, ())]) or None


class Outcome(NamedTuple):
    """The answer for one pod: the decision and, when injected, the patch that makes it so."""

    decision: Decision
    patch: tuple[Operation, ...] = ()
    overlay: Overlay | None = None
    warnings: tuple[str, ...] = ()
