"""What a configuration has ready for its next injections: templates made for it, skeletons of overlays, and overlays.

One Prepared belongs to a Snapshot and the Settings that templates can see; it is made when the first pod comes. For a pod it
goes down three steps, and says None where all of them fail, so that the caller goes the plain way (render, read):

    the template, specialised for the configuration, gives a path and holes
    1. the overlay of the same path and holes is there (``memo``)
    2. the skeleton of the path is filled with the holes (``skeleton``)
    3. the text is put together and read (``text``), and its overlay kept

Nothing here is needed to understand what an injection does. Each table has a limit, each step a counter. A pod cannot make
anything here grow without bound, and what is kept holds no part of a pod but the texts of holes.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from gotemplate.specialise import (
    BARE,
    QUOTED,
    Lacking,
    Specialised,
    TooDeepError,
    Written,
    path_and_holes,
    specialise,
)
from gotemplate.values import MAP_STRING_STRING
from webhook.inject.data import CPU_ANNOTATIONS, Subject, member_of
from webhook.inject.errors import OverlayError
from webhook.inject.funcs import FRESH, Rendering
from webhook.inject.images import IMAGE_TYPE
from webhook.inject.openshift import DEFAULT_ID
from webhook.inject.patches import Patch
from webhook.inject.proxy_config import proxy_without_annotation
from webhook.inject.reading import Reading
from webhook.inject.skeleton import Piece, Skeleton, UnfitError, build_skeleton, shared_parts
from webhook.kube.schema import load_schema
from webhook.kube.structview import StructType, StructView, view_type

if TYPE_CHECKING:
    from gotemplate import Template
    from gotemplate.values import Value
    from webhook.config.model import Snapshot
    from webhook.inject.settings import Settings

logger = logging.getLogger("remora.inject")

GENERAL_AFTER: Final = 20
"""Pods with annotations that the template reads, before it is specialised for those too: that takes longest."""
MAX_HOLES: Final = 16_384
"""Characters in the holes of an overlay that is kept: annotations may be long, and whoever writes pods chooses them."""
MAX_SKELETONS: Final = 128
"""Paths of one specialised template that are kept; a stock template has a few, one for each shape of pod."""
KNOWN_AFTER: Final = 1
"""Uses of a kept overlay after which the JSON of all its parts is kept too."""
MAX_OVERLAYS: Final = 256
"""Overlays of one specialised template that are kept: one for each workload, some kilobytes each."""

_OF: Final = (
    frozenset({"DeploymentMeta", "ObjectMeta", "Spec", "TypeMeta"}),
    frozenset(
        {
            "EstimatedConcurrency",
            "InboundTrafficPolicyMode",
            "MeshConfig",
            "ProxyConfig",
            "ProxyImage",
            "ProxyInitImage",
        }
    ),
    frozenset({"ProxyGID", "ProxyUID"}),
    frozenset({"ProxyImage", "ProxyInitImage"}),
    frozenset({"EstimatedConcurrency"}),
)
"""The members of the data that differ from pod to pod, by what they come from: the pod, its mesh configuration, the ids of
its namespace, its annotation for the image type, those for the CPU."""
_CPU: Final = frozenset(CPU_ANNOTATIONS)
_NONE: Final[Mapping[str, str]] = {}
_LOOKUPS: Final = frozenset({"annotation", "index", "isset"})


class Prepared:
    """The tables of one configuration. ``counts`` says how often each step was taken, ``trusted`` whether any may be."""

    def __init__(self, snapshot: Snapshot, settings: Settings) -> None:
        self.counts: Counter[str] = Counter()
        self.trusted = True
        self.plain = settings._replace(fast="off")
        self._snapshot = snapshot
        self._settings = settings
        self._reading = Reading(snapshot.release)
        self._turn = 0
        self._variants: dict[tuple[Any, ...], _Variant] = {}

    def patch(self, name: str, subject: Subject, data: Value) -> Patch | None:
        """Return the overlay of a template for a pod; None where it has to be rendered and read."""
        variant = self._variant(name, subject)
        special = variant.for_annotations((subject.metadata.get("annotations") or {}).keys())
        if special is None:
            self.counts["general"] += 1
            return None
        try:
            with Rendering(data):
                written = special.template.written(data)
        except (
            Exception
        ):  # whatever went wrong, the plain way says it in the original's words, and for the whole template
            self.counts["failed"] += 1
            return None
        return special.patch(written, self.counts)

    def is_to_be_verified(self, settings: Settings) -> bool:
        """Tell whether both ways are to be gone with this pod."""
        if settings.fast == "verify" or not settings.verify_every:
            return settings.fast == "verify"
        self._turn += 1
        return self._turn % settings.verify_every == 0

    def distrust(self, reason: str) -> None:
        """Never be asked again: the two ways differed."""
        self.trusted = False
        self.counts["differences"] += 1
        texts = "\0".join(self._snapshot.template_texts.values())
        digest = hashlib.sha256(texts.encode("utf-8", "surrogateescape")).hexdigest()
        words = "the fast way %s, and is off for configuration %s with the templates %s"
        logger.error(words, reason, self._snapshot.hash, digest)

    def _variant(self, name: str, subject: Subject) -> _Variant:
        """Return the template for what is known of a pod's surroundings: there are few combinations."""
        snapshot, annotations = self._snapshot, subject.metadata.get("annotations") or _NONE
        is_effective = subject.proxy is proxy_without_annotation(snapshot)
        is_common = subject.mesh is snapshot.mesh and (is_effective or subject.proxy is snapshot.mesh.proxy)
        is_default = subject.proxy_uid in (0, DEFAULT_ID) and subject.proxy_gid == subject.proxy_uid
        own = (True, not is_common, not is_default, IMAGE_TYPE in annotations, not _CPU.isdisjoint(annotations))
        key = (name, subject.native_sidecars, is_effective, subject.proxy_uid if is_default else -1, own)
        found = self._variants.get(key)
        if found is None:
            unknown = frozenset().union(*(members for members, is_own in zip(_OF, own, strict=True) if is_own))
            names = [member for member in snapshot.release.template_data if member not in unknown]
            known = {member: member_of(member, subject, snapshot, self._settings) for member in names}
            found = self._variants[key] = _Variant(snapshot.templates[name], known, self._reading, snapshot)
        return found


class _Variant:
    """One template with what is known: made for pods without the annotations it reads, and for any pods."""

    def __init__(self, template: Template, known: Mapping[str, Value], reading: Reading, snapshot: Snapshot) -> None:
        self._template = template
        self._known = known
        self._reading = reading
        self._asked: set[str] = set()
        self._lacking = self._specialised(_lacking_meta(snapshot, self._asked))
        self._general: _Special | None = None
        self._wanted = 0

    def for_annotations(self, names: Any) -> _Special | None:
        """Return the template for a pod with some annotations; None where there is none, or none yet."""
        if self._asked.isdisjoint(names):
            return self._lacking
        self._wanted += 1
        if self._wanted == GENERAL_AFTER:
            self._general = self._specialised({})
        return self._general

    def _specialised(self, partly: Mapping[tuple[str, ...], Value]) -> _Special | None:
        try:
            template = specialise(self._template, self._known, partly=partly, lookups=_LOOKUPS, fresh=FRESH)
        except (TooDeepError, SyntaxError, MemoryError):
            return None
        return _Special(template, self._reading)


class _Meta:
    """The canonical metadata of a pod of which only some annotations are known: that they are not there."""

    def __init__(self, annotations: Lacking) -> None:
        self._annotations = annotations

    def get(self, name: str) -> Lacking:
        """Return the annotations. Raises LookupError for anything else."""
        if name != "annotations":
            raise LookupError(name)
        return self._annotations


def _lacking_meta(snapshot: Snapshot, asked: set[str]) -> dict[tuple[str, ...], Value]:
    go_type = view_type(load_schema(snapshot.release.kube_version), "meta/v1.ObjectMeta")
    annotations = Lacking(MAP_STRING_STRING, asked)
    if not isinstance(go_type, StructType):
        raise TypeError(f"{go_type.name} is no struct")
    meta = StructView(go_type, _Meta(annotations))  # type: ignore[arg-type]  # as much of a dict as is asked of it
    return {("ObjectMeta",): meta, ("ObjectMeta", "Annotations"): annotations}


class _Special:
    """A specialised template with the skeletons of its paths and the overlays it gave."""

    def __init__(self, template: Specialised, reading: Reading) -> None:
        self.template = template
        self._reading = reading
        self._skeletons: dict[tuple[int, ...], tuple[Skeleton, Mapping[int, Any]] | str] = {}
        self._overlays: dict[Written, Patch | None] = {}

    def patch(self, written: Written, counts: Counter[str]) -> Patch | None:
        """Return the overlay of what was written; None for a text that cannot be read.

        One that a skeleton gives is kept when it comes for the second time: filling it takes less than the memory of
        overlays that never come again.
        """
        found = self._overlays.get(written)
        if found is not None:
            counts["memo"] += 1
            found.used += 1
            if found.used == KNOWN_AFTER:
                found.known = self._reading.known(found.typed, shared_parts(found.typed))
            return found
        path, holes = path_and_holes(written)
        kept = None
        try:
            found = self._filled(path, holes)
            counts["skeleton"] += 1
            kept = found if written in self._overlays else None
        except UnfitError:
            try:
                kept = found = self._reading.patch(self.template.text(path, holes))
                counts["text"] += 1
            except OverlayError:
                counts["unreadable"] += 1
                return None
        if sum(map(len, holes)) <= MAX_HOLES:
            _keep(self._overlays, written, kept, MAX_OVERLAYS)
        return found

    def _filled(self, path: tuple[int, ...], holes: tuple[str, ...]) -> Patch:
        """Return the overlay from the skeleton of the path, which is built when the path comes for the second time."""
        skeleton = self._skeletons.get(path)
        if skeleton is None:
            _keep(self._skeletons, path, "seen once", MAX_SKELETONS)
            raise UnfitError
        if skeleton == "seen once":
            skeleton = self._skeletons[path] = self._built(path)
        if isinstance(skeleton, str):
            raise UnfitError(skeleton)
        built, known = skeleton
        texts = built.texts(holes)
        patch = Patch(lambda: self.template.text(path, holes), lambda: built.document(texts), built.typed(texts))
        patch.known = known
        return patch

    def _built(self, path: tuple[int, ...]) -> tuple[Skeleton, Mapping[int, Any]] | str:
        reading, pieces = self._reading, _pieces(path, self.template.texts)
        try:
            skeleton = build_skeleton(pieces, reading.dialect, reading.adapted, reading.typed)
        except UnfitError as error:
            return f"unfit: {error}"
        return skeleton, reading.known(skeleton.model, shared_parts(skeleton.model))


def _pieces(path: tuple[int, ...], texts: tuple[str, ...]) -> list[Piece]:
    pieces: list[Piece] = []
    hole = 0
    for number in path:
        if number not in (BARE, QUOTED):
            pieces.append(texts[number])
            continue
        pieces += ('"', hole, '"') if number == QUOTED else (hole,)
        hole += 1
    return pieces


def _keep(table: dict[Any, Any], key: Any, value: Any, limit: int) -> None:
    """Put something into a table as the newest; where it is full, the eighth that has been there longest goes."""
    table.pop(key, None)
    if len(table) >= limit:
        for old in list(table)[: limit // 8 or 1]:
            table.pop(old, None)
    table[key] = value


def prepared_of(snapshot: Snapshot, settings: Settings) -> Prepared:
    """Return what a configuration has ready for injections with these settings."""
    known = snapshot.memory.get("prepared")
    if known is not None and (known[0] is settings or _look_alike(known[0], settings)):
        found: Prepared = known[1]
        return found
    found = Prepared(snapshot, settings)
    snapshot.memory["prepared"] = (settings, found)
    return found


def counts_of(snapshot: Snapshot) -> Mapping[str, int]:
    """Return how often each step was taken for a configuration; empty before the first injection."""
    known = snapshot.memory.get("prepared")
    return known[1].counts if known is not None else {}


def _look_alike(one: Settings, other: Settings) -> bool:
    same = one.environment is other.environment or one.environment == other.environment
    return same and one.revision == other.revision


__all__ = ["Prepared", "counts_of", "prepared_of"]
