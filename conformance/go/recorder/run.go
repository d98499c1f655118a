package main

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"sync"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

// A Parse is one call of Parse: on the root when Name is empty, else on an associated template.
type Parse struct{ Name, Text string }

// A Case is one question to Go: a template run, or a call of one of fmt's functions.
type Case struct {
	Kind   string
	Name   string // of the root template; "t" when empty
	Delims [2]string
	Option string // missingkey=…
	Parses []Parse
	Exec   string // template to execute; the root when empty
	Sprig  bool   // Sprig's functions instead of the test functions
	Tree   bool   // record String() of the root as well
	Shared string // name of the shared data
	Data   func() any
	ID     string // tells Data apart from other data made by the same function
	Call   string // "Sprintf", "Sprint" or "Sprintln": a fmt vector
	Args   []any
}

// T is a case of one template text on shared data.
func T(kind, shared, text string) Case {
	return Case{Kind: kind, Shared: shared, Parses: []Parse{{"", text}}}
}

func (c *Case) key() string {
	if c.Call != "" {
		return fmt.Sprintf("%s|%#v|%T", c.Call, c.Args, c.Args) + argTypes(c.Args)
	}
	return fmt.Sprintf("%q|%q|%q|%q|%q|%v|%q|%p|%s", c.Name, c.Delims, c.Option, c.Parses, c.Exec, c.Sprig, c.Shared, c.Data, c.ID)
}

func argTypes(args []any) string {
	var b strings.Builder
	for _, a := range args {
		fmt.Fprintf(&b, "|%T", a)
	}
	return b.String()
}

// A Result is Go's answer.
type Result struct {
	Verdict string // "ok", "parse", "exec"
	Output  string // whole, or what was written before the error
	Error   string
	Tree    string
}

// maxOutput bounds what one vector may print; a longer answer is not kept.
const maxOutput = 1500

var errTooLong = errors.New("too long")

type boundedWriter struct{ bytes.Buffer }

func (w *boundedWriter) Write(p []byte) (int, error) {
	if w.Len()+len(p) > maxOutput {
		return 0, errTooLong
	}
	return w.Buffer.Write(p)
}

// codeAddresses are the addresses of the functions that data holds, written in every base that a verb has. Heap
// addresses differ from run to run and are found by asking again; these do not, and would get into a vector.
var codeAddresses = sync.OnceValue(func() []string {
	pointers := []uintptr{reflect.ValueOf(upTo(1)).Pointer()}
	for pointer := range functionNames {
		pointers = append(pointers, pointer)
	}
	var out []string
	for _, pointer := range pointers {
		for _, base := range []int{2, 8, 10, 16} {
			out = append(out, strconv.FormatUint(uint64(pointer), base))
		}
	}
	return out
})

func holdsAddress(text string) bool {
	text = strings.ToLower(text)
	for _, address := range codeAddresses() {
		if strings.Contains(text, address) {
			return true
		}
	}
	return false
}

func (c *Case) run(shared map[string]func() any) Result {
	var data any
	switch {
	case c.Data != nil:
		data = c.Data()
	case c.Shared != "":
		data = shared[c.Shared]()
	}
	if c.Call != "" {
		return Result{Verdict: "ok", Output: c.format()}
	}
	root, err := c.parse()
	if err != nil {
		return Result{Verdict: "parse", Error: err.Error()}
	}
	res := Result{Verdict: "ok"}
	if c.Tree && root.Tree != nil && root.Root != nil {
		res.Tree = root.Root.String()
	}
	var w boundedWriter
	if c.Exec != "" {
		err = root.ExecuteTemplate(&w, c.Exec, data)
	} else {
		err = root.Execute(&w, data)
	}
	res.Output = w.String()
	if err != nil {
		res.Verdict, res.Error = "exec", err.Error()
		if errors.Is(err, errTooLong) {
			res.Verdict = "drop"
		}
	}
	return res
}

func (c *Case) parse() (*template.Template, error) {
	name := c.Name
	if name == "" {
		name = "t"
	}
	root := template.New(name).Delims(c.Delims[0], c.Delims[1])
	if c.Option != "" {
		root.Option("missingkey=" + c.Option)
	}
	if c.Sprig {
		root.Funcs(sprig.TxtFuncMap())
	} else {
		root.Funcs(testFunctions)
	}
	for _, p := range c.Parses {
		target := root
		if p.Name != "" {
			target = root.New(p.Name)
		}
		if _, err := target.Parse(p.Text); err != nil {
			return nil, err
		}
	}
	return root, nil
}

func (c *Case) format() string {
	switch c.Call {
	case "Sprintf":
		return fmt.Sprintf(c.Args[0].(string), c.Args[1:]...)
	case "Sprint":
		return fmt.Sprint(c.Args...)
	}
	return fmt.Sprintln(c.Args...)
}

// answer asks Go several times, on fresh data each time, and keeps the vector only if every answer is the same:
// map order, addresses and the clock must not get into a vector. It returns the line, whether Go succeeded, and
// whether there is a vector at all.
func answer(g *Gen, c *Case) (line []byte, succeeded, ok bool) {
	var b bytes.Buffer
	c.writeQuestion(&b)
	res := c.run(g.shared)
	runs := 2
	if c.Sprig {
		runs = 8
	}
	for range runs {
		if c.run(g.shared) != res {
			return nil, false, false
		}
	}
	if res.Verdict == "drop" || len(res.Output) > maxOutput || strings.Contains(res.Error, "maximum template depth") ||
		holdsAddress(res.Output+res.Error) {
		return nil, false, false
	}
	res.write(&b, c)
	return b.Bytes(), res.Verdict == "ok", true
}

func (c *Case) writeQuestion(b *bytes.Buffer) {
	b.WriteString(`{"k":`)
	writeString(b, c.Kind)
	if c.Call != "" {
		fmt.Fprintf(b, `,"call":%q,"a":`, c.Call)
		encodeAny(b, append([]any{}, c.Args...))
		return
	}
	field := func(key, value string) {
		if value != "" {
			fmt.Fprintf(b, `,%q:`, key)
			writeString(b, value)
		}
	}
	field("n", c.Name)
	field("l", c.Delims[0])
	field("r", c.Delims[1])
	field("o", c.Option)
	field("x", c.Exec)
	field("use", c.Shared)
	if c.Sprig {
		field("f", "sprig")
	}
	c.writeTexts(b)
	if c.Data != nil {
		b.WriteString(`,"data":`)
		encodeAny(b, c.Data())
	}
}

func (c *Case) writeTexts(b *bytes.Buffer) {
	b.WriteString(`,"t":`)
	if len(c.Parses) == 1 && c.Parses[0].Name == "" {
		writeString(b, c.Parses[0].Text)
		return
	}
	b.WriteByte('[')
	for i, p := range c.Parses {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('[')
		writeString(b, p.Name)
		b.WriteByte(',')
		writeString(b, p.Text)
		b.WriteByte(']')
	}
	b.WriteByte(']')
}

func (r Result) write(b *bytes.Buffer, c *Case) {
	switch r.Verdict {
	case "parse":
		b.WriteString(`,"perr":`)
		writeString(b, r.Error)
	case "exec":
		b.WriteString(`,"xerr":`)
		writeString(b, r.Error)
	}
	if r.Verdict != "parse" {
		b.WriteString(`,"out":`)
		writeString(b, r.Output)
	}
	if c.Tree && r.Verdict != "parse" {
		b.WriteString(`,"tree":`)
		writeString(b, r.Tree)
	}
	b.WriteByte('}')
}

func replaceX(context, form string) string { return strings.ReplaceAll(context, "X", form) }

// sortCases undoes the order of a map iteration, so that one seed gives one set.
func sortCases(g *Gen) {
	sort.SliceStable(g.cases, func(i, j int) bool { return g.cases[i].key() < g.cases[j].key() })
}
