"""``remora try``: the whole way on one machine, to look at: a server with the embedded default, and one pod through it."""

from __future__ import annotations

import base64
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import click

from webhook.cli.exits import BAD_INPUT, OK, CliError
from webhook.kube import gojson, yaml

HOST: Final = "127.0.0.1"
PORT: Final = 9443
START_SECONDS: Final = 30


@click.command("try")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Loopback port; the next free one when taken.",
)
@click.option("--once", is_flag=True, help="End after the sample instead of serving on.")
@click.option(
    "--injectConfigFile", "inject_config_file", default="", help="Serve this configuration instead of the embedded one."
)
@click.option("--meshConfigFile", "mesh_config_file", default="", help="Mesh configuration that goes with it.")
@click.option("-f", "--filename", default="", help="A Pod to send instead of the sample (YAML).")
def command(port: int, once: bool, inject_config_file: str, mesh_config_file: str, filename: str) -> int:
    """Serve the embedded default on loopback with a throw-away certificate, inject a sample pod, and keep serving.

    Needs no cluster, no certificate and no configuration.
    """
    pod = _pod(filename)
    with tempfile.TemporaryDirectory(prefix="remora-try-") as folder:
        ca, cert, key = _certificates(Path(folder))
        port = _free_port(port)
        flags = [
            "--bind",
            f"{HOST}:{port}",
            "--adminBind",
            f"{HOST}:{_free_port(0)}",
            "--cert",
            cert,
            "--key",
            key,
            "--workers",
            "1",
            "--logFormat",
            "text",
        ]
        flags += ["--injectConfigFile", inject_config_file] if inject_config_file else []
        flags += ["--meshConfigFile", mesh_config_file] if mesh_config_file else []
        try:
            with _Server([*flags, "--logLevel", "warning"]) as server:
                client = _Client(port, ca)
                client.wait_until_ready(server)
                _print_result(port, ca, pod, client.review(pod))
                if not once:
                    click.echo("\nServing until Ctrl-C.")
                    server.wait()
        except KeyboardInterrupt:
            click.echo("\nstopped")
    return OK


class _Server:
    """``remora serve`` as a child process that ends with the block."""

    def __init__(self, flags: list[str]) -> None:
        self._arguments = [sys.executable, "-m", "webhook.cli", "serve", *flags]

    def __enter__(self) -> _Server:
        # Also where a shell started this in the background, with SIGINT ignored; before the fork, so that the child does not ignore it.
        self._before = {number: signal.signal(number, _interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
        # A group of its own: Ctrl-C reaches this process alone, which then ends the server in good order.
        self._process = subprocess.Popen(self._arguments, start_new_session=True)
        return self

    def __exit__(self, *error: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        self._process.send_signal(signal.SIGINT)  # at once: nobody else is being served
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)  # with its workers: it leads a group of its own
            self._process.wait()

    def ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self) -> None:
        code = self._process.wait()
        raise CliError(f"the server ended by itself with exit code {code}", BAD_INPUT)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


class _Client:
    """Speaks to the server as the API server does: HTTPS, with the CA of the webhook configuration."""

    def __init__(self, port: int, ca: str) -> None:
        self._port = port
        self._context = ssl.create_default_context(cafile=ca)

    def wait_until_ready(self, server: _Server) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                status, _ = self._send("GET", "/healthz/ready", b"")
                if status == http.client.OK:
                    return
            except OSError:
                pass
            if server.ended():
                raise CliError("the server did not start (see its message above)", BAD_INPUT)
            if time.monotonic() > deadline:
                raise CliError(f"the server was not ready in {START_SECONDS} seconds", BAD_INPUT)
            time.sleep(0.05)

    def review(self, pod: dict[str, Any]) -> dict[str, Any]:
        """Send a pod in an AdmissionReview and return the response."""
        metadata = pod.get("metadata") or {}
        request = {
            "uid": "11111111-2222-3333-4444-555555555555",
            "kind": {"group": "", "version": "v1", "kind": "Pod"},
            "operation": "CREATE",
            "namespace": metadata.get("namespace") or "default",
            "object": pod,
        }
        review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
        _, body = self._send("POST", "/inject?timeout=10s", gojson.dumps(review).encode())
        answer = gojson.loads(body)
        return dict(answer["response"]) if isinstance(answer, dict) else {}

    def _send(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPSConnection(HOST, self._port, context=self._context, timeout=10)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def _pod(filename: str) -> dict[str, Any]:
    try:
        text = (
            Path(filename).read_bytes()
            if filename
            else files("webhook.defaults").joinpath("sample-pod.yaml").read_bytes()
        )
        pod = yaml.load(text)
    except (OSError, yaml.YamlError) as error:
        raise CliError(f"{filename}: {error}", BAD_INPUT) from error
    if not isinstance(pod, dict) or pod.get("kind") != "Pod":
        raise CliError(f"{filename} is not a Pod; for workloads there is remora kube-inject -f {filename}", BAD_INPUT)
    return pod


def _certificates(folder: Path) -> tuple[str, str, str]:
    from webhook.certificates import issue, make_ca

    now = datetime.now(UTC)
    ca = make_ca("remora throw-away CA", now, days=1)
    pair = issue(ca, ("localhost", HOST), now, days=1)
    paths = []
    for name, content in (("ca.crt", ca.certificate), ("tls.crt", pair.certificate), ("tls.key", pair.key)):
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)
        paths.append(str(path))
    return paths[0], paths[1], paths[2]


def _free_port(port: int) -> int:
    for candidate in (*range(port, min(port + 20, 65536)), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CliError("no loopback port is free", BAD_INPUT)


def _print_result(port: int, ca: str, pod: dict[str, Any], response: dict[str, Any]) -> None:
    patch = gojson.loads(base64.b64decode(response.get("patch") or b"W10="))
    operations = patch if isinstance(patch, list) else []
    click.echo(_report(port, ca, pod, response, operations))


def _report(port: int, ca: str, pod: dict[str, Any], response: dict[str, Any], operations: list[Any]) -> str:
    metadata = pod.get("metadata") or {}
    if not response.get("allowed"):
        decision = f"refused: {(response.get('status') or {}).get('message')}"
    else:
        decision = f"{'injected' if operations else 'not injected'}: {_why(response)}"
    before = [c["name"] for c in (pod.get("spec") or {}).get("containers") or []]
    lines = [
        "",
        f"Remora serves  https://{HOST}:{port}/inject",
        "",
        f"Sent the pod {metadata.get('namespace', 'default')}/{metadata.get('name', '(generated)')} through it:",
        f"  decision     {decision}",
        f"  containers   before: {', '.join(before)}",
        f"               after:  {', '.join(_after(pod, operations, 'containers'))}",
        f"  init         after:  {', '.join(_after(pod, operations, 'initContainers')) or '(none)'}",
        f"  patch        {len(operations)} operations",
        *(f"               {_short(operation)}" for operation in operations),
        "",
        "Try your own:",
        "  a manifest   remora kube-inject -f FILE --meshConfigFile /dev/null",
        f"  a review     curl --cacert {ca} -H 'Content-Type: application/json' -d @review.json https://{HOST}:{port}/inject",
        "  a ConfigMap  remora try --injectConfigFile CONFIGMAP.yaml --meshConfigFile MESH.yaml -f POD.yaml",
        "  a server     remora serve --injectConfigFile CONFIGMAP.yaml --meshConfigFile MESH.yaml --cert C --key K",
    ]
    return "\n".join(lines)


def _why(response: dict[str, Any]) -> str:
    return str((response.get("auditAnnotations") or {}).get("reason") or "no reason was given")


def _after(pod: dict[str, Any], operations: list[Any], part: str) -> list[str]:
    names = [c["name"] for c in (pod.get("spec") or {}).get(part) or []]
    for operation in operations:
        path = operation["path"]
        if operation["op"] == "add" and path == f"/spec/{part}":
            names = [item["name"] for item in operation["value"]]
        elif operation["op"] == "add" and path.startswith(f"/spec/{part}/"):
            names.append(operation["value"]["name"])
    return names


def _short(operation: dict[str, Any]) -> str:
    value = operation.get("value")
    if isinstance(value, list):
        value = value[0] if value else None
    name = value.get("name") if isinstance(value, dict) else None
    return f"{operation['op']:7} {operation['path']}" + (f"  {name}" if name else "")
