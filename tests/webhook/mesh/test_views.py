"""What templates see of the mesh: Go names, getters on nil, enums by name."""

import pytest

from gotemplate import values as go
from webhook.mesh.layering import apply_proxy_config
from webhook.mesh.mesh import default_mesh, read_mesh
from webhook.mesh.messages import Duration
from webhook.mesh.schema import PROXY_CONFIG, schema_of
from webhook.mesh.views import message_of, views_of


def call(value, *names):
    """Call methods one after the other, as a chain in a template does."""
    for name in names:
        go_type = go.type_of(value)
        declared = go_type.elem if go_type.kind is go.Kind.POINTER else go_type
        value = declared.methods[name].call(value)
    return value


def test_fields_have_go_names_and_types():
    proxy = default_mesh("0.8.0").default_config_view
    fields = {field.name: field.type.name for field in proxy.target.go_type.fields}
    assert proxy.go_type.name == "*v1alpha1.ProxyConfig"
    assert fields["DrainDuration"] == "*duration.Duration"
    assert fields["InterceptionMode"] == "v1alpha1.ProxyConfig_InboundInterceptionMode"
    assert fields["ProxyAdminPort"] == "int32"


@pytest.mark.parametrize(("version", "package"), [("0.8.0", "duration"), ("1.12.9", "types"), ("1.20.8", "durationpb")])
def test_durations_have_the_package_of_the_library(version, package):
    view = default_mesh(version).default_config_view.target["DrainDuration"]
    assert view.go_type.name == f"*{package}.Duration"
    assert view.target["Seconds"] == (2 if version == "0.8.0" else 45)
    assert message_of(view) == Duration(2 if version == "0.8.0" else 45)


def test_enums_print_by_name():
    view = default_mesh("0.8.0").default_config_view.target["InterceptionMode"]
    assert view == 0
    assert call(view, "String") == "REDIRECT"


def test_an_unknown_enum_number_prints_as_number():
    view = read_mesh({"defaultConfig": {"interceptionMode": 77}}, "0.8.0").default_config_view
    assert call(view.target["InterceptionMode"], "String") == "77"


@pytest.mark.parametrize(
    "chain",
    [
        ("GetTracing", "GetZipkin", "GetAddress"),
        ("GetTracing", "GetTlsSettings", "GetCaCertificates"),
        ("GetServiceCluster",),
    ],
)
def test_getters_work_on_nil(chain):
    nil = views_of(schema_of("1.20.8")).view(None, PROXY_CONFIG)
    assert call(nil, *chain) == ""


def test_getters_reach_oneof_members():
    view = default_mesh("1.20.8").default_config_view
    assert call(view, "GetServiceCluster") == "istio-proxy"
    assert call(view, "GetTracing", "GetZipkin", "GetAddress") == "zipkin.istio-system:9411"
    assert call(view, "GetTracing", "GetLightstep").is_nil


def test_a_oneof_is_a_field_with_a_wrapper():
    proxy = default_mesh("1.20.8").default_config_view.target
    assert proxy["ClusterName"].go_type.name == "*v1alpha1.ProxyConfig_ServiceCluster"
    assert proxy["ClusterName"].target["ServiceCluster"] == "istio-proxy"
    assert proxy["Tracing"].target["Tracer"].go_type.name == "*v1alpha1.Tracing_Zipkin_"
    with pytest.raises(KeyError):
        proxy["ServiceCluster"]


def test_wrappers():
    mesh = default_mesh("1.17.8")
    assert call(mesh.default_config_view.target["Concurrency"], "GetValue") == 2
    unset = default_mesh("1.18.7").default_config_view.target["HoldApplicationUntilProxyStarts"]
    assert unset.is_nil
    assert call(unset, "GetValue") is False


def test_maps_and_lists():
    mesh = default_mesh("1.20.8")
    proxy = apply_proxy_config({"proxyMetadata": {"A": "b"}, "extraStatTags": ["t"]}, mesh.proxy, mesh.schema)
    view = mesh.proxy_view(proxy).target
    assert view["ProxyMetadata"] == {"A": "b"}
    assert view["ProxyMetadata"].go_type.name == "map[string]string"
    assert list(view["ExtraStatTags"]) == ["t"]
    assert mesh.default_config_view.target["ProxyMetadata"].is_nil


def test_messages_print_themselves():
    view = default_mesh("1.12.9").default_config_view
    assert call(view.target["Tracing"], "String") == 'zipkin:<address:"zipkin.istio-system:9411" > '
    assert call(view.target["DrainDuration"], "String") == "seconds:45 "
    assert call(views_of(schema_of("1.12.9")).view(None, PROXY_CONFIG), "String") == "<nil>"


def test_a_view_leads_back_to_its_message():
    mesh = default_mesh("1.20.8")
    assert message_of(mesh.default_config_view) is mesh.proxy
    assert message_of(None) is None
    assert message_of(5) is None
