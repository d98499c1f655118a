"""Go's packages path and path/filepath (its Unix form): lexical work on slash-separated paths."""

from __future__ import annotations


def clean(path: str) -> str:
    """Return the shortest path that means the same by text alone: no ``.``, inner ``..``, double slash."""
    rooted = path.startswith("/")
    parts: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts and parts[-1] != "..":
            parts.pop()
        elif not rooted:
            parts.append("..")
    joined = "/".join(parts)
    return "/" + joined if rooted else joined or "."


def split(path: str) -> tuple[str, str]:
    """Split after the last slash into directory and file."""
    at = path.rfind("/") + 1
    return path[:at], path[at:]


def base(path: str) -> str:
    """Return the last element without trailing slashes; ``.`` for an empty path, ``/`` for slashes only."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def dir(path: str) -> str:
    """Return all but the last element, cleaned."""
    return clean(split(path)[0])


def ext(path: str) -> str:
    """Return the file name extension with its dot: what follows the last dot of the last element."""
    name = split(path)[1]
    at = name.rfind(".")
    return name[at:] if at >= 0 else ""


def is_abs(path: str) -> bool:
    """Tell whether a path is absolute."""
    return path.startswith("/")


def join(*elements: str) -> str:
    """Join the elements that are not empty and clean the result; nothing to join gives the empty string."""
    given = [element for element in elements if element]
    return clean("/".join(given)) if given else ""
