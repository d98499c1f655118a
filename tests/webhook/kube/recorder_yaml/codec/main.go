// Command codec answers questions about Go's YAML and JSON text, one JSON object a line.
//
// It is built once for each library generation (see ../record.py): the import path "codec" stands for
// github.com/ghodss/yaml or sigs.k8s.io/yaml, whichever the generated go.mod puts there.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"codec.example/yaml"
)

// A question names an operation and carries its input: text as bytes (base64 in JSON), or a value.
type question struct {
	Op    string
	Text  []byte
	Value json.RawMessage
}

// An answer holds either the result or the error text.
type answer struct {
	Out string `json:"out"`
	Err string `json:"err,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		var q question
		if err := json.Unmarshal(line, &q); err != nil {
			panic(err)
		}
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		encoder.Encode(reply(q))
		out.Flush()
	}
}

func reply(q question) answer {
	text, err := ask(q)
	if err != nil {
		return answer{Err: err.Error()}
	}
	return answer{Out: text}
}

func ask(q question) (text string, err error) {
	// The oldest library panics on some texts; such an answer is not recorded.
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("panic: %v", problem)
		}
	}()
	switch q.Op {
	case "load":
		return load(q.Text)
	case "strings":
		target := map[string]string{}
		err := yaml.Unmarshal(q.Text, &target)
		return target["k"], err
	case "dump":
		text, err := yaml.Marshal(value(q.Value))
		return string(text), err
	case "dumptext":
		text, err := yaml.Marshal(string(q.Text))
		return string(text), err
	case "dumpkey":
		text, err := yaml.Marshal(map[string]interface{}{string(q.Text): map[string]interface{}{"v": string(q.Text)}})
		return string(text), err
	case "json":
		return encode(value(q.Value), true, "")
	case "jsonraw":
		return encode(value(q.Value), false, "")
	case "jsonindent":
		return encode(value(q.Value), true, "  ")
	case "jsontext":
		return encode(string(q.Text), true, "")
	case "jsonload":
		var target interface{}
		if err := json.Unmarshal(q.Text, &target); err != nil {
			return "", err
		}
		return encode(target, true, "")
	}
	panic("unknown operation " + q.Op)
}

// load reads YAML for an untyped target and answers with JSON that keeps integers apart from floats.
func load(text []byte) (string, error) {
	var target interface{}
	if err := yaml.Unmarshal(text, &target); err != nil {
		return "", err
	}
	out, err := yaml.YAMLToJSON(text)
	return string(out), err
}

// value reads JSON, keeping integers exact: a literal with a point or an exponent is a float64.
func value(text []byte) interface{} {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v interface{}
	if err := decoder.Decode(&v); err != nil {
		panic(err)
	}
	return numbers(v)
}

func numbers(v interface{}) interface{} {
	switch v := v.(type) {
	case map[string]interface{}:
		for k, item := range v {
			v[k] = numbers(item)
		}
	case []interface{}:
		for i, item := range v {
			v[i] = numbers(item)
		}
	case json.Number:
		if strings.ContainsAny(string(v), ".eE") {
			f, err := v.Float64()
			if err != nil {
				panic(err)
			}
			return f
		}
	}
	return v
}

func encode(v interface{}, escapeHTML bool, indent string) (string, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(escapeHTML)
	encoder.SetIndent("", indent)
	err := encoder.Encode(v)
	return strings.TrimSuffix(out.String(), "\n"), err
}
