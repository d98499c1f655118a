"""Which label keys and values Kubernetes accepts, and what it says about the others.

The words are those of apimachinery's validation package; some changed with the API version.
"""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE: Final = f"({_NAME})?"
_SUBDOMAIN: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_NAME_RULE: Final = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    f"(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_NAME}')"
)
_VALUE_RULE: Final = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character "
    f"(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '{_VALUE}')"
)
_SUBDOMAIN_RULE: Final = (
    "subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
    f"alphanumeric character (e.g. 'example.com', regex used for validation is '{_SUBDOMAIN}')"
)
_PREFIX_RULE: Final = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
_LONGEST_NAME: Final = 63
_LONGEST_SUBDOMAIN: Final = 253
_CONTENT_RULES_SINCE: Final = 35


def check_label_key(key: str, minor: int) -> list[str]:
    """Return what is wrong with a label key, in the words of a Kubernetes 1.``minor``; nothing if it is right."""
    prefix, slash, name = key.rpartition("/")
    if "/" in prefix:
        # said so since 1.35; a "qualified name" before
        noun = "a valid label key" if minor >= _CONTENT_RULES_SINCE else "a qualified name"
        return [f"{noun} {_NAME_RULE} {_PREFIX_RULE}"]
    errors = []
    if slash and not prefix:
        errors.append("prefix part must be non-empty")
    elif slash:
        errors += [f"prefix part {error}" for error in _check_subdomain(prefix, minor)]
    if not name:
        errors.append("name part must be non-empty")
    elif len(name.encode()) > _LONGEST_NAME:
        errors.append(f"name part {_too_long(_LONGEST_NAME, minor)}")
    if re.fullmatch(_NAME, name, re.ASCII) is None:
        errors.append(f"name part {_NAME_RULE}")
    return errors


def check_label_value(value: str, minor: int) -> list[str]:
    """Return what is wrong with a label value, in the words of a Kubernetes 1.``minor``; nothing if it is right."""
    errors = [_too_long(_LONGEST_NAME, minor)] if len(value.encode()) > _LONGEST_NAME else []
    if re.fullmatch(_VALUE, value, re.ASCII) is None:
        errors.append(_VALUE_RULE)
    return errors


def _check_subdomain(text: str, minor: int) -> list[str]:
    errors = [_too_long(_LONGEST_SUBDOMAIN, minor)] if len(text.encode()) > _LONGEST_SUBDOMAIN else []
    if re.fullmatch(_SUBDOMAIN, text, re.ASCII) is None:
        noun = "a lowercase RFC 1123" if minor >= 20 else "a DNS-1123"
        errors.append(f"{noun} {_SUBDOMAIN_RULE}")
    return errors


def _too_long(limit: int, minor: int) -> str:
    return f"must be no more than {limit} {'bytes' if minor >= _CONTENT_RULES_SINCE else 'characters'}"
