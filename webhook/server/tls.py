"""The TLS side of the listener: one long-lived context, and the certificate behind it, which can be replaced while it serves.

gevent wraps every connection with the context the worker started with. Its server-name callback, which OpenSSL calls for clients without
SNI too, moves each handshake to the context of the newest good certificate. Key and certificate are taken as a pair or not at all.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from webhook.certificates import CertificateError, check_pair

VERSIONS: Final = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
"""Lowest TLS version → ssl's name for it."""

logger = logging.getLogger("remora.tls")


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """How the listener speaks TLS: files, floor, ciphers, and whose client certificates are asked for (empty: nobody's)."""

    cert: str
    key: str
    min_version: str = "1.2"
    ciphers: str = ""
    client_ca: str = ""
    client_names: tuple[str, ...] = ()


class Certificates:
    """The pair in force. ``refresh`` looks at the files; a pair that is broken or half-written leaves the last good one in force."""

    def __init__(self, options: TlsOptions) -> None:
        """Load the pair.

        Raises:
            CertificateError: it cannot be used.
            OSError: a file cannot be read.
        """
        self._options = options
        self._stamp = self._look()
        self._current, self.not_after = self._load()
        self.last_error = ""
        self.listener = self._listener()

    @property
    def expired(self) -> bool:
        """Whether the certificate that is served has ended."""
        return self.not_after <= datetime.now(UTC)

    def refresh(self) -> bool:
        """Look at the files once; tell whether a new pair came into force."""
        stamp = self._look()
        if stamp == self._stamp and not self.last_error:
            return False
        self._stamp = stamp
        try:
            self._current, self.not_after = self._load()
        except (CertificateError, OSError, ssl.SSLError) as error:
            if str(error) != self.last_error:
                logger.warning("certificate refused, the last good one stays: %s", error)
            self.last_error = str(error)
            return False
        self.last_error = ""
        logger.info("certificate in force until %s", self.not_after.isoformat())
        return True

    def check_client(self, connection: ssl.SSLSocket) -> None:
        """Refuse a client whose certificate has none of the names.

        Raises:
            ssl.SSLError: so it is.
        """
        names = self._options.client_names
        if names and not client_is_allowed(connection.getpeercert(), names):
            raise ssl.SSLError("the client certificate has none of the names that are allowed")

    def _look(self) -> tuple[Any, ...]:
        return tuple(
            _stamp(Path(name)) for name in (self._options.cert, self._options.key, self._options.client_ca) if name
        )

    def _load(self) -> tuple[ssl.SSLContext, datetime]:
        # Read once, checked, then loaded: OpenSSL reads the files again, and refuses a pair that does not belong together.
        not_after = check_pair(Path(self._options.cert).read_bytes(), Path(self._options.key).read_bytes())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._options.cert, self._options.key)
        self._configure(context)
        return context, not_after

    def _configure(self, context: ssl.SSLContext) -> None:
        context.minimum_version = VERSIONS[self._options.min_version]
        context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
        context.set_alpn_protocols(["http/1.1"])
        if self._options.ciphers:
            context.set_ciphers(self._options.ciphers)
        if self._options.client_ca:
            context.load_verify_locations(self._options.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
            context.num_tickets = 0  # a resumed session would skip the check of a certificate that was withdrawn since

    def _listener(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._options.cert, self._options.key)
        self._configure(context)
        context.sni_callback = self._choose
        return context

    def _choose(self, connection: ssl.SSLSocket | ssl.SSLObject, name: str | None, listener: ssl.SSLContext) -> None:
        del name, listener
        connection.context = self._current


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def client_is_allowed(certificate: dict[str, Any] | None, names: Sequence[str]) -> bool:
    """Tell whether a client certificate (as ``getpeercert`` gives it) has one of the names, as common name or DNS name."""
    if not names:
        return True
    if certificate is None:
        return False
    subject = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
    alternatives = [value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"]
    return any(name in names for name in (*subject, *alternatives))
