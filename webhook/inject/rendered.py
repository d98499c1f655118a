"""The patches that templates give for a pod, one by one: ready-made where there is something ready, else rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from webhook.inject.data import Subject, template_data
from webhook.inject.errors import OverlayError
from webhook.inject.outcome import Overlay
from webhook.inject.patches import Patch, patch_of_text
from webhook.inject.render import decode_document, execute
from webhook.inject.templates import find_template
from webhook.kube.schema import DecodeError

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.inject.prepared import Prepared
    from webhook.inject.settings import Settings


def rendered(names: Iterable[str], subject: Subject, snapshot: Snapshot, settings: Settings) -> Iterator[Patch]:
    """Yield what templates give for a pod; a later one is looked up only when the earlier ones are done with.

    Raises:
        UnknownTemplateError: there is no template of a name.
        RenderError: a template does not parse, or failed on this data.
    """
    data = template_data(subject, snapshot, settings)
    prepared = _prepared(snapshot, settings)
    for name in names:
        template = find_template(name, snapshot)
        patch = prepared.patch(name, subject, data) if prepared is not None else None
        yield patch if patch is not None else patch_of_text(execute(template, data), snapshot.release)


def _prepared(snapshot: Snapshot, settings: Settings) -> Prepared | None:
    if settings.fast == "off":
        return None
    from webhook.inject.prepared import prepared_of  # with everything that makes templates fast

    return prepared_of(snapshot, settings)


def rendered_spec(subject: Subject, snapshot: Snapshot, settings: Settings) -> Overlay:
    """Return what the only template gives for a pod: up to 1.8, typed.

    Raises:
        RenderError: the template failed.
        OverlayError: what it wrote is not YAML, or not the YAML of an injection spec.
    """
    for patch in rendered(snapshot.default_templates[:1], subject, snapshot, settings):
        parts = patch.typed
        if parts is None:
            try:
                parts = decode_document(patch.document, snapshot.release)
            except DecodeError as error:
                raise OverlayError(f"error unmarshaling JSON: {error}", text=patch.text) from error
        return Overlay(parts, patch.make_text, snapshot.version, patch.known)
    raise KeyError("no template")
