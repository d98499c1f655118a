"""What is read line by line is what the whole reader reads, whatever the text and the dialect."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from property.manifests import manifests, near_manifests
from property.templates import unhurried

from webhook.kube import yaml, yaml_reader
from webhook.kube.yaml_lines import NotEverydayError, read_lines

dialects = st.sampled_from([found for found in vars(yaml).values() if isinstance(found, yaml.Dialect)])


@settings(unhurried, max_examples=2000)
@given(manifests | near_manifests(), dialects)
def test_read_alike(text: str, dialect: yaml.Dialect) -> None:
    with suppress(NotEverydayError):
        found = read_lines(text, dialect)
        # also the order of keys, and 1 is neither 1.0 nor true
        assert repr(found) == repr(yaml_reader.load(text, dialect))
