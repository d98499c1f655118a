"""Streams are split into documents where Kubernetes' YAMLReader splits them."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from webhook.kube.documents import SEPARATOR, split_documents
from webhook.kube.yaml import YamlError


@pytest.mark.parametrize(("column", "comments"), [(1, False), (2, True)], ids=["blank tails", "comments"])
def test_as_recorded(go_answers, column, comments):
    for row in go_answers.rows("streams"):
        documents: list[str] = []
        error = None
        try:
            for document in split_documents(row[0], comments=comments):
                documents.append(document)
        except YamlError as caught:
            error = str(caught)
        assert (row[0], documents, error) == (row[0], row[column]["documents"], row[column].get("err"))


def test_lines_of_a_file_give_the_same():
    text = "a: 1\r\n---\nb: 2"
    assert list(split_documents(io.StringIO(text, newline="\n"))) == list(split_documents(text)) == ["a: 1\n", "b: 2\n"]


def test_a_document_is_given_out_before_the_next_is_read():
    def lines() -> Iterator[str]:
        yield "a: 1\n"
        yield SEPARATOR
        raise AssertionError("read too far")

    assert next(split_documents(lines())) == "a: 1\n"
