"""The fast way gives what the plain way gives: the same bytes for the same review, whatever is in the pod.

5,000 pods a run; ``make fuzz`` takes 100,000 (REMORA_FUZZ_PODS) with a new seed each time (REMORA_FUZZ_SEED repeats one).
Takes about half a minute: each pod goes both ways.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from property.hostile_pods import PodMaker

from webhook.config.loading import Sources, load_snapshot
from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import release_of
from webhook.inject import verification
from webhook.inject.funcs import function_table
from webhook.inject.settings import Settings
from webhook.kube import yaml
from webhook.server.handler import answer_review

PODS = int(os.environ.get("REMORA_FUZZ_PODS", "5000"))
SEED = int(os.environ.get("REMORA_FUZZ_SEED", "20180519"))
STOCK = ("0.5.1", "0.8.0", "1.1.17", "1.5.10", "1.8.6", "1.9.9", "1.12.9", "1.14.6", "1.20.8", "1.27.9", "1.30.3")
USERS = {
    "changes values": """
metadata:
  labels: {seen: "{{ $_ := set .Values.global "seen" (.ObjectMeta.Labels.app | default "none") }}{{ .Values.global.seen }}"}
spec:
  containers:
  - name: helper
    image: "{{ .Values.global.hub | default "h" }}:{{ .Values.global.seen }}"
""",
    "dice and clocks": """
{{- $d := dict "a" (len (randAlphaNum 7)) }}{{ $_ := set $d "b" (index .ObjectMeta.Labels "app") }}
spec:
  initContainers:
  - name: dice
    image: x
    env:
    - {name: UUID, value: "{{ uuidv4 | len }}"}
    - {name: YEAR, value: "{{ now | date "2" | len | min 1 }}"}
    - {name: ENV, value: '{{ env "HOME" "h" }}{{ $d.b }}'}
    - name: JSON
      value: |
        {{ $d | toJson }}
""",
    "pastes": """
metadata:
  annotations:
    plain: {{ index .ObjectMeta.Labels "app" }}
    single: '{{ index .ObjectMeta.Labels "version" }}-{{ .DeploymentMeta.Name }}'
    literal: |
      {{ index .ObjectMeta.Labels "app" }}
        {{ index .ObjectMeta.Labels "app" }} {{ index .ObjectMeta.Labels "zone" }}
    joined: {{ index .ObjectMeta.Labels "app" }}:{{ index .ObjectMeta.Labels "version" }}-x
spec:
  {{- if eq (index .ObjectMeta.Labels "version") "v1" }}
  hostNetwork: false
  {{- end }}
  dnsPolicy: {{ index .ObjectMeta.Labels "istio.io/rev" | default "ClusterFirst" }}
  containers:
  {{- range $i, $c := .Spec.Containers }}
  - name: {{ $c.Name }}-shadow
    image: {{ $c.Image }}
    args:
    - "{{ $c.Name }}"
    - --name={{ $c.Name }}
    - {{ $c.Image | quote }}
    - '{{ $i }}'
  {{- end }}
  volumes:
  - name: data
    emptyDir:
""",
    "pastes oddly": """
metadata:
  annotations: {flow: {{ index .ObjectMeta.Labels "app" }}, "quoted": "{{ index .ObjectMeta.Labels "app" }}"}
  labels:
    k-{{ index .ObjectMeta.Labels "app" }}: key
    folded: >-
      a {{ index .ObjectMeta.Labels "zone" }}
      b
    # a comment with {{ index .ObjectMeta.Labels "zone" }}
    lines: "a {{ index .ObjectMeta.Labels "zone" }}
      b"
    escaped: "\\{{ index .ObjectMeta.Labels "version" }}"
spec:
  priority: {{ len .Spec.Containers }}
  nodeSelector: &n {a: "{{ .ObjectMeta.Name }}"}
  containers:
  - name: {{ (index .Spec.Containers 0).Name }}-x
    resources: {{ toYaml (index .Spec.Containers 0).Resources | nindent 6 }}
""",
    "directives": """
metadata:
  labels:
    gone: null
spec:
  containers:
  - name: first
    image: {{ (index .Spec.Containers 0).Name }}
  - name: {{ (index .Spec.Containers 0).Name }}
    $patch: delete
""",
    "fails": """
{{- if eq (index .ObjectMeta.Labels "app") "service-3" }}{{ fail "no" }}{{ end }}
spec: {serviceAccountName: "{{ .ObjectMeta.Name }}"}
""",
    "is no pod": """
{{- if index .ObjectMeta.Labels "version" }}- a{{ else }}spec: {containers: "{{ .ObjectMeta.Name }}"}{{ end }}
""",
}  # fmt: skip
"""Templates of users, by what is odd about them; what is random in them does not show."""


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "WARM_AFTER", 0)


def _stock(folder: Path, release: str) -> Snapshot:
    stock = folder / release / "stock"
    names = [stock / f"istio-{what}configmap.yaml" for what in ("sidecar-injector-", "mesh-")]
    if not names[0].is_file():
        names = [stock / "istio-inject-configmap.yaml", names[1]]
    sources = Sources(str(names[0]), str(names[1]) if names[1].is_file() else "")
    return load_snapshot(sources, funcs_for=function_table, release=release_of(release))


def _compare(snapshot: Snapshot, pods: int, seed: int) -> Counter[str]:
    fast, plain = Settings(revision="default"), Settings(revision="default", fast="off")
    maker = PodMaker(seed)
    results: Counter[str] = Counter()
    for number in range(pods):
        review, path = maker.review()
        expected = answer_review(review, snapshot, path=path, settings=plain)
        got = answer_review(review, snapshot, path=path, settings=fast)
        assert got.body == expected.body, f"pod {number} of seed {seed}: {review!r}"
        results[expected.result.value] += 1
    return results


@pytest.mark.parametrize("release", STOCK)
def test_stock_templates(release: str, upstream: Path) -> None:
    snapshot = _stock(upstream, release)
    results = _compare(snapshot, max(PODS // (len(STOCK) + len(USERS)), 50), SEED)
    counts = snapshot.memory["prepared"][1].counts
    print(f"seed {SEED}, {release}: {dict(results)}, {dict(counts)}")
    assert counts["memo"] + counts["skeleton"] > len(STOCK)


@pytest.mark.parametrize("odd", USERS)
@pytest.mark.parametrize("release", ["1.14.6", "1.30.3"])
def test_templates_of_users(odd: str, release: str) -> None:
    config = {
        "policy": "enabled",
        "defaultTemplates": ["sidecar"],
        "templates": {"sidecar": USERS[odd], "custom": USERS["pastes"]},
    }
    values = '{"global": {"hub": "docker.io/istio", "proxy": {"image": "proxyv2"}}}'
    text = yaml.dump(config)
    snapshot = build_snapshot(text, None, values, funcs_for=function_table, release=release_of(release))
    results = _compare(snapshot, max(PODS // (len(STOCK) + len(USERS)) // 2, 50), SEED)
    print(f"seed {SEED}, {odd}: {dict(results)}, {dict(snapshot.memory['prepared'][1].counts)}")
