"""What a rendered template is to the steps after it: its text, the document in it, and that document decoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from webhook.inject.merge import lay_over, read_overlay
from webhook.inject.outcome import POD_TYPE
from webhook.inject.render import read_document
from webhook.kube.schema import load_schema

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod

_UNREAD: Final[Any] = object()
NOTHING: Final[Mapping[int, Any]] = {}


class Patch:
    """The outcome of a template. ``typed``: decoded, for those who know that it is shared; None where that says too little.

    ``text`` and ``document`` are made when they are asked for. Raises OverlayError then, for a text that cannot be read.
    ``known`` is the JSON of parts of ``typed`` by identity, ``used`` how often this was handed out again, ``answer`` what the
    last pod with it got, after what that depends on, ``unlike`` how many in a row were unlike the one before (``replicas``).
    """

    __slots__ = ("_document", "_make_document", "answer", "known", "make_text", "typed", "unlike", "used")

    def __init__(self, make_text: Callable[[], str], document: Callable[[], Any], typed: Any = None) -> None:
        self.make_text = make_text
        self._make_document = document
        self._document: Any = _UNREAD
        self.typed = typed
        self.known: Mapping[int, Any] = NOTHING
        self.used = self.unlike = 0
        self.answer: tuple[Any, Any] | None = None

    @property
    def text(self) -> str:
        """What the template wrote."""
        return self.make_text()

    @property
    def document(self) -> Any:
        """What is in the text."""
        if self._document is _UNREAD:
            self._document = self._make_document()
        return self._document


def patch_of_text(text: str, release: Release) -> Patch:
    """Return the outcome of a text that is read when somebody asks for the document."""
    read = read_overlay if release.named_templates else read_document
    return Patch(lambda: text, lambda: read(text, release))


def lay_patch_over(pod: Pod, patch: Patch, release: Release) -> Pod:
    """Return the pod with a patch laid over it: canonical values where both are simple, else their JSON.

    Raises:
        OverlayError: the text cannot be read, or not be merged.
    """
    typed: Pod | None = patch.typed
    if typed is None:
        return lay_over(pod, patch.document, release)
    if not pod:
        return typed
    from webhook.kube.typed_merge import has_inexact_numbers, lay_typed, with_ordered_maps  # for what is ready-made

    pod_type = load_schema(release.kube_version).type(POD_TYPE)
    if not (release.integers_become_floats and has_inexact_numbers(pod, pod_type)):
        laid = lay_typed(pod, typed, pod_type)
        if laid is not None:
            return with_ordered_maps(laid)
    return lay_over(pod, patch.document, release)
