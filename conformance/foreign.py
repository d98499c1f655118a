"""What of a pod is none of the templates' business, and whether injection left it alone.

Source of the documented steps: istio-inject-0.5-1.8, sections 3.4 to 3.8; istio-inject-1.9-1.31, sections 3.6 and 3.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from conformance.trial import Json, Trial, annotations_of, items_of
from webhook.inject.containers import CORE_DUMP, INIT, PROXY, VALIDATION
from webhook.inject.fs_group import PROXY_GROUP
from webhook.inject.probes import KINDS
from webhook.inject.scrape_annotations import sanitised
from webhook.kube.workloads import value_at, with_value_at

_LISTS: Final = ("containers", "initContainers", "volumes", "imagePullSecrets")
_ACTIONS: Final = frozenset({"httpGet", "tcpSocket", "grpc"})
_SCRAPING: Final = ("prometheus_io_", "prometheus_istio_io_scrape_targets")
_ORDERED: Final = frozenset({CORE_DUMP, INIT, PROXY, VALIDATION})
_ABSENT: Final = object()


def changed_by_nobody(trial: Trial) -> Iterator[str]:
    """Yield, in words, what of the pod is lost or changed although no template names it and no documented step changes it."""
    if trial.release.integers_become_floats:
        trial = replace(trial, before=_as_floats(trial.before))
    for part in _LISTS:
        yield from _changed_items(trial, part)
    yield from _changed_fields(trial)
    yield from _changed_metadata(trial)


def _as_floats(value: Any) -> Any:
    """Return a value as it is after its numbers were floats: large integers are rounded."""
    if isinstance(value, dict):
        return {key: _as_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_floats(item) for item in value]
    return int(float(value)) if type(value) is int else value


def _changed_items(trial: Trial, part: str) -> Iterator[str]:
    injected = trial.injected_names(part)
    before = [item for item in items_of(trial.before, part) if item.get("name") not in injected]
    names = {item.get("name") for item in before}
    after = [item for item in items_of(trial.after, part) if item.get("name") in names]
    if trial.release.named_templates:  # what an injector knows by name has a place of its own, whoever brought it
        before.sort(key=_is_known)
        after.sort(key=_is_known)
    if [item.get("name") for item in before] != [item.get("name") for item in after]:
        yield f"{part}: {[item.get('name') for item in before]} became {[item.get('name') for item in after]}"
        return
    for old, new in zip(before, after, strict=True):
        expected = _with_rewritten_probes(old, new) if part.endswith("ontainers") else old
        if new != expected:
            yield f"{part}: {old.get('name')} is changed"


def _is_known(item: Json) -> str:
    """Return the name of a container that is ordered by its name, empty for any other: their own order counts."""
    name: str = item.get("name", "")
    return name if name in _ORDERED else ""


def _with_rewritten_probes(old: Json, new: Json) -> Json:
    """Return a container with those handlers taken from its new form that only ask the agent instead of the container."""
    for keys, start, end in KINDS.values():
        wanted, found = value_at(old, keys), value_at(new, keys)
        if found != wanted and _asks_agent(found, wanted, f"{start}{old.get('name', '')}{end}"):
            old = with_value_at(old, keys, found)
    return old


def _asks_agent(handler: Any, former: Any, path: str) -> bool:
    if not isinstance(handler, Mapping) or not isinstance(former, Mapping):
        return False
    kept = {key: value for key, value in handler.items() if key not in _ACTIONS}
    return value_at(handler, ("httpGet", "path")) == path and kept == {
        key: value for key, value in former.items() if key not in _ACTIONS
    }


def _changed_fields(trial: Trial) -> Iterator[str]:
    named = set(trial.outcome.overlay.parts if trial.outcome.overlay else ()) | set(_LISTS)
    before, after = trial.before.get("spec") or {}, trial.after.get("spec") or {}
    for key in {**before, **after}:
        if key in named or before.get(key, _ABSENT) == after.get(key, _ABSENT):
            continue
        if key != "securityContext" or not _is_group_only(before.get(key), after.get(key), trial):
            yield f"spec.{key} is changed"


def _is_group_only(before: Any, after: Any, trial: Trial) -> bool:
    """Tell whether a security context differs by the group that can read the proxy's token; to 1.4.4 it is a new one."""
    style = trial.release.fs_group
    if style == "no" or (after or {}).get("fsGroup") != PROXY_GROUP:
        return False
    former = {} if style in ("with token mount", "with sds path") else before or {}
    return bool({**former, "fsGroup": PROXY_GROUP} == after)


def _changed_metadata(trial: Trial) -> Iterator[str]:
    before, after = trial.before.get("metadata") or {}, trial.after.get("metadata") or {}
    for key in {**before, **after}:
        if key in ("labels", "annotations"):
            continue
        if before.get(key, _ABSENT) != after.get(key, _ABSENT):
            yield f"metadata.{key} is changed"
    yield from (f"the label {key} is lost" for key in before.get("labels") or () if key not in after["labels"])
    kept = annotations_of(trial.after)
    for key in annotations_of(trial.before):
        if key not in kept and not sanitised(key).startswith(_SCRAPING):
            yield f"the annotation {key} is lost"
