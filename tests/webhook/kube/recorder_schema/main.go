// Command recorder_schema decodes and encodes the objects of cases.json with the real Kubernetes structs, and prints what came out.
//
// Run by record.py, which writes go.mod and adds the root kinds of webhook/kube/generator for each API version.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"text/template"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

type object struct {
	Type  string          `json:"type"`
	Yaml  bool            `json:"yaml"`
	Value json.RawMessage `json:"value"`
}

type view struct {
	Type      string          `json:"type"`
	Value     json.RawMessage `json:"value"`
	Templates []string        `json:"templates"`
}

type selection struct {
	Selector json.RawMessage     `json:"selector"`
	Labels   []map[string]string `json:"labels"`
}

type cases struct {
	Quantities []string    `json:"quantities"`
	Pairs      [][2]string `json:"pairs"`
	Objects    []object    `json:"objects"`
	Views      []view      `json:"views"`
	Selections []selection `json:"selections"`
}

func typeName(t reflect.Type) string {
	path := strings.NewReplacer("k8s.io/api/", "", "github.com/openshift/api/", "openshift/").Replace(t.PkgPath())
	return path + "." + t.Name()
}

func newObject(name string) reflect.Value {
	for _, root := range roots {
		if t := reflect.TypeOf(root); typeName(t) == name {
			return reflect.New(t)
		}
	}
	return reflect.Value{}
}

func quantity(text string) []interface{} {
	q, err := resource.ParseQuantity(text)
	if err != nil {
		return []interface{}{err.Error()}
	}
	whole, exact := q.AsInt64()
	raw, _ := json.Marshal(q)
	var canonical string
	_ = json.Unmarshal(raw, &canonical)
	return []interface{}{canonical, fmt.Sprint(q.Value()), fmt.Sprint(q.MilliValue()), q.IsZero(), q.Sign(), fmt.Sprint(whole), exact}
}

func compare(pair [2]string) int {
	a, b := resource.MustParse(pair[0]), resource.MustParse(pair[1])
	return a.Cmp(b)
}

func recode(o object) map[string]string {
	target := newObject(o.Type)
	if !target.IsValid() {
		return map[string]string{"absent": o.Type}
	}
	var err error
	if o.Yaml {
		err = unmarshalYAML(o.Value, target.Interface())
	} else {
		err = json.Unmarshal(o.Value, target.Interface())
	}
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	text, err := json.Marshal(target.Interface())
	if err != nil {
		return map[string]string{"encodeError": err.Error()}
	}
	return map[string]string{"json": string(text)}
}

func show(v view) []map[string]string {
	target := newObject(v.Type)
	if !target.IsValid() {
		return nil
	}
	if err := json.Unmarshal(v.Value, target.Interface()); err != nil {
		panic(err)
	}
	fields := target.Elem()
	data := struct {
		TypeMeta   interface{}
		ObjectMeta interface{}
		Spec       interface{}
		Object     interface{}
	}{
		fields.FieldByName("TypeMeta").Addr().Interface(), fields.FieldByName("ObjectMeta").Addr().Interface(),
		fields.FieldByName("Spec").Addr().Interface(), target.Interface(),
	}
	var shown []map[string]string
	for _, text := range v.Templates {
		var out strings.Builder
		parsed, err := template.New("v").Parse(text)
		if err == nil {
			err = parsed.Execute(&out, data)
		}
		if err != nil {
			shown = append(shown, map[string]string{"error": err.Error()})
		} else {
			shown = append(shown, map[string]string{"out": out.String()})
		}
	}
	return shown
}

func choose(s selection) map[string]interface{} {
	var parsed metav1.LabelSelector
	if err := json.Unmarshal(s.Selector, &parsed); err != nil {
		panic(err)
	}
	selector, err := metav1.LabelSelectorAsSelector(&parsed)
	if err != nil {
		return map[string]interface{}{"error": err.Error()}
	}
	matches := []bool{}
	for _, set := range s.Labels {
		matches = append(matches, selector.Matches(labels.Set(set)))
	}
	return map[string]interface{}{"empty": selector.Empty(), "matches": matches, "text": selector.String()}
}

func main() {
	var input cases
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		panic(err)
	}
	output := map[string]interface{}{}
	var quantities, pairs, objects, views, selections []interface{}
	for _, text := range input.Quantities {
		quantities = append(quantities, quantity(text))
	}
	for _, pair := range input.Pairs {
		pairs = append(pairs, compare(pair))
	}
	for _, o := range input.Objects {
		objects = append(objects, recode(o))
	}
	for _, v := range input.Views {
		views = append(views, show(v))
	}
	for _, s := range input.Selections {
		selections = append(selections, choose(s))
	}
	output["quantities"], output["pairs"], output["objects"] = quantities, pairs, objects
	output["views"], output["selections"] = views, selections
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(output); err != nil {
		panic(err)
	}
}
