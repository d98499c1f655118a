"""Proto JSON: every recorded input gives the error, the JSON and the text that Go's libraries gave."""

import json
from pathlib import Path

import pytest

from webhook.mesh.errors import MeshError
from webhook.mesh.messages import Message
from webhook.mesh.protojson import Reader, write_message
from webhook.mesh.schema import schema_of
from webhook.mesh.textformat import text_of

VECTORS = json.loads((Path(__file__).parent / "jsonpb_vectors.json").read_text(encoding="utf-8"))


def in_words_of(schema, error):
    """Undo what the recording Go says differently: before 1.15 it did not quote durations."""
    if error is not None and error.startswith("bad Duration") and not schema.rules.quotes_durations:
        return error.replace('"', "")
    return error


def in_escapes_of(schema, text):
    """Undo what the recording Go writes differently: before 1.22 it had no short escapes for two controls."""
    return text if schema.rules.short_escapes else text.replace("\\b", "\\u0008").replace("\\f", "\\u000c")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['release']}-{v['message']}-{v['input']}")
def test_reads_and_writes_as_go_does(vector):
    schema = schema_of(vector["release"])
    empty = Message(f"istio.mesh.v1alpha1.{vector['message']}")
    try:
        message = Reader(schema).read(json.loads(vector["input"]), empty)
    except MeshError as error:
        assert str(error) == in_words_of(schema, vector.get("error"))
        return
    assert "error" not in vector
    assert write_message(message, schema) == in_escapes_of(schema, vector["json"])
    wanted = vector.get("text", "")
    if schema.version >= (1, 14, 0):  # this library writes one or two spaces, chosen per build of the program
        wanted = wanted.replace("  ", " ")
    assert text_of(message, schema) == wanted
