"""The String methods that gogo/protobuf generates for the structs of the Kubernetes API: what printing a pointer to one
shows.

``{{ .Spec.Affinity }}`` prints ``nil`` or ``&Affinity{NodeAffinity:nil,…,}``. Fields come in the order of their
protobuf numbers. Up to 1.13 lists of structs print as fmt prints them, and structs of other packages by their String
methods; from 1.16 it is the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gotemplate import values
from gotemplate.fmt import sprintf
from gotemplate.values import Pointer, Value
from webhook.kube.gotypes import Field, GoType

if TYPE_CHECKING:
    from webhook.kube.structview import Views

_NEW_STYLE: Final = 16
_LONG_NAMES: Final = {
    "meta/v1": "k8s_io_apimachinery_pkg_apis_meta_v1",
    "core/v1": "k8s_io_api_core_v1",
    "intstr": "k8s_io_apimachinery_pkg_util_intstr",
    "resource": "k8s_io_apimachinery_pkg_api_resource",
    "runtime": "k8s_io_apimachinery_pkg_runtime",
}
_SHORT_NAMES: Final = {
    "meta/v1": "v1",
    "core/v1": "v11",
    "intstr": "intstr",
    "resource": "resource",
    "runtime": "runtime",
}
"""The names under which the generated files of other packages import these.

Each file has its own, but for these all agree.
"""


def message_text(views: Views, source: GoType, receiver: Pointer) -> str:
    """Return what the String method of a struct prints for a pointer to it."""
    if receiver.is_nil:
        return "nil"
    printer = _Printer(views, source)
    fields = sorted((field for field in source.fields if field.proto), key=lambda field: field.proto)
    parts = [f"{field.go}:{printer.field(field, receiver.target[field.go])}," for field in fields]
    return f"&{source.short_name}{{{''.join(parts)}}}"


class _Printer:
    """Prints the fields of one struct."""

    def __init__(self, views: Views, owner: GoType) -> None:
        self.views = views
        self.owner = owner
        self.old = int(views.schema.version.partition(".")[2]) < _NEW_STYLE

    def field(self, field: Field, value: Value) -> str:
        kind, elem = field.type.kind, field.type.elem
        if kind == "pointer" and elem is not None:
            return self.pointer(elem, value)
        if kind == "map":
            return self.mapping(field.type, value)
        if kind == "slice" and elem is not None and elem.kind in ("struct", "opaque"):
            return self.messages(elem, value)
        if kind in ("struct", "opaque"):
            return self.qualified(field.type, self.message(field.type, value)).replace("&", "", 1)
        return sprintf("%v", value)

    def pointer(self, elem: GoType, value: Pointer) -> str:
        if elem.kind in ("struct", "opaque"):
            return self.qualified(elem, sprintf("%v", value))
        return "nil" if value.is_nil else f"*{sprintf('%v', value.target)}"

    def message(self, source: GoType, value: Value) -> str:
        """Print a struct that is not behind a pointer.

        By its String method, or (other packages, new style) as fmt prints it.
        """
        if not self.old and source.package != self.owner.package:
            return sprintf("%v", value)
        method = values.bind_method(Pointer(values.pointer_to(value.go_type), value), "String")
        return sprintf("%v", value) if method is None else str(method())

    def messages(self, elem: GoType, items: Any) -> str:
        if self.old:
            return self.qualified(elem, sprintf("%v", items)).replace("&", "", 1)
        texts = [self.qualified(elem, self.message(elem, item)).replace("&", "", 1) for item in items]
        return f"[]{elem.short_name}{{{''.join(text + ',' for text in texts)}}}"

    def mapping(self, source: GoType, items: Any) -> str:
        pairs = "".join(f"{key}: {sprintf('%v', items[key])}," for key in sorted(items))
        name = source.short_name or f"map[{_plain_name(source.key)}]{_plain_name(source.elem)}"
        return f"{name}{{{pairs}}}"

    def qualified(self, source: GoType, text: str) -> str:
        """Put the package before the first mention of a type of another package."""
        if source.package == self.owner.package:
            return text
        names = _LONG_NAMES if self.old else _SHORT_NAMES
        return text.replace(source.short_name, f"{names.get(source.package, source.package)}.{source.short_name}", 1)


def _plain_name(source: GoType | None) -> str:
    return "" if source is None else source.short_name or source.name
