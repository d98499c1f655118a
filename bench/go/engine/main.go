// Command engine times Go's text/template on the works of bench/engine.py.
//
// It reads one JSON document a line from standard input and answers each with one on standard output:
//
//	{"load": NAME, "text": …, "left": …, "right": …, "data": …}   → {"output": …}
//	{"parse": NAME, "seconds": S}                                 → {"seconds": per parse}
//	{"render": NAME, "seconds": S}                                → {"seconds": per rendering}
//
// Numbers in the data are ints where they are written as such. The injector's functions are stand-ins that do the same
// work on plain maps as bench/engine_works.py has them do in Python.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"
	"syscall"
	"text/template"
	textparse "text/template/parse"
	"time"

	"github.com/Masterminds/sprig/v3"
)

type request struct {
	Load, Parse, Render, Text, Left, Right string
	Data                                   json.RawMessage
	Seconds                                float64
}

type work struct {
	request
	data   any
	parsed *template.Template
}

func main() {
	works := map[string]*work{}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var r request
		check(json.Unmarshal(in.Bytes(), &r))
		switch {
		case r.Load != "":
			w := &work{request: r, data: decode(r.Data)}
			w.parsed = parse(w)
			works[r.Load] = w
			var text bytes.Buffer
			check(w.parsed.Execute(&text, w.data))
			check(out.Encode(map[string]string{"output": text.String()}))
		case r.Parse != "":
			w := works[r.Parse]
			check(out.Encode(map[string]float64{"seconds": timed(r.Seconds, func() { parseOnly(w) })}))
		default:
			w := works[r.Render]
			var text bytes.Buffer
			seconds := timed(r.Seconds, func() {
				text.Reset()
				check(w.parsed.Execute(&text, w.data))
			})
			check(out.Encode(map[string]float64{"seconds": seconds}))
		}
	}
}

func parse(w *work) *template.Template {
	t, err := template.New(w.Load).Delims(w.Left, w.Right).Funcs(functions).Parse(w.Text)
	check(err)
	return t
}

// parseOnly is the parsing alone: no table of functions is made for it.
func parseOnly(w *work) {
	_, err := textparse.Parse(w.Load, w.Text, w.Left, w.Right, functions, builtins)
	check(err)
}

// timed repeats f for about so many seconds and returns the CPU time that one run took, garbage collection included.
func timed(seconds float64, f func()) float64 {
	count, limit := 0, time.Duration(seconds*float64(time.Second))
	started, before := time.Now(), cpuSeconds()
	for time.Since(started) < limit {
		f()
		count++
	}
	return (cpuSeconds() - before) / float64(count)
}

func cpuSeconds() float64 {
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()).Seconds()
}

func decode(raw json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	check(d.Decode(&value))
	return plain(value)
}

func plain(value any) any {
	switch v := value.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return int(n)
		}
		f, err := v.Float64()
		check(err)
		return f
	case map[string]any:
		for key, item := range v {
			v[key] = plain(item)
		}
	case []any:
		for i, item := range v {
			v[i] = plain(item)
		}
	}
	return value
}

var functions = func() template.FuncMap {
	funcs := sprig.TxtFuncMap()
	for name, function := range injector {
		funcs[name] = function
	}
	return funcs
}()

// builtins has the names that the parser has to know.
var builtins = func() map[string]any {
	names := map[string]any{}
	for _, name := range strings.Fields("and call eq ge gt html index js le len lt ne not or print printf println slice urlquery") {
		names[name] = true
	}
	return names
}()

var injector = template.FuncMap{
	"annotation":             annotation,
	"appendMultusNetwork":    func(existing, network string) string { return existing + ", " + network },
	"directory":              path.Dir,
	"env":                    func(_, fallback string) string { return fallback },
	"excludeInboundPort":     func(port any, excluded string) string { return strings.Trim(excluded+","+fmt.Sprint(port), ",") },
	"formatDuration":         func(d string) string { return d },
	"fromJSON":               func(text string) any { return decode(json.RawMessage(text)) },
	"isset":                  func(m map[string]any, key string) bool { _, ok := m[key]; return ok },
	"omitNil":                func(value any) any { return value },
	"otelResourceAttributes": func(...any) string { return "" },
	"protoToJSON":            toJSON,
	"structToJSON":           toJSON,
	"toJSON":                 toJSON,
	"toLower":                strings.ToLower,
	"toYaml":                 toJSON,
	"valueOrDefault":         valueOrDefault,
}

func annotation(meta map[string]any, name string, fallback any) string {
	if value, ok := meta["Annotations"].(map[string]any)[name]; ok {
		return fmt.Sprint(value)
	}
	if named, ok := fallback.(map[string]any); ok {
		return fmt.Sprint(named["String"])
	}
	return fmt.Sprint(fallback)
}

func valueOrDefault(value, fallback any) any {
	if value == "" || value == nil {
		return fallback
	}
	return value
}

func toJSON(value any) string {
	text, err := json.Marshal(value)
	check(err)
	return string(text)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
