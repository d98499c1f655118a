"""Building snapshots: what goes in, what comes out, and how refusals read."""

import hashlib

import pytest

from webhook.config.model import ConfigError


def refusal(build, *args, **options):
    with pytest.raises(ConfigError) as caught:
        build(*args, **options)
    return caught.value


def test_an_old_configuration(build, old_config):
    snapshot = build(old_config)
    assert snapshot.release.version == "0.7.1"
    assert snapshot.policy == "enabled"
    assert snapshot.template is snapshot.templates["inject"]
    assert snapshot.version == hashlib.sha256(snapshot.template_text.encode()).hexdigest()
    assert snapshot.mesh.proxy.get("discovery_address") == "istio-pilot:15007"
    assert snapshot.warnings == ()


def test_the_template_text_is_untouched(build):
    text = "policy: enabled\ntemplate: |-\n\n  \n  containers:\n    - name: x   \n"
    assert build(text, version="0.8.0").template_text == "\n\ncontainers:\n  - name: x   "


def test_the_template_sees_the_mesh(build, bracket_config):
    snapshot = build(bracket_config, "defaultConfig: {discoveryAddress: 'pilot:1'}\n")
    data = {"MeshConfig": snapshot.mesh.view, "ProxyConfig": snapshot.mesh.default_config_view}
    assert '"pilot:1"' in snapshot.template.render(data)
    assert '"15001"' in snapshot.template.render(data)


def test_a_manifest_with_a_separate_mesh_manifest(build, manifest, bracket_config):
    text = manifest("istio-sidecar-injector", config=bracket_config)
    snapshot = build(text, manifest("istio", mesh="proxyListenPort: 16001\n"))
    assert snapshot.mesh.message.get("proxy_listen_port") == 16001
    assert "ConfigMap istio-sidecar-injector" in snapshot.source


def test_one_stream_holds_everything(build, manifest, bracket_config):
    stream = (
        manifest("istio", mesh="proxyListenPort: 16001\n")
        + "---\n"
        + manifest("istio-sidecar-injector", config=bracket_config)
    )
    assert build(stream).mesh.message.get("proxy_listen_port") == 16001


def test_named_templates(build, named_config):
    snapshot = build(named_config, values='{"global": {"tag": "1.20.8", "port": 15020}}')
    assert snapshot.release.version == "1.20.8"
    assert list(snapshot.templates) == ["sidecar", "extra"]
    assert snapshot.default_templates == ("sidecar",)
    assert snapshot.aliases == {"both": ("sidecar", "extra")}
    assert snapshot.never_inject_selector == ({"matchLabels": {"job": "batch"}},)
    assert snapshot.injected_annotations == {"example.com/note": "yes"}
    assert isinstance(snapshot.values["global"]["port"], float)


def test_selectors_are_not_known_before_1_1(build, single):
    text = single("a: b", neverInjectSelector="[{matchLabels: {a: b}}]")
    assert build(text, version="1.0.9").never_inject_selector == ()
    assert len(build(text, version="1.1.17").never_inject_selector) == 1


@pytest.mark.parametrize("policy", ["off", "sometimes", '""'])
def test_another_policy_is_kept_and_warned_about(build, single, policy):
    snapshot = build(single("a: b", policy=policy), version="0.8.0")
    assert any("neither enabled nor disabled" in warning for warning in snapshot.warnings)


def test_a_configuration_without_template_is_warned_about(build):
    assert build("policy: enabled\n", version="0.8.0").warnings == (
        "the configuration has no template: injection adds nothing",
    )


def test_the_hash_tells_configurations_apart(build, old_config):
    one = build(old_config)
    assert one.hash == build(old_config).hash
    others = [
        build(old_config, "proxyListenPort: 16001\n"),
        build(old_config, version="0.6.0"),
        build(old_config + "  volumes: []\n"),
        build(old_config.replace("policy: enabled", "policy: disabled")),
    ]
    assert len({one.hash, *(other.hash for other in others)}) == 5


def test_a_template_that_does_not_parse_is_refused_with_its_line(build, single):
    error = refusal(build, single("a: b\nc: [[ if ]]\n"), version="0.8.0")
    assert "template: inject:2: missing value for if" in str(error)
    assert error.line == 4
    assert error.place == "config.yaml"
    assert "[[ ]]" in error.remedy


def test_an_unknown_function_is_refused(build, single):
    assert 'function "isset" not defined' in str(refusal(build, single("a: {{ isset .X }}"), version="0.7.1"))


def test_one_bad_template_refuses_all_since_1_14(build):
    text = "templates:\n  sidecar: 'a: b'\n  other: '{{ nothing }}'\n"
    assert 'template other does not parse: template: inject:1: function "nothing" not defined' in str(
        refusal(build, text, version="1.14.6")
    )
    snapshot = build(text, version="1.13.9")
    assert list(snapshot.templates) == ["sidecar"]
    assert str(snapshot.template_errors["other"]) == 'template: inject:1: function "nothing" not defined'


@pytest.mark.parametrize(
    ("mesh", "version", "what", "line"),
    [
        ("a: [\n", "0.8.0", "failed to convert to proto. yaml: line 1: did not find expected node content", 2),
        ("\nbogus: 1\n", "0.8.0", 'failed to convert to proto. unknown field "bogus" in v1alpha1.MeshConfig', 2),
        ("connectTimeout: 5\n", "0.8.0", "failed to convert to proto. invalid syntax", None),
        ("connectTimeout: 0s\n", "1.20.8", "invalid connect timeout", None),
    ],
)
def test_a_mesh_that_is_refused(build, single, mesh, version, what, line):
    error = refusal(build, single("a: b"), mesh, version=version)
    assert what in str(error)
    assert error.place == "the mesh configuration"
    assert line is None or error.line is not None
    assert error.remedy


def test_values_that_are_refused(build, single):
    assert "could not parse configuration values: json: cannot unmarshal array" in str(
        refusal(build, single("a: b"), None, "[1]")
    )
    assert "could not parse configuration values: " in str(refusal(build, single("a: b"), None, "{a: [\n"))


def test_the_wrong_manifest(build, manifest, single):
    error = refusal(build, manifest("istio", mesh="a: b\n"))
    assert error.what == "the ConfigMap has no key config"
    assert "istio-sidecar-injector" in error.remedy
    error = refusal(build, single("a: b"), manifest("istio-inject", config="a: b\n"))
    assert error.what == "the ConfigMap has no key mesh"


def test_named_templates_for_an_old_release(build, named_config):
    document = named_config.replace('template: "{{ Wrong_Version }}"\n', "")
    assert "named templates only" in str(refusal(build, document, version="1.8.6"))


def test_a_bare_template_for_a_new_release_is_the_sidecar(build):
    snapshot = build("spec:\n  containers:\n  - name: {{ .ProxyImage }}\n", version="1.20.8")
    assert list(snapshot.templates) == ["sidecar"]
    assert snapshot.policy == "enabled"
