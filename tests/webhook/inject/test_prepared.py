"""The steps to an overlay: which is taken when, that tables stay small, and what happens when the two ways differ."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import release_of
from webhook.inject import prepared, verification
from webhook.inject.errors import InjectError
from webhook.inject.funcs import function_table
from webhook.inject.outcome import Outcome
from webhook.inject.pipeline import inject
from webhook.inject.prepared import counts_of
from webhook.inject.settings import Settings
from webhook.kube import yaml

TEMPLATE = """
metadata:
  annotations: {for: "{{ index .ObjectMeta.Labels "app" }}"}
spec:
  containers:
  - name: istio-proxy
    image: {{ .Values.image }}
    args: ["{{ annotation .ObjectMeta `level` "info" }}"]
    env: [{name: POD, value: "{{ .ObjectMeta.Name }}"}]
"""


def _snapshot(template: str = TEMPLATE) -> Snapshot:
    config = yaml.dump({"policy": "enabled", "templates": {"sidecar": template}})
    return build_snapshot(config, None, '{"image": "proxy:1"}', funcs_for=function_table, release=release_of("1.20.8"))


def _pod(name: str = "a", **annotations: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "labels": {"app": name}}
    if annotations:
        metadata["annotations"] = annotations
    return {"metadata": metadata, "spec": {"containers": [{"name": "app"}]}}


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "WARM_AFTER", 0)
    monkeypatch.setattr(prepared, "GENERAL_AFTER", 2)


def test_prepares_nothing_for_the_first_pods() -> None:
    snapshot = _snapshot()
    for _ in range(verification.WARM_AFTER):
        inject(_pod(), snapshot)
    assert counts_of(snapshot) == {}
    inject(_pod(), snapshot)
    assert counts_of(snapshot) == {"text": 1}


@pytest.mark.usefixtures("eager")
def test_goes_from_text_to_skeleton_to_memo() -> None:
    snapshot = _snapshot()
    steps = []
    for name in ("a", "b", "b", "b", "c", "d e", "é", "é", "a"):
        before = dict(counts_of(snapshot))
        inject(_pod(name), snapshot)
        steps += [step for step, count in counts_of(snapshot).items() if count != before.get(step, 0)]
    assert steps == ["text", "skeleton", "skeleton", "memo", "skeleton", "skeleton", "text", "memo", "memo"]


@pytest.mark.usefixtures("eager")
def test_pods_with_annotations_that_matter_come_later() -> None:
    snapshot = _snapshot()
    for _ in range(4):
        inject(_pod("a", level="debug"), snapshot)
        inject(_pod("a", other="x"), snapshot)
    counts = counts_of(snapshot)
    assert counts["general"] == 1
    assert counts["text"] == 2 and counts["memo"] == 5


@pytest.mark.usefixtures("eager")
def test_tables_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MAX_OVERLAYS", 16)
    monkeypatch.setattr(prepared, "MAX_SKELETONS", 4)
    snapshot = _snapshot(TEMPLATE + "  {{ range .Spec.Containers }}# x\n  {{ end }}\n")
    for count in range(40):
        pod = _pod(f"a{count}")
        pod["spec"]["containers"] *= count % 9 + 1
        inject(pod, snapshot)
    special = next(iter(snapshot.memory["prepared"][1]._variants.values()))._lacking
    assert len(special._overlays) <= 16 and len(special._skeletons) <= 4


@pytest.mark.usefixtures("eager")
def test_long_texts_are_not_kept() -> None:
    snapshot = _snapshot()
    for _ in range(3):
        inject(_pod("x" * prepared.MAX_HOLES), snapshot)
    assert counts_of(snapshot)["memo"] == 0


@pytest.mark.usefixtures("eager")
def test_what_is_shared_stays_as_it_is() -> None:
    snapshot = _snapshot()
    for name in ("a", "b", "c"):
        inject(_pod(name), snapshot)
    special = next(iter(snapshot.memory["prepared"][1]._variants.values()))._lacking
    skeleton = next(iter(special._skeletons.values()))[0]
    before = repr(skeleton.model)
    pod = {**_pod("c"), "spec": {"containers": [{"name": "istio-proxy", "image": "auto", "env": [{"name": "POD"}]}]}}
    for _ in range(3):
        inject(pod, snapshot)
        inject(_pod("c"), snapshot)
    assert repr(skeleton.model) == before


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("settings", [Settings(fast="verify"), Settings(verify_every=2)])
def test_a_difference_ends_the_fast_way(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    snapshot = _snapshot()
    expected = [_patch(inject(_pod(), snapshot, settings=Settings(fast="off"))) for _ in range(6)]
    monkeypatch.setattr(prepared._Special, "patch", _wrong(prepared._Special.patch))
    with caplog.at_level(logging.ERROR):
        got = [_patch(inject(_pod(), snapshot, settings=settings)) for _ in range(6)]
    verified = 1 if settings.fast == "verify" else 2
    assert got[verified - 1 :] == expected[verified - 1 :]
    assert counts_of(snapshot)["differences"] == 1
    assert "differs at /" in caplog.text and snapshot.hash in caplog.text


@pytest.mark.usefixtures("eager")
def test_without_a_difference_it_stays() -> None:
    snapshot = _snapshot()
    for number in range(6):
        inject(_pod(f"p{number}"), snapshot, settings=Settings(fast="verify"))
    assert counts_of(snapshot)["verified"] == 6 and not counts_of(snapshot)["differences"]


def _patch(outcome: Outcome) -> Any:
    return outcome.patch


def _wrong(original: Any) -> Any:
    def patch(self: Any, *given: Any) -> Any:
        found = original(self, *given)
        found.typed = {"spec": {"containers": [{"name": "wrong"}]}}
        return found

    return patch


@pytest.mark.usefixtures("eager")
def test_verifies_errors_too() -> None:
    snapshot = _snapshot("{{ fail .ObjectMeta.Name }}")
    for _ in range(3):
        with pytest.raises(InjectError, match="oh no"):
            inject(_pod("oh no"), snapshot, settings=Settings(fast="verify"))
    assert counts_of(snapshot)["verified"] == 3 and not counts_of(snapshot)["differences"]


def test_says_where_results_differ() -> None:
    expected = ({"a": [1, {"b": "x"}]},)
    assert verification._place(({"a": [1, {"b": "y"}]},), expected) == "/0/a/1/b"
    assert verification._place(({"a": [1]},), expected) == "/0/a/1"
    assert verification._place(({},), expected) == "/0/a"
