"""Writes the example ConfigMaps from the built-in template: ``python deploy/examples/make.py``."""

from __future__ import annotations

from pathlib import Path

from webhook.defaults import HUB, TAG, Parameters, image_names, inject_config

HEADER = """\
# The built-in sidecar template of Remora as the ConfigMap of an injector, {variant} variant. Made by deploy/examples/make.py.
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio-sidecar-injector
  namespace: istio-system
  labels:
    istio: sidecar-injector
data:
  config: |
"""


def config_map(*, debug: bool) -> str:
    """Return the ConfigMap of a variant: debug has debug images, a privileged proxy and core dumps."""
    init_image, proxy_image = image_names(HUB, TAG, debug=debug)
    parameters = Parameters(init_image=init_image, proxy_image=proxy_image, debug_mode=debug, enable_core_dump=debug)
    lines = inject_config(parameters).splitlines()
    body = "\n".join(f"    {line}" if line else "" for line in lines)
    return HEADER.format(variant="debug" if debug else "release") + body + "\n"


if __name__ == "__main__":
    folder = Path(__file__).parent
    for variant, debug in (("release", False), ("debug", True)):
        (folder / f"istio-sidecar-injector-configmap-{variant}.yaml").write_text(config_map(debug=debug), "utf-8")
