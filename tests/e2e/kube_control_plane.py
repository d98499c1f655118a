"""A real, throw-away Kubernetes control plane for end-to-end tests of a webhook.

Runs etcd, kube-apiserver and, on request, kube-controller-manager as children bound
to 127.0.0.1.  Without kubelet and scheduler, pods are admitted, defaulted, validated
and stored as in any cluster and then stay Pending: all that a webhook can see.

    @pytest.fixture(scope="session")
    def cluster(tmp_path_factory):
        with ControlPlane(tmp_path_factory.mktemp("kube")) as plane:
            yield plane

The binaries are taken from ``$KUBEBUILDER_ASSETS`` (the envtest convention) when
that is set, else from a cache of the user's (``$XDG_CACHE_HOME/remora/e2e``), where
``build_binaries`` (or running this file: ``make e2e-assets``) makes them from the
versions pinned in ``go.mod``/``go.sum``.
Start it from a thread that outlives the tests: the processes die with that thread.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime
import ipaddress
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "remora" / "e2e"
REQUIRED = ("etcd", "kube-apiserver")
#: What makes pods out of workloads, and a default service account for each namespace.
WORKLOAD_CONTROLLERS = (
    "deployment-controller",
    "replicaset-controller",
    "statefulset-controller",
    "daemonset-controller",
    "job-controller",
    "cronjob-controller",
    "serviceaccount-controller",
    "serviceaccount-token-controller",
)
SIGNING_CONTROLLER = "certificatesigningrequest-signing-controller"


def build_binaries(
    bin_dir: Path = CACHE, names: Sequence[str] = (*REQUIRED, "kube-controller-manager", "kubectl")
) -> Path:
    """Build the named programs from the module beside this file; return ``bin_dir``."""
    env = {
        **os.environ,
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=readonly -trimpath -buildvcs=false",
    }
    version = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Version}}", "k8s.io/kubernetes"],
        cwd=HERE,
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.strip()
    major, minor = version.removeprefix("v").split(".")[:2]
    stamp = {"gitVersion": version, "gitMajor": major, "gitMinor": minor, "gitCommit": "", "gitTreeState": "clean"}
    ldflags = "-s -w " + " ".join(f"-X k8s.io/component-base/version.{k}={v}" for k, v in stamp.items())
    for name in names:
        package = "go.etcd.io/etcd/server/v3" if name == "etcd" else f"k8s.io/kubernetes/cmd/{name}"
        subprocess.run(
            ["go", "build", "-ldflags", ldflags, "-o", str(bin_dir / name), package], cwd=HERE, env=env, check=True
        )
    return bin_dir


def locate_binaries(names: Sequence[str] = REQUIRED) -> Path:
    """The folder that holds the named programs; raises RuntimeError when one is missing."""
    folder = Path(os.environ.get("KUBEBUILDER_ASSETS") or CACHE).resolve()
    missing = [name for name in names if not os.access(folder / name, os.X_OK)]
    if missing:
        raise RuntimeError(f"{missing} not found in {folder}: run build_binaries() or set KUBEBUILDER_ASSETS")
    return folder


class Authority:
    """A private CA that issues serving certificates (API server, webhook under test)."""

    def __init__(self, folder: Path, name: str = "e2e-ca") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.cert_file = folder, folder / "ca.crt"
        self._name = x509.Name.from_rfc4514_string(f"CN={name}")
        self._key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)  # sign, certs, CRLs
        self.pem = self._sign(name, self._key, x509.BasicConstraints(ca=True, path_length=None), usage)
        self.cert_file.write_bytes(self.pem)

    def _sign(
        self, subject: str, key: ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey, *extensions: x509.ExtensionType
    ) -> bytes:
        """A PEM certificate, with the extensions that strict verifiers (Python 3.13) insist on."""
        now = datetime.datetime.now(datetime.UTC)
        public = key.public_key() if isinstance(key, ec.EllipticCurvePrivateKey) else key
        builder = (
            x509.CertificateBuilder()
            .issuer_name(self._name)
            .public_key(public)
            .subject_name(x509.Name.from_rfc4514_string(f"CN={subject}"))
            .serial_number(x509.random_serial_number())
            .not_valid_after(now + datetime.timedelta(days=2))
            .not_valid_before(now - datetime.timedelta(minutes=5))
        )
        for extension in (
            x509.SubjectKeyIdentifier.from_public_key(public),
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
            *extensions,
        ):
            builder = builder.add_extension(extension, isinstance(extension, x509.BasicConstraints | x509.KeyUsage))
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def write_key(self) -> Path:
        """Write the CA's key for a program that signs with it."""
        key_file = self.folder / "ca.key"
        key_file.touch(mode=0o600)
        key_file.write_bytes(
            self._key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
            )
        )
        return key_file

    def sign_request(self, request: bytes) -> bytes:
        """Issue what a certificate signing request (PEM) asks for: its subject, key and names."""
        asked = x509.load_pem_x509_csr(request)
        names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        subject = asked.subject.rfc4514_string().removeprefix("CN=")
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        return self._sign(subject, asked.public_key(), names, usage)  # type: ignore[arg-type]

    def issue(self, name: str, hosts: Sequence[str]) -> tuple[Path, Path]:
        """Write NAME.crt and NAME.key for the given DNS names and IP addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        sans = x509.SubjectAlternativeName(
            [
                x509.IPAddress(ipaddress.ip_address(host))
                if host.replace(".", "").isdigit() or ":" in host
                else x509.DNSName(host)
                for host in hosts
            ]
        )
        cert_file, key_file = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        cert_file.write_bytes(self._sign(name, key, sans, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])))
        # Not PKCS#8: the API server takes an EC service-account key in the SEC 1 form only.
        sec1 = serialization.PrivateFormat.TraditionalOpenSSL
        key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, sec1, serialization.NoEncryption()))
        return cert_file, key_file


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    """In the child: be killed when the test run dies, even by SIGKILL (Linux only)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class ControlPlane:
    """etcd + kube-apiserver (+ kube-controller-manager when ``controllers`` is given)."""

    def __init__(self, folder: Path, *, controllers: Sequence[str] = (), apiserver_args: Sequence[str] = ()) -> None:
        self.folder = Path(folder).resolve()
        self.controllers, self.apiserver_args = tuple(controllers), tuple(apiserver_args)
        self.bin = locate_binaries((*REQUIRED, "kube-controller-manager") if controllers else REQUIRED)
        self.authority = Authority(self.folder / "pki")
        self.signer = Authority(self.folder / "signer", "e2e-signer")
        self.token, self.server, self.kubeconfig = secrets.token_hex(16), "", self.folder / "kubeconfig"
        self._children: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.tls = ssl.create_default_context(cafile=str(self.authority.cert_file))
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self.tls)
        )

    def start(self, timeout: float = 60.0) -> ControlPlane:
        """Start everything and return once the API server's /readyz says ok."""
        try:
            self._start(time.monotonic() + timeout)
        except BaseException:
            self.stop()
            raise
        return self

    __enter__ = start

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self, deadline: float) -> None:
        etcd = f"http://127.0.0.1:{free_port()}"
        self._spawn(
            "etcd",
            f"--data-dir={self.folder / 'etcd'}",
            f"--listen-client-urls={etcd}",
            f"--advertise-client-urls={etcd}",
            "--listen-peer-urls=http://127.0.0.1:0",
            "--unsafe-no-fsync",
            "--log-level=warn",
        )
        port = free_port()
        self.server = f"https://127.0.0.1:{port}"
        sa_key = self.authority.issue("service-account", ["service-account"])[1]
        cert, key = self.authority.issue("apiserver", ["127.0.0.1", "localhost", "kubernetes.default.svc"])
        (tokens := self.folder / "tokens.csv").write_text(f'{self.token},e2e-admin,e2e-admin,"system:masters"\n')
        self._write_kubeconfig()
        self._spawn(
            "kube-apiserver",
            f"--etcd-servers={etcd}",
            "--bind-address=127.0.0.1",
            f"--secure-port={port}",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            f"--tls-cert-file={cert}",
            f"--tls-private-key-file={key}",
            f"--cert-dir={self.folder / 'pki'}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=127.96.0.0/16",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={sa_key}",
            f"--service-account-signing-key-file={sa_key}",
            "--allow-privileged=true",
            *self.apiserver_args,
        )
        self._wait_ready(deadline)
        if self.controllers:
            self._spawn(
                "kube-controller-manager",
                f"--kubeconfig={self.kubeconfig}",
                "--leader-elect=false",
                f"--controllers={','.join(self.controllers)}",
                "--use-service-account-credentials=true",
                f"--service-account-private-key-file={sa_key}",
                f"--root-ca-file={self.authority.cert_file}",
                "--secure-port=0",
                *self._signing(),
            )
        self.ensure_namespace("default")

    def _signing(self) -> tuple[str, ...]:
        """The flags of the controller that signs certificate requests, with a CA of its own, as clusters have it."""
        if SIGNING_CONTROLLER not in self.controllers:
            return ()
        return (
            f"--cluster-signing-cert-file={self.signer.cert_file}",
            f"--cluster-signing-key-file={self.signer.write_key()}",
        )

    def _spawn(self, name: str, *args: str) -> None:
        env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        with (self.folder / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                [str(self.bin / name), *args],
                cwd=self.folder,
                env=env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - runs one system call
            )
        self._children.append((name, child))

    def _wait_ready(self, deadline: float) -> None:
        while True:
            for name, child in self._children:
                if child.poll() is not None:
                    tail = (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"{name} exited with {child.returncode}:\n{tail}")
            with contextlib.suppress(OSError):
                if self.request("GET", "/readyz")[0] == 200:
                    return
            if time.monotonic() > deadline:
                raise RuntimeError(f"kube-apiserver was not ready in time: see the logs in {self.folder}")
            time.sleep(0.05)

    def _write_kubeconfig(self) -> None:
        cluster = {"server": self.server, "certificate-authority": str(self.authority.cert_file)}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "e2e",
            "clusters": [{"name": "e2e", "cluster": cluster}],
            "users": [{"name": "e2e", "user": {"token": self.token}}],
            "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": "e2e"}}],
        }
        self.kubeconfig.write_text(json.dumps(config, indent=1))  # JSON is YAML

    def request(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, Any]:
        """One API call; returns the HTTP status and the decoded body, whatever the status."""
        call = urllib.request.Request(
            self.server + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": kind},
            method=method,
        )
        try:
            answer = self._opener.open(call, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error  # it is a response as well
        with answer:
            raw = answer.read().decode(errors="replace")
            return answer.status, json.loads(raw) if answer.headers.get_content_type() == "application/json" else raw

    def ensure_namespace(self, name: str, labels: dict[str, str] | None = None) -> None:
        """Make a namespace and its ``default`` service account, without which the API refuses pods there."""
        for path, kind, meta in (
            ("", "Namespace", {"name": name, "labels": labels or {}}),
            (f"/{name}/serviceaccounts", "ServiceAccount", {"name": "default"}),
        ):
            body = {"apiVersion": "v1", "kind": kind, "metadata": meta}
            status, answer = self.request("POST", f"/api/v1/namespaces{path}", body)
            if status not in (201, 409):  # 409: already there
                raise RuntimeError(f"cannot create {kind} {meta['name']}: {answer}")

    def kubectl(self, *args: str, stdin: str | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run kubectl (the built one, else the one on PATH) against this API server."""
        program = str(self.bin / "kubectl") if (self.bin / "kubectl").exists() else "kubectl"
        flags = (f"--kubeconfig={self.kubeconfig}", f"--cache-dir={self.folder / 'kubectl-cache'}")
        return subprocess.run([program, *flags, *args], input=stdin, check=check, capture_output=True, text=True)

    def stop(self) -> None:
        """Stop the processes in reverse order; safe to call twice."""
        while self._children:
            child = self._children.pop()[1]
            child.terminate()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


if __name__ == "__main__":
    print(build_binaries())
