"""Documents that Go wrote come out the same: each golden of upstream, decoded and encoded with the API version of its release.

Reading a release's goldens takes a second or so, most of it YAML.
"""

from __future__ import annotations

import json

import pytest

from webhook.config.release import release_of
from webhook.kube import gojson, workloads, yaml
from webhook.kube.schema import load_schema

API = {
    "0.5.1": "1.9", "0.7.1": "1.9", "0.8.0": "1.10", "1.0.9": "1.10", "1.1.17": "1.11", "1.3.8": "1.13", "1.5.10": "1.17",
    "1.8.6": "1.19", "1.9.9": "1.20", "1.12.9": "1.22", "1.14.6": "1.23", "1.18.7": "1.27", "1.20.8": "1.28",
    "1.24.6": "1.31", "1.27.9": "1.33", "1.30.3": "1.35",
}  # fmt: skip


def documents(directory):
    """Iterate over the typed documents in the goldens of a release, items of lists included."""
    cases = json.loads((directory / "cases.json").read_text())["cases"]
    for name in sorted({case["expected"] for case in cases if case["expected"] and case["mode"] == "kube-inject"}):
        for document in yaml.load_all((directory / name).read_text()):
            is_list = isinstance(document, dict) and document.get("kind") == "List"
            yield from (
                (name, item) for item in (document["items"] if is_list else [document]) if isinstance(item, dict)
            )


@pytest.mark.parametrize("release", API)
def test_goldens_are_fixed_points(upstream, release):
    schema, era = load_schema(API[release]), release_of(release).workload_era
    seen = 0
    for name, document in documents(upstream / release):
        workload = workloads.workload_of(document.get("kind", ""), era)
        if workload is not None:
            seen += 1
            again = schema.encode(workload.type_name, schema.decode(workload.type_name, document, coerce=True))
            assert json.loads(gojson.dumps(again)) == json.loads(gojson.dumps(document)), name
    assert seen > 20
