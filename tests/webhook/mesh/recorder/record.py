"""Records what Go's jsonpb libraries make of mesh configuration: error, JSON and text of each input.

Writes ``../jsonpb_vectors.json``. For the releases before 1.14 the Go structs are made here from the field table, in
the form protoc-gen-go gave them; for later ones the published istio.io/api module is used. Needs Go and its module
proxy: ``python record.py``.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from webhook.mesh.schema import SCALARS, WRAPPERS, FieldInfo, MessageInfo, Schema, schema_of

HERE = Path(__file__).resolve().parent
GO_SCALARS = {"double": "float64"}
WIRES = {"string": "bytes", "double": "fixed64"}

COMMON = [
    '{"configPath":5}', '{"configPath":true}', '{"configPath":["a"]}', '{"configPath":{"a":1}}', '{"configPath":null}',
    '{"config_path":"a","configPath":"b"}', '{"configpath":"a"}', '{"configPath":"a\\nb\\"c<&>\\u2028é\\u0001\\u0008\\u000c\\u007f"}',
    '{"drainDuration":"5"}', '{"drainDuration":5}', '{"drainDuration":"1h1m0.25s"}', '{"drain_duration":"-1.5s"}',
    '{"drainDuration":"0s"}', '{"drainDuration":"45s"}', '{"drainDuration":{"seconds":1}}', '{"drainDuration":""}',
    '{"drainDuration":"abc"}', '{"drainDuration":"5x"}', '{"drainDuration":"99999999999999h"}', '{"drainDuration":true}',
    '{"drainDuration":["1s"]}', '{"drainDuration":"1us"}', '{"drainDuration":"1ms"}', '{"drainDuration":"1ns"}',
    '{"drainDuration":".5s"}', '{"drainDuration":"+3s"}', '{"drainDuration":"."}', '{"drainDuration":"3000000h"}',
    '{"proxyAdminPort":"7"}', '{"proxyAdminPort":7.5}', '{"proxyAdminPort":"x"}', '{"proxyAdminPort":""}',
    '{"proxyAdminPort":"7.5"}', '{"proxyAdminPort":"7x"}', '{"proxyAdminPort":"true"}', '{"proxyAdminPort":3000000000}',
    '{"proxyAdminPort":true}', '{"proxyAdminPort":[1]}', '{"proxyAdminPort":{"a":1}}', '{"proxyAdminPort":0}',
    '{"controlPlaneAuthPolicy":"MUTUAL_TLS"}', '{"controlPlaneAuthPolicy":1}', '{"controlPlaneAuthPolicy":77}',
    '{"controlPlaneAuthPolicy":"mutual_tls"}', '{"controlPlaneAuthPolicy":"1"}', '{"controlPlaneAuthPolicy":true}',
    '{"controlPlaneAuthPolicy":1.5}', '{"controlPlaneAuthPolicy":["NONE"]}', '{"controlPlaneAuthPolicy":null}',
    '{"controlPlaneAuthPolicy":99999999999}', '{"controlPlaneAuthPolicy":"NONE"}', '{"controlPlaneAuthPolicy":"INHERIT"}',
    '{"nope":5}', "null", "5", '"x"', "[]", "{}", "true",
    '{"statNameLength":189,"proxyAdminPort":15000,"binaryPath":"/b","serviceCluster":"c"}',
]  # fmt: skip
LATER = [
    '{"tracing":{}}', '{"tracing":{"zipkin":{"address":"a:1"}}}', '{"tracing":{"zipkin":{},"sampling":1}}',
    '{"tracing":{"zipkin":null}}', '{"tracing":{"zipkin":{"address":"a:1"},"lightstep":{"address":"b:2"}}}',
    '{"tracing":{"sampling":"1.5"}}', '{"tracing":{"sampling":100000000}}', '{"tracing":{"sampling":0.0000001}}',
    '{"tracing":{"sampling":1e21}}', '{"tracing":{"sampling":12.25}}', '{"tracing":{"sampling":"x"}}', '{"tracing":{"sampling":true}}',
    '{"tracing":{"maxPathTagLength":-1}}', '{"tracing":{"maxPathTagLength":5000000000}}', '{"tracing":{"maxPathTagLength":"5"}}',
    '{"tracing":"x"}', '{"tracing":5}', '{"tracing":[]}',
    '{"tracing":{"customTags":{"b":{"literal":{"value":"v"}},"a":{"header":{"name":"h"}}}}}',
    '{"proxyMetadata":{"a":"b","B":"<&>"}}', '{"proxyMetadata":{}}', '{"proxyMetadata":{"a":5}}', '{"proxyMetadata":{"a":null}}',
    '{"proxyMetadata":["a"]}', '{"proxyMetadata":"a"}', '{"extraStatTags":[]}', '{"extraStatTags":["a",5]}',
    '{"extraStatTags":["a",null]}', '{"extraStatTags":"a"}', '{"extraStatTags":{"a":"b"}}',
    '{"concurrency":4}', '{"concurrency":0}', '{"concurrency":"4"}', '{"concurrency":"x"}', '{"concurrency":4.5}',
    '{"concurrency":null}', '{"concurrency":{"value":3}}', '{"concurrency":true}', '{"concurrency":"null"}',
    '{"holdApplicationUntilProxyStarts":false}', '{"holdApplicationUntilProxyStarts":true}',
    '{"holdApplicationUntilProxyStarts":"true"}', '{"holdApplicationUntilProxyStarts":1}', '{"interceptionMode":"TPROXY"}',
    '{"proxyStatsMatcher":{"inclusionPrefixes":["a","b"]}}', '{"gatewayTopology":{"numTrustedProxies":2}}',
]  # fmt: skip
MESH = [
    '{"defaultConfig":{"configPath":"x"},"proxyListenPort":3}', '{"defaultConfig":null}', '{"defaultConfig":[]}',
    '{"defaultConfig":{"nope":1}}', '{"ingressControllerMode":"STRICT","enableTracing":true}', '{"enableTracing":"true"}',
    '{"enableTracing":1}', '{"outboundTrafficPolicy":{"mode":"ALLOW_ANY"}}', '{"outboundTrafficPolicy":{"mode":"nope"}}',
]  # fmt: skip
RUNS = {
    "0.8.0": [("ProxyConfig", COMMON), ("MeshConfig", [*MESH, '{"mtlsExcludedServices":["a",null]}'])],
    "1.12.9": [
        ("ProxyConfig", [*COMMON, *LATER]),
        ("MeshConfig", [*MESH, '{"certificates":[null,{"secretName":"s"}]}']),
    ],
    "1.24.2": [
        ("ProxyConfig", [*COMMON, *LATER]),
        ("MeshConfig", [*MESH, '{"certificates":[null,{"secretName":"s"}]}']),
    ],
}
MODULES = {
    "0.8.0": ("github.com/golang/protobuf v1.0.0", "github.com/golang/protobuf", "github.com/golang/protobuf/ptypes"),
    "1.12.9": ("github.com/gogo/protobuf v1.3.1", "github.com/gogo/protobuf", "github.com/gogo/protobuf/types"),
    "1.24.2": ("istio.io/api v1.24.2\nrequire github.com/golang/protobuf v1.5.4", "github.com/golang/protobuf", ""),
}
MAIN = """package main
import (
 "bufio"; "encoding/json"; "fmt"; "os"; "strings"
 "BASE/jsonpb"
 "BASE/proto"
 v1alpha1 "PACKAGE"
)
type row struct { Release, Message, Input, Error, JSON, Text string }
func main() {
 rows := []row{}
 for scanner := bufio.NewScanner(os.Stdin); scanner.Scan(); {
  name, input, _ := strings.Cut(scanner.Text(), " ")
  var m proto.Message = &v1alpha1.ProxyConfig{}
  if name == "MeshConfig" { m = &v1alpha1.MeshConfig{} }
  r := row{Release: "RELEASE", Message: name, Input: input}
  if err := jsonpb.Unmarshal(strings.NewReader(input), m); err != nil {
   r.Error = err.Error()
  } else {
   r.JSON, err = (&jsonpb.Marshaler{}).MarshalToString(m)
   if err != nil { panic(err) }
   r.Text = m.String()
  }
  rows = append(rows, r)
 }
 out, _ := json.Marshal(rows)
 fmt.Println(string(out))
}
"""


def go_type(schema: Schema, name: str, package: str) -> str:
    """Return the Go type of one value of a proto type."""
    if name in SCALARS:
        return GO_SCALARS.get(name, name)
    if name.startswith("google.protobuf."):
        return f"*{package}.{name.rpartition('.')[2]}"
    return schema.enum(name).go if schema.is_enum(name) else "*" + schema.message(name).go


def tag(schema: Schema, field: FieldInfo) -> str:
    """Return the struct tag protoc-gen-go writes for a field."""
    enum = schema.is_enum(field.type)
    wire = WIRES.get(field.type, "varint") if field.type in SCALARS or enum else "bytes"
    count = "rep" if field.label in ("repeated", "map") else "opt"
    parts = [wire if field.label != "map" else "bytes", str(field.number), count, f"name={field.name}"]
    parts += [f"json={field.json}"] * (field.json != field.name) + ["proto3"]
    if enum:
        package = ".".join(part for part in field.type.split(".") if part[:1].islower())
        parts.append(f"enum={package}.{schema.enum(field.type).go}")
    parts += ["oneof"] * (field.label == "oneof")
    text = f'protobuf:"{",".join(parts)}"'
    if field.label == "map":
        value = WIRES.get(field.type, "varint") if field.type in SCALARS else "bytes"
        text += f' protobuf_key:"bytes,1,opt,name=key,proto3" protobuf_val:"{value},2,opt,name=value,proto3"'
    return f"`{text}`"


def struct(schema: Schema, info: MessageInfo, package: str, *, gogo: bool) -> str:
    """Return the Go declarations of a message."""
    lines, after, members = [], [], []
    for field in info.fields:
        single = go_type(schema, field.type, package)
        shape = {"repeated": f"[]{single}", "map": f"map[string]{single}"}.get(field.label, single)
        if field.oneof is None:
            lines.append(f"{field.go} {shape} {tag(schema, field)}")
            continue
        marker, wrapper = f"is{info.go}_{info.oneofs[field.oneof]}", f"{info.go}_{field.go}_W"
        if not any(marker in line for line in lines):
            lines.append(f'{info.oneofs[field.oneof]} {marker} `protobuf_oneof:"{field.oneof}"`')
            after.append(f"type {marker} interface {{ {marker}() }}")
        after.append(f"type {wrapper} struct {{ {field.go} {shape} {tag(schema, field)} }}")
        after.append(f"func (*{wrapper}) {marker}() {{}}")
        members.append(f"(*{wrapper})(nil)")
    after.append(f"func (m *{info.go}) Reset() {{ *m = {info.go}{{}} }}")
    after.append(f"func (m *{info.go}) String() string {{ return proto.CompactTextString(m) }}")
    after.append(f"func (*{info.go}) ProtoMessage() {{}}")
    if members and gogo:
        after.append(
            f"func (*{info.go}) XXX_OneofWrappers() []interface{{}} {{ return []interface{{}}{{{', '.join(members)}}} }}"
        )
    return f"type {info.go} struct {{\n" + "\n".join(lines) + "\n}\n" + "\n".join(after) + "\n"


def reachable(schema: Schema) -> tuple[list[str], list[str]]:
    """Return the full names of the messages and enums that MeshConfig leads to."""
    messages, enums, queue = [], [], [schema.mesh_config.name]
    while queue:
        name = queue.pop()
        if name in messages or name in enums or name in SCALARS or name in WRAPPERS or name.startswith("google."):
            continue
        if schema.is_enum(name):
            enums.append(name)
            continue
        messages.append(name)
        queue.extend(field.type for field in schema.message(name).fields)
    return messages, enums


def declarations(release: str, base: str, types: str) -> str:
    """Return a Go package with the mesh messages of a release."""
    schema = schema_of(release)
    gogo = "gogo" in base
    messages, enums = reachable(schema)
    package = "types" if gogo else "duration"
    parts = [f'package v1alpha1\nimport "{base}/proto"', f'import "{types}"' if gogo else f'import "{types}/duration"']
    parts.append("var _ " + f"*{package}.Duration")
    for name in enums:
        enum = schema.enum(name)
        go = enum.go
        numbers = ",".join(f'"{key}":{value}' for key, value in enum.numbers.items())
        names = ",".join(f'{value}:"{key}"' for value, key in enum.names.items())
        proto = ".".join(part for part in name.split(".") if part[:1].islower())
        parts.append(
            f"type {go} int32\nvar {go}_name = map[int32]string{{{names}}}\nvar {go}_value = map[string]int32{{{numbers}}}\n"
            f"func (x {go}) String() string {{ return proto.EnumName({go}_name, int32(x)) }}\n"
            f'func init() {{ proto.RegisterEnum("{proto}.{go}", {go}_name, {go}_value) }}'
        )
    parts += [struct(schema, schema.message(name), package, gogo=gogo) for name in messages]
    parts += [f'func init() {{ proto.RegisterType((*{schema.message(n).go})(nil), "{n}") }}' for n in messages]
    return "\n".join(parts)


def record(release: str) -> list[dict[str, str]]:
    """Build the program of a release and return what it says about each input."""
    require, base, types = MODULES[release]
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "go.mod").write_text(f"module record\ngo 1.24\nrequire {require}\n")
        package = "istio.io/api/mesh/v1alpha1" if not types else "record/v1alpha1"
        if types:
            (place / "v1alpha1").mkdir()
            (place / "v1alpha1" / "mesh.go").write_text(declarations(release, base, types))
        main = MAIN.replace("BASE", base).replace("PACKAGE", package).replace("RELEASE", release)
        if "golang/protobuf v1.5" in require:  # messages of the new API print themselves
            main = main.replace("m.String()", "fmt.Sprint(m)")
        (place / "main.go").write_text(main)
        lines = "".join(f"{message} {text}\n" for message, texts in RUNS[release] for text in texts)
        subprocess.run(["go", "mod", "tidy"], cwd=place, check=True, capture_output=True)
        done = subprocess.run(["go", "run", "."], cwd=place, check=True, input=lines, capture_output=True, text=True)
    rows = json.loads(done.stdout)
    return [{key.lower(): value for key, value in row.items() if value} for row in rows]


if __name__ == "__main__":
    found = [row for release in RUNS for row in record(release)]
    body = ",\n".join(json.dumps(row, ensure_ascii=False) for row in found)
    (HERE.parent / "jsonpb_vectors.json").write_text(f"[\n{body}\n]\n", encoding="utf-8")
