"""The Kubernetes API as the command line uses it, against a fake over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from webhook.cluster import Cluster, ClusterError, NotFoundError

pytestmark = pytest.mark.loopback
NO_WAIT = {"sleep": lambda _: None}


def _cluster(api: Any) -> Cluster:
    return Cluster(str(api.kubeconfig))


def test_a_config_map(fake_api: Any) -> None:
    fake_api.add_config_map("istio-system", "istio", {"mesh": "a: b"})
    assert _cluster(fake_api).config_map("istio-system", "istio") == {"mesh": "a: b"}


def test_an_object_that_is_not_there(fake_api: Any) -> None:
    with pytest.raises(NotFoundError, match="ConfigMap istio-system/istio not found"):
        _cluster(fake_api).config_map("istio-system", "istio")


def test_a_secret_is_created_then_replaced(fake_api: Any) -> None:
    cluster = _cluster(fake_api)
    cluster.apply_secret("n", "s", {"key.pem": b"one"})
    cluster.apply_secret("n", "s", {"key.pem": b"two"})
    assert cluster.secret("n", "s") == {"key.pem": b"two"}


def test_a_request_is_approved_and_signed(fake_api: Any) -> None:
    cluster = _cluster(fake_api)
    for _ in range(2):  # the second replaces the first
        certificate = cluster.sign("svc.ns", b"request", "kubernetes.io/kubelet-serving", **NO_WAIT)
        assert certificate == fake_api.certificate
    stored = fake_api.objects["/apis/certificates.k8s.io/v1/certificatesigningrequests/svc.ns"]
    assert stored["spec"]["usages"] == ["digital signature", "key encipherment", "server auth"]
    cluster.delete_request("svc.ns")
    cluster.delete_request("svc.ns")
    assert not fake_api.objects


def test_a_signer_that_does_not_run(fake_api: Any) -> None:
    with pytest.raises(ClusterError, match=r"example.com/none.*issued no certificate"):
        _cluster(fake_api).sign("svc.ns", b"request", "example.com/none", **NO_WAIT)


def test_no_api_there(fake_api: Any, tmp_path: Path) -> None:
    text = fake_api.kubeconfig.read_text()
    port = text.partition("http://127.0.0.1:")[2].partition('"')[0]
    other = tmp_path / "other"
    other.write_text(text.replace(port, "1"))
    with pytest.raises(ClusterError, match="cannot reach the Kubernetes API for ConfigMap n/c"):
        Cluster(str(other)).config_map("n", "c")


def test_no_kubeconfig(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="no cluster is configured"):
        Cluster(str(tmp_path / "missing")).config_map("n", "c")


def test_a_list_of_kubeconfigs(fake_api: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_location(monkeypatch, f"{tmp_path / 'missing'}:{fake_api.kubeconfig}")
    fake_api.add_config_map("n", "c", {"mesh": ""})
    assert Cluster().config_map("n", "c") == {"mesh": ""}


def test_neither_kubeconfig_nor_pod(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _set_location(monkeypatch, str(tmp_path / "missing"))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(ClusterError, match=r"no cluster is configured: [^.]*\. Give --kubeconfig"):
        Cluster().config_map("n", "c")
    assert capsys.readouterr().out == ""  # where results go


def _set_location(monkeypatch: pytest.MonkeyPatch, location: str) -> None:
    """Set what the client makes of KUBECONFIG when it is imported."""
    monkeypatch.setattr("kubernetes.config.KUBE_CONFIG_DEFAULT_LOCATION", location)
    monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", location)
