"""A rendered template, or a container of the pod's own, laid over a pod by strategic merge (since 1.9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from webhook.inject.errors import OverlayError
from webhook.inject.outcome import POD_TYPE
from webhook.kube import yaml
from webhook.kube.schema import DecodeError, load_schema
from webhook.kube.strategic import StrategicMergeError, merge_patch, rules_of

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod

NOT_JSON: Final = "invalid JSON document"
_EXACT: Final = 1 << 53


def read_overlay(text: str, release: Release) -> dict[str, Any]:
    """Return the patch that a rendered template is.

    Raises:
        OverlayError: the text is not YAML, or not a mapping.
    """
    try:
        document = yaml.load(text, release.yaml_dialect)
    except yaml.YamlError as error:
        # from 1.14 on the text goes straight into the merge, which has one word for whatever it cannot read
        reason = str(error).removeprefix("error converting YAML to JSON: ")
        message = f"yaml to json: {reason}" if release.merge_rules == "json" else f"strategic merge: {NOT_JSON}"
        raise OverlayError(message, line=error.line, text=text) from error
    return as_patch(document, release, text)


def as_patch(document: Any, release: Release, text: str = "") -> dict[str, Any]:
    """Return the patch that a document is, with the numbers that come out of Go's.

    Raises:
        OverlayError: the document is no mapping.
    """
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise OverlayError(f"strategic merge: {NOT_JSON}", text=text)
    patch: dict[str, Any] = _as_numbers(document, rounds=release.integers_become_floats)
    return patch


def lay_over(pod: Pod, patch: dict[str, Any], release: Release) -> Pod:
    """Return the pod with a patch laid over it, typed again: unknown fields are gone.

    Raises:
        OverlayError: the patch cannot be merged, or the result is no pod; the text is that of the release.
    """
    schema = load_schema(release.kube_version)
    original = schema.encode(POD_TYPE, pod)
    if release.integers_become_floats:
        original = _as_numbers(original, rounds=True)
    try:
        merged = merge_patch(original, patch, schema.type(POD_TYPE), rules_of(release.kube_version))
    except StrategicMergeError as error:
        raise OverlayError(f"strategic merge: {error}") from error
    try:
        return schema.decode(POD_TYPE, merged, coerce=False)
    except DecodeError as error:
        raise OverlayError(f"unmarshal patched pod: {error}") from error


def lay_container_over(pod: Pod, part: str, container: dict[str, Any], release: Release) -> Pod:
    """Return the pod with a container of one of its lists laid over the one of the same name.

    Raises:
        OverlayError: as lay_over.
    """
    schema = load_schema(release.kube_version)
    # a list that is not given would be printed as null, which deletes it
    spec = {"containers": [], part: [schema.encode("core/v1.Container", container)]}
    return lay_over(pod, {"spec": spec}, release)


def _as_numbers(value: Any, *, rounds: bool) -> Any:
    """Return a JSON value with the numbers that come out of Go's: integral floats are integers.

    rounds: all numbers pass through a float64, so that integers beyond 2^53 lose digits. The same object where nothing
    changes.
    """
    if value.__class__ is dict:
        changed = _changed_items(value.items(), rounds=rounds)
        return {**value, **changed} if changed else value
    if value.__class__ is list:
        changed = _changed_items(enumerate(value), rounds=rounds)
        return [changed.get(index, item) for index, item in enumerate(value)] if changed else value
    if value.__class__ is float:
        return int(value) if value.is_integer() else value
    if rounds and value.__class__ is int and abs(value) > _EXACT:
        return int(float(value))
    return value


def _changed_items(items: Iterable[tuple[Any, Any]], *, rounds: bool) -> dict[Any, Any]:
    changed = {}
    for key, item in items:
        kind = item.__class__
        if kind is str or kind is bool or item is None or (kind is int and -_EXACT <= item <= _EXACT):
            continue
        new = _as_numbers(item, rounds=rounds)
        if new is not item:
            changed[key] = new
    return changed
