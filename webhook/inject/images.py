"""The images of proxy and init container as the injector puts them together: hub, name, tag and image type (since 1.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from gotemplate.fmt import sprint

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.mesh.messages import Message

IMAGE_TYPE: Final = "sidecar.istio.io/proxyImageType"
DEFAULT_NAME: Final = "proxyv2"
_TYPES: Final = ("-distroless", "-debug")


def proxy_image(metadata: Mapping[str, Any], proxy: Message, values: Mapping[str, Any], release: Release) -> str:
    """Return the proxy's image; its type is that of the annotation, of ProxyConfig, or of the values."""
    chart = _global(values)
    message = proxy.get("image")
    variant = _variant(chart, release)
    if message is not None:
        configured = message.get("image_type", "")
        if configured or release.proxy_image_variant != "values behind empty":
            variant = configured
    return _reference(chart, "proxy", _annotated(metadata) or variant)


def init_image(metadata: Mapping[str, Any], values: Mapping[str, Any], release: Release) -> str:
    """Return the init container's image, which ProxyConfig has no say in (since 1.31)."""
    chart = _global(values)
    return _reference(chart, "proxy_init", _annotated(metadata) or _variant(chart, release))


def _annotated(metadata: Mapping[str, Any]) -> str:
    found: str = (metadata.get("annotations") or {}).get(IMAGE_TYPE, "")
    return found


def _global(values: Mapping[str, Any]) -> Mapping[str, Any]:
    found = values.get("global")
    return found if isinstance(found, Mapping) else {}


def _variant(chart: Mapping[str, Any], release: Release) -> str:
    return str(chart.get("variant") or "") if release.proxy_image_variant.startswith("values") else ""


def _reference(chart: Mapping[str, Any], part: str, image_type: str) -> str:
    container = chart.get(part)
    name = container.get("image") if isinstance(container, Mapping) else None
    tag = chart.get("tag")
    return f"{chart.get('hub') or ''}/{name or DEFAULT_NAME}:{_tag('' if tag is None else sprint(tag), image_type)}"


def _tag(tag: str, image_type: str) -> str:
    """Return the tag with the wanted type instead of its own; ``default`` is the type without a suffix."""
    if not image_type:
        return tag
    bare = next((tag.removesuffix(suffix) for suffix in _TYPES if tag.endswith(suffix)), tag)
    return bare if image_type == "default" else f"{bare}-{image_type}"
