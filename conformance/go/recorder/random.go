package main

import (
	"fmt"
	"regexp"
	"strings"
)

// A grammar writes random templates. Names mostly exist and types mostly fit, so that runs get far before they fail.

// wholePrinted matches what may print all of the data: there are pointers in it, and the length of the text would be
// that of an address.
var wholePrinted = regexp.MustCompile(`(print|printf "[^"]*"|println|html|js|urlquery|describe( 1)?|tAny)( [^ ]+)? \(*[$.]\)*[ |})-]|\(*[$.]\)* *\|`)

func makeRandom(g *Gen) {
	g.Share("world", worldData)
	for range 1700 {
		for _, profile := range []string{"plain", "typed", "faulty", "control", "templates"} {
			text := randomTemplate(g, profile)
			if wholePrinted.MatchString(text) && strings.Contains(text, "len") {
				continue
			}
			c := T(profile, "world", text)
			if g.Intn(6) == 0 {
				c.Option = pick(g, []string{"zero", "error"})
			}
			g.Add(c)
		}
	}
}

// A writer keeps what is in scope while it writes one template.
type writer struct {
	*Gen
	profile string
	vars    []string
	loops   int
	defines []string
	named   int
}

func randomTemplate(g *Gen, profile string) string {
	w := &writer{Gen: g, profile: profile}
	if profile == "templates" {
		for range 1 + g.Intn(3) {
			w.named++
			w.defines = append(w.defines, fmt.Sprintf("part%d", w.named))
		}
	}
	body := w.body(2 + g.Intn(3)/2)
	for i, name := range w.defines {
		inner := &writer{Gen: g, profile: "plain", defines: w.defines[i+1:]}
		body += fmt.Sprintf("{{define %q}}%s{{end}}", name, inner.body(2))
	}
	return body
}

func (w *writer) body(depth int) string {
	var b strings.Builder
	scope := len(w.vars)
	for range 1 + w.Intn(3) {
		b.WriteString(w.item(depth))
	}
	w.vars = w.vars[:scope]
	return b.String()
}

func (w *writer) left() string  { return pick(w.Gen, []string{"{{", "{{", "{{", "{{", "{{- ", "{{ "}) }
func (w *writer) right() string { return pick(w.Gen, []string{"}}", "}}", "}}", "}}", " -}}", " }}"}) }

func (w *writer) action(text string) string { return w.left() + text + w.right() }

func (w *writer) item(depth int) string {
	limit := 11
	if depth == 0 {
		limit = 5
	}
	if w.profile == "control" && depth > 0 && w.Intn(2) == 0 {
		return w.block(depth)
	}
	if len(w.defines) > 0 && w.Intn(3) == 0 {
		return w.action(fmt.Sprintf("template %q %s", pick(w.Gen, w.defines), w.operand(1)))
	}
	switch n := w.Intn(limit); {
	case n < 1:
		return pick(w.Gen, []string{"text", " ", "\n", "a b\n  ", "é", "<p>", "- x: ", "{ ", "}", ""})
	case n < 4:
		return w.action(w.pipeline(2))
	case n < 5:
		return w.declaration()
	case n < 6 && w.loops > 0:
		return w.action("if "+w.pipeline(1)) + w.action(pick(w.Gen, []string{"break", "continue"})) + w.action("end")
	}
	return w.block(depth)
}

func (w *writer) declaration() string {
	if len(w.vars) > 0 && w.Intn(3) == 0 {
		return w.action(pick(w.Gen, w.vars) + " = " + w.pipeline(1))
	}
	name := fmt.Sprintf("$v%d", w.Intn(4))
	text := w.action(name + " := " + w.pipeline(2))
	w.vars = append(w.vars, name)
	return text
}

func (w *writer) block(depth int) string {
	scope := len(w.vars)
	defer func() { w.vars = w.vars[:scope] }()
	switch w.Intn(6) {
	case 0, 1:
		text := w.action("if "+w.pipeline(1)) + w.body(depth-1)
		if w.Intn(2) == 0 {
			text += w.action("else if "+w.pipeline(1)) + w.body(depth-1)
		}
		return text + w.alternative(depth) + w.action("end")
	case 2:
		head := "with " + w.pipeline(1)
		if w.Intn(3) == 0 {
			head = "with $w := " + w.pipeline(1)
			w.vars = append(w.vars, "$w")
		}
		return w.action(head) + w.body(depth-1) + w.alternative(depth) + w.action("end")
	}
	return w.loop(depth)
}

func (w *writer) alternative(depth int) string {
	if w.Intn(2) == 0 {
		return ""
	}
	return w.action("else") + w.body(depth-1)
}

func (w *writer) loop(depth int) string {
	source := pick(w.Gen, []string{".Items", ".Table", ".Grid", ".People", ".None", "$.Items", "$.People", "$.Grid", "3", ".Typed", ".Strs", "$.Strs", ".Nothing", "(index $.Grid 0)", "upTo 2", "seqOf", "listOf 1 \"a\" nil", "$.Nested.list", ".Title", ".Outer.Tags"})
	if w.profile == "faulty" && w.Intn(4) == 0 {
		source = w.pipeline(1)
	}
	head := "range " + source
	switch w.Intn(3) {
	case 0:
		head = "range $e := " + source
		w.vars = append(w.vars, "$e")
	case 1:
		head = "range $i, $e := " + source
		w.vars = append(w.vars, "$i", "$e")
	}
	w.loops++
	text := w.action(head) + w.body(depth-1)
	w.loops--
	return text + w.alternative(depth) + w.action("end")
}

func (w *writer) pipeline(depth int) string {
	text := w.command(depth)
	for w.Intn(4) == 0 {
		text += pick(w.Gen, []string{" | ", " | ", "|"}) + pick(w.Gen, []string{"print", "printf \"%v\"", "len", "html", "printf \"%5v|\"", "tAny", "describe 1", "not", "printf \"%q\"", "js", "urlquery", "eq 3", "add 1", "or .Empty", "and true", "println", "index $.Items"})
	}
	return text
}

func (w *writer) command(depth int) string {
	if depth == 0 || w.Intn(2) == 0 {
		return w.operand(depth)
	}
	a := func() string { return w.operand(depth - 1) }
	n := func() string { return w.number() }
	s := func() string { return w.text() }
	switch w.Intn(16) {
	case 0:
		return "print " + a() + " " + a()
	case 1:
		return fmt.Sprintf("printf %q %s %s", pick(w.Gen, []string{"%v-%v", "%s %s", "%d,%v", "%q%T", "%[2]v%[1]v", "%6.2v|%-4v|", "%+v %#v", "%x %X", "%t%c"}), a(), a())
	case 2:
		return "add " + n() + " " + n()
	case 3:
		return "len " + pick(w.Gen, []string{".Items", "$.Items", ".Title", "$.Table", a()})
	case 4:
		return "index " + pick(w.Gen, []string{"$.Items 1", "$.Table \"b\"", "$.Grid 1 0", ".Items " + n(), "$.Table " + s(), "$.Typed \"one\"", "$.Strs 1", a() + " " + n()})
	case 5:
		return "slice " + pick(w.Gen, []string{"$.Title", "$.Items", "$.Strs", "$.Bytes", s()}) + " " + n()
	case 6, 7:
		return pick(w.Gen, []string{"eq", "ne", "lt", "le", "gt", "ge"}) + " " + pick(w.Gen, []string{n() + " " + n(), s() + " " + s(), a() + " " + a()})
	case 8, 9:
		return pick(w.Gen, []string{"and", "or"}) + " " + a() + " " + a()
	case 10:
		return "not " + a()
	case 11:
		return pick(w.Gen, []string{"html", "js", "urlquery", "println", "describe", "tAny"}) + " " + a()
	case 12:
		return "join2 " + s() + " " + s()
	case 13:
		return "call $.Outer.Fn " + n()
	case 14:
		return pick(w.Gen, []string{"mayFail " + s(), "$.Method.Two " + n() + " " + s(), "$.Method.Many " + s() + " " + n(), "$.Method.One " + n(), "pointOf " + n() + " " + n(), "mapOf " + s() + " " + a(), "$.Method.Fails false " + s(), "$.Point.Sum", "$.PointPtr.Times " + n()})
	}
	return pick(w.Gen, []string{"tInt ", "tString ", "tFloat64 ", "tUint8 ", "tBool ", "tAnys ", "tMap ", "tPoint ", "tStringer "}) + a()
}

func (w *writer) operand(depth int) string {
	if depth > 0 && w.Intn(4) == 0 {
		return "(" + w.pipeline(depth-1) + ")"
	}
	if len(w.vars) > 0 && w.Intn(3) == 0 {
		return pick(w.Gen, w.vars) + pick(w.Gen, []string{"", "", "", "", ".Name", ".x"})
	}
	wrong := 14
	if w.profile == "faulty" {
		wrong = 4
	}
	if w.Intn(wrong) == 0 {
		return pick(w.Gen, []string{".missing", ".missing.deep", ".Title.x", ".Nothing.x", ".Nothing", "nil", ".Count.y", "$.NilPtr.X", "$.Outer.secret", "$.Outer.gone", ".Items.x", "$.Table.c.d", "(index $.People 9)", "$.Err.Op", "$.Outer.Next.Next.ID", "$.Point.Z", "$.Typed.gone", "(mayFail \"bad\")", "(panics \"p\")", "$.Method.Nothing.x", "(index $.Items 7)", "$.Outer.NoFn"})
	}
	if w.profile == "typed" && w.Intn(2) == 0 {
		return pick(w.Gen, []string{"$.Small", "$.Unsigned", "$.Point", "$.Point.X", "$.PointPtr", "$.PointPtr.Y", "$.Outer.Name", "$.Outer.Tags", "$.Outer.Meta.k", "$.Code", "$.Bytes", "$.Strs", "$.Err", "$.Typed", "$.Typed.one", "$.Outer.Any", "$.Outer.Ratio", "$.Outer.Next.ID", "$.Outer.Str", "$.Outer.Err", "$.Method.Items", "$.Outer.Sum", "$.Outer.Inner", "$.Method.Size"})
	}
	switch w.Intn(6) {
	case 0:
		return w.number()
	case 1:
		return w.text()
	case 2:
		return pick(w.Gen, []string{"true", "false", ".", "$", "1.5", "'x'", "2i", ".Flag", "$.Flag", ".Empty"})
	}
	return pick(w.Gen, []string{".", ".Title", "$.Title", ".Count", "$.Count", ".Ratio", ".Items", "$.User.Name", ".User.Address.City", ".User.Address", ".Table", "$.Table.a", ".Table.b", "$.Nested.map.deep", ".Nested.list", "$.Flag", ".Grid", ".People", ".Name", ".Age", ".Tags", "$.User", ".None"})
}

func (w *writer) number() string {
	return pick(w.Gen, []string{"0", "1", "2", "3", "-1", "10", "$.Count", ".Count", "(len $.Items)", "1e2", "$.Small", "0x10", "2.0"})
}

func (w *writer) text() string {
	return pick(w.Gen, []string{`"a"`, `"two"`, `""`, "`raw`", `"b"`, "$.Title", ".Title", "$.User.Name", `"<&'>"`, `"é\n"`, `(print 1)`})
}
