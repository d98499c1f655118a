"""Sprig 3.3 for templates: all 211 functions of its text map, with Go's signatures, results and complaints.

``funcs`` returns the map. Clock, randomness, environment and resolver are its arguments; ``hermetic_funcs`` leaves out the
functions whose results depend on them. A module holds a page of Sprig's manual, or a part of one; ``table`` joins them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gotemplate.sprig.host import Clock, RandomSource, Resolver
    from gotemplate.values import Func

__all__ = ["NONHERMETIC", "funcs", "hermetic_funcs"]

NONHERMETIC: Final = (
    "date", "date_in_zone", "date_modify", "now", "htmlDate", "htmlDateInZone", "dateInZone", "dateModify", "randAlphaNum",
    "randAlpha", "randAscii", "randNumeric", "randBytes", "uuidv4", "env", "expandenv", "getHostByName",
)  # fmt: skip
"""The functions that Sprig's HermeticTxtFuncMap leaves out."""


def funcs(
    *,
    allow: Iterable[str] = (),
    clock: Clock | None = None,
    random: RandomSource | None = None,
    environment: Mapping[str, str] | None = None,
    resolver: Resolver | None = None,
) -> dict[str, Func]:
    """Return Sprig's functions by name: TxtFuncMap.

    ``env``, ``expandenv`` and ``getHostByName`` refuse unless they are named in ``allow``. ``clock`` returns nanoseconds
    since 1970 and ``random`` is a ``random.Random`` (default: the system's clock and its secure randomness).
    ``environment`` stands for the process's, and its ``TZ`` names the local zone (default: UTC). ``resolver`` returns the
    addresses of a host name. Raises ValueError for an unknown name in ``allow``.

    >>> from random import Random
    >>> from gotemplate import Template
    >>> t = Template("t", funcs=funcs(clock=lambda: 0, random=Random(1), allow=["env"], environment={"WHO": "Ada"}))
    >>> t.parse('{{now | date "2006"}} {{env "WHO" | upper}} {{randNumeric 3}}').render()
    '1970 ADA 291'
    """
    from gotemplate.sprig import host as outside
    from gotemplate.sprig import table

    allowed = frozenset(allow)
    if not allowed <= outside.GUARDED:
        raise ValueError(f"only {sorted(outside.GUARDED)} can be allowed, not {sorted(allowed - outside.GUARDED)}")
    host = outside.Host(
        allow=allowed,
        clock=clock or outside.system_clock,
        random=random or outside.SystemRandom(),
        environment=environment,
        resolver=resolver or outside.system_resolver,
    )
    return {row.name: table.SprigFunc(row, host) for row in table.rows()}


def hermetic_funcs() -> dict[str, Func]:
    """Return Sprig's functions without those that depend on clock, randomness, environment or network: HermeticTxtFuncMap."""
    return {name: func for name, func in funcs().items() if name not in NONHERMETIC}
