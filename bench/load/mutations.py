"""Reviews that were tampered with: pods, envelopes, bytes and HTTP itself. A seed gives the same sequence everywhere."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bench.load.reviews import pods, review

ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**40, 0.5, 1e308, "", " ", "a", "0", "-1", "true", "null",
    "\u0000",
    "é", "日本語", "\U0001f41f", "\ud800", "a" * 300, "{{ .Spec }}", "[[ .ObjectMeta ]]", "${A}", "../../etc/passwd", "a\nb: c", "- x",
    "#", "'", '"',
    "1Gi", "100m", "1e3", "8080", "http", "65536", "2001-01-01T00:00:00Z", [], {}, [None], [[]], [{}], {"": ""}, {"name": "istio-proxy"},
    {"a": {"b": {"c": {}}}}, ["x"] * 50,
)  # fmt: skip
"""Values that stand in for others: each type, the ends of ranges, text that means something to YAML, templates and paths."""
ANNOTATIONS: Final = (
    "sidecar.istio.io/inject", "sidecar.istio.io/status", "sidecar.istio.io/proxyImage", "sidecar.istio.io/interceptionMode",
    "sidecar.istio.io/proxyCPU", "sidecar.istio.io/proxyMemory", "sidecar.istio.io/rewriteAppHTTPProbers", "sidecar.istio.io/userVolume",
    "sidecar.istio.io/userVolumeMount", "sidecar.istio.io/bootstrapOverride", "sidecar.istio.io/logLevel",
    "sidecar.istio.io/discoveryAddress",
    "traffic.sidecar.istio.io/includeOutboundIPRanges", "traffic.sidecar.istio.io/excludeOutboundIPRanges",
    "traffic.sidecar.istio.io/includeInboundPorts",
    "traffic.sidecar.istio.io/excludeInboundPorts", "traffic.sidecar.istio.io/kubevirtInterfaces", "status.sidecar.istio.io/port",
    "readiness.status.sidecar.istio.io/periodSeconds", "proxy.istio.io/config", "proxy.istio.io/overrides", "inject.istio.io/templates",
    "prometheus.io/scrape", "prometheus.io/port", "prometheus.io/path", "k8s.v1.cni.cncf.io/networks", "istio.io/rev",
)  # fmt: skip
ANNOTATION_VALUES: Final = (
    "", "true", "false", "*", "10.0.0.0/8", "10.0.0.0/99", "8080,9090", "-1", "70000", "{}", "[]", '{"concurrency": 2}',
    "concurrency: [", "TPROXY", "sidecar", "nope",
    '{"containers":["istio-proxy"]}', "100m", "a: b", "\u0000",
)  # fmt: skip
KEYS: Final = (
    "metadata", "spec", "containers", "initContainers", "volumes", "name", "securityContext", "ports", "env", "annotations",
    "labels", "hostNetwork",
    "ephemeralContainers", "imagePullSecrets", "livenessProbe", "httpGet", "lifecycle", "ownerReferences", "dnsConfig", "unknown",
)  # fmt: skip
HEADERS: Final = (
    {"Content-Type": "application/json; charset=utf-8"}, {"Content-Type": "text/plain"}, {"Content-Type": ""}, {"Expect": "100-continue"},
    {"Accept-Encoding": "gzip"}, {"X-Long": "x" * 4000}, {"Connection": "close"}, {"Content-Encoding": "gzip"},
)  # fmt: skip
PATHS: Final = (
    "/inject", "/inject/", "/inject?timeout=0s", "/inject?timeout=1s", "/inject?timeout=99s", "/inject?timeout=",
    "/inject/cluster/c1/net/n1", "/inject/odd",
    "/inject//a//b", "/inject/:ENV:cluster=c:ENV:net=", "/inject/a--slash--b/%2e%2e", "/", "/healthz/ready", "/healthz/live",
    "/metrics", "/debug/config", "/injector",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A request.

    ``uid`` is what a reader of the body finds in it, and ``pod`` what a patch is to be applied to. The latter is None where there is
    none, or where its keys are in another case than Kubernetes': Go understands those, but a patch is about the keys that are sent.
    """

    kind: str
    body: bytes
    method: str = "POST"
    path: str = "/inject?timeout=10s"
    headers: dict[str, str] = field(default_factory=dict)
    chunked: bool = False
    pod: Any = None
    uid: str | None = None


def mutants(seed: int, count: int) -> Iterator[Mutant]:
    """Yield requests: most have a pod that was changed in one to six places."""
    chance = random.Random(seed)
    ways = [_whole, _pod, _case, _annotations, _envelope, _bytes, _transport]
    for number in range(count):
        (way,) = chance.choices(ways, weights=(1, 10, 1, 4, 3, 3, 2))
        yield way(chance, f"fuzz-{seed}-{number}")


def _base(chance: random.Random) -> dict[str, Any]:
    return copy.deepcopy(chance.choice(list(pods().values())))


def _whole(chance: random.Random, uid: str) -> Mutant:
    return _sent("whole", json.loads(review(uid, _base(chance)).body))


def _pod(chance: random.Random, uid: str) -> Mutant:
    body = json.loads(review(uid, _base(chance)).body)
    for _ in range(chance.randint(1, 6)):
        _change(chance, body["request"]["object"])
    return _sent("pod", body)


def _case(chance: random.Random, uid: str) -> Mutant:
    body = json.loads(review(uid, _base(chance)).body)
    place = chance.choice([place for place in _places(body["request"]["object"]) if isinstance(place, dict) and place])
    key = chance.choice(list(place))
    place[key.swapcase()] = place.pop(key)
    return replace(_sent("case", body), pod=None)


def _annotations(chance: random.Random, uid: str) -> Mutant:
    pod = _base(chance)
    chosen = chance.sample(ANNOTATIONS, chance.randint(1, 4))
    pod["metadata"]["annotations"] = {name: chance.choice(ANNOTATION_VALUES) for name in chosen}
    return _sent("annotations", json.loads(review(uid, pod).body))


def _envelope(chance: random.Random, uid: str) -> Mutant:
    body = json.loads(review(uid, _base(chance)).body)
    place = chance.choice([body, body["request"]])
    key = chance.choice([*place, *KEYS])
    if chance.random() < 0.4:
        place.pop(key, None)
    else:
        place[key] = chance.choice(ODD)
    return _sent("envelope", body)


def _bytes(chance: random.Random, uid: str) -> Mutant:
    content = bytearray(review(uid, _base(chance)).body)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content) or 1)
        match chance.randrange(5):
            case 0:
                del content[at:]
            case 1:
                content[at : at + 1] = bytes([chance.randrange(256)])
            case 2:
                content[at:at] = chance.randbytes(chance.randint(1, 8))
            case 3:
                del content[at : at + chance.randint(1, 40)]
            case 4:
                content[at:at] = chance.choice(
                    [b"[" * 2000, b'{"a":' * 2000, b"1" * 5000, b"\xff\xfe", b"\\ud800", b"NaN", b"//", b'"']
                )
    return Mutant("bytes", bytes(content))


def _transport(chance: random.Random, uid: str) -> Mutant:
    body = review(uid, _base(chance)).body
    method = chance.choices(
        ["POST", "GET", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH"], weights=(8, 1, 1, 1, 1, 1, 1)
    )[0]
    content = chance.choice([body, body, b"", b" ", b"null", b"[]", b"0"])
    return Mutant("transport", content, method, chance.choice(PATHS), chance.choice(HEADERS), chance.random() < 0.3)


def _sent(kind: str, body: dict[str, Any]) -> Mutant:
    content = json.dumps(body).encode()
    request = body.get("request")
    known = isinstance(request, dict) and isinstance(request.get("uid"), str)
    return Mutant(kind, content, pod=request.get("object") if known else None, uid=request["uid"] if known else None)


def _change(chance: random.Random, tree: Any) -> None:
    """Change one place of a tree, chosen among all of them."""
    place = chance.choice(list(_places(tree)))
    keys = list(place) if isinstance(place, dict) else range(len(place))
    key = chance.choice(list(keys)) if len(place) else None
    match chance.randrange(6):
        case 0 if key is not None:
            del place[key]
        case 1 if key is not None:
            place[key] = copy.deepcopy(chance.choice(ODD))
        case 2 if isinstance(place, dict):
            place[chance.choice(KEYS)] = copy.deepcopy(chance.choice(ODD))
        case 3 if isinstance(place, list) and key is not None:
            place.insert(chance.randint(0, len(place)), copy.deepcopy(place[key]))
        case 4 if key is not None:
            place[key] = [place[key]] if chance.random() < 0.5 else {"name": place[key]}
        case _ if isinstance(place, list):
            place.reverse()


def _places(tree: Any) -> Iterator[dict[str, Any] | list[Any]]:
    if isinstance(tree, dict | list):
        yield tree
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _places(value)
