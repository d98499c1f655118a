"""Quantities against the vectors recorded from resource.Quantity."""

from __future__ import annotations

import pytest

from webhook.kube.quantity import QuantityError, canonical_quantity, parse_quantity

VERSIONS = ("1.10", "1.19", "1.36")


def describe(text: str) -> list[object]:
    try:
        quantity = parse_quantity(text)
    except QuantityError as error:
        return [str(error)]
    whole, exact = quantity.as_int64()
    value, milli = str(quantity.value()), str(quantity.milli_value())
    return [quantity.text, value, milli, quantity.is_zero(), quantity.sign(), str(whole), exact]


@pytest.mark.parametrize("version", VERSIONS)
def test_grid_equals_go(recorded, version):
    expected = recorded(f"vectors/schema-{version}.json")["quantities"]
    different = {text: (describe(text), want) for text, want in expected.items() if describe(text) != want}
    assert not different
    assert len(expected) > 400


def test_pairs_compare_as_in_go(recorded):
    pairs = recorded("recorder_schema/cases.json")["pairs"]
    found = [parse_quantity(a).compare(parse_quantity(b)) for a, b in pairs]
    assert found == recorded("vectors/schema-1.36.json")["pairs"]


def test_huge_exponents_compare_without_expanding():
    assert parse_quantity("1e1000000000").compare(parse_quantity("1e999999999")) == 1


@pytest.mark.parametrize("text", ["1" * 4096, "0." + "1" * 4094, "1" * 4000 + "e4000", "1" + "0" * 4094 + "m"])
def test_long_texts_are_quantities(text):
    assert parse_quantity(text).sign() == 1


def test_texts_without_end_are_none():
    with pytest.raises(QuantityError, match="a quantity of 4097 characters is longer than 4096"):
        parse_quantity("1" * 4097)


def test_canonical_text():
    assert canonical_quantity("0.5") == "500m"
    assert canonical_quantity("1024Mi") == "1Gi"
