// Command generator prints the Go struct tables of the Kubernetes API as one JSON document.
//
// It walks by reflection from the root kinds (roots*.go) to every type they reach. The module versions come from the go.mod that
// generate.py writes beside it; build tags switch on the API groups a version has. Facts only: names, tags, types and
// hand-written methods, nothing of the sources' text.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
)

// Field is one struct field: Go name, JSON name ("" when inlined), type, options of the json tag, number in the
// protobuf message (the order in which String prints) and the patch tags.
type Field struct {
	Go       string `json:"go"`
	JSON     string `json:"json"`
	Type     string `json:"type"`
	Options  string `json:"options,omitempty"`
	Embedded bool   `json:"embedded,omitempty"`
	Proto    string `json:"proto,omitempty"`
	Strategy string `json:"strategy,omitempty"`
	MergeKey string `json:"mergeKey,omitempty"`
}

// Type is a named type: a struct (Fields), an opaque one that reads itself from JSON, or a name for another type (Underlying).
// Methods are those that no code generator made, "*" before the ones that only *T has.
type Type struct {
	Underlying string   `json:"underlying,omitempty"`
	Opaque     bool     `json:"opaque,omitempty"`
	Fields     []Field  `json:"fields,omitempty"`
	Methods    []string `json:"methods,omitempty"`
}

var packages = strings.NewReplacer(
	"k8s.io/apimachinery/pkg/apis/", "",
	"k8s.io/apimachinery/pkg/api/", "",
	"k8s.io/apimachinery/pkg/util/", "",
	"k8s.io/apimachinery/pkg/", "",
	"k8s.io/api/", "",
	"github.com/openshift/api/", "openshift/",
)

var unmarshaler = reflect.TypeOf((*json.Unmarshaler)(nil)).Elem()

type walker map[string]*Type

func main() {
	tables := walker{}
	for _, root := range roots {
		tables.name(reflect.TypeOf(root))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(tables); err != nil {
		panic(err)
	}
}

// name returns the type in Go syntax, packages as paths (core/v1.Pod), and records the named types in it.
func (w walker) name(t reflect.Type) string {
	if t.Name() != "" && t.PkgPath() != "" {
		key := packages.Replace(t.PkgPath()) + "." + t.Name()
		w.record(key, t)
		return key
	}
	switch t.Kind() {
	case reflect.Ptr:
		return "*" + w.name(t.Elem())
	case reflect.Slice:
		return "[]" + w.name(t.Elem())
	case reflect.Map:
		return "map[" + w.name(t.Key()) + "]" + w.name(t.Elem())
	}
	return t.String()
}

func (w walker) record(key string, t reflect.Type) {
	if _, known := w[key]; known {
		return
	}
	entry := &Type{}
	w[key] = entry
	switch {
	case reflect.PtrTo(t).Implements(unmarshaler) && !embeds(t):
		entry.Opaque = true
		return
	case t.Kind() == reflect.Struct:
		entry.Fields = w.fields(t)
	default:
		entry.Underlying = w.underlying(t)
	}
	entry.Methods = methods(t)
}

// embeds tells whether UnmarshalJSON may come from an embedded field; no type of the API does that on purpose.
func embeds(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		if f.Anonymous && reflect.PtrTo(f.Type).Implements(unmarshaler) && f.Type.Name() != "Time" {
			return true
		}
	}
	return false
}

func (w walker) underlying(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "[]" + w.name(t.Elem())
	case reflect.Map:
		return "map[" + w.name(t.Key()) + "]" + w.name(t.Elem())
	}
	return t.Kind().String()
}

func (w walker) fields(t reflect.Type) []Field {
	var fields []Field
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.PkgPath != "" || name == "-" {
			continue
		}
		inline := f.Anonymous && name == ""
		if name == "" && !inline {
			name = f.Name
		}
		fields = append(fields, Field{
			Go: f.Name, JSON: name, Type: w.name(f.Type), Options: options, Embedded: f.Anonymous, Proto: protoNumber(f),
			Strategy: f.Tag.Get("patchStrategy"), MergeKey: f.Tag.Get("patchMergeKey"),
		})
	}
	return fields
}

func protoNumber(f reflect.StructField) string {
	words := strings.Split(f.Tag.Get("protobuf"), ",")
	if len(words) < 2 {
		return ""
	}
	return words[1]
}

var generated = map[string]bool{
	"DeepCopy": true, "DeepCopyInto": true, "DeepCopyObject": true, "Descriptor": true, "Marshal": true, "MarshalCBOR": true,
	"MarshalJSON": true, "MarshalTo": true, "MarshalToSizedBuffer": true, "OpenAPIModelName": true, "ProtoMessage": true,
	"Reset": true, "Size": true, "SwaggerDoc": true, "Unmarshal": true, "UnmarshalCBOR": true, "UnmarshalJSON": true,
}

var hidden = regexp.MustCompile("^(XXX_|APILifecycle|Set|OpenAPI|Fuzz)")

// methods lists what t declares by hand; methods promoted from embedded fields are left to the embedded type, String to everyone.
func methods(t reflect.Type) []string {
	found := []string{}
	pointer := reflect.PtrTo(t)
	for i := 0; i < pointer.NumMethod(); i++ {
		m := pointer.Method(i)
		if generated[m.Name] || m.Name != "String" && (hidden.MatchString(m.Name) || promoted(t, m.Name)) {
			continue
		}
		if _, onValue := t.MethodByName(m.Name); !onValue {
			found = append(found, "*"+m.Name)
		} else {
			found = append(found, m.Name)
		}
	}
	return found
}

func promoted(t reflect.Type, name string) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := 0; i < t.NumField(); i++ {
		if f := t.Field(i); f.Anonymous {
			if _, found := reflect.PtrTo(f.Type).MethodByName(name); found {
				return true
			}
		}
	}
	return false
}
