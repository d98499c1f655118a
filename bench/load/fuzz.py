"""Mutated reviews over HTTP: whatever is sent, the answer is a good one, and the server stays as it was."""

from __future__ import annotations

import base64
import collections
import copy
import http.client
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import jsonpatch
from jsonpointer import JsonPointerException

from bench.load.mutations import Mutant, mutants
from bench.load.served import Served, Usage

ALLOWED: Final = {200, 400, 404, 405, 413, 415, 431}
"""What a client may be told; 503 only where the server says that it is overloaded, and never as a refusal of a pod."""
OVERLOAD: Final = (b"too many reviews at once", b"the API server has given up")
CLIENTS: Final = 3


@dataclass(slots=True)
class Found:
    """What came of a run: answers by kind and status, complaints (the first of each sort in full), and what the server held."""

    answers: collections.Counter[str] = field(default_factory=collections.Counter)
    complaints: dict[str, str] = field(default_factory=dict)
    patches: int = 0
    before: Usage | None = None
    after: Usage | None = None

    def complain(self, sort: str, mutant: Mutant, detail: str) -> None:
        """Keep a complaint; the body that led to it is part of it."""
        self.complaints.setdefault(
            sort, f"{detail}\n  {mutant.method} {mutant.path} {mutant.headers} {mutant.body[:1500]!r}"
        )


def fuzz(served: Served, seed: int, count: int) -> Found:
    """Send mutated requests on a few connections and judge each answer."""
    found = Found()
    shares = [range(i, count, CLIENTS) for i in range(CLIENTS)]
    threads = [
        threading.Thread(target=_client, args=(served, seed + i, len(share), found)) for i, share in enumerate(shares)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for text in ("Traceback", "internal error"):
        if text in served.log():
            at = served.log().index(text)
            found.complaints.setdefault("log", served.log()[max(0, at - 400) : at + 3000])
    return found


def _client(served: Served, seed: int, count: int, found: Found) -> None:
    connection = served.connect()
    for mutant in mutants(seed, count):
        try:
            status, content, close = _send(connection, mutant)
        except (OSError, http.client.HTTPException) as error:
            found.complain(f"no answer: {type(error).__name__}", mutant, str(error))
            close = True
        else:
            found.answers[f"{mutant.kind} {status}"] += 1
            _judge(mutant, status, content, found)
        if close:
            connection.close()
            connection = served.connect()
    connection.close()


def _send(connection: http.client.HTTPSConnection, mutant: Mutant) -> tuple[int, bytes, bool]:
    headers = {"Content-Type": "application/json", **mutant.headers}
    chunks: Any = (
        iter([mutant.body[i : i + 700] for i in range(0, len(mutant.body), 700)]) if mutant.chunked else mutant.body
    )
    connection.request(mutant.method, mutant.path, chunks, headers, encode_chunked=mutant.chunked)
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.will_close


def _judge(mutant: Mutant, status: int, content: bytes, found: Found) -> None:
    if status == 503 and (content.strip().startswith(OVERLOAD) or mutant.path == "/healthz/ready"):
        found.answers["overload"] += 1
    elif status not in ALLOWED:
        found.complain(f"status {status}", mutant, content[:500].decode(errors="replace"))
    elif status == 200 and (mutant.path == "/inject" or mutant.path.startswith(("/inject?", "/inject/"))):
        _judge_review(mutant, content, found)


def _judge_review(mutant: Mutant, content: bytes, found: Found) -> None:
    try:
        review = json.loads(content)
        response = review["response"]
        good = (review["kind"], review["apiVersion"].partition("/")[0]) == ("AdmissionReview", "admission.k8s.io")
        good = good and isinstance(response["allowed"], bool) and isinstance(response["uid"], str)
        good = good and (response["allowed"] or bool(response["status"]["message"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        found.complain("not a review", mutant, f"{error!r}: {content[:500]!r}")
        return
    unreadable = (
        not response["allowed"] and response["status"].get("code") == 400
    )  # it is then no review, and has no uid
    if not good or (mutant.uid is not None and not unreadable and response["uid"] != _as_go_reads(mutant.uid)):
        found.complain("a bad review", mutant, content[:500].decode(errors="replace"))
    if "internal error" in content.decode(errors="replace"):
        found.complain("internal error", mutant, content[:1000].decode(errors="replace"))
    if "patch" in response:
        found.patches += 1
        _judge_patch(mutant, response, found)


def _as_go_reads(text: str) -> str:
    """Return a text with U+FFFD for each half of a surrogate pair."""
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)


def _judge_patch(mutant: Mutant, response: dict[str, Any], found: Found) -> None:
    if not isinstance(mutant.pod, dict):
        if mutant.kind in ("pod", "annotations", "whole"):
            found.complain("a patch for no pod", mutant, str(response)[:500])
        return
    patch = json.loads(base64.b64decode(response["patch"]))
    try:
        result = _apply(_as_sent(mutant.pod), patch)
    except (jsonpatch.JsonPatchException, JsonPointerException, TypeError) as error:
        found.complain("a patch that does not apply", mutant, f"{error!r}\n  {json.dumps(patch)[:3000]}")
        return
    lost = _containers(mutant.pod) - _containers(result)
    if lost:
        found.complain("a lost container", mutant, f"{lost}\n  {json.dumps(patch)[:3000]}")


def _apply(pod: dict[str, Any], patch: list[dict[str, Any]]) -> dict[str, Any]:
    """Apply a patch; as in the API server, ``replace`` of a member that is missing adds it (required members are never missing there)."""
    result: dict[str, Any] = copy.deepcopy(pod)
    for operation in patch:
        try:
            jsonpatch.apply_patch(result, [operation], in_place=True)
        except jsonpatch.JsonPatchConflict:
            if operation["op"] != "replace":
                raise
            jsonpatch.apply_patch(result, [{**operation, "op": "add"}], in_place=True)
    return result


def _as_sent(pod: dict[str, Any]) -> dict[str, Any]:
    """Return a pod with the members that are in every pod the API server sends, null or not: a patch may rely on them."""
    spec = pod.get("spec")
    if spec is None or isinstance(spec, dict):
        spec = {"containers": None, **(spec or {})}
        for part in ("containers", "initContainers"):
            if isinstance(spec.get(part), list):
                spec[part] = [{"resources": {}, **item} if isinstance(item, dict) else item for item in spec[part]]
    return {**pod, "metadata": pod.get("metadata") or {}, "spec": spec}


def _containers(pod: dict[str, Any]) -> set[str]:
    listed = pod.get("spec", {}).get("containers") if isinstance(pod.get("spec"), dict) else None
    items: Sequence[Any] = listed if isinstance(listed, list) else ()
    return {item["name"] for item in items if isinstance(item, dict) and isinstance(item.get("name"), str)} - {
        "istio-proxy"
    }


def report(served: Served, seed: int, count: int) -> Iterator[str]:
    """Fuzz and yield the lines of the report; the last ones are the complaints, if there are any."""
    warm_up = min(1000, count // 3)
    first = fuzz(served, seed, warm_up)
    before = served.usage()
    found = fuzz(served, seed + 1000, count - warm_up)
    after = served.usage()
    answers = first.answers + found.answers
    yield f"{count} mutated requests (seed {seed}), {first.patches + found.patches} patches, each applied"
    yield ", ".join(f"{name}: {number}" for name, number in sorted(answers.items()))
    yield f"workers {_mb(before)} → {_mb(after)} MB, threads {before.threads} → {after.threads}, sockets {before.sockets} → {after.sockets}"
    for sort, detail in {**first.complaints, **found.complaints}.items():
        yield f"COMPLAINT {sort}: {detail}"


def _mb(usage: Usage) -> str:
    return " + ".join(f"{mb:.0f}" for mb in usage.worker_mb)
