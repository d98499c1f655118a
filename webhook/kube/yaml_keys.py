"""The order of mapping keys in yaml.v2.

Letters by code point, runs of digits as numbers, other characters before letters.
"""

from collections.abc import Iterable
from functools import cmp_to_key, partial
from typing import Final

from gotemplate.golib.unicode import is_digit, is_letter

_WORD: Final = 1 << 64
_SIGN: Final = 1 << 63


def natural_sort(keys: Iterable[str], zero_run_order: bool = True) -> list[str]:
    """Keys in yaml.v2's order.

    zero_run_order: whether a difference at a 0 inside a run of digits compares the whole run (from yaml.v2 2.2).
    """
    listed = list(keys)
    joined = "".join(listed)
    if joined.isascii() and joined.isalpha():
        return sorted(listed)
    return sorted(listed, key=_KEYS[zero_run_order])


def _compare(a: str, b: str, zero_run_order: bool) -> int:
    for index, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return -1 if _is_less_at(a, b, index, zero_run_order) else 1
    return len(a) - len(b)


def _is_less_at(a: str, b: str, index: int, zero_run_order: bool) -> bool:
    x, y = a[index], b[index]
    x_is_letter, y_is_letter = is_letter(x), is_letter(y)
    if x_is_letter and y_is_letter:
        return x < y
    if x_is_letter or y_is_letter:
        return y_is_letter
    start = int(zero_run_order and "0" in (x, y) and _follows_digits(a, index))
    x_number, x_end = _digit_run(a, index, start)
    y_number, y_end = _digit_run(b, index, start)
    return (x_number, x_end, x) < (y_number, y_end, y)


def _follows_digits(text: str, index: int) -> bool:
    """Whether a digit other than 0 stands in the run of digits just before index."""
    while index and is_digit(text[index - 1]):
        index -= 1
        if text[index] != "0":
            return True
    return False


def _digit_run(text: str, index: int, number: int) -> tuple[int, int]:
    """The number that starts at index, as an int64 that wraps, and the index behind it."""
    while index < len(text) and is_digit(text[index]):
        number = number * 10 + ord(text[index]) - ord("0")
        index += 1
    return (number + _SIGN) % _WORD - _SIGN, index


_KEYS: Final = {
    True: cmp_to_key(partial(_compare, zero_run_order=True)),
    False: cmp_to_key(partial(_compare, zero_run_order=False)),
}
