"""What a configuration amounts to, for people and programs: its release and why, templates, values, mesh, selectors, doubts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from gotemplate.nodes import FieldNode, IdentifierNode, Node, VariableNode
from webhook.config.release import NEWEST
from webhook.explain.names import annotations_in
from webhook.kube import gojson
from webhook.mesh.mesh import default_mesh

if TYPE_CHECKING:
    from gotemplate import Template
    from webhook.config.model import Snapshot
    from webhook.mesh.mesh import Mesh

Summary = dict[str, Any]

_ABSENT: Final = object()


def summarise(snapshot: Snapshot) -> Summary:
    """Return the facts of a snapshot as JSON-like data.

    Members: ``source``, ``hash``, ``release`` (``version``, ``told``, ``evidence``, and what of it draws the line,
    ``decisive``), ``policy``, ``templates`` (a list of ``name``, ``bytes``, ``lines``, ``sha256``, ``default``, ``fields``,
    ``functions``, ``annotations``, ``error``), ``defaultTemplates``, ``aliases``, ``values`` (None, or ``settings`` and
    some ``highlights``),
    ``mesh`` (``path``, ``default``, ``value`` of each setting that is not the release's default), ``neverInjectSelector``,
    ``alwaysInjectSelector``, ``injectedAnnotations``, ``warnings``.
    """
    return {
        "source": snapshot.source,
        "hash": snapshot.hash,
        "release": _release(snapshot),
        "policy": snapshot.policy,
        "templates": [_template(name, snapshot) for name in snapshot.template_texts],
        "defaultTemplates": list(snapshot.default_templates),
        "aliases": {name: list(names) for name, names in snapshot.aliases.items()},
        "values": None if snapshot.values is None else _values(snapshot.values),
        "mesh": _mesh_differences(snapshot.mesh, snapshot.release.version),
        "neverInjectSelector": [dict(selector) for selector in snapshot.never_inject_selector],
        "alwaysInjectSelector": [dict(selector) for selector in snapshot.always_inject_selector],
        "injectedAnnotations": dict(snapshot.injected_annotations),
        "warnings": list(snapshot.warnings),
    }


def _release(snapshot: Snapshot) -> Summary:
    found = snapshot.detection.evidence if snapshot.detection else ()
    since, until = max((item.since for item in found), default=None), min((item.until for item in found), default=None)
    return {
        "version": snapshot.release.version,
        "told": snapshot.detection is not None,
        "evidence": [str(item) for item in found],
        "decisive": [str(item) for item in found if item.since == since or item.until == until != NEWEST],
    }


def _template(name: str, snapshot: Snapshot) -> Summary:
    text = snapshot.template_texts[name]
    data = text.encode("utf-8", "surrogateescape")
    error = snapshot.template_errors.get(name)
    found = snapshot.templates.get(name)
    fields, functions = ([], []) if found is None else _facts(found)
    return {
        "name": name,
        "bytes": len(data),
        "lines": len(text.splitlines()),
        "sha256": hashlib.sha256(data).hexdigest(),
        "default": name in snapshot.default_templates,
        "fields": fields,
        "functions": functions,
        "annotations": sorted(annotations_in(text)),
        "error": None if error is None else str(error),
    }


def _facts(template: Template) -> tuple[list[str], list[str]]:
    """Return the fields a template reads and the functions it calls, as they are written, sorted."""
    fields: set[str] = set()
    functions: set[str] = set()
    for member in template.templates():
        for node in _nodes(member.tree.root) if member.tree is not None else ():
            if isinstance(node, FieldNode):
                fields.add(str(node))
            elif isinstance(node, VariableNode) and node.ident[0] == "$" and len(node.ident) > 1:
                fields.add("." + ".".join(node.ident[1:]))
            elif isinstance(node, IdentifierNode):
                functions.add(str(node))
    return sorted(fields), sorted(functions)


def _nodes(root: Node) -> Iterator[Node]:
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        yield node
        for slot in (name for kind in type(node).__mro__ for name in getattr(kind, "__slots__", ())):
            value = getattr(node, slot)
            pending.extend(item for item in (value if isinstance(value, list) else [value]) if isinstance(item, Node))


_HIGHLIGHTS: Final = (
    "revision", "global.hub", "global.tag", "global.istioNamespace", "global.network", "global.multiCluster.clusterName",
    "global.proxy.image", "global.proxy_init.image", "global.imagePullPolicy", "istio_cni.enabled", "pilot.cni.enabled",
    "sidecarInjectorWebhook.rewriteAppHTTPProbe",
)  # fmt: skip
"""Values worth a line of their own: what decides images, identity of the cluster, and whether there is an init container."""


def _values(values: Mapping[str, Any]) -> Summary:
    flat = dict(_flat(values, ""))
    return {"settings": len(flat), "highlights": {path: flat[path] for path in _HIGHLIGHTS if path in flat}}


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield each leaf of nested objects under its dotted path; an empty object is a leaf."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _mesh_differences(mesh: Mesh, version: str) -> list[Summary]:
    ours, theirs = (dict(_flat(gojson.loads(each.json, "number"), "")) for each in (mesh, default_mesh(version)))
    rows = []
    for path in sorted({*ours, *theirs}):
        mine, default = ours.get(path, _ABSENT), theirs.get(path, _ABSENT)
        if mine != default and not _only_shape(path, mine, default, ours, theirs):
            row = {"path": path, "default": default, "value": mine}
            rows.append({key: value for key, value in row.items() if value is not _ABSENT})
    return rows


def _only_shape(path: str, mine: Any, default: Any, ours: Summary, theirs: Summary) -> bool:
    """Tell whether an empty object on one side is an object with settings, which have rows of their own, on the other."""
    empty, other = (
        ((mine, theirs) if default is _ABSENT else (default, ours)) if _ABSENT in (mine, default) else (None, {})
    )
    return empty == {} and any(key.startswith(f"{path}.") for key in other)
