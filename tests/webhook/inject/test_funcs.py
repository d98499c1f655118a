"""The functions of the injector, called from templates of the releases that have them."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import ExecError, ParseError, Template
from webhook.config.release import release_of
from webhook.inject.funcs import Rendering, function_table
from webhook.kube.schema import load_schema
from webhook.kube.structview import view
from webhook.mesh.mesh import default_mesh

CONTAINERS = [
    {"name": "app", "ports": [{"containerPort": 80}, {"containerPort": 53, "protocol": "UDP"}]},
    {"name": "istio-proxy", "ports": [{"containerPort": 15090}, {"containerPort": 9, "protocol": "SCTP"}]},
]
METADATA = {"annotations": {"given": "yes", "empty": ""}, "labels": {"app": "a"}}


def _data(version: str) -> dict[str, Any]:
    release = release_of(version)
    schema = load_schema(release.kube_version)
    mesh = default_mesh(version)
    return {
        "Meta": view(schema, "meta/v1.ObjectMeta", METADATA, pointer=True),
        "Bare": view(schema, "meta/v1.ObjectMeta", {}, pointer=True),
        "Spec": view(schema, "core/v1.PodSpec", {"containers": CONTAINERS}, pointer=True),
        "Proxy": mesh.default_config_view,
        "Mesh": mesh.view,
        "Big": 1e6,
        "Port": 15020.0,
        "None": None,
        "Tree": {"b": [1.0, "x"], "a": {"c": None}},
        "Holes": {"kept": {}, "lost": {"x": None}, "list": [None, 1.0], "gone": [None]},
    }


def _render(version: str, text: str, environment: dict[str, str] | None = None) -> str:
    release = release_of(version)
    functions = function_table(release, environment)
    template = Template("inject", delims=release.delimiters, funcs=functions, go=release.go_version)
    data = _data(version)
    with Rendering(data):
        return template.parse(text).render(data)


ROWS = [
    ("0.6.0", "{{ formatDuration .Proxy.DrainDuration }}", "2s"),
    ("1.3.8", "{{ formatDuration .Proxy.DrainDuration }} {{ formatDuration .Proxy.DiscoveryRefreshDelay }}", "45s 1s"),
    ("1.20.8", "{{ formatDuration .Proxy.TerminationDrainDuration }} {{ formatDuration .Mesh.GetConnectTimeout }}", "5s 10s"),
    ("0.8.0", '[[ isset .Meta.Annotations "empty" ]] [[ isset .Meta.Annotations "no" ]]', "true false"),
    ("0.8.0", '[[ isset .Bare.Annotations "no" ]]', "false"),
    ("1.8.6", '{{ annotation .Meta "given" 1 }}|{{ annotation .Meta "empty" 1 }}', "yes|"),
    ("1.8.6", '{{ annotation .Meta "no" .Big }}|{{ annotation .Meta "no" .Port }}|{{ annotation .Meta "no" .None }}', "1e+06|15020|<nil>"),
    ("1.3.8", "{{ includeInboundPorts .Spec.Containers }}", "80,53,15090,9"),
    ("1.4.10", "{{ includeInboundPorts .Spec.Containers }}", "80,15090"),
    ("1.31.0", "{{ applicationPorts .Spec.Containers }}", "80"),
    ("1.8.6", '{{ excludeInboundPort 15020 "4, 5,,6" }}', "4,5,6,15020"),
    ("1.8.6", '{{ excludeInboundPort " 5" "4,5" }}|{{ excludeInboundPort 0 "4, 5" }}|{{ excludeInboundPort .Port "" }}', "4,5|4, 5|15020"),
    ("1.8.6", '{{ excludeInboundPort 5 "4, 5" }}', "4,5,5"),
    ("1.8.6", "{{ toJSON .Meta.Labels }}{{ toJSON .Bare.Labels }}", '{"app":"a"}{}'),
    ("1.8.6", '{{ range $k, $v := fromJSON "{\\"b\\":1,\\"a\\":\\"x\\"}" }}{{ $k }}={{ $v }};{{ end }}', "a=x;b=1;"),
    ("1.8.6", '{{ fromJSON "{" }}', "{}"),
    ("1.8.6", "{{ toYaml .Tree }}", "a:\n  c: null\nb:\n- 1\n- x\n"),
    ("1.8.6", '{{ indent 2 "a\\n\\nb" }}', "a\n  \n  b"),
    ("1.8.6", '{{ directory "/etc/istio/proxy" }}{{ directory "x" }}', "/etc/istio/"),
    ("1.1.17", '[[ valueOrDefault "" "d" ]][[ valueOrDefault "v" "d" ]]', "dv"),
    ("1.8.6", "{{ valueOrDefault .None 1 }}{{ valueOrDefault 0 1 }}{{ valueOrDefault false 1 }}", "10false"),
    ("1.8.6", '{{ contains "b" "abc" }}{{ "abc" | contains "z" }}', "truefalse"),
    ("1.8.6", '{{ toLower "ABCÄ" }}', "abcä"),
    ("1.8.6", "{{ structToJSON .Meta.Labels }}{{ structToJSON .Bare.Labels }}{{ structToJSON .None }}", '{"app":"a"}null{}'),
    ("1.8.6", "{{ range .Spec.Containers }}{{ structToJSON .Ports }}{{ end }}",
     '[{"containerPort":80},{"containerPort":53,"protocol":"UDP"}][{"containerPort":15090},{"containerPort":9,"protocol":"SCTP"}]'),
    ("1.8.6", "{{ protoToJSON .Proxy }}", "{}"),
    ("1.8.6", "{{ protoToJSON .None }}", "{}"),
    ("1.8.6", '{{ env "SET" "d" }}{{ env "EMPTY" "d" }}{{ env "UNSET" "d" }}', "vdd"),
    ("1.8.6", "{{ render \"{{ .Port }}{{ render `x` }}\" }}{{ render \"{{ nope }}\" }}", "15020x"),
    ("1.18.7", '{{ omit .Meta.Annotations "given" }}{{ strdict "a" "b" "c" }}', "map[empty:]map[a:b c:]"),
    ("1.18.7", '{{ toJsonMap (strdict "a" "1") (strdict "a" "2" "b" "3") }}', '{"a":"2","b":"3"}'),
    ("1.21.6", '{{ mergeMaps (strdict "a" "1") .Meta.Labels }}{{ mergeMaps | toJSON }}', "map[a:1 app:a]{}"),
    ("1.30.3", "{{ omitNil .Holes | structToJSON }}", '{"kept":{},"list":[1]}'),
    ("1.8.6", '{{ "a" | upper }}{{ list 1 2 | join "-" }}', "A1-2"),
]  # fmt: skip


@pytest.mark.parametrize(("version", "text", "expected"), ROWS)
def test_results(version: str, text: str, expected: str) -> None:
    assert _render(version, text, {"SET": "v", "EMPTY": ""}) == expected


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("0.5.1", "formatDuration"),
        ("1.0.2", "annotation"),
        ("1.7.8", "upper"),
        ("1.8.6", "fromJson"),
        ("1.14.6", "render"),
    ],
)
def test_a_function_its_release_does_not_have(version: str, name: str) -> None:
    release = release_of(version)
    left, right = release.delimiters
    with pytest.raises(ParseError, match=f'function "{name}" not defined'):
        Template("inject", delims=release.delimiters, funcs=function_table(release)).parse(f"{left} {name} {right}")


def test_values_or_default_took_strings_only_at_first() -> None:
    with pytest.raises(ExecError, match="expected string"):
        _render("1.1.17", "[[ valueOrDefault 1 2 ]]")


@pytest.mark.parametrize(
    ("version", "existing", "expected"),
    [
        ("1.8.6", "", "istio-cni"),
        ("1.8.6", "a", "a, istio-cni"),
        ("1.8.6", '[{"name": "a"}]', '[{"name": "a"}, {"name": "istio-cni"}]'),
        ("1.8.6", '[{"name": "istio-cni"}]', '[{"name": "istio-cni"}, {"name": "istio-cni"}]'),
        ("1.20.8", '[{"name": "istio-cni"}]', '[{"name": "istio-cni"}]'),
        ("1.20.8", "a, istio-cni", "a, istio-cni"),
        ("1.20.8", "no json]", "no json]"),
    ],
)
def test_networks(version: str, existing: str, expected: str) -> None:
    table = function_table(release_of(version))
    assert table["appendMultusNetwork"](existing, "istio-cni") == expected


def test_networks_with_namespaces() -> None:
    append = function_table(release_of("1.26.8"))["appendMultusNetwork"]
    added = '[{"name": "a"}, {"name": "istio-cni", "namespace": "default"}]'
    assert append('[{"name": "a"}]', "default/istio-cni") == added
    assert append(added, "default/istio-cni") == added


def test_and_or_see_every_argument_before_go_1_18() -> None:
    text = "{{ or true (index .Tree.b 9) }}"
    assert _render("1.20.8", text) == "true"
    with pytest.raises(ExecError, match="index out of range"):
        _render("1.8.6", text)
