"""decryptAES reads what Go's encryptAES wrote."""

from __future__ import annotations

from collections.abc import Callable

import pytest

FROM_GO = "oY+soBNldBsMEUC8r+pTvpAjkXPSQqAran0mbGZgjGM="


def test_text_of_go(render: Callable[[str], str]) -> None:
    assert render(f'{{{{ decryptAES "pw" "{FROM_GO}" }}}}') == "héllo"


@pytest.mark.parametrize("text", ["a", "sixteen bytes ok", "ünï" * 9])
@pytest.mark.parametrize("password", ["", "pw", "a password of more than thirty-two bytes"])
def test_there_and_back(text: str, password: str, render: Callable[[str], str]) -> None:
    assert render(f'{{{{ encryptAES "{password}" "{text}" | decryptAES "{password}" }}}}') == text
