"""What the recorder asks: patches written by hand for every rule, and generated ones, always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

APP: Json = {
    "name": "app",
    "image": "app:1",
    "args": ["a", "b"],
    "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}, {"name": "C", "value": "3"}],
    "ports": [
        {"containerPort": 80, "protocol": "TCP"},
        {"containerPort": 80, "protocol": "UDP"},
        {"containerPort": 90},
    ],
    "resources": {},
    "livenessProbe": {"exec": {"command": ["x"]}, "periodSeconds": 5},
    "volumeMounts": [{"name": "v", "mountPath": "/v"}],
}
POD: Json = {
    "metadata": {"creationTimestamp": None, "labels": {"a": "1", "b": "2"}, "finalizers": ["x", "y", "z"]},
    "spec": {
        "containers": [APP, {"name": "other", "resources": {}}],
        "volumes": [{"name": "v", "emptyDir": {}}],
        "imagePullSecrets": [{"name": "s"}],
        "tolerations": [{"key": "k"}],
        "securityContext": {"fsGroup": 1, "sysctls": [{"name": "n", "value": "1"}]},
    },
    "status": {},
}
EMPTY: Json = {"metadata": {"creationTimestamp": None}, "spec": {"containers": None}, "status": {}}


def _container(**fields: Any) -> Json:
    return {"spec": {"containers": [{"name": "app", **fields}]}}


def _spec(**fields: Any) -> Json:
    return {"spec": fields}


def _metadata(**fields: Any) -> Json:
    return {"metadata": fields}


PATCHES: list[Json] = [
    {},
    {"spec": None},
    {"metadata": {"labels": None}},
    _metadata(labels={"a": None, "c": "3", "d": None}),
    _metadata(labels={"$patch": "replace", "c": "3"}),
    _metadata(labels={"$patch": "delete"}),
    _metadata(labels={"$patch": "merge", "c": "3"}),
    _metadata(labels={"$retainKeys": ["b", "c"], "c": "3"}),
    _metadata(labels={"$retainKeys": ["b"], "c": "3"}),
    _metadata(labels={"$retainKeys": "b"}),
    _metadata(annotations={"a": None, "b": "2"}),
    _metadata(annotations={"$patch": "replace", "b": "2"}),
    _metadata(finalizers=["w", "y"]),
    _metadata(finalizers=[]),
    _metadata(finalizers=[{"a": 1}]),
    _metadata(**{"$deleteFromPrimitiveList/finalizers": ["y"]}),
    _metadata(**{"$deleteFromPrimitiveList/ownerReferences": ["y"]}),
    _metadata(**{"$deleteFromPrimitiveList": ["y"]}),
    _metadata(**{"$setElementOrder/finalizers": ["z", "x"]}),
    _metadata(**{"$setElementOrder/finalizers": ["z", "w", "x"], "finalizers": ["w"]}),
    _metadata(**{"$setElementOrder/finalizers": ["z"], "finalizers": ["w"]}),
    _metadata(**{"$setElementOrder": ["z"]}),
    _container(image="app:2", args=["c"]),
    _container(args=None, env=None),
    _container(env=[{"name": "N", "value": "0"}, {"name": "B", "value": "9"}]),
    _container(env=[{"name": "C", "value": "9"}, {"name": "A", "value": None}]),
    _container(env=[{"name": "N"}, {"name": "N", "value": "0"}, {"name": "M"}]),
    _container(env=[{"name": "B", "$patch": "delete"}, {"name": "N", "value": "0"}]),
    _container(env=[{"$patch": "replace"}, {"name": "N", "value": "0"}]),
    _container(env=[{"$patch": "merge", "name": "B"}]),
    _container(env=[{"$patch": "other", "name": "B"}]),
    _container(env=[{"$patch": "delete"}]),
    _container(env=[{"value": "0"}]),
    _container(env=[{"name": 1, "value": "0"}]),
    _container(env=[]),
    _container(env={"a": "b"}),
    _container(env=["a"]),
    _container(env=[["a"]]),
    _container(ports=[{"containerPort": 90, "name": "ninety"}, {"containerPort": 70}]),
    _container(ports=[{"containerPort": 80, "name": "eighty"}]),
    _container(resources={"limits": {"cpu": "1", "memory": None}}),
    _container(resources={"$patch": "replace", "limits": {"cpu": "1"}}),
    _container(livenessProbe={"httpGet": {"path": "/", "port": 80}, "exec": None}),
    _container(livenessProbe={"httpGet": {"port": 80}, "$retainKeys": ["httpGet"]}),
    _container(readinessProbe={"httpGet": {"port": 80, "host": None}, "exec": {"$patch": "delete"}}),
    _container(unknown={"x": {"y": None}, "z": [{"$patch": "delete"}, None, 1]}),
    _container(volumeMounts=[{"name": "w", "mountPath": "/w"}, {"name": "u", "mountPath": "/v"}]),
    _spec(containers=[{"name": "new"}, {"name": "other", "image": "o"}]),
    _spec(containers=[{"name": "other"}, {"name": "new"}, {"name": "app"}]),
    _spec(containers=[{"name": "app", "$patch": "delete"}]),
    _spec(containers=[], **{"$setElementOrder/containers": [{"name": "other"}, {"name": "app"}]}),
    _spec(containers=[{"name": "new"}], **{"$setElementOrder/containers": [{"name": "other"}, {"name": "new"}]}),
    _spec(containers=[{"name": "new"}], **{"$setElementOrder/containers": [{"name": "other"}]}),
    _spec(containers=[{"name": "new"}, {"name": "app"}], **{"$setElementOrder/containers": []}),
    _spec(initContainers=[{"name": "i", "args": None}, {"name": "i", "image": "x"}]),
    _spec(initContainers=[{"name": "i", "$patch": "delete"}, {"name": "j"}]),
    _spec(volumes=[{"name": "v", "secret": {"secretName": "s"}, "$retainKeys": ["name", "secret"]}]),
    _spec(volumes=[{"name": "w", "emptyDir": None}, {"name": "v", "emptyDir": None}]),
    _spec(imagePullSecrets=[{"name": "t"}, {"name": "s"}]),
    _spec(imagePullSecrets=[{}]),
    _spec(tolerations=[{"key": "l"}]),
    _spec(securityContext={"sysctls": [{"name": "m", "value": "2"}], "runAsUser": 1}),
    _spec(securityContext={"fsGroup": {"a": 1}}),
    _spec(hostAliases=[{"ip": "1", "hostnames": ["a"]}, {"ip": "1", "hostnames": ["b"]}]),
    {"$patch": "replace", "spec": {"containers": [{"name": "only", "env": None}]}},
    {"$patch": "delete"},
    {"kind": "Pod", "other": {"deep": [None, {"a": None}]}},
]

UNNAMED: Json = {**POD, "spec": {**POD["spec"], "imagePullSecrets": [{}]}}

DIFFERENCES: list[tuple[Json, Json]] = [
    ({}, {}),
    ({"a": 1}, {"a": 1}),
    ({"a": 1, "b": 2}, {"b": 3, "c": 4}),
    ({"a": None}, {"a": 1}),
    ({"a": 1}, {"a": None}),
    ({"a": None}, {"a": None}),
    ({"a": 1}, {"a": True}),
    ({"a": {"b": 1}}, {"a": [1]}),
    ({"a/b~c": {"d": 1}}, {"a/b~c": {"d": 2}}),
    ({"a": []}, {"a": [1]}),
    ({"a": ["x", "y", "z"]}, {"a": ["y", "z", "w"]}),
    ({"a": ["x", "y"]}, {"a": ["n", "x", "y"]}),
    ({"a": ["x", 1, True]}, {"a": ["x", True, 1]}),
    ({"a": [{"n": 1}, {"n": 2}, {"n": 3}]}, {"a": [{"n": 1}]}),
    ({"a": [{"n": 1}]}, {"a": [{"n": 0}, {"n": 1}, {"n": 2}]}),
    ({"a": [{"n": 1}, "x"]}, {"a": ["x", {"n": 1}]}),
    ({"a": [[1, 2], [3]]}, {"a": [[2], [3], [4]]}),
    ({"a": [None, 1]}, {"a": [1]}),
]


def merges() -> Iterator[tuple[Json, Json]]:
    """Yield pairs of an object and a patch."""
    yield from ((original, patch) for original in (POD, EMPTY) for patch in PATCHES)
    yield UNNAMED, _spec(imagePullSecrets=[{"name": "t"}])
    maker = Maker(20)
    yield from ((maker.pod(), maker.pod(patch=True)) for _ in range(100))


def differences() -> Iterator[tuple[Json, Json]]:
    """Yield pairs of documents."""
    yield from DIFFERENCES
    maker = Maker(21)
    yield from ((maker.pod(), maker.pod()) for _ in range(60))


class Maker:
    """Makes pods of few names, so that much coincides, and patches with directives."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def pod(self, *, patch: bool = False) -> Json:
        labels: Json = {self._name(): self._name() for _ in range(3)}
        if patch and self._chance(0.3):
            labels[self._name()] = None
        spec: Json = {
            "containers": [self._container(patch) for _ in range(self._random.randint(0, 3))],
            "volumes": [self._volume(patch) for _ in range(self._random.randint(0, 3))],
        }
        if not patch:
            return {"metadata": {"creationTimestamp": None, "labels": labels}, "spec": spec, "status": {}}
        if self._chance(0.3):
            spec["containers"].append({"name": self._name(), "$patch": "delete"})
        return {"metadata": {"labels": labels}, "spec": spec}

    def _name(self) -> str:
        return self._random.choice("abcd")

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _container(self, patch: bool) -> Json:
        made: Json = {"name": self._name()} if patch else {"name": self._name(), "resources": {}}
        if self._chance(0.6):
            made["env"] = [self._variable(patch) for _ in range(self._random.randint(0, 4))]
        if self._chance(0.4):
            made["ports"] = [{"containerPort": self._random.choice([80, 81])} for _ in range(2)]
        if self._chance(0.3):
            made["args"] = [self._name() for _ in range(self._random.randint(0, 4))]
        if patch and self._chance(0.2):
            made["securityContext"] = {"runAsUser": None, "capabilities": {"add": [self._name()]}}
        return made

    def _variable(self, patch: bool) -> Json:
        if patch and self._chance(0.1):
            return {"name": self._name(), "$patch": "delete"}
        return {"name": self._name(), "value": self._name()} if self._chance(0.7) else {"name": self._name()}

    def _volume(self, patch: bool) -> Json:
        source = self._random.choice(["emptyDir", "hostPath", "secret"])
        return {"name": self._name(), source: None if patch and self._chance(0.2) else {}}
