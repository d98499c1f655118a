"""``remora cert``: the certificates that stand between the API server and the webhook."""

from __future__ import annotations

import base64
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from webhook.cli.exits import BAD_INPUT, CLUSTER, USAGE, CliError

if TYPE_CHECKING:
    from webhook.certificates import KeyPair
    from webhook.cluster import Cluster

CERT, KEY, CA = "cert.pem", "key.pem", "ca-cert.pem"
"""Keys of the Secret; the first two are those of Istio's scripts."""
PLACEHOLDER: Final = "${CA_BUNDLE}"
_service = click.option(
    "--service", default="istio-sidecar-injector", show_default=True, help="Service of the webhook."
)
_namespace = click.option("--namespace", default="istio-system", show_default=True, help="Namespace of the webhook.")
_secret = click.option("--secret", default="sidecar-injector-certs", show_default=True, help="Secret of the key pair.")
_kubeconfig = click.option("-c", "--kubeconfig", default="", help="Kubeconfig file. Default: as kubectl finds it.")
_context = click.option("--context", default="", help="Context of the kubeconfig.")


@click.group("cert")
def command() -> None:
    """Make certificates for the webhook and put them where they belong."""


@command.command("create", short_help="Make a key pair for the webhook and store it.")
@_service
@_namespace
@_secret
@click.option(
    "--by",
    type=click.Choice(["ca", "csr"]),
    default="ca",
    show_default=True,
    help="Who signs: a CA of our own, or a signer of the cluster through a CertificateSigningRequest.",
)
@click.option("--signer", default="kubernetes.io/kubelet-serving", show_default=True, help="Signer for --by csr.")
@click.option(
    "--days", type=click.IntRange(1), default=365, show_default=True, help="How long the certificate is valid."
)
@click.option("--dns", "names", multiple=True, help="A further DNS name or IP address (repeatable).")
@click.option("--out", type=click.Path(path_type=Path), help="Write the files to this folder instead of the Secret.")
@_kubeconfig
@_context
def create(  # noqa: PLR0913, PLR0917 - a parameter a flag
    service: str, namespace: str, secret: str, by: str, signer: str, days: int, names: tuple[str, ...],
    out: Path | None, kubeconfig: str, context: str,
) -> int:  # fmt: skip
    """Make a key pair for the webhook's Service and store it as a Secret (keys cert.pem, key.pem, ca-cert.pem).

    \b
    Examples:
      remora cert create --service istio-sidecar-injector --namespace istio-system --secret sidecar-injector-certs
      remora cert create --by csr --signer example.com/serving
      remora cert create --out certs/ --dns localhost --dns 127.0.0.1
    """
    from webhook.certificates import service_names
    from webhook.cluster import Cluster, ClusterError

    all_names = (*service_names(service, namespace), *names)
    if by == "csr" and out is not None:
        raise CliError("--out goes with --by ca: a request is signed by the cluster", USAGE)
    try:
        if out is not None:
            _write_files(out, _by_ca(all_names, days))
            return 0
        cluster = Cluster(kubeconfig, context)
        request_name = f"{service}.{namespace}"
        files = _by_ca(all_names, days) if by == "ca" else _by_request(cluster, request_name, all_names, signer)
        cluster.apply_secret(namespace, secret, files)
    except ClusterError as error:
        raise CliError(str(error), CLUSTER) from error
    click.echo(f"secret {namespace}/{secret} holds a certificate for {all_names[0]}", err=True)
    return 0


def _by_ca(names: tuple[str, ...], days: int) -> dict[str, bytes]:
    from webhook.certificates import issue, make_ca

    now = datetime.now(UTC)
    ca = make_ca(f"remora CA for {names[0]}"[:64], now)
    pair: KeyPair = issue(ca, names, now, days=days)
    return {CERT: pair.certificate, KEY: pair.key, CA: ca.certificate}


def _by_request(cluster: Cluster, request_name: str, names: tuple[str, ...], signer: str) -> dict[str, bytes]:
    from webhook.certificates import make_request

    pair = make_request(names, signer=signer)
    return {CERT: cluster.sign(request_name, pair.certificate, signer), KEY: pair.key}


def _write_files(folder: Path, files: dict[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            click.echo(f"wrote {path}", err=True)
    except OSError as error:
        raise CliError(f"{error.filename}: {error.strerror}", BAD_INPUT) from error


@command.command("ca-bundle", short_help="Fill ${CA_BUNDLE} into a manifest.")
@_namespace
@_secret
@click.option("--ca-file", type=click.Path(path_type=Path), help="Take the CA from this file instead of the cluster.")
@_kubeconfig
@_context
def ca_bundle(namespace: str, secret: str, ca_file: Path | None, kubeconfig: str, context: str) -> int:
    """Copy stdin to stdout with ${CA_BUNDLE} replaced by the CA that signed the webhook's certificate (base64).

    The CA is the one in the Secret; when a signer of the cluster issued the certificate, it is the cluster's own.

    \b
    Example:
      remora cert ca-bundle < webhook.yaml | kubectl apply -f -
    """
    text = sys.stdin.read()
    if PLACEHOLDER not in text:
        raise CliError(f"the input has no {PLACEHOLDER} to replace", BAD_INPUT)
    ca = _read_file(ca_file) if ca_file else _cluster_ca(namespace, secret, kubeconfig, context)
    sys.stdout.write(text.replace(PLACEHOLDER, base64.b64encode(ca).decode("ascii")))
    return 0


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CliError(f"{path}: {error.strerror}", BAD_INPUT) from error


def _cluster_ca(namespace: str, secret: str, kubeconfig: str, context: str) -> bytes:
    from webhook.cluster import Cluster, ClusterError

    cluster = Cluster(kubeconfig, context)
    try:
        own = cluster.secret(namespace, secret).get(CA)
        if own:
            return own
        bundle = cluster.config_map("kube-system", "extension-apiserver-authentication").get("client-ca-file", "")
    except ClusterError as error:
        raise CliError(str(error), CLUSTER) from error
    if not bundle:
        raise CliError("ConfigMap kube-system/extension-apiserver-authentication has no client-ca-file", CLUSTER)
    return bundle.encode("ascii")


@command.command("delete-request", short_help="Delete what --by csr left behind.")
@_service
@_namespace
@_kubeconfig
@_context
def delete_request(service: str, namespace: str, kubeconfig: str, context: str) -> int:
    """Delete the CertificateSigningRequest that --by csr left behind."""
    from webhook.cluster import Cluster, ClusterError

    try:
        Cluster(kubeconfig, context).delete_request(f"{service}.{namespace}")
    except ClusterError as error:
        raise CliError(str(error), CLUSTER) from error
    return 0
