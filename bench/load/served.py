"""A server of ours as a process, with files of its own that can be swapped as a kubelet does, and what /proc knows about it."""

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
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from webhook.certificates import KeyPair, issue, make_ca

NAMES = ("127.0.0.1", "localhost")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """What the processes of a server hold: memory in MB (proportional share, by process), threads, and sockets."""

    worker_mb: tuple[float, ...]
    all_mb: float
    threads: int
    sockets: int


def free_port() -> int:
    """Return a TCP port of the loopback interface that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def swap(mount: Path, files: Mapping[str, str | bytes]) -> None:
    """Put files into a folder as a kubelet does: a new hidden folder, and one symbolic link that is moved to it."""
    mount.mkdir(parents=True, exist_ok=True)
    data = mount / f"..{time.time_ns()}"
    data.mkdir()
    for name, content in files.items():
        (data / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    old = mount / "..data"
    before = old.resolve() if old.is_symlink() else None
    fresh = mount / "..data_tmp"
    fresh.symlink_to(data.name)
    fresh.replace(old)
    for name in files:
        if not (mount / name).is_symlink():
            (mount / name).symlink_to(f"..data/{name}")
    if before is not None:
        for path in before.iterdir():
            path.unlink()
        before.rmdir()


class Served:
    """A running ``remora serve``. ``config`` is put into force as a mounted folder of the files config, values and mesh."""

    def __init__(
        self, folder: Path, config: Mapping[str, str], *, flags: tuple[str, ...] = (), ca: KeyPair | None = None
    ) -> None:
        self.folder = folder
        self.port, self.admin_port = free_port(), free_port()
        self.address = "127.0.0.1"
        self.check_names = True
        self.ca = ca or make_ca("load", datetime.now(UTC), days=1)
        (folder / "ca").write_bytes(self.ca.certificate)
        self.config_mount, self.cert_mount = folder / "config", folder / "certs"
        swap(self.config_mount, config)
        self.renew()
        self.flags = flags
        self.process: subprocess.Popen[bytes] | None = None
        self.seconds_to_ready = 0.0

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"https://{self.address}:{self.port}"

    def pair(self) -> dict[str, bytes]:
        """Return a fresh pair for its mount."""
        pair = issue(self.ca, NAMES, datetime.now(UTC), days=1)
        return {"cert.pem": pair.certificate, "key.pem": pair.key}

    def renew(self) -> None:
        """Swap in a fresh certificate."""
        swap(self.cert_mount, self.pair())

    def command(self) -> list[str]:
        """Return the command that starts it; the caller's flags come last and win."""
        config, certs = self.config_mount, self.cert_mount
        command = [sys.executable, "-m", "webhook.cli", "serve", "--bind", f"{self.address}:{self.port}"]
        command += [
            "--adminBind",
            f"127.0.0.1:{self.admin_port}",
            "--cert",
            str(certs / "cert.pem"),
            "--key",
            str(certs / "key.pem"),
        ]
        if (config / "config").exists():
            command += ["--injectConfigFile", str(config)]
        if (config / "mesh").exists():
            command += ["--meshConfigFile", str(config / "mesh")]
        return [*command, *self.flags]

    def start(self) -> Served:
        """Start it and wait until it is ready."""
        started = time.perf_counter()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), stderr=log, stdout=log, start_new_session=True)
        self.until(self.ready, pause=0.01)
        self.seconds_to_ready = time.perf_counter() - started
        self.until(lambda: self.admin("/healthz/ready") == "ok\n")  # the steward comes after the workers
        return self

    __enter__ = start

    def __exit__(self, *_: object) -> None:
        self.stop()

    def send(self, number: int) -> None:
        """Send its master a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self) -> None:
        """Stop it, at once."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def until(self, done: Callable[[], bool], seconds: float = 60.0, pause: float = 0.05) -> None:
        """Wait for something to become true; fails with the log when the server ends or the time is over."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if done():
                    return
            if time.monotonic() > deadline or (self.process is not None and self.process.poll() is not None):
                raise RuntimeError(f"the server did not get there:\n{self.log()[-4000:]}")
            time.sleep(pause)

    def log(self) -> str:
        """Return what it logged so far."""
        return (self.folder / "log").read_text(errors="replace")

    def ready(self) -> bool:
        """Ask it whether it is ready."""
        return self.get("/healthz/ready")[0] == 200

    def connect(self) -> http.client.HTTPSConnection:
        """Open a connection that trusts its CA."""
        context = ssl.create_default_context(cafile=str(self.folder / "ca"))
        context.check_hostname = self.check_names
        return http.client.HTTPSConnection(self.address, self.port, context=context, timeout=30)

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask for a path on a connection of its own."""
        connection = self.connect()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def post(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """Send one review on a connection of its own and return its response."""
        connection = self.connect()
        try:
            connection.request("POST", "/inject?timeout=10s", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read()).get("response", {})
        finally:
            connection.close()

    def admin(self, path: str) -> Any:
        """Ask the admin port; JSON is decoded."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}{path}", timeout=10) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                content = error.read()
        return json.loads(content) if content[:1] in (b"{", b"[") else content.decode()

    def metric(self, name: str, labels: str = "") -> float:
        """Return a metric, added up over its labels, or over those that hold the text ``labels``."""
        lines = self.admin("/metrics").splitlines()
        return sum(
            float(line.rpartition(" ")[2])
            for line in lines
            if line.split("{")[0].split(" ")[0] == name and labels in line
        )

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        return sorted(int(state["pid"]) for state in self.admin("/debug/workers"))

    def family(self) -> list[int]:
        """Return the process ids of master, workers and steward."""
        assert self.process is not None
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return [master, *map(int, children)]

    def steward(self) -> int:
        """Return the process id of the steward: the one that listens on the admin port."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        inodes = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{self.admin_port:04X}") and row[3] == "0A"}
        (found,) = [pid for pid in self.family() if inodes & set(_sockets(pid))]
        return found

    def cpu_seconds(self) -> float:
        """Return the CPU (user and system) that its processes have used, ended workers included."""
        ticks = 0
        for index, pid in enumerate(self.family()):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11 : 15 if index == 0 else 13])
        return ticks / TICKS

    def usage(self) -> Usage:
        """Return what its processes hold now."""
        workers, family = self.workers(), self.family()
        threads = sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in family)
        sockets = sum(len(_sockets(pid)) for pid in family)
        return Usage(tuple(map(_pss_mb, workers)), sum(map(_pss_mb, family)), threads, sockets)


def _pss_mb(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in rollup if line.startswith("Pss:")) / 1024


def _sockets(pid: int) -> list[str]:
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(entry.readlink()))
    return [target for target in found if target.startswith("socket:")]
