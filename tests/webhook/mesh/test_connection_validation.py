"""What 1.31 demands of connections in mesh configuration, in its words."""

import pytest

from webhook.mesh.errors import MeshError
from webhook.mesh.mesh import read_mesh

NEW = "1.31.0"
POSITIVE = "duration must be greater than 1ms"


def complaints(data):
    with pytest.raises(MeshError) as caught:
        read_mesh(data, NEW)
    return str(caught.value)


def policy(**parts):
    return {"defaultTrafficPolicy": parts}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (policy(connectionPool={}), "connection pool must have at least one field"),
        (policy(connectionPool={"http": {"maxRetries": -1}}), "max retries must be non-negative"),
        (policy(connectionPool={"http": {"idleTimeout": "0s"}}), POSITIVE),
        (policy(connectionPool={"http": {"h2UpgradePolicy": "UPGRADE", "useClientProtocol": True}}),
         "use client protocol must not be true when H2UpgradePolicy is UPGRADE"),
        (policy(connectionPool={"tcp": {"maxConnections": -1, "idleTimeout": "0s"}}), "max connections must be non-negative"),
        (policy(connectionPool={"tcp": {"idleTimeout": "1.0005s"}}), "only durations to ms precision are supported"),
        (policy(connectionPool={"tcp": {"tcpKeepalive": {"time": "0s"}}}), POSITIVE),
        (policy(outlierDetection={"interval": "0.0001s"}), POSITIVE),
        (policy(outlierDetection={"consecutiveLocalOriginFailures": 1}),
         "outlier detection consecutive local origin failures is specified, but split external local origin errors is set to "
         "false"),
        (policy(outlierDetection={"minHealthPercent": -1}), "percentage -1 is not in range 0..100"),
        ({"zoneAwareLbSetting": {"failover": [{"from": "a", "to": "a"}]}},
         "zone aware lb failover settings must specify different regions"),
        ({"zoneAwareLbSetting": {"failover": [{"from": "a/b", "to": "c"}]}},
         "zone aware lb failover only specifies region; zone and subzone failover are handled automatically"),
        ({"zoneAwareLbSetting": {"failover": [{"from": "*", "to": "c"}]}},
         "zone aware lb failover region should not contain '*' wildcard"),
        ({"zoneAwareLbSetting": {"failoverPriority": ["x", "topology.kubernetes.io/zone"]}},
         "'failover_priority' for zone aware lb must not use topology label 'topology.kubernetes.io/zone'; "
         "region- and zone-level routing are handled automatically"),
    ],
)  # fmt: skip
def test_traffic_of_the_mesh(data, text):
    assert complaints(data) == text


def test_connections_of_a_proxy():
    settings = {"httpIdleTimeout": "-1s", "http2InitialStreamWindowSize": 65534, "listenerConnectionLimit": 0}
    prefix = "\t* invalid connection settings: "
    lines = ("http_idle_timeout must be non-negative", "http2_initial_stream_window_size must be at least 65535",
             "listener_connection_limit must be positive")  # fmt: skip
    text = "3 errors occurred:\n" + "".join(f"{prefix}{line}\n" for line in lines) + "\n"
    assert complaints({"defaultConfig": {"connectionSettings": settings}}) == text


def test_good_settings():
    pool = {"http": {"maxRetries": 1, "idleTimeout": "1s"}, "tcp": {"idleTimeout": "0s", "connectTimeout": "1s"}}
    outlier = {"consecutiveLocalOriginFailures": 1, "splitExternalLocalOriginErrors": True, "maxEjectionPercent": 100}
    settings = {"listenerPerConnectionBufferLimitBytes": 0, "httpRequestTimeout": "0s"}
    read_mesh(
        {**policy(connectionPool=pool, outlierDetection=outlier), "defaultConfig": {"connectionSettings": settings}},
        NEW,
    )
