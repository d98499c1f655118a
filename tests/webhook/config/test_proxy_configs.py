"""ProxyConfig resources: read from manifests, ranked by age, part of a snapshot."""

from __future__ import annotations

import json

import pytest

from webhook.config.errors import ConfigError
from webhook.config.model import Snapshot, build_snapshot
from webhook.config.proxy_configs import read_proxy_configs, with_proxy_configs
from webhook.config.release import release_of
from webhook.inject.funcs import function_table

RESOURCES = """
apiVersion: v1
kind: List
items:
- apiVersion: networking.istio.io/v1beta1
  kind: ProxyConfig
  metadata: {name: young, namespace: shop, creationTimestamp: "2024-02-01T00:00:00Z"}
  spec: {concurrency: 2}
- kind: ProxyConfig
  metadata: {name: old, namespace: shop, creationTimestamp: "2024-01-01T00:00:00Z"}
  spec: {concurrency: 1, selector: {matchLabels: {app: cart}}}
---
kind: ProxyConfig
metadata: {name: here}
spec: {image: {imageType: debug}}
---
kind: Service
metadata: {name: s}
"""
CONFIG = json.dumps({"policy": "enabled", "templates": {"sidecar": ""}})


def snapshot(text: str | None, release: str = "1.31.0") -> Snapshot:
    built = build_snapshot(CONFIG, None, "{}", release=release_of(release), funcs_for=function_table)
    return with_proxy_configs(built, text)


def test_the_oldest_comes_first() -> None:
    found = read_proxy_configs(RESOURCES, release_of("1.31.0"))
    assert [(item.namespace, item.config.get("concurrency"), item.selector) for item in found] == [
        ("default", None, None),
        ("shop", 1, {"app": "cart"}),
        ("shop", 2, None),
    ]


def test_before_1_13_there_are_none() -> None:
    assert read_proxy_configs("not: [yaml", release_of("1.12.9")) == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "the ProxyConfig resources"),
        ("kind: ProxyConfig\nmetadata: {name: p, namespace: ns}\nspec: {concurrency: many}", "the ProxyConfig resources, ns/p"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where(text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_proxy_configs(text, release_of("1.31.0"))
    assert caught.value.place == problem


def test_they_are_part_of_what_identifies_a_snapshot() -> None:
    assert snapshot(None).hash == snapshot("kind: Service").hash != snapshot(RESOURCES).hash
    assert snapshot(RESOURCES).texts.proxy_configs == RESOURCES
