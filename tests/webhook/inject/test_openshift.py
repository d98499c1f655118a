"""Users and groups on OpenShift."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.inject.openshift import GROUPS, UID_RANGE, is_openshift, proxy_ids, without_assigned_user
from webhook.inject.settings import Settings


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        (None, (1337, 1337)),
        ({}, (1337, 1337)),
        ({UID_RANGE: "1000/10"}, (1009, 1009)),
        ({UID_RANGE: "1000-1010", GROUPS: "2000/5,3000/5"}, (1010, 2004)),
        ({UID_RANGE: "many", GROUPS: ""}, (1337, 1337)),
        ({GROUPS: "2000/5"}, (1337, 2004)),
    ],
)
def test_the_last_of_the_ranges_is_taken(annotations: dict[str, str] | None, expected: tuple[int, int]) -> None:
    assert proxy_ids(annotations) == expected


def test_the_platform_is_told_by_the_environment() -> None:
    there = Settings(environment={"PLATFORM": "openshift"})
    assert is_openshift(release_of("1.20"), there)
    assert not is_openshift(release_of("1.19"), there)
    assert not is_openshift(release_of("1.20"), Settings())


def container(name: str, user: int | None) -> dict[str, Any]:
    context = {"runAsNonRoot": True} if user is None else {"runAsNonRoot": True, "runAsUser": user, "runAsGroup": 1}
    return {"name": name, "securityContext": context}


@pytest.mark.parametrize(
    ("release", "sidecar", "others", "init", "reset"),
    [
        ("1.23.5", 5, [5], [], False),
        ("1.23.6", 5, [5], [], True),
        ("1.24", 5, [5], [], True),
        ("1.24", 5, [6], [], False),
        ("1.24", 5, [6, 5], [], True),
        ("1.24", 5, [6], [5], False),
        ("1.27", 5, [6], [5], True),
        ("1.24", 0, [None], [], True),
    ],
)
def test_an_assigned_user_is_no_wish_of_the_pod(
    release: str, sidecar: int, others: list[int | None], init: list[int | None], reset: bool
) -> None:
    apps = [container(f"app-{index}", user) for index, user in enumerate(others)]
    spec = {
        "containers": [container("istio-proxy", sidecar), *apps],
        "initContainers": [container(f"init-{index}", user) for index, user in enumerate(init)],
    }
    changed = without_assigned_user({"spec": spec}, release_of(release))
    context = changed["spec"]["containers"][0]["securityContext"]
    assert context == ({"runAsNonRoot": True} if reset else container("istio-proxy", sidecar)["securityContext"])
    assert changed["spec"]["containers"][1:] == apps
