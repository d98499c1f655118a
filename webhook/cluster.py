"""The Kubernetes API, as far as the command line needs it: ConfigMaps read, Secrets written, certificates asked for.

The only module that knows the official client, which takes a second to import: it is imported when the first call is made.
"""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

APPROVAL_REASON: Final = "RemoraApproved"
CSR_TRIES: Final = 10


class ClusterError(Exception):
    """The API cannot be reached, or refused a call; the text names the object and the remedy where there is one."""


class Cluster:
    """A connection to one API server, by kubeconfig and context, or from inside a pod."""

    def __init__(self, kubeconfig: str = "", context: str = "") -> None:
        self._kubeconfig = kubeconfig
        self._context = context
        self._client: Any = None

    def config_map(self, namespace: str, name: str) -> dict[str, str]:
        """Return the data of a ConfigMap.

        Raises:
            ClusterError: it is not there, or the API cannot be reached.
        """
        found = self._call(f"ConfigMap {namespace}/{name}", lambda api: api.read_namespaced_config_map(name, namespace))
        return dict(found.data or {})

    def secret(self, namespace: str, name: str) -> dict[str, bytes]:
        """Return the data of a Secret, decoded.

        Raises:
            ClusterError: it is not there, or the API cannot be reached.
        """
        found = self._call(f"Secret {namespace}/{name}", lambda api: api.read_namespaced_secret(name, namespace))
        return {key: base64.b64decode(value) for key, value in (found.data or {}).items()}

    def apply_secret(self, namespace: str, name: str, data: dict[str, bytes]) -> None:
        """Create a Secret, or replace the data of the one that is there."""
        body = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": namespace},
            "data": {key: base64.b64encode(value).decode("ascii") for key, value in data.items()},
        }
        what = f"Secret {namespace}/{name}"
        try:
            self._call(what, lambda api: api.create_namespaced_secret(namespace, body))
        except _ConflictError:
            self._call(what, lambda api: api.replace_namespaced_secret(name, namespace, body))

    def sign(self, name: str, request: bytes, signer: str, *, sleep: Callable[[float], None] = time.sleep) -> bytes:
        """Have a certificate signing request approved and signed, and return the certificate (PEM).

        Raises:
            ClusterError: a call was refused, or no certificate appeared: no signer of that name runs, or it wants another subject.
        """
        what = f"CertificateSigningRequest {name}"
        self._delete_request(name)
        self._call(
            what,
            lambda api: api.create_certificate_signing_request(_request_body(name, request, signer)),
            "certificates",
        )
        body = self._call(what, lambda api: api.read_certificate_signing_request(name), "certificates")
        body.status.conditions = [*(body.status.conditions or []), _approval()]
        self._call(what, lambda api: api.replace_certificate_signing_request_approval(name, body), "certificates")
        for _ in range(CSR_TRIES):
            found = self._call(what, lambda api: api.read_certificate_signing_request(name), "certificates")
            if found.status.certificate:
                return base64.b64decode(found.status.certificate)
            sleep(1)
        raise ClusterError(
            f"{what} was approved, but the signer {signer!r} issued no certificate in {CSR_TRIES} seconds: "
            f"see 'kubectl describe csr {name}', or let Remora's own CA sign (--by ca)"
        )

    def delete_request(self, name: str) -> None:
        """Delete a certificate signing request; one that is not there is well."""
        self._delete_request(name)

    def _delete_request(self, name: str) -> None:
        try:
            self._call(
                f"CertificateSigningRequest {name}",
                lambda api: api.delete_certificate_signing_request(name),
                "certificates",
            )
        except NotFoundError:
            return

    def _call(self, what: str, call: Callable[[Any], Any], group: str = "core") -> Any:
        api = self._api(group)
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            return call(api)
        except ApiException as error:
            raise _translate(what, error) from error
        except (HTTPError, OSError) as error:
            raise ClusterError(f"cannot reach the Kubernetes API for {what}: {_reason(error)}") from error

    def _api(self, group: str) -> Any:
        from kubernetes import client

        if self._client is None:
            self._client = self._connect()
        return client.CertificatesV1Api(self._client) if group == "certificates" else client.CoreV1Api(self._client)

    def _connect(self) -> Any:
        from kubernetes import client, config

        settings = client.Configuration()
        try:
            if self._kubeconfig or self._context or _has_kubeconfig(config.KUBE_CONFIG_DEFAULT_LOCATION):
                config.load_kube_config(self._kubeconfig or None, self._context or None, client_configuration=settings)
            else:  # not the client's load_config, which prints to standard output and does not know a list of files
                config.load_incluster_config(client_configuration=settings)
        except (config.ConfigException, OSError) as error:
            raise ClusterError(
                f"no cluster is configured: {str(error).rstrip('.')}. "
                "Give --kubeconfig, set KUBECONFIG, or name files instead of ConfigMaps"
            ) from error
        settings.retries = 1
        return client.ApiClient(settings)


def _has_kubeconfig(location: str) -> bool:
    return any(Path(name).expanduser().exists() for name in location.split(os.pathsep) if name)


class NotFoundError(ClusterError):
    """The object is not there."""


class _ConflictError(ClusterError):
    """The object is there already."""


def _translate(what: str, error: Any) -> ClusterError:
    if error.status == 404:
        return NotFoundError(f"{what} not found")
    if error.status == 409:
        return _ConflictError(f"{what} already exists")
    return ClusterError(f"the Kubernetes API refused {what}: {error.status} {error.reason}")


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", None) or error)


def _request_body(name: str, request: bytes, signer: str) -> dict[str, Any]:
    return {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {"name": name},
        "spec": {
            "request": base64.b64encode(request).decode("ascii"),
            "signerName": signer,
            "usages": ["digital signature", "key encipherment", "server auth"],
        },
    }


def _approval() -> Any:
    from kubernetes import client

    return client.V1CertificateSigningRequestCondition(
        type="Approved", status="True", reason=APPROVAL_REASON, message="approved by remora cert create"
    )
