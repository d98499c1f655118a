"""YAML as Go reads and writes it for Kubernetes objects.

Reading converts to JSON-like values (dict with str keys, list, str, bool, int, float, None) by the rules of
ghodss/yaml and sigs.k8s.io/yaml; writing produces their bytes. Which generation of the libraries is meant is a
:class:`Dialect`.
"""

from contextlib import suppress

from webhook.kube.yaml_dialects import (
    LATEST,
    MAX_DEPTH,
    SIGS_V1_3,
    SIGS_V1_4,
    YAML_V2_0,
    YAML_V2_2,
    YAML_V2_2_2,
    YAML_V2_2_4,
    YAML_V2_3,
    YAML_V2_4,
    Dialect,
    YamlError,
)
from webhook.kube.yaml_emitter import emitter_for
from webhook.kube.yaml_lines import NotEverydayError, read_lines
from webhook.kube.yaml_scalars import scalar_to_string

__all__ = [
    "LATEST",
    "MAX_DEPTH",
    "SIGS_V1_3",
    "SIGS_V1_4",
    "YAML_V2_0",
    "YAML_V2_2",
    "YAML_V2_2_2",
    "YAML_V2_2_4",
    "YAML_V2_3",
    "YAML_V2_4",
    "Dialect",
    "YamlError",
    "dump",
    "load",
    "load_all",
    "scalar_to_string",
]

_REFUSED = object()


def load(text: str | bytes, dialect: Dialect = LATEST, *, finite: bool = True) -> object:
    """Read the first document of text; None when it is empty.

    Later documents are not looked at. Integers are int (-2^63 to 2^64-1), other numbers float, also integral ones that
    were written as floats. Values behind an alias are shared: change nothing in place. Duplicate keys: the last wins.

    finite: refuse infinities and NaN, as Go's JSON does. A typed decoder passes False, since ``.inf`` for a string
    target is the text "+Inf", and checks the rest itself.

    Raises YamlError, with Go's text, for everything that Go refuses, and for nesting beyond MAX_DEPTH.
    """
    quick = _quick(text, dialect)
    if quick is not _REFUSED:
        return quick
    from webhook.kube import yaml_reader  # takes longer to import than most commands take to read what they are given

    return yaml_reader.load(text, dialect, finite)


def load_all(text: str | bytes, dialect: Dialect = LATEST, *, finite: bool = True) -> list[object]:
    """Read every document of a YAML stream, as :func:`load` reads one."""
    quick = _quick(text, dialect)
    if quick is not _REFUSED and quick is not None:  # None: an empty document, or no document at all
        return [quick]
    from webhook.kube import yaml_reader

    return list(yaml_reader.load_all(text, dialect, finite))


def _quick(text: str | bytes, dialect: Dialect) -> object:
    """The one document of an everyday text, or _REFUSED."""
    if isinstance(text, str):
        with suppress(NotEverydayError):
            return read_lines(text, dialect)
    return _REFUSED


def dump(value: object, dialect: Dialect = LATEST) -> str:
    """Write value as Go writes a struct: through JSON to YAML with sorted keys, ending in a newline.

    value: dict with str keys, list, tuple, str, int, float, bool, None. Keys are put in yaml.v2's natural order.

    Raises YamlError where Go's encoders do (infinities, NaN, control characters such as DEL) and for nesting beyond
    MAX_DEPTH, so also for a value that contains itself.
    """
    return emitter_for(dialect).dump(value)
