"""Configurations of our own that the tests of this folder load."""

from __future__ import annotations

import textwrap

import pytest

from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import Release, release_of


def functions(release: Release) -> dict:
    """Stand-ins for the injector's functions: enough to parse, and to call with any arguments."""
    return {name: lambda *_: "" for name in release.functions}


@pytest.fixture(scope="session")
def build():
    """Build a snapshot with stand-in functions; ``version`` forces the release."""

    def build_(
        text: str, mesh: str | None = None, values: str | None = None, *, version: str = "", source: str = "config.yaml"
    ) -> Snapshot:
        release = release_of(version) if version else None
        return build_snapshot(text, mesh, values, funcs_for=functions, release=release, source=source)

    return build_


OLD_TEMPLATE = """\
initContainers:
- name: istio-init
  image: registry.example/istio/proxy_init:{tag}
  args: ["-p", "{{{{ .MeshConfig.ProxyListenPort }}}}"]
containers:
- name: istio-proxy
  image: registry.example/istio/proxy:{tag}
  args: ["{{{{ .ProxyConfig.DiscoveryAddress }}}}"]
"""
BRACKETS = OLD_TEMPLATE.replace("{{{{", "[[").replace("}}}}", "]]")


def config_of(template: str, **keys: str) -> str:
    """Return a configuration document with a single template."""
    head = "".join(f"{key}: {value}\n" for key, value in {"policy": "enabled", **keys}.items())
    return head + "template: |\n" + textwrap.indent(template, "  ")


def config_map(name: str, **data: str) -> str:
    """Return a ConfigMap manifest."""
    parts = [f"  {key}: |\n{textwrap.indent(text, '    ')}" for key, text in data.items()]
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n" + "\n".join(parts) + "\n"


@pytest.fixture(scope="session")
def old_config() -> str:
    """A configuration of 0.7.1."""
    return config_of(OLD_TEMPLATE.format(tag="0.7.1"))


@pytest.fixture(scope="session")
def bracket_config() -> str:
    """A configuration of 0.8.0."""
    return config_of(BRACKETS.format(tag="0.8.0"))


@pytest.fixture(scope="session")
def named_config() -> str:
    """A configuration with named templates."""
    return textwrap.dedent("""\
        policy: enabled
        defaultTemplates: [sidecar]
        template: "{{ Wrong_Version }}"
        aliases:
          both: [sidecar, extra]
        neverInjectSelector:
        - matchLabels: {job: batch}
        injectedAnnotations:
          example.com/note: "yes"
        templates:
          sidecar: |
            spec:
              containers:
              - name: istio-proxy
                image: "{{ .ProxyImage }}"
          extra: |
            metadata:
              labels: {a: b}
        """)


@pytest.fixture(scope="session")
def manifest():
    """Make a ConfigMap manifest."""
    return config_map


@pytest.fixture(scope="session")
def single():
    """Make a configuration document with a single template."""
    return config_of
