"""Reloading: the last good snapshot stays, with the reason."""

import pytest

from webhook.config.errors import ConfigError
from webhook.config.reload import Reloadable, changed_files, reload


@pytest.fixture
def state(build, old_config):
    return Reloadable(build(old_config), (("config", "1"),))


def refuse(*_):
    raise ConfigError("broken", place="config")


def test_nothing_changed(state):
    assert reload(state, state.files, refuse) is state


def test_a_good_new_one_comes_into_force(state, build, bracket_config):
    new = build(bracket_config)
    after = reload(state, (("config", "2"),), lambda: new)
    assert after.snapshot is new
    assert not after.is_stale


def test_a_bad_one_leaves_the_last_good_one(state):
    after = reload(state, (("config", "2"),), refuse)
    assert after.snapshot is state.snapshot
    assert str(after.refused) == "config: broken"
    assert after.is_stale
    assert reload(after, (("config", "2"),), refuse) is after


def test_the_canary_refuses(state, build, bracket_config):
    after = reload(state, (("config", "2"),), lambda: build(bracket_config), refuse)
    assert after.snapshot is state.snapshot
    assert after.is_stale


def test_the_same_configuration_again_clears_the_refusal(state, build, old_config):
    stale = reload(state, (("config", "2"),), refuse)
    after = reload(stale, (("config", "3"),), lambda: build(old_config), refuse)
    assert after.snapshot is state.snapshot
    assert not after.is_stale


def test_changed_files():
    old, new = (("a", "1"), ("b", "1")), (("a", "2"), ("c", "1"))
    assert changed_files(old, new) == ("a", "b", "c")
