"""Telling the release from the configuration: evidence, doubt, contradiction."""

import pytest

from webhook.config.detect import detect_release
from webhook.config.document import parse_document


def detect(text, values=None, name=""):
    return detect_release(parse_document(text, "f"), values=values, config_map_name=name)


def test_a_published_image_names_the_release(old_config, bracket_config):
    assert detect(old_config).release.version == "0.7.1"
    assert detect(bracket_config).release.version == "0.8.0"


def test_the_tag_of_the_values_names_the_release():
    text = "templates:\n  sidecar: 'a: {{ .Values.x }}'\n"
    assert detect(text, {"global": {"tag": "1.12.9"}}).release.version == "1.12.9"


@pytest.mark.parametrize("tag", ["1.12.9-distroless", "1.12.9-debug"])
def test_a_variant_of_the_tag(tag):
    assert detect("templates: {sidecar: x}\n", {"global": {"tag": tag}}).release.version == "1.12.9"


@pytest.mark.parametrize(
    ("template", "name", "version"),
    [
        ("a: {{ .MeshConfig.ProxyListenPort }}{{ .ObjectMeta.Labels }}", "istio-inject", "0.7.1"),
        ("a: [[ .MeshConfig.ProxyListenPort ]]", "", "1.1.17"),
        ("a: [[ .ProxyConfig.ZipkinAddress ]]", "", "1.0.9"),
        ("a: {{ .Values.global }}", "", "1.8.6"),
    ],
)
def test_without_a_tag_the_newest_that_fits_with_a_warning(single, template, name, version):
    found = detect(single(template), name=name)
    assert found.release.version == version
    assert len(found.warnings) == 1
    assert f"taken as {version}" in found.warnings[0]


@pytest.mark.parametrize(
    ("template", "version"),
    [
        ("a: {{ .ProxyInitImage }}", "1.31.0"),
        ("a: {{ .EstimatedConcurrency }}{{ .ProxyImage }}", "1.17.8"),
        ('a: {{ env "ENABLE_NATIVE_SIDECARS" "false" }}', "1.26.8"),
        ("a: {{ .EstimatedConcurrency }}{{ render .X }}", "1.13.9"),
    ],
)
def test_words_of_named_templates(template, version):
    assert detect(f"templates:\n  sidecar: '{template}'\n").release.version == version


def test_a_tag_that_contradicts_the_rest_is_not_believed(single):
    found = detect(single("image: registry.example/istio/proxy:0.5.1\na: [[ .MeshConfig ]]"))
    assert found.release.version == "1.1.17"
    assert "images have the tag 0.5.1, but" in found.warnings[0]


def test_a_mixture_is_reported(single):
    found = detect(single("a: [[ .ProxyConfig.ZipkinAddress ]][[ .NativeSidecars ]]"))
    assert "mixes releases" in found.warnings[0]


def test_a_stock_template_is_dated_by_what_it_lacks(single):
    stock = "- name: istio-init\n- name: istio-proxy\n  a: {{ .Values.x }}{{ structToJSON .X }}\n"
    found = detect(single(stock))
    assert found.release.version == "1.3.8"
    assert "the template has nothing of 1.4" in [item.what for item in found.evidence]


def test_evidence_reads_as_a_sentence(bracket_config):
    assert "actions are written [[ ]]: Istio 0.8 to 1.1" in [str(item) for item in detect(bracket_config).evidence]
