// Command recorder renders one-line templates with Go's text/template and Masterminds/sprig v3.3.0 and writes down what comes out.
//
//	go run -tags faketime . ../vectors.jsonl
//
// The file has a line of JSON for each function: its name, its signature, and rows of [arguments, output] or [arguments, null, complaint],
// the complaint without its place. Every row is rendered again and the file written anew; to add a case, add a row of arguments only. A case
// that holds an action is a whole template. A row whose outcome is not the same each time is dropped. The data that arguments refer to is
// world(); conftest.py has the same in Python. The tag stops the clock at 2009-11-10 23:00:00 UTC.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"regexp"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
)

// shape prints a result with its type.
const shape = `{{ $r := %s }}{{ printf "%%T %%#v" $r $r }}`

type point struct {
	X    int
	Y    string
	Tags map[string]interface{}
}

type name string

func (n name) String() string { return "name:" + string(n) }

func world() map[string]interface{} {
	number, text := 7, "seven"
	moment := time.Date(2024, time.February, 29, 13, 4, 5, 678900000, time.UTC)
	dict := map[string]interface{}{"a": 1, "b": "two", "c": map[string]interface{}{"d": 4, "e": nil}, "l": []interface{}{1, 2}}
	return map[string]interface{}{
		"nil": nil, "yes": true, "no": false,
		"zero": 0, "five": 5, "minus": -3, "big": math.MaxInt64, "least": math.MinInt64,
		"i8": int8(-8), "i16": int16(16), "i32": int32(1700000000), "i64": int64(64), "u": uint(3), "u8": uint8(200),
		"u16": uint16(16), "u32": uint32(32), "u64": uint64(math.MaxUint64),
		"f0": 0.0, "f": 1.5, "fneg": -2.25, "fbig": 1e300, "ftiny": 1e-7, "f32": float32(0.1), "nan": math.NaN(), "inf": math.Inf(1), "ninf": math.Inf(-1),
		"complex": complex(1, 2),
		"s":       "hello world", "empty": "", "digits": "42", "decimal": "3.0", "bad": "a\xffb", "accents": "Éa ßtraße ñÑ", "lines": "one\ntwo\n", "json": `{"a":[1,2.5,"x",null,{"b":true}]}`,
		"list": []interface{}{1, "a", nil, 2.5, 1, "", []interface{}{1}}, "nothing": []interface{}{}, "nillist": []interface{}(nil),
		"strings": []string{"b", "a", "c", ""}, "ints": []int{3, 1, 2, 3}, "floats": []float64{1.5, 0}, "array": [3]int{1, 2, 3}, "bytes": []byte("hi"),
		"lists": []interface{}{[]interface{}{1, 2}, map[string]interface{}{"k": 1}, map[string]interface{}{"k": 1}},
		"dict":  dict, "one": map[string]interface{}{"k": "v"}, "emptydict": map[string]interface{}{}, "nildict": map[string]interface{}(nil),
		"texts": map[string]string{"x": "y"}, "numbers": map[int]string{1: "one"},
		"pointer": &number, "textpointer": &text, "nilpointer": (*int)(nil), "point": point{1, "y", dict}, "pointpointer": &point{2, "z", nil},
		"time": moment, "timepointer": &moment, "duration": 90 * time.Second, "month": time.March, "name": name("n"), "error": errors.New("broken"),
		"func": func() string { return "called" },
	}
}

func render(text string) (string, error) {
	parsed, err := template.New("t").Funcs(sprig.TxtFuncMap()).Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = parsed.Execute(&out, world())
	return out.String(), err
}

// address finds pointers, which no other run repeats.
var address = regexp.MustCompile(`0xc0[0-9a-f]{8}|\(0x|0x[4-9a-f][0-9a-f]{5}\b`)

type result struct {
	out, complaint string
	failed         bool
}

func outcome(text string) result {
	out, err := render(text)
	if err == nil {
		return result{out: out}
	}
	complaint := err.Error()
	if _, rest, found := strings.Cut(complaint, ">: "); found {
		complaint = rest
	}
	return result{complaint: complaint, failed: true}
}

// record runs a case; nil for one whose outcome is not the same every time.
func record(function, arguments string) []interface{} {
	text := arguments
	if !strings.Contains(arguments, "{{") {
		text = fmt.Sprintf(shape, strings.TrimSpace(function+" "+arguments))
	}
	first := outcome(text)
	for range 3 {
		if other := outcome(text); other != first {
			return nil
		}
	}
	if address.MatchString(first.out + first.complaint) {
		return nil
	}
	if first.failed {
		return []interface{}{arguments, nil, first.complaint}
	}
	return []interface{}{arguments, first.out}
}

type line struct {
	Function  string          `json:"function"`
	Signature string          `json:"signature"`
	Rows      [][]interface{} `json:"rows"`
}

func (l *line) record() {
	l.Signature = reflect.TypeOf(sprig.TxtFuncMap()[l.Function]).String()
	rows := l.Rows[:0]
	for _, row := range l.Rows {
		if row = record(l.Function, row[0].(string)); row != nil {
			rows = append(rows, row)
		}
	}
	l.Rows = rows
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for decoder := json.NewDecoder(bytes.NewReader(text)); decoder.More(); {
		var l line
		if err := decoder.Decode(&l); err != nil {
			panic(err)
		}
		l.record()
		if err := encoder.Encode(l); err != nil {
			panic(err)
		}
	}
	if err := os.WriteFile(os.Args[1], out.Bytes(), 0o644); err != nil {
		panic(err)
	}
}
