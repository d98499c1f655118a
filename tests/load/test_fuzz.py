"""Mutated reviews get good answers, and the server stays as it was. Takes about twenty seconds; ``make fuzz-http`` has the long form."""

from __future__ import annotations

from bench.load import fuzz
from bench.load.mutations import mutants
from bench.load.served import Served


def test_mutated_reviews(served: Served, seed: int) -> None:
    found = fuzz.fuzz(served, seed, 3000)
    assert found.complaints == {}
    assert found.patches > 300  # it is pods that are sent, not noise
    assert sum(count for name, count in found.answers.items() if name.endswith(" 200")) > 1500


def test_a_seed_gives_the_same_requests() -> None:
    assert list(mutants(4, 50)) == list(mutants(4, 50)) != list(mutants(5, 50))
