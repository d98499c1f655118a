"""Makes ``tables/messages.json`` from a description of Istio's mesh messages in every release.

Input: a JSON file with the keys ``messages``, ``enums`` and ``order_changes`` (field facts: names, numbers, types,
ranges of releases). Output: the same facts in rows, with everything left out that the naming rules of protoc give.
Run it as ``python -m webhook.mesh.generator.compact_tables PATH``; a second argument names another output file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parent.parent / "tables" / "messages.json"


def json_name(name: str) -> str:
    """Return the JSON name protoc gives a field: every letter after an underscore raised, underscores dropped."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def _kept(row: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: row[key] for key in keys if row.get(key) is not None}


def compact_field(field: dict[str, Any]) -> list[Any]:
    """Return the row of a field: name, Go name, number, type, label, since, until, and what is unusual about it."""
    extra = _kept(field, ("oneof", "key", "from_patch"))
    if field["json"] != json_name(field["name"]):
        extra["json"] = field["json"]
    was = [{k: v for k, v in entry.items() if k != "deprecated"} for entry in field.get("was", ())]
    was = [entry for entry in was if len(entry) > 1]
    if was:
        extra["was"] = was
    keys = ("name", "go", "number", "type", "label", "since", "until")
    return [field[key] for key in keys] + ([extra] if extra else [])


def compact_message(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message with its fields in rows; oneofs keep their Go names."""
    oneofs = {name: facts["go"] for name, facts in message.get("oneofs", {}).items()}
    return {"go": message["go"], "oneofs": oneofs, "fields": [compact_field(field) for field in message["fields"]]}


def compact_enum(enum: dict[str, Any]) -> dict[str, Any]:
    """Return an enum with its values in rows: name, number, since, until, and what is unusual."""
    rows = []
    for value in enum["values"]:
        extra = _kept(value, ("from_patch", "was"))
        rows.append([value[key] for key in ("name", "number", "since", "until")] + ([extra] if extra else []))
    return {"go": enum["go"], "values": rows}


def compact(source: dict[str, Any]) -> dict[str, Any]:
    """Return the whole table: messages, enums and the field orders that later releases changed."""
    orders = {change["message"]: {change["at"]: change["from"]} for change in source["order_changes"]}
    return {
        "messages": {name: compact_message(message) for name, message in sorted(source["messages"].items())},
        "enums": {name: compact_enum(enum) for name, enum in sorted(source["enums"].items())},
        "orders": orders,
    }


def _lines(name: str, facts: dict[str, Any], rows: str) -> str:
    head = json.dumps({key: value for key, value in facts.items() if key != rows})[:-1]
    body = ",\n  ".join(json.dumps(row) for row in facts[rows])
    return f' {json.dumps(name)}: {head}, "{rows}": [\n  {body}\n ]}}'


def dump(table: dict[str, Any]) -> str:
    """Return the table as JSON text, one field or enum value a line: a diff shows what a release changed."""
    messages = ",\n".join(_lines(name, facts, "fields") for name, facts in table["messages"].items())
    enums = ",\n".join(_lines(name, facts, "values") for name, facts in table["enums"].items())
    orders = json.dumps(table["orders"])
    return f'{{"messages": {{\n{messages}\n}},\n"enums": {{\n{enums}\n}},\n"orders": {orders}}}\n'


def main(arguments: list[str]) -> None:
    """Read the description named first and write the table."""
    source = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    target = Path(arguments[1]) if len(arguments) > 1 else TABLE
    target.write_text(dump(compact(source)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
