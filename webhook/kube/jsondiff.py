"""The JSON Patch (RFC 6902) that turns one JSON value into another, as Istio's two libraries for it write it.

``diff_by_index`` is gomodules.xyz/jsonpatch v3 (Istio 1.9 to 1.18): its operations and their order are fixed, since lists
are compared place by place. ``diff`` stands for v2 (since 1.19), whose order changes from run to run, so that any
correct patch will do: this one follows names through lists, touches single fields, and skips whatever is the same
object on both sides. ``webhook.kube.jsonpatch`` applies what both write.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, Final

from webhook.kube.short_texts import kept_for_short

Operation = dict[str, Any]
Json = Any
Pair = tuple[int | None, int | None]

_SCALARS: Final = (str, bool, int, float)


def diff(original: Json, modified: Json, path: str = "") -> Iterator[Operation]:
    """Yield the operations from original to modified; values are parts of modified, not copies."""
    if original is modified:
        return
    if isinstance(original, dict) and isinstance(modified, dict):
        yield from _diff_objects(original, modified, path)
    elif isinstance(original, list) and isinstance(modified, list):
        yield from _diff_lists(original, modified, path)
    elif not _is_same_scalar(original, modified):
        yield operation("replace", path, modified)


def _diff_objects(original: dict[str, Json], modified: dict[str, Json], path: str) -> Iterator[Operation]:
    for key, value in modified.items():
        if key in original:
            old = original[key]
            if old is not value:
                yield from diff(old, value, joined(path, key))
        else:
            yield operation("add", joined(path, key), value)
    for key in original:
        if key not in modified:
            yield {"op": "remove", "path": joined(path, key)}


def _diff_lists(original: list[Json], modified: list[Json], path: str) -> Iterator[Operation]:
    place = 0
    for old, new in aligned(original, modified):
        if old is None:
            yield operation("add", f"{path}/{place}", modified[place])
        elif new is None:
            yield {"op": "remove", "path": f"{path}/{place}"}
            continue
        else:
            yield from diff(original[old], modified[new], f"{path}/{place}")
        place += 1


def aligned(original: list[Json], modified: list[Json]) -> list[Pair]:
    """Return pairs of places, in order: both of an item that stays, the old alone of one that goes, the new of one that comes."""
    left, right, start = len(original), len(modified), 0
    while start < left and start < right and _is_alike(original[start], modified[start]):
        start += 1
    while start < left and start < right and _is_alike(original[left - 1], modified[right - 1]):
        left, right = left - 1, right - 1
    pairs: list[Pair] = [(index, index) for index in range(start)]
    if start == left:
        pairs += [(None, index) for index in range(start, right)]
    else:
        pairs += _matched(original, modified, range(start, left), range(start, right))
    pairs += zip(range(left, len(original)), range(right, len(modified)), strict=True)
    return pairs


def _is_alike(one: Json, other: Json) -> bool:
    return one is other or _key(one) == _key(other)


def _key(item: Json) -> Hashable:
    """Return what an item of a list is recognised by: its name and mount path, or its value."""
    if isinstance(item, dict):
        name, mount = item.get("name"), item.get("mountPath")
        return "{}", name if isinstance(name, str) else None, mount if isinstance(mount, str) else None
    return "[]" if isinstance(item, list) else (item.__class__, item)


def _matched(original: list[Json], modified: list[Json], left: range, right: range) -> Iterator[Pair]:
    """Yield the pairs of a longest common subsequence of two stretches, and what is in one of them only."""
    keys, others = [_key(original[index]) for index in left], [_key(modified[index]) for index in right]
    lengths = _common_lengths(keys, others)
    i = j = 0
    while i < len(left) or j < len(right):
        if i < len(left) and j < len(right) and keys[i] == others[j]:
            yield left[i], right[j]
            i, j = i + 1, j + 1
        elif i < len(left) and (j == len(right) or lengths[i + 1][j] >= lengths[i][j + 1]):
            yield left[i], None
            i += 1
        else:
            yield None, right[j]
            j += 1


def _common_lengths(left: list[Hashable], right: list[Hashable]) -> list[list[int]]:
    """Return how long a common subsequence of the rest of two lists is, from each place of both."""
    lengths = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            same = left[i] == right[j]
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if same else max(lengths[i + 1][j], lengths[i][j + 1])
    return lengths


def diff_by_index(original: Json, modified: Json, path: str = "") -> Iterator[Operation]:
    """Yield the operations of gomodules.xyz/jsonpatch v3, in its order.

    The members of an object in the order of modified, then those that are gone from it. Lists of scalars by the
    shortest edit, from their end; other lists by place: what is too much from the end, what is new, then what differs.
    """
    if original is None:
        if modified is not None:
            yield operation("add", path, modified)
    elif _kind(original) != _kind(modified):
        yield operation("replace", path, modified)
    elif isinstance(original, dict):
        yield from _objects_by_index(original, modified, path)
    elif not isinstance(original, list):
        if original != modified:
            yield operation("replace", path, modified)
    elif _is_plain(original) and _is_plain(modified):
        yield from _shortest_edit(original, modified, path)
    else:
        yield from _lists_by_index(original, modified, path)


def _objects_by_index(original: dict[str, Json], modified: dict[str, Json], path: str) -> Iterator[Operation]:
    for key, value in modified.items():
        if key in original:
            yield from diff_by_index(original[key], value, joined(path, key))
        else:
            yield operation("add", joined(path, key), value)
    for key in original:
        if key not in modified:
            yield {"op": "remove", "path": joined(path, key)}


def _lists_by_index(original: list[Json], modified: list[Json], path: str) -> Iterator[Operation]:
    common = min(len(original), len(modified))
    for index in range(len(original) - 1, common - 1, -1):
        yield {"op": "remove", "path": f"{path}/{index}"}
    for index in range(common, len(modified)):
        yield operation("add", f"{path}/{index}", modified[index])
    for index in range(common):
        yield from diff_by_index(original[index], modified[index], f"{path}/{index}")


def _shortest_edit(original: list[Json], modified: list[Json], path: str) -> Iterator[Operation]:
    """Yield the edits between two lists of scalars, from the end to the start, by the table of Wagner and Fischer."""
    table = _edit_distances(original, modified)
    i, j = len(original), len(modified)
    while True:
        if i and table[i - 1][j] + 1 == table[i][j]:
            yield {"op": "remove", "path": f"{path}/{i - 1}"}
            i -= 1
        elif j and table[i][j - 1] + 1 == table[i][j]:
            yield operation("add", f"{path}/{i}", modified[j - 1])
            j -= 1
        elif i and j:
            if table[i - 1][j - 1] + 1 == table[i][j]:
                yield operation("replace", f"{path}/{i - 1}", modified[j - 1])
            i, j = i - 1, j - 1
        else:
            return


def _edit_distances(original: list[Json], modified: list[Json]) -> list[list[int]]:
    table = [[i if j == 0 else j if i == 0 else 0 for j in range(len(modified) + 1)] for i in range(len(original) + 1)]
    for i, old in enumerate(original, 1):
        for j, new in enumerate(modified, 1):
            if _is_same_scalar(old, new):
                table[i][j] = table[i - 1][j - 1]
            else:
                table[i][j] = 1 + min(table[i - 1][j - 1], table[i - 1][j], table[i][j - 1])
    return table


def _is_plain(items: list[Json]) -> bool:
    return all(isinstance(item, _SCALARS) for item in items)


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def _is_same_scalar(one: Json, other: Json) -> bool:
    """Tell whether two values are the same scalar; 1 and true are not."""
    return _kind(one) == _kind(other) and one == other


def operation(op: str, path: str, value: Json) -> Operation:
    """Return an operation that has a value."""
    return {"op": op, "path": path, "value": value}


def joined(path: str, key: str) -> str:
    """Return the path of a member."""
    return f"{path}/{_token(key)}"


@kept_for_short(count=1024, longest=128)
def _token(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
