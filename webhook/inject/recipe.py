"""The literal patch of Istio up to 1.8: remove what a former injection added, then add list by list, then the annotation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from webhook.inject.render import PART_TYPES
from webhook.inject.status import PARTS, STATUS_ANNOTATION, read_status, write_status
from webhook.kube.defaulting import apply_defaults
from webhook.kube.schema import Schema, load_schema

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Operation, Overlay, Pod


def patch_recipe(pod: Pod, overlay: Overlay, release: Release) -> tuple[Operation, ...]:
    """Return the patch that Istio's webhook of the release answers with, in its order and with its values."""
    parts = PARTS if release.pull_secrets else PARTS[:3]
    return (
        *_removals(pod, parts, release),
        *_additions(pod, overlay, parts, release),
        _annotation(pod, STATUS_ANNOTATION, write_status(overlay, release)),
    )


def _removals(pod: Pod, parts: tuple[str, ...], release: Release) -> Iterator[Operation]:
    former = read_status(pod)
    for part in parts:
        items = (pod.get("spec") or {}).get(part) or ()
        for index in range(len(items) - 1, -1, -1):
            if items[index].get("name", "") in former.names(part):
                yield _remove(f"/spec/{part}/{index}", release)


def _remove(path: str, release: Release) -> Operation:
    if release.patch_remove_has_value:  # 0.5 wrote every member of its operation struct
        return {"op": "remove", "path": path, "value": None}
    return {"op": "remove", "path": path}


def _additions(pod: Pod, overlay: Overlay, parts: tuple[str, ...], release: Release) -> Iterator[Operation]:
    schema = load_schema(release.kube_version)
    injected = apply_defaults(overlay.parts) if release.patch_applies_defaults else overlay.parts
    for part in parts:
        target = (pod.get("spec") or {}).get(part) or ()
        yield from _add_items(f"/spec/{part}", bool(target), _encoded(schema, part, injected))


def _encoded(schema: Schema, part: str, injected: dict[str, Any]) -> list[Any]:
    return [schema.encode(PART_TYPES[part], item) for item in injected.get(part, ())]


def _add_items(base: str, has_items: bool, items: list[Any]) -> Iterator[Operation]:
    # Whether the list is there is judged on the pod as it came, even when the removals empty it: the emptied list remains.
    for item in items:
        if has_items:
            yield {"op": "add", "path": f"{base}/-", "value": item}
        else:
            yield {"op": "add", "path": base, "value": [item]}
        has_items = True


def _annotation(pod: Pod, key: str, value: str) -> Operation:
    annotations = (pod.get("metadata") or {}).get("annotations")
    if not annotations:
        return {"op": "add", "path": "/metadata/annotations", "value": {key: value}}
    escaped = key.replace("~", "~0").replace("/", "~1")
    return {
        "op": "replace" if annotations.get(key) else "add",
        "path": f"/metadata/annotations/{escaped}",
        "value": value,
    }
