"""Which Istio release a configuration was written for, told from the configuration itself, with the evidence.

Each piece of evidence says between which releases it occurs. What all pieces have in common is the answer; where that
is more than one release, the newest of them, with a warning. A tag of a published image names the release outright,
as long as the rest agrees.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from webhook.config.document import InjectDocument
from webhook.config.release import LAST_PATCHES, NEWEST, OLDEST, Release, feature_of, release_of
from webhook.mesh.versions import NEWEST_PATCH, Version, parse_version


class Evidence(NamedTuple):
    """One thing seen in a configuration, and the first and last release that has it."""

    what: str
    since: Version = OLDEST
    until: Version = NEWEST

    def __str__(self) -> str:
        first, last = _text(self.since), "later" if self.until == NEWEST else _text(self.until)
        return f"{self.what}: Istio {first}" + (f" to {last}" if last != first else "")


class Detection(NamedTuple):
    """The release a configuration seems to be of, why, and what is doubtful about that."""

    release: Release
    evidence: tuple[Evidence, ...]
    warnings: tuple[str, ...] = ()


def _text(version: Version) -> str:
    major, minor, patch = version
    return f"{major}.{minor}" if patch in (0, NEWEST_PATCH) else f"{major}.{minor}.{patch}"


def _between(what: str, since: str = "0.5", until: str = "") -> Evidence:
    first = parse_version(since if since.count(".") == 2 else since + ".0")
    return Evidence(what, first, parse_version(until) if until else NEWEST)


_TEMPLATE_WORDS: Final = (
    # (words of which the text must have one, first release, last release)
    (".Values", "1.2", ""),
    (".DeploymentMeta", "1.1", ""),
    (".TypeMeta", "1.3", ""),
    (".EstimatedConcurrency", "1.11", "1.17"),
    (".ProxyImage", "1.13", ""),
    (".ProxyUID", "1.20", ""),
    (".CompliancePolicy", "1.20", ""),
    (".InboundTrafficPolicyMode", "1.22", ""),
    (".NativeSidecars", "1.27", ""),
    (".ProxyInitImage", "1.31", ""),
    (".MeshConfig.ProxyInboundListenPort", "1.18", ""),
    (".ProxyConfig.InterceptionMode", "0.8", ""),
    (".ProxyConfig.ZipkinAddress", "0.5", "1.0"),
    (".ProxyConfig.DiscoveryRefreshDelay", "0.5", "1.0"),
    ("rewriteAppHTTPProbe:", "1.1", "1.8"),
    ("podRedirectAnnot:", "1.3", "1.8"),
    ("dnsConfig:", "1.1", "1.8"),
    ("ENABLE_NATIVE_SIDECARS", "1.19", "1.26"),
    ("--native-nftables", "1.27", ""),
    ("--force-apply", "1.24", ""),
    ("sidecar.istio.io/nativeSidecar", "1.24", ""),
    ("--outlierLogPath", "1.23", ""),
    ("--templateFile|--lightstepAddress", "1.1", "1.5"),
    ("sidecar.istio.io/controlPlaneAuthPolicy", "1.0", "1.4"),
    ("ISTIO_CPU_LIMIT", "1.18", ""),
    ("GOMEMLIMIT", "1.19", ""),
    ("PROXY_CONFIG", "1.6", ""),
    ("credential-socket", "1.15", ""),
    ("workload-socket", "1.14", ""),
    ("service.istio.io/workload-name", "1.25", ""),
    ("seccompProfile", "1.22.3", ""),
    ("OTEL_RESOURCE_ATTRIBUTES", "1.30", ""),
)
"""Words of template texts; source: the stock templates, release by release.

One that begins with a dot must end where a name ends, one that ends with a colon is a key at the beginning of a line.
"""

_ALWAYS_SINCE: Final = (
    ("formatDuration", "0.6", "0.5"),
    ("InterceptionMode", "0.8", "0.7"),
    ("annotation .ObjectMeta", "1.0", "0.8"),
    (".DeploymentMeta", "1.1", "1.0"),
    (".Values", "1.2", "1.1"),
    ("structToJSON", "1.3", "1.2"),
    ("protoToJSON", "1.4", "1.3"),
    ("JWT_POLICY|ISTIO_META_MESH_ID", "1.5", "1.4"),
    ("PROXY_CONFIG", "1.6", "1.5"),
    ("default-container", "1.10", "1.9"),
    (".EstimatedConcurrency|ISTIO_CPU_LIMIT", "1.11", "1.10"),
    (".ProxyListenPort", "1.12", "1.11"),
    (".ProxyImage", "1.13", "1.12"),
    ("workload-socket", "1.14", "1.13"),
    ("credential-socket", "1.15", "1.14"),
    ("ISTIO_META_NODE_NAME", "1.17", "1.16"),
    ("ISTIO_CPU_LIMIT", "1.18", "1.17"),
    ("GOMEMLIMIT", "1.19", "1.18"),
    (".ProxyUID", "1.20", "1.19"),
    (".InboundTrafficPolicyMode", "1.22", "1.21"),
    ("--outlierLogPath", "1.23", "1.22"),
    ("--force-apply", "1.24", "1.23"),
    ("service.istio.io/workload-name", "1.25", "1.24"),
    ("ENABLE_CLUSTER_TRUST_BUNDLE_API", "1.26", "1.25"),
    (".NativeSidecars", "1.27", "1.26"),
    ("global.proxy.seccompProfile", "1.28", "1.27"),
    ("crlConfigMapName", "1.29", "1.28"),
    ("OTEL_RESOURCE_ATTRIBUTES", "1.30", "1.29"),
    (".ProxyInitImage", "1.31", "1.30"),
)
"""What every stock sidecar template has since a release, and the release before: a template without it is older, if it is a stock one."""

_TEMPLATE_NAMES: Final = {
    "gateway": "1.9",
    "grpc-simple": "1.11",
    "grpc-agent": "1.11",
    "waypoint": "1.18",
    "kube-gateway": "1.18",
    "agentgateway": "1.29",
    "agentgateway-waypoint": "1.31",
}
"""Named templates that ship, and since when."""

_IMAGE = r"image:[\s\"']*[\w.:-]+(?:/[\w.-]+)*/(?:proxy\w*|install-cni|pilot):(?P<tag>[\w.-]+)"
_RELEASE_TAG = r"(\d+\.\d+\.\d+)(-(alpha|beta|rc|distroless|debug).*)?"


def detect_release(
    document: InjectDocument, *, values: Mapping[str, Any] | None = None, config_map_name: str = ""
) -> Detection:
    """Return the release a configuration was written for; the newest that all evidence allows."""
    texts = _template_texts(document)
    evidence = tuple(_evidence(document, texts, values, config_map_name))
    since = max((item.since for item in evidence), default=OLDEST)
    until = min((item.until for item in evidence), default=NEWEST)
    if since > until:
        return _contradiction(evidence)
    tag = _published_tag(texts, values)
    if tag is not None:
        return _by_tag(tag, since, until, evidence)
    for item in _absences(document):
        if since <= item.until < until:
            until, evidence = item.until, (*evidence, item)
    release = _newest(since, until)
    warnings = () if since[:2] == until[:2] else (_doubt(since, until, release),)
    return Detection(release, evidence, warnings)


def _template_texts(document: InjectDocument) -> list[str]:
    if document.templates:
        return list(document.templates.values())
    return [document.template] if document.template else []


def _evidence(
    document: InjectDocument, texts: list[str], values: Mapping[str, Any] | None, config_map_name: str
) -> Iterator[Evidence]:
    if config_map_name.startswith("istio-inject"):
        yield _between("the ConfigMap is called istio-inject", until="0.7")
    elif config_map_name.startswith("istio-sidecar-injector"):
        yield _between("the ConfigMap is called istio-sidecar-injector", "0.7")
    yield from _document_evidence(document)
    yield from _delimiter_evidence(document, texts)
    joined = "\n".join(texts)
    for words, since, until in _TEMPLATE_WORDS:
        word = _first_word(words, joined)
        if word:
            yield _between(f"the template has {word}", since, until)
    yield from _function_evidence(texts, document)
    if values is not None:
        yield from _values_evidence(values)


def _first_word(words: str, text: str) -> str:
    """Return which of some words, with ``|`` between them, comes first in a text; empty where it has none of them."""
    places = {word: _place_of(word, text) for word in words.split("|")}
    return min((word for word, place in places.items() if place >= 0), key=places.__getitem__, default="")


def _place_of(word: str, text: str) -> int:
    if word.endswith(":") and word[:-1] in text:
        match = re.search(rf"(?m)^{word[:-1]}\s*:", text)
        return -1 if match is None else match.start()
    place = text.find(word)
    while word.startswith(".") and place >= 0 and _goes_on(text, place + len(word)):
        place = text.find(word, place + 1)
    return place


def _goes_on(text: str, place: int) -> bool:
    following = text[place : place + 1]
    return following.isalnum() or following == "_"


def _absences(document: InjectDocument) -> Iterator[Evidence]:
    """Yield what a stock sidecar template lacks, newest first; nothing for a template that does not look like a stock one."""
    text = document.templates.get("sidecar", document.template or "")
    if "name: istio-proxy" not in text or "name: istio-init" not in text:
        return
    for words, since, before in reversed(_ALWAYS_SINCE):
        if not _first_word(words, text):
            yield _between(f"the template has nothing of {since}", until=before)


def _document_evidence(document: InjectDocument) -> Iterator[Evidence]:
    if document.templates:
        yield _between("the configuration has named templates", "1.9")
    elif document.template is not None and not document.is_bare:
        yield _between("the configuration has a single template", until="1.8")
    if document.keys & {"neverInjectSelector", "alwaysInjectSelector"}:
        yield _between("the configuration has selectors", "1.1")
    if "injectedAnnotations" in document.keys:
        yield _between("the configuration has injectedAnnotations", "1.4")
    for name in document.templates:
        if name in _TEMPLATE_NAMES:
            yield _between(f"there is a template {name}", _TEMPLATE_NAMES[name])


def _delimiter_evidence(document: InjectDocument, texts: list[str]) -> Iterator[Evidence]:
    if document.templates:
        return
    joined = "\n".join(texts)
    if "[[" in joined:
        yield _between("actions are written [[ ]]", "0.8", "1.1")
    elif "{{" in joined:
        values_seen = ".Values" in joined
        yield _between("actions are written {{ }}", *(("1.2", "") if values_seen else ("0.5", "")))
        if not values_seen and ".ObjectMeta.Labels" in joined and ".DeploymentMeta" not in joined:
            yield _between("actions are written {{ }} and read no values", until="0.7")


def _function_evidence(texts: list[str], document: InjectDocument) -> Iterator[Evidence]:
    brackets = "[[" in "\n".join(texts) and not document.templates
    pattern = r"(?s)\[\[.*?\]\]" if brackets else r"(?s)\{\{.*?\}\}"
    actions = "\n".join(action for text in texts for action in re.findall(pattern, text))
    words = set(re.findall(r"(?<![\w.$\"`/-])\w+", actions))
    steps = [(parse_version(start), names) for start, names in feature_of("functions").steps.items()]
    for name in sorted(words & {name for _, names in steps for name in names}):
        having = [start for start, names in steps if name in names]
        lost = next((start for start, names in steps if start > having[-1] and name not in names), None)
        until = NEWEST if lost is None else (lost[0], lost[1] - 1, NEWEST_PATCH)
        yield Evidence(f"the template calls {name}", having[0] if name not in _SPRIG_NAMES else OLDEST, until)


_SPRIG_NAMES: Final = frozenset({"contains", "indent", "toJson", "env", "omit", "toYaml"})
"""Names that Sprig has as well: calling them says nothing of the first release."""


def _values_evidence(values: Mapping[str, Any]) -> Iterator[Evidence]:
    yield _between("there is a values document", "1.2")
    if "revision" in values:
        yield _between("values have a revision", "1.6")
    pilot = values.get("pilot")
    if isinstance(pilot, Mapping) and "env" in pilot and "global" in values and "sidecarInjectorWebhook" in values:
        yield _between("values have pilot.env", "1.26") if len(pilot) <= 2 else _between("values have pilot", "1.2")
    if isinstance(pilot, Mapping) and set(pilot) == {"cni"}:
        yield _between("values have pilot.cni alone", "1.22", "1.25")


def _published_tag(texts: list[str], values: Mapping[str, Any] | None) -> str | None:
    """Return the release that an image tag names, of the template or of the values."""
    settings = (values or {}).get("global")
    candidates = [str(settings.get("tag", ""))] if isinstance(settings, Mapping) else []
    candidates += [match["tag"] for text in texts for match in re.finditer(_IMAGE, text)]
    for candidate in candidates:
        match = re.fullmatch(_RELEASE_TAG, candidate)
        if match is not None:
            return match[1]
    return None


def _by_tag(tag: str, since: Version, until: Version, evidence: tuple[Evidence, ...]) -> Detection:
    version = parse_version(tag)
    seen = Evidence(f"images have the tag {tag}", version, version)
    if since <= version <= (*until[:2], NEWEST_PATCH):
        try:
            return Detection(release_of(tag), (*evidence, seen))
        except ValueError:
            pass
    release = _newest(since, until)
    warning = f"images have the tag {tag}, but the configuration is of Istio {_text(since)} to {_text(until)}"
    return Detection(release, (*evidence, seen), (f"{warning}: taken as {release.version}",))


def _newest(since: Version, until: Version) -> Release:
    fitting = [patch for patch in LAST_PATCHES if since <= parse_version(patch) <= until]
    return release_of(fitting[-1] if fitting else ".".join(map(str, since)))


def _doubt(since: Version, until: Version, release: Release) -> str:
    return (
        f"the configuration may be of any Istio from {_text(since)} to {_text(until)}: taken as {release.version}; "
        "name the release to be sure"
    )


def _contradiction(evidence: tuple[Evidence, ...]) -> Detection:
    """Return the release that most of the evidence allows, the newest of several."""
    votes = [
        (sum(item.since <= parse_version(patch) <= item.until for item in evidence), patch) for patch in LAST_PATCHES
    ]
    most = max(count for count, _ in votes)
    release = release_of([patch for count, patch in votes if count == most][-1])
    against = [str(item) for item in evidence if not item.since <= release.numbers <= item.until]
    warning = f"the configuration mixes releases, taken as {release.version}; against it: {json.dumps(against)[1:-1]}"
    return Detection(release, evidence, (warning,))
