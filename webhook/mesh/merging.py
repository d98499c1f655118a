"""proto.Merge: laying one message over another part by part, unlike proto JSON, which replaces whole."""

from __future__ import annotations

from typing import Any

from webhook.mesh.messages import Duration, Message
from webhook.mesh.schema import FieldInfo, Schema


def merge_messages(base: Message, over: Message, schema: Schema) -> Message:
    """Return ``base`` with ``over`` merged into it.

    Set scalars win, lists are appended, maps are merged by key, messages part by part; a member of a oneof replaces
    another member. A wrapper is a message too: one that wraps a zero changes nothing where another value is wrapped
    already.
    """
    info = schema.message(base.name)
    fields = dict(base.fields)
    for field in info.fields:
        if field.name not in over.fields:
            continue
        for member in info.members(field.oneof) if field.oneof else ():
            if member.name != field.name:
                fields.pop(member.name, None)
        old, new = fields.get(field.name), over.fields[field.name]
        fields[field.name] = new if old is None else _merged(field, old, new, schema)
    return Message(base.name, fields)


def _merged(field: FieldInfo, old: Any, new: Any, schema: Schema) -> Any:
    if field.label == "repeated":
        return (*old, *new)
    if field.label == "map":
        return {**old, **new}
    if field.label == "wrapper":
        return new or old
    if isinstance(new, Message) and isinstance(old, Message):
        return merge_messages(old, new, schema)
    if isinstance(new, Duration):
        return Duration(new.seconds or old.seconds, new.nanos or old.nanos)
    return new
