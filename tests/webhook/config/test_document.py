"""From text to the configuration document: ConfigMaps, streams, bare templates, and what Go's decoder makes of odd keys."""

import pytest

from webhook.config.document import find_config_maps, line_of_template, parse_document
from webhook.config.errors import ConfigError

TEMPLATE = "containers:\n- name: {{ .X }}\n"


def test_keys_match_in_any_case_and_unknown_ones_are_ignored():
    document = parse_document("Policy: enabled\nTEMPLATE: 'a: b'\nextra: 1\n", "f")
    assert (document.policy, document.template) == ("enabled", "a: b")
    assert document.keys == {"policy", "template"}


def test_of_two_spellings_the_last_in_sorted_order_wins():
    assert parse_document("policy: one\nPolicy: two\ntemplate: x\n", "f").policy == "one"


@pytest.mark.parametrize(("text", "policy"), [("yes", "true"), ("5", "5"), ("~", ""), ("'on'", "on")])
def test_a_scalar_policy_becomes_a_string_as_in_go(text, policy):
    assert parse_document(f"policy: {text}\ntemplate: x\n", "f").policy == policy


def test_a_bare_template_is_a_document_of_its_own():
    document = parse_document(TEMPLATE, "f")
    assert document.is_bare
    assert (document.policy, document.template) == ("enabled", TEMPLATE)


def test_a_bare_template_may_be_no_yaml_at_all():
    text = "[[ if .Spec ]]\ncontainers: [\n[[ end ]]\n"
    assert parse_document(text, "f").template == text


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("", "the injection configuration is empty", None),
        ("  \n", "the injection configuration is empty", None),
        ("a: b\n", "this is no injection configuration", None),
        (
            "aliases: [a]\n",
            "cannot unmarshal array into Go struct field Config.aliases of type map[string][]string",
            None,
        ),
        ("aliases: {a: 1}\n", "cannot unmarshal number into Go struct field Config.aliases.a of type []string", None),
        ("kind: Service\nspec: {}\n---\nkind: Deployment\n", "this is a Service, no injection configuration", None),
        ("just words\n", "this is no injection configuration", None),
        (
            "policy: enabled\ntemplate: [a\n",
            "error converting YAML to JSON: yaml: line 2: did not find expected ',' or ']'",
            2,
        ),
        (
            "policy: [a]\ntemplate: x\n",
            "cannot unmarshal array into Go struct field Config.policy of type string",
            None,
        ),
        ("templates: [a]\n", "Config.templates of type map[string]string", None),
        ("template: x\nneverInjectSelector: {}\n", "Config.neverInjectSelector of type []v1.LabelSelector", None),
        (
            "template: x\nneverInjectSelector: [1]\n",
            "cannot unmarshal number into Go struct field Config.neverInjectSelector of type v1.LabelSelector",
            None,
        ),
        (
            "template: x\nneverInjectSelector: [{matchLabels: [a]}]\n",
            "array into Go struct field LabelSelector.neverInjectSelector.matchLabels of type map[string]string",
            None,
        ),
        (
            "template: x\nalwaysInjectSelector: [{matchExpressions: [{key: a, operator: In, values: x}]}]\n",
            "field LabelSelectorRequirement.alwaysInjectSelector.matchExpressions.values of type []string",
            None,
        ),
    ],
)
def test_what_is_refused(text, what, line):
    with pytest.raises(ConfigError) as caught:
        parse_document(text, "inject.yaml")
    assert what in str(caught.value)
    assert str(caught.value).startswith("inject.yaml")
    assert caught.value.remedy
    assert line is None or caught.value.line is not None


def test_selectors_are_read_as_their_struct():
    text = "template: x\nneverInjectSelector: [{MatchLabels: {a: 1, b: true}}, null, {matchExpressions: [{key: 1}]}]\n"
    first, second, third = parse_document(text, "inject.yaml").never_inject_selector
    assert first == {"matchLabels": {"a": "1", "b": "true"}}
    assert second == {}
    assert third["matchExpressions"][0]["key"] == "1"


def test_a_config_map_gives_its_texts(manifest):
    text = manifest("istio-sidecar-injector", config="policy: enabled\n", values="{}\n")
    found = find_config_maps(text, "f")
    assert found.config == "policy: enabled\n"
    assert found.values.strip() == "{}"
    assert found.config_map_name == "istio-sidecar-injector"
    assert found.mesh is None


def test_config_maps_are_found_in_a_stream_and_in_a_list(manifest):
    stream = (
        "kind: Service\n---\n"
        + manifest("istio", mesh="a: b\n")
        + "---\n"
        + manifest("istio-inject", config="policy: x\n")
    )
    found = find_config_maps(stream, "f")
    assert (found.mesh, found.config, found.config_map_name) == ("a: b\n", "policy: x\n", "istio-inject")
    listed = '{"kind": "List", "items": [{"kind": "ConfigMap", "data": {"config": "policy: y"}}]}'
    assert find_config_maps(listed, "f") is None or find_config_maps(listed, "f").config == "policy: y"


def test_a_config_map_of_something_else_is_refused(manifest):
    with pytest.raises(ConfigError, match=r"holds no injection configuration.*this one has colour"):
        find_config_maps(manifest("shop", colour="red"), "f")


def test_a_broken_manifest_is_refused_with_its_line():
    with pytest.raises(ConfigError) as caught:
        find_config_maps("kind: ConfigMap\ndata:\n  a: [\n", "cm.yaml")
    assert caught.value.line is not None


def test_a_text_that_is_no_manifest():
    assert find_config_maps("policy: enabled\n", "f") is None


def test_the_line_of_a_template():
    text = "policy: enabled\n# note\ntemplate: |-\n  containers:\n  - name: {{ .X }}\n"
    assert line_of_template(text, TEMPLATE) == 4
    assert line_of_template(text, "other: 1\n") is None
    assert line_of_template(text, "") is None
