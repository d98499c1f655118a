"""bcrypt hashes are those of Go's library, by the C library and by our own code, which hashes at the lowest cost here."""

from __future__ import annotations

import base64
import random

import pytest

from gotemplate import Template, sprig
from gotemplate.sprig import blowfish

ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
FROM_GO = [
    (b"password", "$2a$04$VD5ZyX36yGL2pmWftxkvkeHSene..DQtkewIO7mbkI7RobuBDj5RS"),
    (b"", "$2a$04$0M0ebcF7FHaDxaGedrCbhuKNI9Z2tNMC70MhNE0asph15m6v1uHzW"),
    ("é\0x".encode(), "$2a$04$G5TLMdpWIBeuphRLmjG/gONuDTS25yptiFSBgJ1.IIDmtBJVaJwBy"),
    (b"0123456789" * 7 + b"ab", "$2a$04$ryLOqsEgALanpvckOyKvG.5vDK2CXbnXVT/.MDIvb/qw.Fxk2q9RC"),
]


def salt_of(hashed: str) -> bytes:
    return base64.b64decode(hashed[7:29].translate(str.maketrans(ALPHABET, STANDARD)) + "==")


@pytest.mark.parametrize(("password", "hashed"), FROM_GO)
def test_our_own_hash(password: bytes, hashed: str) -> None:
    assert blowfish.blowfish_hash(password, salt_of(hashed), 4) == hashed


@pytest.mark.parametrize(("password", "hashed"), FROM_GO)
def test_whichever_hash_is_there(password: bytes, hashed: str) -> None:
    assert blowfish.bcrypt_hash(password, salt_of(hashed), 4) == hashed


def test_the_c_library_would_cut_a_password_at_a_zero_byte() -> None:
    assert blowfish.library_hash(b"a\0b", bytes(16), 4) is None


def test_a_line_of_a_password_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gotemplate.sprig.passwords._BCRYPT_COST", 4)
    functions = sprig.funcs(random=random.Random(1))
    line = Template("t", funcs=functions).parse('{{ htpasswd "user" "secret" }}').render({})
    user, hashed = line.split(":")
    assert user == "user"
    assert hashed.startswith("$2a$04$")
    assert hashed == blowfish.bcrypt_hash(b"secret", salt_of(hashed), 4)
