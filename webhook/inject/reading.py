"""How a release reads what its templates write: up to 1.8 into the parts of an injection spec, from 1.9 on into a patch of the pod."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from webhook.inject.errors import OverlayError
from webhook.inject.guards import UnfitError
from webhook.inject.merge import as_patch
from webhook.inject.outcome import POD_TYPE
from webhook.inject.patches import NOTHING, Patch, patch_of_text
from webhook.inject.render import PART_TYPES, decode_document, encode_item
from webhook.kube.schema import DecodeError, load_schema
from webhook.kube.typed_diff import typed_diff
from webhook.kube.typed_merge import is_simple_patch, with_ordered_maps

if TYPE_CHECKING:
    from webhook.config.release import Release


class Reading:
    """How the texts of a release's templates are read."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.dialect = release.yaml_dialect
        self._schema = load_schema(release.kube_version)

    def patch(self, text: str) -> Patch:
        """Return the outcome of a text, read and decoded. Raises OverlayError."""
        patch = patch_of_text(text, self.release)
        with suppress(DecodeError):  # whoever merges the document will say so
            patch.typed = self.typed(patch.document)
        return patch

    def known(self, typed: Any, parts: frozenset[int]) -> Mapping[int, Any]:
        """Return the JSON of some parts of what was decoded, as patches have it; ``parts`` are identities."""
        if typed is None:
            return NOTHING
        if self.release.named_templates:
            by_index = self.release.patch_style == "diff by index"
            return typed_diff(self._schema, by_index=by_index).note(POD_TYPE, typed, parts)
        items = [(part, item) for part in PART_TYPES for item in typed.get(part) or () if id(item) in parts]
        return {id(item): encode_item(part, item, self.release) for part, item in items}

    def adapted(self, document: Any) -> Any:
        """Return a document as the steps after reading want it. Raises UnfitError for one that they refuse."""
        if not self.release.named_templates:
            return document
        try:
            return as_patch(document, self.release)
        except OverlayError as error:
            raise UnfitError(str(error)) from None

    def typed(self, document: Any) -> Any:
        """Return a document decoded; None for a patch that is not simple. Raises DecodeError."""
        if not self.release.named_templates:
            return decode_document(document, self.release)
        typed = self._schema.decode(POD_TYPE, document, coerce=False)
        is_simple = is_simple_patch(document, typed, self._schema.type(POD_TYPE))
        return with_ordered_maps(typed) if is_simple else None
