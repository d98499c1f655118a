"""The YAML libraries that Istio's injector was built with, as named differences.

Every release reads and writes YAML through ``ghodss/yaml`` or ``sigs.k8s.io/yaml`` (YAML to JSON and back) on top of
some ``yaml.v2``. A difference is a field here only where it changes a value, a byte or an error text; each was found
by asking both libraries (``tests/webhook/kube/recorder_yaml``).
"""

from typing import Final, NamedTuple

MAX_DEPTH: Final = 250
"""Deepest nesting accepted. Go stops at 10,000; a workload has about 20 levels. Everything behind this module walks
values with one Python frame or two a level, and orjson writes 254 levels, so deeper text is refused here, once, as an
error."""


class _Differences(NamedTuple):
    """The fields of a Dialect."""

    name: str
    fold_width: int | None = 80
    bare_exponent: bool = True
    timestamps: bool = True
    modern_go: bool = True
    signed_binary: bool = True
    int_as_float: bool = True
    float_bits: int = 64
    zero_run_order: bool = True
    scanner_line_is_one_based: bool = True
    flow_colon_is_error: bool = False
    reads_ahead: bool = False
    late_aliases: bool = False
    tab_error: str = "found a tab character that violates indentation"
    bad_key_text: str = "Unsupported map key"
    marshal_prefix: str = "error converting JSON to YAML: "
    json_error_prefix: str = "error unmarshaling JSON: "


class Dialect(_Differences):
    """One generation of Go's YAML libraries.

    Compared by identity, so that it can key caches cheaply.

    name: the libraries, for people.
    fold_width: column after which plain and quoted text breaks at the next single space; None never breaks (v2.3.0
    only).
    bare_exponent: ``1e3`` is a float; before v2.2.4 only a signed exponent (``1e+3``) made one.
    timestamps: strings that look like dates are written quoted, and ``!!timestamp`` is checked (from v2.1).
    modern_go: Go's own parsers know ``0o17``, ``+0b1`` and ``.5_0`` as numbers, a comma or more than nine digits
    before the time
        zone of a timestamp, and refuse zones beyond 24 hours. Go 1.12 and older do not; the versions between are taken
        as modern.
    signed_binary: ``-0b1…`` is parsed with its sign (from v2.2).
    int_as_float: ``!!float 1`` is accepted (from v2.2).
    float_bits: precision with which a float is written (32 before v2.1).
    zero_run_order: keys compare ``a10`` and ``a100`` as numbers although they first differ after a 0 (from v2.2).
    scanner_line_is_one_based: errors of the scanner name the line as people count (from v2.2).
    flow_colon_is_error: ``[a:b]`` is an error (before v2.1).
    reads_ahead: what follows the first document must at least begin well (before v2.1).
    late_aliases: an unknown anchor is only noticed when the document has been read to its end (before v2.1).
    tab_error: what is said of a tab among the leading blanks of a further line of plain text.
    bad_key_text: how an error about a null or unsigned 64-bit key begins.
    marshal_prefix: what precedes an error of writing.
    json_error_prefix: what precedes an error of the JSON decoding that follows reading.
    """

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__


YAML_V2_4 = Dialect("ghodss/yaml v1.0.0 on yaml.v2 v2.4.0")
"""Istio 1.10 and 1.11."""

YAML_V2_3 = YAML_V2_4._replace(name="ghodss/yaml v1.0.0 on yaml.v2 v2.3.0", fold_width=None)
"""Istio 1.7 to 1.9: the one yaml.v2 that does not fold."""

YAML_V2_2_4 = YAML_V2_4._replace(name="ghodss/yaml v1.0.0 on yaml.v2 v2.2.4 to v2.2.8")
"""Istio 1.4 to 1.6."""

YAML_V2_2_2 = YAML_V2_2_4._replace(name="ghodss/yaml v1.0.0 on yaml.v2 v2.2.1 and v2.2.2", bare_exponent=False)
"""Istio 1.3."""

YAML_V2_2 = YAML_V2_2_2._replace(name="ghodss/yaml v1.0.0 on yaml.v2 v2.2.1 and v2.2.2, Go 1.12", modern_go=False)
"""Istio 0.8 to 1.2."""

YAML_V2_0 = YAML_V2_2._replace(
    name="ghodss/yaml v1.0.0 on yaml.v2 of January 2018 (d670f94), Go 1.12",
    timestamps=False,
    signed_binary=False,
    int_as_float=False,
    float_bits=32,
    zero_run_order=False,
    scanner_line_is_one_based=False,
    flow_colon_is_error=True,
    reads_ahead=True,
    late_aliases=True,
    tab_error="found a tab character that violate indentation",
)
"""Istio 0.5 to 0.7."""

SIGS_V1_3 = YAML_V2_4._replace(
    name="sigs.k8s.io/yaml v1.2.0 and v1.3.0 on yaml.v2 v2.4.0",
    json_error_prefix="error unmarshaling JSON: while decoding JSON: ",
)
"""Istio 1.12 and later, until it moved to SIGS_V1_4."""

SIGS_V1_4 = SIGS_V1_3._replace(
    name="sigs.k8s.io/yaml v1.4.0 to v1.6.0 on its copy of yaml.v2 v2.4.0",
    bad_key_text="unsupported map key",
    marshal_prefix="",
)
"""The newest: the library forked yaml.v2 v2.4.0, with the same bytes."""

LATEST = SIGS_V1_4


class YamlError(ValueError):
    """Text that Go's YAML libraries refuse, or that exceeds our limits.

    ``str(e)`` is Go's sentence, prefix included. ``line`` is 1-based, or None where Go knows none; ``reason`` is the
    sentence without prefix and line.
    """

    def __init__(self, prefix: str, reason: str, line: int | None = None) -> None:
        self.line = line
        self.reason = reason
        super().__init__(prefix + reason)
