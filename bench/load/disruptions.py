"""What disturbs a server while it serves: stops, reloads, killed workers, swapped certificates and configurations.

A request is lost when Go's HTTP client, which the API server uses, reports an error for it or gets another answer than the one that is
due. That client sends a request again by itself only when an idle connection turns out to be closed and nothing of it was sent. What runs
inside a worker that is killed with SIGKILL is cut; those requests are counted apart.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench.load import generator
from bench.load.balancer import Balancer
from bench.load.generator import Load, Seen
from bench.load.reviews import reviews
from bench.load.served import Served, swap

EVERY: Final = 0.2
"""Seconds between two swaps of files."""
CLIENTS: Final = 8


@dataclass(frozen=True, slots=True)
class Disruption:
    """What good clients saw while something was done to the server ``times`` times."""

    name: str
    times: int
    seen: Seen
    note: str = ""


def swap_certificates(served: Served, seconds: float, seed: int) -> Disruption:
    """Swap the certificate every 200 ms, half of the time with a pair that is half-written, torn or mixed up."""
    chance = random.Random(seed)

    def step(_: int) -> None:
        swap(served.cert_mount, _maybe_broken(served.pair(), chance))

    seen, times = _while_loaded(served, seconds, EVERY, step)
    swap(served.cert_mount, served.pair())
    served.until(lambda: not any(w["certificate"]["refused"] for w in served.admin("/debug/workers")))
    return Disruption(f"certificate swapped each {EVERY:g} s, half of them broken", times, seen)


def _maybe_broken(pair: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    cert, key = pair["cert.pem"], pair["key.pem"]
    broken = [
        {"cert.pem": cert[: len(cert) // 2], "key.pem": key},
        {"cert.pem": cert, "key.pem": key[: len(key) // 3]},
        {"cert.pem": cert, "key.pem": b""},
        {"cert.pem": b"", "key.pem": key},
        {"cert.pem": key, "key.pem": cert},
    ]
    return pair if chance.random() < 0.5 else chance.choice(broken)


def tear_certificates(served: Served, seconds: float) -> Disruption:
    """Write certificate and key in place, one after the other and each in two halves, as a careless copy does."""
    folder = (served.cert_mount / "..data").resolve()

    def step(_: int) -> None:
        for name, content in served.pair().items():
            with (folder / name).open("wb", buffering=0) as stream:
                stream.write(content[: len(content) // 2])
                time.sleep(0.02)
                stream.write(content[len(content) // 2 :])

    seen, times = _while_loaded(served, seconds, EVERY, step)
    return Disruption(f"certificate written in place in halves each {EVERY:g} s", times, seen)


def swap_configurations(served: Served, seconds: float, seed: int) -> Disruption:
    """Swap the ConfigMap every 200 ms, half of the time for one that cannot be used."""
    chance = random.Random(seed)
    good = {
        name: (served.config_mount / name).read_text()
        for name in ("config", "mesh", "values")
        if (served.config_mount / name).exists()
    }

    def step(turn: int) -> None:
        config = good["config"]
        broken = [
            config[: len(config) // 2],
            config.replace("containers:", "containers: [", 1),
            "",
            "policy: [",
            "template: '{{ [[ if ]] }}'\n",
        ]
        text = f"{config}\n# {turn}\n" if chance.random() < 0.5 else chance.choice(broken)
        swap(served.config_mount, {**good, "config": text})

    seen, times = _while_loaded(served, seconds, EVERY, step)
    swap(served.config_mount, good)
    served.until(lambda: all(c["refused"] is None for c in served.admin("/debug/config")))
    return Disruption(f"ConfigMap swapped each {EVERY:g} s, half of them broken", times, seen)


def kill_workers(served: Served, seconds: float, every: float = 1.0) -> Disruption:
    """Kill a worker with SIGKILL every second, a different one each time."""

    def step(turn: int) -> None:
        workers = served.workers()
        if len(workers) > 1:
            os.kill(workers[turn % len(workers)], signal.SIGKILL)

    seen, times = _while_loaded(served, seconds, every, step)
    note = f"{seen.cut} of the failed were inside a killed worker"
    return Disruption("a worker killed (SIGKILL) each second", times, seen, note)


def kill_steward(served: Served, seconds: float, every: float = 1.5) -> Disruption:
    """Kill the steward again and again: it stands in no request's way."""

    def step(_: int) -> None:
        os.kill(served.steward(), signal.SIGKILL)

    seen, times = _while_loaded(served, seconds, every, step)
    return Disruption("the steward killed (SIGKILL)", times, seen)


def hang_up(served: Served, seconds: float, every: float = 1.0) -> Disruption:
    """Send SIGHUP every second."""
    seen, times = _while_loaded(served, seconds, every, lambda _: served.send(signal.SIGHUP))
    return Disruption("SIGHUP each second", times, seen)


def restart_replicas(
    first: Served, second: Served, seconds: float, every: float = 1.5, how: int = signal.SIGTERM
) -> Disruption:
    """Restart two replicas in turn behind a balancer that follows their readiness, as a rolling update does."""
    replicas = (first, second)
    with Balancer([served.port for served in replicas], [served.ready for served in replicas]) as balancer:

        def step(turn: int) -> None:
            leaving = replicas[turn % 2]
            leaving.send(how)
            assert leaving.process is not None
            leaving.process.wait(60)
            leaving.start()
            balancer.wait_for(turn % 2)

        with generator.start(
            first,
            reviews(),
            seconds=seconds,
            connections=CLIENTS,
            url=f"{balancer.url}/inject?timeout=10s",
        ) as load:
            times = _repeat(load, every, step)
            seen = load.result()
    return Disruption(f"{signal.Signals(how).name} and a new start, two replicas in turn", times, seen)


def _while_loaded(served: Served, seconds: float, every: float, step: Callable[[int], None]) -> tuple[Seen, int]:
    with (
        generator.start(served, reviews(), seconds=seconds, connections=CLIENTS) as load,
        _fresh(served, seconds) as fresh,
    ):
        times = _repeat(load, every, step)
        return _joined(load.result(), fresh.result()), times


@contextlib.contextmanager
def _fresh(served: Served, seconds: float) -> Iterator[Load]:
    """Beside those that keep their connections, two clients that shake hands for every request."""
    with generator.start(served, reviews(), seconds=seconds, connections=2, fresh="true", pause="5ms") as load:
        yield load


def _joined(kept: Seen, fresh: Seen) -> Seen:
    errors = {text: kept.errors.get(text, 0) + fresh.errors.get(text, 0) for text in {*kept.errors, *fresh.errors}}
    return replace(kept, requests=kept.requests + fresh.requests, failed=kept.failed + fresh.failed, wrong=kept.wrong + fresh.wrong,
                   errors=errors, max_ms=max(kept.max_ms, fresh.max_ms), connections=kept.connections + fresh.connections)  # fmt: skip


def _repeat(load: Load, every: float, step: Callable[[int], None]) -> int:
    times = 0
    while True:
        time.sleep(every)
        if not load.running():
            return times
        with contextlib.suppress(OSError, ValueError):  # the admin port, or the steward, is away for a moment
            step(times)
            times += 1


def table(make: Callable[[], Served], seconds: float, seed: int) -> Iterator[str]:
    """Yield the lines of the table as they are measured; ``make`` makes a server that is not started yet."""
    yield f"requests lost of {CLIENTS} clients on kept connections and 2 on fresh ones, {seconds:g} s each (seed {seed})"
    yield f"{'what is done':58} {'times':>5} {'requests':>9} {'lost':>5} {'p99 ms':>8} {'max ms':>8}"
    with make() as served:
        yield _row(swap_certificates(served, seconds, seed))
        yield _row(tear_certificates(served, seconds))
        yield _row(swap_configurations(served, seconds, seed))
        yield _row(hang_up(served, seconds))
        yield _row(kill_steward(served, seconds))
        yield _row(kill_workers(served, seconds))
    with make() as one, make() as two:
        yield _row(restart_replicas(one, two, max(seconds, 10.0)))


def _row(done: Disruption) -> str:
    seen = done.seen
    lost = f"{seen.requests:9d} {seen.failed + seen.wrong:5d} {seen.p99_ms:8.1f} {seen.max_ms:8.1f}"
    details = "; ".join(text for text in (str(seen.errors or ""), done.note if seen.failed else "") if text)
    return f"{done.name:58} {done.times:5d} {lost}  {details}".rstrip()


def folder_for(base: Path, name: str) -> Path:
    """Return a fresh folder for a server."""
    path = base / name
    path.mkdir(parents=True)
    return path
