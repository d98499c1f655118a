"""What a pod says of the injected containers: laid over what the template gave, and kept for the next injection.

Source: istio-inject-1.9-1.31, section 3.6.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from webhook.inject.containers import CONTAINERS, INIT_CONTAINERS, Container, find, find_in_pod, of_pod
from webhook.inject.errors import OverlayError
from webhook.inject.merge import lay_container_over
from webhook.inject.previous import (
    OVERRIDES_ANNOTATION,
    OVERRIDES_TYPE,
    injected_names,
    is_injected,
    overrides_schema,
    read_overrides,
)
from webhook.kube import gojson

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod

AUTO_IMAGE: Final = "auto"
"""The image by which a pod asks for the template's: a container must have one."""
_PROXY_USER: Final = 1337
_WORDS: Final = {CONTAINERS: "sidecar container", INIT_CONTAINERS: "sidecar init container"}


def reapply_overrides(final: Pod, original: Pod, template_pod: Pod, release: Release) -> Pod:
    """Return the merged pod with the pod's own words on injected containers laid over it once more.

    final: original and template merged. A container of an earlier injection is no word of the pod's (since 1.17).

    Raises:
        OverridesError: the overrides of an earlier injection cannot be read.
        OverlayError: a container cannot be laid over.
    """
    found: dict[str, list[Container]] = {}
    for part, container in _overrides(original, template_pod, release):
        try:
            final = lay_container_over(final, part, container, release)
        except OverlayError as error:
            raise OverlayError(f"failed to apply {_WORDS[part]}: {error}") from error
        found.setdefault(part, []).append(container)
    if not found or is_injected(original):
        return final
    return _with_annotation(final, found, release)


def _overrides(original: Pod, template_pod: Pod, release: Release) -> Iterator[tuple[str, Container]]:
    kept = read_overrides(original, release)
    for part in (CONTAINERS, INIT_CONTAINERS):
        skipped = injected_names(original, part) if release.overrides_skip_injected else frozenset()
        for injected in of_pod(template_pod, part):
            name = injected.get("name", "")
            if name in skipped:
                continue
            own = find(name, kept.get(part) or ()) or _own_container(name, part, original, release)
            if own is not None:
                yield part, _without_auto(own, injected, release)


def _own_container(name: str, part: str, pod: Pod, release: Release) -> Container | None:
    if part == INIT_CONTAINERS and release.overrides_search_both_lists:
        return find_in_pod(name, pod, release)
    return find(name, of_pod(pod, part))


def _without_auto(container: Container, injected: Container, release: Release) -> Container:
    if container.get("image") != AUTO_IMAGE:
        return container
    result = {key: value for key, value in container.items() if key != "image"}
    context = result.get("securityContext")
    if context is None or not release.resets_user_of_auto_image:
        return result
    user = (injected.get("securityContext") or {}).get("runAsUser")
    if user is None or user == _PROXY_USER:
        return result
    kept = {key: value for key, value in context.items() if key not in ("runAsUser", "runAsGroup")}
    return {**result, "securityContext": kept}


def _with_annotation(pod: Pod, found: dict[str, list[Container]], release: Release) -> Pod:
    schema = overrides_schema(release)
    text = gojson.dumps(schema.encode(OVERRIDES_TYPE, found), sort_keys=False)
    metadata = pod.get("metadata") or {}
    annotations = {**(metadata.get("annotations") or {}), OVERRIDES_ANNOTATION: text}
    return {**pod, "metadata": {**metadata, "annotations": annotations}}
