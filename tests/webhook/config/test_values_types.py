"""Values that do not fit Istio's message Values are refused in its words; everything that some release takes passes."""

import json

import pytest

from webhook.config.errors import ConfigError
from webhook.config.values_types import VALUES, values_error

OLD, MIDDLE, NEW = "1.8.6", "1.12.9", "1.30.3"


def proxy(**settings):
    return {"global": {"proxy": settings}}


@pytest.mark.parametrize("version", [OLD, MIDDLE, NEW])
@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"global": "text"}, "json: cannot unmarshal string into Go value of type map[string]json.RawMessage"),
        ({"revision": 1.0}, "json: cannot unmarshal number into Go value of type string"),
        (proxy(excludeInboundPorts=8080.0), "json: cannot unmarshal number into Go value of type string"),
        (proxy(image=["a"]), "json: cannot unmarshal array into Go value of type string"),
        (proxy(privileged="yes"), "json: cannot unmarshal string into Go value of type bool"),
        (proxy(statusPort=-1.0), "json: cannot unmarshal number -1 into Go value of type uint32"),
        (proxy(resources={"limits": {"cpu": 2.0}}), "json: cannot unmarshal number into Go value of type string"),
        (
            proxy(resources={"limits": "2"}),
            "json: cannot unmarshal string into Go value of type map[string]json.RawMessage",
        ),
        (proxy(statusPort=1.5), "json: cannot unmarshal number 1.5 into Go value of type uint32"),
        (
            {"global": {"imagePullSecrets": "a"}},
            "json: cannot unmarshal string into Go value of type []json.RawMessage",
        ),
    ],
)
def test_what_does_not_fit(values, error, version):
    assert values_error(values, version) == error


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"unknown": 1.0, "global": {"unknown": [], "hub": None, "proxy": None}},
        proxy(statusPort=15020.0, resources={"limits": {"cpu": None}}, privileged=False),
        proxy(statusPort="15020"),
        {
            "global": {"tag": 1.0, "imagePullSecrets": ["a"]},
            "sidecarInjectorWebhook": {"injectedAnnotations": {"a": "b"}},
        },
    ],
)
def test_what_fits(values):
    assert values_error(values, NEW) is None


def test_every_table_entry_is_a_type_that_is_read():
    def words(table):
        for kind in table.values():
            yield from words(kind) if isinstance(kind, dict) else [kind]

    plain = {"string", "uint32", "[]string", "{}string"}
    assert set(words(VALUES)) == {*plain, "google.protobuf.BoolValue", "google.protobuf.Struct"}


@pytest.mark.parametrize(("version", "refused"), [("1.7.8", False), (OLD, True), (NEW, True)])
def test_a_configuration_with_such_values_is_refused_since_1_8(build, single, named_config, version, refused):
    config = named_config if version == NEW else single("containers: []\n")
    values = json.dumps(proxy(image=1))
    if not refused:
        assert build(config, values=values, version=version).values == proxy(image=1.0)
        return
    with pytest.raises(ConfigError) as error:
        build(config, values=values, version=version)
    text = str(error.value)
    assert "could not parse configuration values: json: cannot unmarshal number into Go value of type string" in text


def test_values_of_real_releases_fit(upstream):
    found = 0
    for path in [
        *upstream.glob("*/rendered/*.values.json"),
        *upstream.glob("*/pkg/kube/inject/testdata/inputs/*.values.gen.yaml"),
    ]:
        version = path.relative_to(upstream).parts[0]
        if int(version.split(".")[1]) >= 8:
            assert values_error(json.loads(path.read_text()), version) is None, path
            found += 1
    assert found > 100
