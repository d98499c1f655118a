"""Versions and the steps of what depends on them."""

import pytest

from webhook.mesh.versions import NEWEST_PATCH, at, parse_version, since, until


@pytest.mark.parametrize(
    ("text", "version"),
    [("0.8.0", (0, 8, 0)), ("v1.20.8", (1, 20, 8)), ("1.31.0-rc.0", (1, 31, 0)), ("1.20", (1, 20, NEWEST_PATCH))],
)
def test_reads_versions(text, version):
    assert parse_version(text) == version


@pytest.mark.parametrize("text", ["", "1", "latest", "1.x", "1.2.3.4"])
def test_refuses_what_is_no_version(text):
    with pytest.raises(ValueError, match="is not a version of Istio"):
        parse_version(text)


@pytest.mark.parametrize(
    ("version", "holds"),
    [("1.20.7", False), ("1.20.8", True), ("1.21.0", False), ("1.21.6", True), ("1.22.0", False), ("1.23.0", True)],
)
def test_a_backport_holds_in_its_minor_only(version, holds):
    assert at(since("1.23.0", "1.21.6", "1.20.8"), parse_version(version)) is holds


@pytest.mark.parametrize(("version", "holds"), [("0.8.0", True), ("1.0.0", False)])
def test_until_the_last_minor_before_one(version, holds):
    assert at(until("0.8"), parse_version(version)) is holds
