"""Multi-document streams, split as Kubernetes' YAMLReader splits them.

Works on lines and knows nothing of YAML: a ``---`` inside a block scalar would split too, as it does in the original.
"""

import io
from collections.abc import Iterable, Iterator
from typing import Final

from webhook.kube.yaml_dialects import YamlError

SEPARATOR: Final = "---\n"
"""Written after every document by kube-inject."""

_MARK: Final = "---"
_GO_SPACES: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What unicode.IsSpace accepts; Python's str.strip() would also take U+001C to U+001F."""


def split_documents(source: str | Iterable[str], *, comments: bool = False) -> Iterator[str]:
    """Split a stream at lines that begin with ``---`` and hold nothing more but white space.

    source: the text, or an iterable of lines such as a text file opened with ``newline="\\n"``; only one document is
    kept in memory then. Lines come out without the ``\\r`` before their ``\\n``, and the last one always ends in
    ``\\n``. A separator before the first line of a document does not start one: it stays at the head of the text, so a
    stream that begins with ``---`` passes through with it.

    comments: the rule of Kubernetes 0.22 and later (Istio 1.12): a comment may follow the dashes, and anything else
    that follows them raises YamlError. Earlier such a line is an ordinary line of the document.
    """
    document: list[str] = []
    for line in io.StringIO(source, newline="\n") if isinstance(source, str) else source:
        ended = _ended(line)
        if ended.startswith(_MARK) and _is_separator(ended, comments) and document:
            yield "".join(document)
            document = []
        else:
            document.append(ended)
    if document:
        yield "".join(document)


def _ended(line: str) -> str:
    if line.endswith("\r\n"):
        return line[:-2] + "\n"
    return line if line.endswith("\n") else line + "\n"


def _is_separator(line: str, comments: bool) -> bool:
    tail = line[len(_MARK) :].strip(_GO_SPACES)
    if not tail or (comments and tail.startswith("#")):
        return True
    if comments:
        raise YamlError("", f"invalid Yaml document separator: {tail}")
    return False
