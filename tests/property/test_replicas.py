"""Pods that come again with another token volume get what the plain way gives, whatever else is in them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from property.hostile_pods import PodMaker
from property.test_fast_plain import STOCK, _stock

from webhook.inject import verification
from webhook.inject.settings import Settings
from webhook.server.handler import answer_review

PODS = 40


def _with_token(pod: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return a pod with a token volume of some name, now and then also where no volume is named."""
    name = f"kube-api-access-{chance.choice(('x7k2p', 'aaaaa', '00000'))}"
    containers = [
        {**item, "volumeMounts": [*(item.get("volumeMounts") or ()), {"name": name, "mountPath": "/token"}]}
        for item in pod["spec"]["containers"]
    ]
    odd = chance.random()
    if odd < 0.1:
        containers[0]["name"] = name
    elif odd < 0.2:
        containers[0]["env"] = [{"name": "A", "value": name}]
    elif odd < 0.3:
        containers[0]["image"] = chance.choice(("a", "b"))
    volumes = [*(pod["spec"].get("volumes") or ()), {"name": name}]
    return {**pod, "spec": {**pod["spec"], "containers": containers, "volumes": volumes}}


@pytest.mark.parametrize("release", [release for release in STOCK if int(release.split(".")[1]) > 8])
def test_replicas(release: str, upstream: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "WARM_AFTER", 0)
    snapshot, maker, chance = _stock(upstream, release), PodMaker(7), random.Random(7)
    fast, plain = Settings(revision="default"), Settings(revision="default", fast="off")
    for _ in range(PODS):
        review, path = maker.review()
        document = json.loads(review)
        pod = document["request"]["object"]
        for _ in range(8):
            document["request"]["object"] = _with_token(pod, chance)
            body = json.dumps(document).encode()
            got = answer_review(body, snapshot, path=path, settings=fast)
            assert got.body == answer_review(body, snapshot, path=path, settings=plain).body
