"""The named templates that a pod is injected with (since 1.9): which they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gotemplate.golib.quote import quote
from webhook.inject.errors import InjectError, RenderError
from webhook.inject.previous import annotations_of

if TYPE_CHECKING:
    from gotemplate import Template
    from webhook.config.model import Snapshot
    from webhook.inject.outcome import Pod

TEMPLATES_ANNOTATION: Final = "inject.istio.io/templates"
SIDECAR: Final = "sidecar"


class UnknownTemplateError(InjectError):
    """A pod, or the configuration, asks for a template that there is not."""

    step = "templates"


def select_templates(pod: Pod, snapshot: Snapshot, *, offline: bool) -> list[str]:
    """Return the names of the templates for a pod: those of its annotation, else the default ones.

    Aliases are replaced by what they stand for, once. kube-inject (``offline``) knows neither aliases nor defaults of
    the configuration.
    """
    asked = annotations_of(pod).get(TEMPLATES_ANNOTATION)
    if asked is not None:
        names: Iterable[str] = (name.strip() for name in asked.split(","))
    else:
        names = (SIDECAR,) if offline else snapshot.default_templates
    if offline:
        return list(names)
    return [found for name in names for found in snapshot.aliases.get(name, (name,))]


def find_template(name: str, snapshot: Snapshot) -> Template:
    """Return the template of a name.

    Raises:
        UnknownTemplateError: there is no template of a name.
        RenderError: it does not parse (found out here to 1.13).
    """
    if name in snapshot.template_errors:
        raise RenderError(snapshot.template_errors[name])
    if name not in snapshot.templates:
        known = ", ".join(snapshot.template_texts)
        raise UnknownTemplateError(f"requested template {quote(name)} not found; have {known}")
    return snapshot.templates[name]
