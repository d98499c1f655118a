"""The quick JSON codec gives what the exact one gives, whichever way it takes."""

from __future__ import annotations

import pytest

from webhook.kube import gojson, quickjson

TEXTS = [
    b"{}", b"[1,2.5,-0,1e3,1E-7,true,null]", b' {"a":1,"a":2} ', b'"\\ud800"', b'"\\ud83d\\ude00"', b'"\xff"', b"1.0",
    b"9223372036854775807", b"9223372036854775808", b"18446744073709551615", b"18446744073709551616",
    b"-9223372036854775808", b"-9223372036854775809", b"1234567890123456789012", b"0.00000000000000000000001",
    b"[" * 250 + b"]" * 250, b"[" + b",".join([b'{"a":[[]]}'] * 200) + b"]", "\u2028é\U0001f600".join('""').encode(),
]  # fmt: skip
REFUSED = [
    b"", b"{", b"[1,]", b"nul", b"\xef\xbb\xbf1", b"1e999", b"NaN", b"[" * 251 + b"]" * 251, b'{"a":1}x', b"01",
    b'[{"a":' * 126 + b"[]" + b"}]" * 126, b"[" * 2000 + b"]" * 2000,
]  # fmt: skip
VALUES = [
    {}, {"b": 1, "a": [True, None, -5, 2**63 - 1, -(2**63)]}, "<a href='x'>&\u2028\u2029\x80\x7f\x00\x1f\"\\/", "\udcff",
    {"<k>": {"\u2029": []}}, 2**64 - 1, 2**70, "", [], [{"op": "add", "path": "/x", "value": {"é": "\U0001f600"}}],
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_reads_what_gojson_reads(text: bytes) -> None:
    exact, quick = gojson.loads(text, numbers="number"), quickjson.loads(text)
    assert repr(quick) == repr(exact)


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_in_the_words_of_gojson(text: bytes) -> None:
    with pytest.raises(gojson.JsonError) as exact:
        gojson.loads(text, numbers="number")
    with pytest.raises(gojson.JsonError) as quick:
        quickjson.loads(text)
    assert str(quick.value) == str(exact.value)


@pytest.mark.parametrize("value", VALUES)
def test_writes_what_gojson_writes(value: object) -> None:
    assert quickjson.dumps(value) == gojson.dumps(value, sort_keys=False).encode("utf-8", "surrogateescape")


def test_goes_without_orjson(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quickjson, "orjson", None)
    assert quickjson.loads(b'{"a":[1,2.5]}') == {"a": [1, 2.5]}
    assert quickjson.dumps({"a": "<"}) == b'{"a":"\\u003c"}'
