"""What can go wrong while a pod is injected; each error says which step failed and carries its cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gotemplate import TemplateError


class InjectError(Exception):
    """Injection of one pod failed; ``str(e)`` is what Istio's injector would have said where it said anything."""

    step = "inject"


class AnnotationError(InjectError):
    """An annotation of the pod has a value that Istio's validation refuses."""

    step = "annotations"

    def __init__(self, annotation: str, value: str, message: str) -> None:
        super().__init__(message)
        self.annotation = annotation
        self.value = value


class ParameterError(InjectError):
    """A parameter of the built-in template has a value that Istio's validation refuses."""

    step = "parameters"


class RenderError(InjectError):
    """The template failed on this pod; ``cause`` is the template error with its place."""

    step = "render"

    def __init__(self, cause: TemplateError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class OverlayError(InjectError):
    """The template rendered, but not to an injection spec; ``line`` is of the rendered text (1-based, None when unknown)."""

    step = "overlay"

    def __init__(self, message: str, *, line: int | None = None, text: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.text = text


class PodError(InjectError):
    """The object to be injected is not a pod that Kubernetes would decode."""

    step = "pod"


class UnappliedError(InjectError):
    """The literal patch does not fit the pod template that kube-inject prints (1.8): it counts on a map that is empty there."""

    step = "patch"
