"""The embedded default: an Istio-like sidecar template of our own, and the parameters that shape it."""

from __future__ import annotations

from typing import Final, NamedTuple

from gotemplate import Template

HUB: Final = "docker.io/istio"
TAG: Final = "0.8.0"
RELEASE: Final = "0.8.0"
"""The Istio release as which the default is read; its mesh configuration is that release's own default."""


class Parameters(NamedTuple):
    """What the built-in template can be told; the names are those of istioctl's flags up to 1.1, in Go's spelling in the template."""

    init_image: str = f"{HUB}/proxy_init:{TAG}"
    proxy_image: str = f"{HUB}/proxyv2:{TAG}"
    verbosity: int = 2
    sidecar_proxy_uid: int = 1337
    version: str = ""
    enable_core_dump: bool = False
    debug_mode: bool = False
    image_pull_policy: str = "IfNotPresent"
    include_ip_ranges: str = "*"
    exclude_ip_ranges: str = ""
    include_inbound_ports: str = "*"
    exclude_inbound_ports: str = ""

    def as_data(self) -> dict[str, object]:
        """Return the parameters under the field names that stage 1 of a built-in template reads."""
        return {_GO_NAMES[name]: value for name, value in self._asdict().items()}


_GO_NAMES: Final = {
    "init_image": "InitImage",
    "proxy_image": "ProxyImage",
    "verbosity": "Verbosity",
    "sidecar_proxy_uid": "SidecarProxyUID",
    "version": "Version",
    "enable_core_dump": "EnableCoreDump",
    "debug_mode": "DebugMode",
    "image_pull_policy": "ImagePullPolicy",
    "include_ip_ranges": "IncludeIPRanges",
    "exclude_ip_ranges": "ExcludeIPRanges",
    "include_inbound_ports": "IncludeInboundPorts",
    "exclude_inbound_ports": "ExcludeInboundPorts",
}


def image_names(hub: str, tag: str, *, debug: bool) -> tuple[str, str]:
    """Return the init and the proxy image of a hub and tag, as istioctl named them."""
    return f"{hub}/proxy_init:{tag}", f"{hub}/{'proxy_debug' if debug else 'proxyv2'}:{tag}"


def pod_template(parameters: Parameters) -> str:
    """Render stage 1: the built-in template with its parameters filled in, which is a pod template with ``[[ ]]``."""
    from importlib.resources import files  # not for those who bring a configuration of their own

    source = files(__name__).joinpath("sidecar.tmpl").read_text("utf-8")
    return Template("sidecar.tmpl").parse(source).render(parameters.as_data())


def inject_config(parameters: Parameters) -> str:
    """Return the default as the ``config`` document of an injector ConfigMap."""
    body = "".join(f"  {line}" if line.strip() else line for line in pod_template(parameters).splitlines(keepends=True))
    return f"policy: enabled\ntemplate: |\n{body}"
