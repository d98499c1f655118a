"""The release table: every feature is documented, total and in order; a few rows are the ones the references name."""

import re
from itertools import pairwise

import pytest

from webhook.config.release import LAST_PATCHES, Release, changes_at, describe, differences, release_of
from webhook.config.timeline import features_of
from webhook.mesh.versions import parse_version

FEATURES = features_of(Release)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_has_a_sentence_and_ascending_steps_from_0_5(feature):
    starts = [parse_version(start) for start in feature.steps]
    assert starts[0] == (0, 5, 0)
    assert starts == sorted(set(starts))
    assert feature.sentence.endswith(".")
    assert None not in feature.steps.values()


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_step_changes_the_value(feature):
    values = list(feature.steps.values())
    assert all(one != other for one, other in pairwise(values)) or isinstance(values[0], bool)


def test_every_feature_is_asked_for(root):
    modules = [path for name in ("webhook", "conformance") for path in (root / name).rglob("*.py")]
    text = "".join(path.read_text() for path in modules if path.name != "release.py")
    asked = set(re.findall(r"\.(\w+)", text))
    assert [feature.name for feature in FEATURES if feature.name not in asked] == []


@pytest.mark.parametrize("version", LAST_PATCHES)
def test_every_minor_has_a_release(version):
    assert release_of(version).numbers == parse_version(version)


@pytest.mark.parametrize(
    ("version", "feature", "value"),
    [
        ("0.5.0", "patch_remove_has_value", True),
        ("0.6.0", "patch_remove_has_value", False),
        ("0.7.1", "config_map_name", "istio-inject"),
        ("0.8.0", "config_map_name", "istio-sidecar-injector"),
        ("0.7.1", "delimiters", ("{{", "}}")),
        ("0.8.0", "delimiters", ("[[", "]]")),
        ("1.1.17", "delimiters", ("[[", "]]")),
        ("1.2.0", "delimiters", ("{{", "}}")),
        ("0.5.1", "functions", ()),
        ("0.7.1", "functions", ("formatDuration",)),
        ("1.0.2", "functions", ("formatDuration", "isset")),
        ("1.0.2", "ports_are_signed", True),
        ("1.0.3", "ports_are_signed", False),
        ("1.6.0", "proxy_config_annotation", "istio.io/proxyConfig"),
        ("1.6.1", "proxy_config_annotation", "proxy.istio.io/config"),
        ("0.5.1", "workload_era", "0.5"),
        ("0.8.0", "workload_era", "0.6"),
        ("1.1.17", "workload_era", "1.0"),
        ("1.10.6", "workload_era", "1.2"),
        ("1.31.0-rc.0", "workload_era", "1.11"),
        ("1.6.9", "cron_job_owner", ""),
        ("1.6.10", "cron_job_owner", "batch/v1beta1"),
        ("1.6.14", "prometheus_merge_default", False),
        ("1.7.0", "prometheus_merge_default", True),
        ("1.7.1", "cron_job_owner", ""),
        ("1.7.2", "cron_job_owner", "batch/v1beta1"),
        ("1.20.7", "adjusts_init_container_user", False),
        ("1.20.8", "adjusts_init_container_user", True),
        ("1.21.5", "adjusts_init_container_user", False),
        ("1.27.0", "native_sidecars", "auto"),
        ("1.31.0-rc.0", "prometheus_merge", "targets"),
    ],
)
def test_rows(version, feature, value):
    assert getattr(release_of(version), feature) == value


def test_a_bare_minor_is_its_newest_patch():
    assert release_of("1.20").version == "1.20.8"
    assert release_of("1.20").adjusts_init_container_user


@pytest.mark.parametrize("version", ["0.4.0", "0.9.0", "1.32.0", "2.0.0", "nightly", ""])
def test_other_versions_are_refused(version):
    with pytest.raises(ValueError, match=r"covered|is not a version"):
        release_of(version)


def test_differences_between_releases():
    found = differences(release_of("0.5.1"), release_of("0.6.0"))
    assert found["patch_remove_has_value"] == (True, False)
    assert "delimiters" not in found
    assert differences(release_of("1.0.4"), release_of("1.0.9")) == {}


def test_a_feature_can_be_described():
    assert describe("delimiters") == "The delimiters of actions in the pod template."
    assert changes_at("delimiters") == ("0.5.0", "0.8.0", "1.2.0")
    with pytest.raises(KeyError):
        describe("nothing")
