"""What a release demands of the traffic parts of mesh configuration: localities, TLS settings, private key providers, curves.

A part that a release does not know is not there to be checked, so nothing here asks for the release but for the wording.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from webhook.mesh.messages import Message
from webhook.mesh.schema import Schema

_TOPOLOGY_LABELS: Final = ("topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone")
_SIMPLE, _MUTUAL = 1, 2  # the numbers of ClientTLSSettings.TLSmode
_WILDCARD: Final = "*"


def locality_findings(setting: Message | None) -> Iterator[str]:
    """Yield what is wrong with a LocalityLoadBalancerSetting; the first mistake in weights or combinations ends the check."""
    if setting is None:
        return
    distribute, failover = setting.get("distribute", ()), setting.get("failover", ())
    if distribute and failover:
        yield "can not simultaneously specify 'distribute' and 'failover'"
        return
    label = next((name for name in setting.get("failover_priority", ()) if name in _TOPOLOGY_LABELS), None)
    if failover and label is not None:
        yield f"can not simultaneously set 'failover' and topology label '{label}' in 'failover_priority'"
        return
    for rule in distribute:
        weights: dict[str, int] = rule.get("to", {})
        error = _weights_error(list(weights.values()))
        if error is not None:
            yield error
            return
        yield from _localities(list(weights))
    yield from _localities([rule.get("from", "") for rule in distribute])
    for rule in failover:
        yield from _failover(rule.get("from", ""), rule.get("to", ""))


def zone_aware_findings(setting: Message | None) -> Iterator[str]:
    """Yield what is wrong with a ZoneAwareLoadBalancerSetting (since 1.31)."""
    if setting is None:
        return
    for label in setting.get("failover_priority", ()):
        if label in _TOPOLOGY_LABELS:
            yield (
                f"'failover_priority' for zone aware lb must not use topology label '{label}'; "
                "region- and zone-level routing are handled automatically"
            )
    for rule in setting.get("failover", ()):
        source, target = rule.get("from", ""), rule.get("to", "")
        if source == target:
            yield "zone aware lb failover settings must specify different regions"
        if "/" in source + target:
            yield "zone aware lb failover only specifies region; zone and subzone failover are handled automatically"
        if _WILDCARD in source + target:
            yield "zone aware lb failover region should not contain '*' wildcard"


def _weights_error(weights: Sequence[int]) -> str | None:
    if any(not 1 <= weight <= 100 for weight in weights):
        return "locality weight must be in range [1, 100]"
    return None if sum(weights) == 100 else f"total locality weight {sum(weights)} != 100"


def _failover(source: str, target: str) -> Iterator[str]:
    if source == target:
        yield "locality lb failover settings must specify different regions"
    if "/" in source + target:
        yield "locality lb failover only specify region"
    if _WILDCARD in source + target:
        yield "locality lb failover region should not contain '*' wildcard"


def _localities(localities: Sequence[str]) -> Iterator[str]:
    """Yield the first complaint about localities that stand side by side: wildcards, empty parts, one inside another."""
    seen: set[tuple[str, ...]] = set()
    for locality in localities:
        if locality.count(_WILDCARD) > 1 or (_WILDCARD in locality and not locality.endswith(_WILDCARD)):
            yield f"locality {locality} wildcard '*' number can not exceed 1 and must be in the end"
            return
        parts = tuple(locality.split("/", 2))
        if (_WILDCARD,) not in seen and "" in parts:
            yield f"locality {locality} must not contain empty region/zone/subzone info"
            return
        if _overlaps(parts, seen):
            yield f"locality {locality} overlap with previous specified ones"
            return
        seen.add(parts)


def _overlaps(parts: tuple[str, ...], seen: set[tuple[str, ...]]) -> bool:
    """Tell whether one of the localities seen, or everything, contains this one, or a region or zone seen is inside it."""
    if (_WILDCARD,) in seen:
        return True
    covering = {parts[:length] for length in range(1, len(parts) + 1)}
    covering |= {(*parts[:length], _WILDCARD) for length in range(1, len(parts))}
    return bool(covering & seen) or any(other[: len(parts)] == parts for other in seen)


def tls_findings(settings: Message | None, schema: Schema) -> Iterator[str]:
    """Yield what is wrong with ClientTLSSettings of a mesh, which belong to no namespace."""
    if settings is None:
        return
    mode, credential = settings.get("mode", 0), settings.get("credential_name", "")
    authority, names = settings.get("ca_certificates", ""), settings.get("subject_alt_names", ())
    if settings.get("insecure_skip_verify"):
        if mode == _SIMPLE and (authority or credential or names):
            yield "cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true"
        if mode == _MUTUAL and (authority or names):
            yield "cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true"
    if mode in (_SIMPLE, _MUTUAL) and credential:
        yield from _beside_credential(settings, schema)
    elif mode == _MUTUAL:
        for name, words in (("client_certificate", "client certificate"), ("private_key", "private key")):
            if not settings.get(name):
                yield f"{words} required for mutual tls"


def _beside_credential(settings: Message, schema: Schema) -> Iterator[str]:
    known = schema.message(settings.name).by_name
    crl = " or CA CRL" if "ca_crl" in known else ""
    if any(settings.get(name) for name in ("client_certificate", "ca_certificates", "private_key", "ca_crl")):
        yield f"cannot specify client certificates or CA certificate{crl} If credentialName is set"


def key_provider_findings(provider: Message | None) -> Iterator[str]:
    """Yield what is wrong with a PrivateKeyProvider."""
    if provider is None:
        return
    chosen: Any = next((provider.get(name) for name in ("cryptomb", "qat") if name in provider.fields), None)
    if chosen is None:
        yield "private key provider configuration is required"
        yield "unknown private key provider"
        return
    delay = chosen.get("poll_delay")
    if delay is None:
        yield "pollDelay is required"
    elif not delay.nanoseconds:
        yield "pollDelay must be non zero"


def mesh_tls_findings(mesh: Message) -> Iterator[str]:
    """Yield what is wrong with the TLS settings of traffic inside the mesh."""
    settings = mesh.get("mesh_mTLS")
    if settings is not None and settings.get("ecdh_curves"):
        yield "mesh TLS does not support ECDH curves configuration"
