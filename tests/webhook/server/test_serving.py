"""The server as a process: slow clients, reload, rotation, drain, metrics that add up. Each test starts it once, about two seconds."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from webhook.certificates import KeyPair, issue, make_ca

pytestmark = pytest.mark.loopback
CONFIG = "policy: enabled\ntemplate: |\n  containers: [{{name: istio-proxy, image: '{}'}}]\n"
POD = {"metadata": {"name": "p", "labels": {"app": "web"}}, "spec": {"containers": [{"name": "web"}]}}
REVIEW = json.dumps(
    {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "1", "object": POD}}
).encode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A running server with files of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.admin_port = _free_port(), _free_port()
        now = datetime.now(UTC)
        self.ca = make_ca("test", now, days=1)
        self.write_pair(issue(self.ca, ("127.0.0.1", "first.test"), now, days=1))
        (folder / "ca").write_bytes(self.ca.certificate)
        self.mount("1", CONFIG.format("one"))
        self.process: subprocess.Popen[str] | None = None
        self.open: list[http.client.HTTPSConnection] = []
        self.client = ""

    def write_pair(self, pair: KeyPair) -> None:
        for name, content in (("cert", pair.certificate), ("key", pair.key)):
            (self.folder / name).write_bytes(content)

    def mount(self, version: str, config: str) -> None:
        mount = self.folder / "mount"
        data = mount / f"..{version}"
        data.mkdir(parents=True)
        (data / "config").write_text(config)
        link = mount / "..tmp"
        link.symlink_to(data.name)
        link.replace(mount / "..data")
        if not (mount / "config").is_symlink():
            (mount / "config").symlink_to("..data/config")

    def start(self, *flags: str) -> None:
        command = [sys.executable, "-m", "webhook.cli", "serve", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--adminBind", f"127.0.0.1:{self.admin_port}", "--injectConfigFile", str(self.folder / "mount")]
        command += ["--cert", str(self.folder / "cert"), "--key", str(self.folder / "key"), "--release", "0.8.0"]
        command += ["--reloadInterval", "0.1", "--drain", "1", "--grace", "3", *flags]
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log, text=True)
        self.until(lambda: self.get("/healthz/ready")[0] == 200 and self.admin("/healthz/ready")[0] == 200)

    def stop(self) -> None:
        for connection in self.open:
            connection.close()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)

    def until(self, done: Callable[[], bool], seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError):
                if done():
                    return
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            assert self.process is None or self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.05)

    def closing(self, connection: http.client.HTTPSConnection) -> None:
        """Close a connection when the server is stopped."""
        self.open.append(connection)

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.folder / "ca"))
        if self.client:
            context.load_cert_chain(str(self.folder / self.client))
        return context

    def connect(self, context: ssl.SSLContext | None = None) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=context or self.context(), timeout=20)

    def get(self, path: str) -> tuple[int, bytes]:
        with contextlib.closing(self.connect()) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def admin(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def review(
        self, connection: http.client.HTTPSConnection | None = None, body: bytes = REVIEW, path: str = "/inject"
    ) -> dict[str, Any]:
        with contextlib.nullcontext(connection) if connection else contextlib.closing(self.connect()) as used:
            used.request("POST", f"{path}?timeout=10s", body, {"Content-Type": "application/json"})
            answer = used.getresponse()
            return {
                "status": answer.status,
                "close": answer.will_close,
                **json.loads(answer.read()).get("response", {}),
            }

    def metric(self, name: str) -> float:
        lines = self.admin("/metrics")[1].decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.split("{")[0].split(" ")[0] == name)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path)
    yield server
    server.stop()


def _image(response: dict[str, Any]) -> str:
    import base64

    patch = json.loads(base64.b64decode(response["patch"]))
    return str(next(op["value"]["image"] for op in patch if op["path"] == "/spec/containers/-"))


def test_requests_are_the_sum_of_their_results(served: Served) -> None:
    served.start()
    connection = served.connect()
    served.closing(connection)
    host = {**POD, "spec": {"hostNetwork": True}}
    skip = json.dumps({"request": {"uid": "2", "object": host}}).encode()
    for body in (REVIEW, REVIEW, skip, b"{"):
        served.review(connection, body)
    names = ("requests", "success", "skip", "failure")
    served.until(lambda: served.metric("sidecar_injection_requests_total") == 4)
    assert [served.metric(f"sidecar_injection_{name}_total") for name in names] == [4, 2, 1, 1]
    assert served.metric("sidecar_injection_time_seconds_count") == 4
    rows = json.loads(served.admin("/debug/decisions")[1])
    assert sorted(row["result"] for row in rows) == ["failure", "skip", "success", "success"]
    assert served.metric("injector_config_last_reload_successful") == 1


def test_a_swapped_config_map_comes_into_force_in_every_worker(served: Served) -> None:
    served.start("--workers", "2")
    assert _image(served.review()) == "one"
    served.mount("2", CONFIG.format("two"))
    served.until(lambda: len({w["configurations"][""] for w in json.loads(served.admin("/debug/workers")[1])}) == 1
                 and all(_image(served.review()) == "two" for _ in range(6)))  # fmt: skip


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("template: '[[ if ]]'\n", "missing value for if"),
        ("policy: enabled\ntemplate: '[[ .Nope ]]'\n", "tried on the pod canary"),
        (
            "policy: enabled\ntemplate: 'containers: [{name: [[ .ObjectMeta.Labels.nope ]]]'\n",
            "tried on the pod canary",
        ),
    ],
)
def test_a_broken_config_map_is_refused_and_told(served: Served, config: str, reason: str) -> None:
    served.start()
    served.mount("2", config)
    served.until(lambda: json.loads(served.admin("/debug/config")[1])[0]["refused"] is not None)
    assert reason in json.loads(served.admin("/debug/config")[1])[0]["refused"]["why"]
    assert served.metric("injector_config_last_reload_successful") == 0
    assert _image(served.review()) == "one"
    served.mount("3", CONFIG.format("three"))
    served.until(lambda: _image(served.review()) == "three")


def test_a_new_certificate_is_served_without_a_restart(served: Served) -> None:
    served.start()
    kept = served.connect()
    served.closing(kept)
    assert served.review(kept)["allowed"]
    (served.folder / "key").write_bytes(b"half written")
    time.sleep(1.5)
    assert served.review()["allowed"]
    new_ca = make_ca("second", datetime.now(UTC), days=1)
    served.write_pair(issue(new_ca, ("127.0.0.1", "second.test"), datetime.now(UTC), days=1))
    (served.folder / "ca").write_bytes(new_ca.certificate)
    served.until(lambda: served.review()["allowed"])
    with socket.create_connection(("127.0.0.1", served.port)) as raw:
        context = ssl.create_default_context(cafile=str(served.folder / "ca"))
        context.check_hostname = False
        with context.wrap_socket(raw) as connection:  # without SNI
            assert ("DNS", "second.test") in connection.getpeercert()["subjectAltName"]  # type: ignore[index]
    assert served.review(kept)["allowed"]


def _bad_clients(served: Served) -> list[socket.socket]:
    clients = []
    for kind in ("silent", "hello", "header", "body", "unread") * 40:
        raw = socket.create_connection(("127.0.0.1", served.port))
        clients.append(raw)
        if kind == "hello":
            raw.sendall(b"\x16\x03\x01")
        elif kind != "silent":
            context = served.context()
            connection = context.wrap_socket(raw, server_hostname="127.0.0.1")
            clients[-1] = connection
            head = f"POST /inject HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(REVIEW)}\r\n"
            connection.sendall({"header": head.encode(), "body": head.encode() + b"\r\n{",
                                "unread": (head.encode() + b"\r\n" + REVIEW) * 50}[kind])  # fmt: skip
    return clients


def test_slow_clients_stop_nobody_and_are_sent_away(served: Served) -> None:
    served.start("--workers", "1")
    clients = _bad_clients(served)
    started = time.monotonic()
    for _ in range(20):
        assert served.review()["allowed"]
        assert served.get("/healthz/live")[0] == 200
    assert time.monotonic() - started < 30
    served.until(lambda: served.metric("injector_tls_handshake_failures_total") >= 80)
    served.until(lambda: served.metric("injector_requests_rejected_total") >= 40)
    for client in clients:
        client.close()


def test_a_stop_drains_first(served: Served) -> None:
    served.start("--drain", "2")
    connection = served.connect()
    served.closing(connection)
    assert not served.review(connection)["close"]
    assert served.process is not None
    served.process.terminate()
    served.until(lambda: served.get("/healthz/ready")[0] == 503)
    answer = served.review(connection)
    assert (answer["allowed"], answer["close"]) == (True, True)
    assert served.review()["allowed"]
    assert served.process.wait(20) == 0


def test_a_killed_worker_and_a_killed_steward_come_back(served: Served) -> None:
    served.start("--workers", "1")
    first = json.loads(served.admin("/debug/workers")[1])[0]["pid"]
    os.kill(first, signal.SIGKILL)
    served.until(
        lambda: (
            served.review()["allowed"] and [w["pid"] for w in json.loads(served.admin("/debug/workers")[1])] != [first]
        )
    )
    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text().split()  # type: ignore[union-attr]
    second = json.loads(served.admin("/debug/workers")[1])[0]["pid"]
    (steward,) = [int(child) for child in children if int(child) != second]
    os.kill(steward, signal.SIGKILL)
    time.sleep(0.2)
    served.until(lambda: served.admin("/healthz/ready")[0] == 200)
    assert served.review()["allowed"]


def test_client_certificates_can_be_asked_for(served: Served) -> None:
    for name in ("kube-apiserver", "somebody"):
        pair = issue(served.ca, (name,), datetime.now(UTC), days=1, client=True)
        (served.folder / name).write_bytes(pair.certificate + pair.key)
    served.client = "kube-apiserver"
    served.start("--clientCA", str(served.folder / "ca"), "--clientNames", "kube-apiserver")
    assert served.review()["allowed"]
    for other in ("", "somebody"):
        served.client = other
        with pytest.raises(OSError):
            served.review()


def test_several_revisions_in_one_server(served: Served) -> None:
    canary = served.folder / "canary"
    canary.mkdir()
    (canary / "config").write_text(CONFIG.format("canary"))
    served.start("--revisions", f"canary={canary}")
    assert _image(served.review()) == "one"
    assert _image(served.review(path="/revisions/canary/inject")) == "canary"
    assert served.get("/revisions/other/inject")[0] == 404
    (canary / "config").write_text(CONFIG.format("second"))
    served.until(lambda: _image(served.review(path="/revisions/canary/inject")) == "second")
    assert _image(served.review()) == "one"


def test_a_config_map_of_the_api(served: Served, fake_api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(fake_api.kubeconfig))
    fake_api.add_config_map("istio-system", "injector", {"config": CONFIG.format("from the API")})
    fake_api.add_config_map("istio-system", "istio", {"mesh": ""})
    served.start("--injectConfigMap", "istio-system/injector")
    assert _image(served.review()) == "from the API"
    fake_api.add_config_map("istio-system", "injector", {"config": CONFIG.format("changed")})
    served.until(lambda: _image(served.review()) == "changed", 30)
