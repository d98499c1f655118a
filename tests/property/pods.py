"""Strategies for pods that Kubernetes accepts: all their names are good and none comes twice, everything else may be odd."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from property.hostile_pods import ANNOTATIONS, FITTING, LABELS, WORDS

from webhook.kube import yaml

Pod = dict[str, Any]

names = st.from_regex(r"[a-z]([-a-z0-9]{0,8}[a-z0-9])?", fullmatch=True)
texts = st.one_of(st.sampled_from(WORDS), st.text(st.characters(codec="utf-8"), max_size=12))
ports = st.one_of(st.sampled_from([80, 8080, 15020, 15021, 15090]), st.integers(1, 65535))
users = st.one_of(st.none(), st.sampled_from([0, 1000, 1337, 2**31 - 1]))


def optional(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Pod]:
    """Return a strategy for objects that have some of these members."""
    return st.fixed_dictionaries({}, optional=members)


def _annotation(name: str) -> st.SearchStrategy[tuple[str, str]]:
    """Return a strategy for one annotation: what fits it, or anything."""
    fitting = FITTING.get(name, ("true", "false", "3", "info"))
    return st.tuples(st.just(name), st.one_of(st.sampled_from(fitting), st.sampled_from(fitting), texts))


annotations = st.lists(st.sampled_from(ANNOTATIONS).flatmap(_annotation), max_size=3).map(dict)
labels = st.dictionaries(st.sampled_from(LABELS), texts, max_size=3)

_actions = st.one_of(
    st.fixed_dictionaries({"httpGet": st.fixed_dictionaries({"port": st.one_of(ports, st.sampled_from(["http", "none"]))},
                                                            optional={"path": texts, "scheme": st.sampled_from(["HTTP", "HTTPS"])})}),
    st.fixed_dictionaries({"tcpSocket": st.fixed_dictionaries({"port": ports})}),
    st.fixed_dictionaries({"grpc": st.fixed_dictionaries({"port": ports}, optional={"service": texts})}),
    st.just({"exec": {"command": ["true"]}}),
)  # fmt: skip
probes = st.builds(
    lambda action, rest: {**action, **rest},
    _actions,
    optional(periodSeconds=st.integers(1, 9), timeoutSeconds=st.integers(1, 9)),
)
hooks = st.one_of(
    st.just({"exec": {"command": ["true"]}}),
    st.builds(lambda port: {"httpGet": {"path": "/stop", "port": port}}, ports),
)


def containers(name: str, volumes: list[str]) -> st.SearchStrategy[Pod]:
    """Return a strategy for a container of that name, which may mount the volumes."""
    mounts = st.lists(st.sampled_from(volumes), max_size=2, unique=True) if volumes else st.just([])
    return st.fixed_dictionaries(
        {"name": st.just(name), "image": st.sampled_from(["app:1", "auto", "registry.example.com:5000/x@sha256:0f"])},
        optional={
            "args": st.lists(texts, max_size=3),
            "ports": st.lists(ports, max_size=2, unique=True).map(_named_ports),
            "env": st.dictionaries(names.map(str.upper), texts, max_size=2).map(
                lambda found: [{"name": key, "value": value} for key, value in found.items()]
            ),
            "resources": st.sampled_from(
                [{}, {"limits": {"cpu": "1"}}, {"requests": {"memory": "1Gi", "cpu": "100m"}}]
            ),
            "readinessProbe": probes,
            "livenessProbe": probes,
            "startupProbe": probes,
            "lifecycle": optional(preStop=hooks, postStart=hooks),
            "securityContext": optional(runAsUser=users, runAsGroup=users, privileged=st.booleans()),
            "volumeMounts": mounts.map(lambda found: [{"name": each, "mountPath": f"/{each}"} for each in found]),
        },
    )


def _named_ports(numbers: list[int]) -> list[Pod]:
    return [
        {"containerPort": number, **({"name": "http"} if not index else {})} for index, number in enumerate(numbers)
    ]


def _before(container: Pod) -> Pod:
    # The user of an istio-proxy that a pod brings as an init container is told to istio-init only by a second injection, as in Istio.
    dropped = {*_NOT_BEFORE, *(["securityContext"] if container["name"] == "istio-proxy" else [])}
    return {key: value for key, value in container.items() if key not in dropped}


@st.composite
def pods(draw: st.DrawFn) -> Pod:
    """Draw a pod: one to three containers, perhaps some before them, some of which an injector knows the names of."""
    known = st.sampled_from(["istio-proxy", "istio-init", "istio-validation", "helper"])
    found = draw(st.lists(st.one_of(names, names, known), min_size=1, max_size=4, unique=True))
    volumes = draw(st.lists(st.one_of(names, st.sampled_from(["istio-envoy", "certs"])), max_size=2, unique=True))
    count = draw(st.integers(1, len(found)))
    made = [draw(containers(name, volumes)) for name in found]
    if "istio-proxy" in found:
        # Probes beside a sidecar that the pod brings are listed anew by a second injection, as in Istio.
        made = [{key: value for key, value in item.items() if not key.endswith("Probe")} for item in made]
    spec: Pod = {"containers": made[:count]}
    if made[count:]:
        spec["initContainers"] = [_before(item) for item in made[count:]]
    if volumes:
        spec["volumes"] = [{"name": name, "emptyDir": {}} for name in volumes]
    spec.update(draw(_others))
    metadata = draw(optional(labels=labels, annotations=annotations))
    metadata.update(
        draw(st.sampled_from([{"name": "app"}, {"generateName": "app-5d6f-"}, {"name": "app", "namespace": "n"}]))
    )
    return {"metadata": metadata, "spec": spec}


_NOT_BEFORE = ("readinessProbe", "livenessProbe", "startupProbe", "lifecycle")
"""What an init container that ends has not."""
_others = optional(
    securityContext=optional(runAsUser=users, fsGroup=st.sampled_from([0, 7, 1337])),
    imagePullSecrets=st.lists(names, max_size=2, unique=True).map(lambda found: [{"name": name} for name in found]),
    dnsConfig=st.just({"searches": ["a"]}),
    hostNetwork=st.sampled_from([False, False, False, True]),
    serviceAccountName=names,
    tolerations=st.just([{"operator": "Exists", "tolerationSeconds": 2**53 + 1}]),
)


def deployment_of(pod: Pod) -> str | None:
    """Return a Deployment with the pod as its template, as text; None where YAML cannot print it, or not for sure."""
    template = {
        "metadata": {k: v for k, v in pod["metadata"].items() if k in ("labels", "annotations")},
        "spec": pod["spec"],
    }
    document = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "app"},
        "spec": {"template": template},
    }
    try:
        text = yaml.dump(document)
    except yaml.YamlError:
        return None
    return None if BREAKS & set(text) else text


BREAKS = frozenset("\x85\u2028\u2029")
"""What ends a line for some YAML libraries and not for others, so that it may not be read as it was printed."""
