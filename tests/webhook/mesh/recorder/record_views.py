"""Records what Go templates say about the mesh of the published istio.io/api module: fields, getters, types, errors.

Writes ``../view_vectors.json``. Needs Go and its module proxy: ``python record_views.py``.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
RELEASE = "1.24.2"
MESH = {
    "trustDomain": "t.d",
    "proxyListenPort": 15001,
    "enableTracing": True,
    "outboundTrafficPolicy": {"mode": "ALLOW_ANY"},
    "trustDomainAliases": ["a", "b"],
    "extensionProviders": [{"name": "e", "envoyFileAccessLog": {"path": "/p", "logFormat": {"labels": {"k": "v"}}}}],
    "defaultConfig": {
        "configPath": "/c",
        "serviceCluster": "sc",
        "drainDuration": "1.5s",
        "proxyAdminPort": 15000,
        "controlPlaneAuthPolicy": "MUTUAL_TLS",
        "tracing": {"zipkin": {"address": "z:1"}, "sampling": 12.5, "customTags": {"x": {"literal": {"value": "v"}}}},
        "concurrency": 3,
        "proxyMetadata": {"B": "2", "A": "1"},
        "extraStatTags": ["t1"],
        "proxyHeaders": {"attemptCount": {"disabled": True}},
    },
}
P, M = ".ProxyConfig", ".MeshConfig"
TEMPLATES = [
    *(f"{{{{{P}.{name}}}}}" for name in (
        "ConfigPath", "DrainDuration", "DrainDuration.Seconds", "DrainDuration.GetNanos", "DrainDuration.AsDuration", "InterceptionMode",
        "InterceptionMode.String", "ControlPlaneAuthPolicy", "GetControlPlaneAuthPolicy", "ProxyAdminPort", "Concurrency",
        "Concurrency.Value", "Concurrency.GetValue", "HoldApplicationUntilProxyStarts", "HoldApplicationUntilProxyStarts.GetValue",
        "GetServiceCluster", "ServiceCluster", "ClusterName.ServiceCluster", "GetClusterName.ServiceCluster", "GetTracingServiceName",
        "Tracing", "Tracing.Tracer.Zipkin.Address", "GetTracing.GetZipkin.GetAddress", "GetTracing.GetLightstep.GetAddress",
        "GetTracing.GetTlsSettings.GetCaCertificates", "Tracing.TlsSettings", "Tracing.TlsSettings.Mode", "Tracing.Sampling",
        "Tracing.CustomTags", "Tracing.GetCustomTags", "ProxyMetadata", "ProxyMetadata.A", "ProxyMetadata.C", "RuntimeValues",
        "ExtraStatTags", "ProxyHeaders", "ProxyHeaders.AttemptCount.Disabled", "Nope", "GetNope", "Tracing.Nope", "StatusPort",
        "ReadinessProbe", "GetReadinessProbe.GetHttpGet.GetPort", "Image", "GetImage.GetImageType", "MeshId", "DrainDuration.String",
    )),
    *(f"{{{{{M}.{name}}}}}" for name in (
        "TrustDomain", "TrustDomainAliases", "EnableTracing", "OutboundTrafficPolicy", "OutboundTrafficPolicy.Mode",
        "DefaultConfig.ConfigPath", "GetDefaultConfig.GetTracing", "InboundTrafficPolicy", "InboundTrafficPolicy.Mode",
        "GetInboundTrafficPolicy.GetMode", "EnableAutoMtls", "EnableAutoMtls.GetValue", "Certificates", "ConnectTimeout",
        "ConnectTimeout.AsDuration",
    )),
    *(f'{{{{printf "%T" {value}}}}}' for value in (
        P, f"{P}.DrainDuration", f"{P}.InterceptionMode", f"{P}.ProxyMetadata", f"{P}.ExtraStatTags", f"{P}.Concurrency", f"{P}.Tracing",
        f"{P}.ClusterName", f"{P}.Tracing.Tracer", f"{M}.ExtensionProviders", f"{P}.Tracing.CustomTags", f"{P}.ProxyAdminPort",
        f"{P}.DrainDuration.AsDuration", f"{P}.Tracing.Sampling", f"{M}.EnableAutoMtls", f"{M}.OutboundTrafficPolicy.Mode",
    )),
    f'{{{{printf "%d %v %s %q" {P}.InterceptionMode {P}.InterceptionMode {P}.InterceptionMode {P}.InterceptionMode}}}}',
    f'{{{{eq {P}.InterceptionMode 0}}}} {{{{eq {P}.InterceptionMode.String "REDIRECT"}}}}',
    f'{{{{eq {P}.InterceptionMode "REDIRECT"}}}}',
    f"{{{{gt {P}.Concurrency.GetValue 0}}}} {{{{eq {P}.ProxyAdminPort 15000}}}}",
    f"{{{{range $k, $v := {P}.ProxyMetadata}}}}{{{{$k}}}}={{{{$v}}}};{{{{end}}}}",
    f"{{{{range {M}.ExtensionProviders}}}}{{{{.Name}}}} {{{{.GetEnvoyFileAccessLog.GetPath}}}} {{{{.GetPrometheus}}}};{{{{end}}}}",
    f"{{{{if {P}.Tracing}}}}y{{{{end}}}}{{{{if {P}.Image}}}}n{{{{end}}}}{{{{with {P}.HoldApplicationUntilProxyStarts}}}}n{{{{end}}}}",
    f"{{{{if {P}.Concurrency}}}}y{{{{end}}}}{{{{if {P}.InterceptionMode}}}}n{{{{end}}}}{{{{if {P}.ControlPlaneAuthPolicy}}}}y{{{{end}}}}",
    f"{{{{index {P}.ProxyMetadata \"A\"}}}}{{{{index {P}.ProxyMetadata \"C\"}}}}{{{{index {P}.ExtraStatTags 0}}}}",
    f"{{{{len {P}.ProxyMetadata}}}}{{{{len {M}.TrustDomainAliases}}}}{{{{len {P}.RuntimeValues}}}}",
    f"{{{{with {P}.DrainDuration.AsDuration}}}}{{{{.Seconds}}}} {{{{.Milliseconds}}}} {{{{.Hours}}}}{{{{end}}}}",
    f"{{{{$c := {P}}}}}{{{{$c.ConfigPath}}}}{{{{$c.Tracing.Sampling}}}}",
]  # fmt: skip
MAIN = """package main
import (
 "encoding/json"; "fmt"; "os"; "strings"; "text/template"
 "github.com/golang/protobuf/jsonpb"
 mesh "istio.io/api/mesh/v1alpha1"
)
type data struct { MeshConfig *mesh.MeshConfig; ProxyConfig *mesh.ProxyConfig }
type row struct { Template, Output, Error string }
func main() {
 var in struct { Mesh json.RawMessage; Templates []string }
 if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil { panic(err) }
 m := &mesh.MeshConfig{}
 if err := jsonpb.Unmarshal(strings.NewReader(string(in.Mesh)), m); err != nil { panic(err) }
 rows := []row{}
 for _, text := range in.Templates {
  out := &strings.Builder{}
  r := row{Template: text}
  if err := template.Must(template.New("inject").Parse(text)).Execute(out, data{m, m.DefaultConfig}); err != nil {
   r.Error = err.Error()
  } else { r.Output = out.String() }
  rows = append(rows, r)
 }
 out, _ := json.Marshal(rows)
 fmt.Println(string(out))
}
"""


def record() -> list[dict[str, str]]:
    """Run the templates in Go."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        require = f"require istio.io/api v{RELEASE}\nrequire github.com/golang/protobuf v1.5.4"
        (place / "go.mod").write_text(f"module record\ngo 1.24\n{require}\n")
        (place / "main.go").write_text(MAIN)
        given = json.dumps({"Mesh": MESH, "Templates": TEMPLATES})
        subprocess.run(["go", "mod", "tidy"], cwd=place, check=True, capture_output=True)
        done = subprocess.run(["go", "run", "."], cwd=place, check=True, input=given, capture_output=True, text=True)
    return [{key.lower(): value for key, value in row.items() if value} for row in json.loads(done.stdout)]


if __name__ == "__main__":
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in record())
    head = f'"release": "{RELEASE}",\n"mesh": {json.dumps(MESH)}'
    (HERE.parent / "view_vectors.json").write_text(f'{{{head},\n"rows": [\n{rows}\n]}}\n', encoding="utf-8")
