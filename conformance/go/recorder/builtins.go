package main

import (
	"fmt"
	"strings"
)

// literals that stand beside data as arguments.
var constants = []string{`1`, `0`, `-1`, `7`, `2.5`, `7.0`, `"a"`, `"hello"`, `""`, `true`, `false`, `nil`, `'a'`, `1i`, `.missing`, `300`, `1e3`, "`raw`", `$`, `.`}

func makeBuiltins(g *Gen) {
	g.Share("kinds", kindsData)
	all := append(fields(), constants...)
	names := []string{"and", "or", "not", "len", "index", "slice", "print", "printf", "println", "html", "js", "urlquery", "call", "eq", "lt"}
	for _, fn := range names {
		fn := fn
		add := func(text string) { g.Add(T(fn, "kinds", text)) }
		add("{{" + fn + "}}")
		for _, a := range all {
			for _, form := range []string{"{{%s %s}}", "{{%[2]s | %[1]s}}", "{{with %s %s}}[{{.}}]{{else}}none{{end}}", "{{$x := %s %s}}{{$x}}", "{{printf \"%%T\" (%s %s)}}"} {
				add(fmt.Sprintf(form, fn, a))
			}
		}
		for range 500 {
			add(builtinCall(g, fn, all))
		}
	}
}

// builtinCall is a call with arguments that mostly fit the function.
func builtinCall(g *Gen, fn string, all []string) string {
	args := []string{fn}
	switch fn {
	case "index":
		args = append(args, pick(g, containers))
		for range 1 + g.Intn(3) {
			args = append(args, pick(g, indexes))
		}
	case "slice":
		args = append(args, pick(g, sliceables))
		for range g.Intn(5) {
			args = append(args, pick(g, indexes))
		}
	case "printf":
		args = append(args, pick(g, formats))
		for range g.Intn(4) {
			args = append(args, pick(g, all))
		}
	case "call":
		args = append(args, pick(g, callables))
		for range g.Intn(4) {
			args = append(args, pick(g, all))
		}
	default:
		for range 1 + g.Intn(4) {
			args = append(args, pick(g, all))
		}
	}
	if len(args) > 2 && g.Intn(5) == 0 {
		last := args[len(args)-1]
		return "{{" + last + " | " + strings.Join(args[:len(args)-1], " ") + "}}"
	}
	return "{{" + strings.Join(args, " ") + "}}"
}

var containers = []string{".anys", ".anys0", ".ints", ".nilints", ".strs", ".arr", ".arr0", ".nested", ".grid", ".maps", ".m", ".m0", ".nilm", ".mis", ".mss", ".msi", ".nilmsi", ".mfi", ".mbs", ".mu8", ".mwi", ".mm", ".s", ".sutf", ".bytes", ".pm", ".pints", ".parr", ".dict", ".list", ".word", ".nil", ".i", ".point", ".missing", ".pouter.Tags", ".outer.Meta", ".m.sub", ".ppi", ".nilpoint", ".ps", ".pany", ".ch", ".fn", ".codes", ".stringers", "(index .nested 1)", "nil", `"literal"`, "3", "."}

var indexes = []string{"0", "1", "2", "3", "5", "-1", `"a"`, `"b"`, `"k"`, `"x"`, `"sub"`, `"none"`, "nil", "1.0", "1.5", "true", "false", ".i1", ".u8", ".i64", ".i8", ".nil", ".s1", ".word", ".f64", ".pi", "'a'", ".missing", ".ints", ".imax", ".u64", "2i", ".small", ".code", ".t", ".ineg", "(len .s)"}

var sliceables = []string{".s", ".sutf", ".s0", ".bad", ".bytes", ".anys", ".ints", ".nilints", ".strs", ".arr", ".pints", ".parr", ".list", ".word", ".label", ".m", ".nil", ".i", ".point", ".missing", ".grid", ".nested", `"literal"`, ".ps", ".fn", "nil", "3"}

var callables = []string{".fn", ".fnv", ".fn0", ".fnerr", ".fnpanic", ".fndesc", ".nilfn", ".outer.Fn", ".pouter.Fn", ".pouter.NoFn", "getFn", ".nil", ".missing", ".i", ".s", ".m", "nil", "3", "double", ".machine.Adder", ".pany", ".nilpoint", "(getFn)", ".m.sub"}

var formats = []string{`"%v"`, `"%v %v"`, `"%d"`, `"%s|%s"`, `"%q"`, `"%T"`, `"%5d|"`, `"%-6v|"`, `"%06.2f"`, `"%x"`, `"%+v"`, `"%#v"`, `"%t"`, `"%%"`, `"none"`, `"%[2]v %[1]v"`, `"%!"`, `"%z"`, `"%*d"`, `"%.2s"`, `"%e"`, `"%g"`, `"%c%U"`, `"%o %b"`, `""`, "`%v\\n`", `.s`, `.sutf`, `.i`, `.nil`, `nil`, `.word`, `.label`, `"%08b|%+d|% d"`, `"%X|% x"`, `"%6.3v|"`}

func makeComparisons(g *Gen) {
	g.Share("kinds", kindsData)
	all := append(fields(), constants...)
	for _, fn := range []string{"eq", "ne", "lt", "le", "gt", "ge"} {
		for _, a := range all {
			for _, b := range all {
				if kind := fn; g.Intn(8) == 0 || related(a, b) {
					g.Add(T(kind, "kinds", fmt.Sprintf("{{%s %s %s}}", fn, a, b)))
				}
			}
		}
	}
	for range 900 {
		args := []string{"eq"}
		for range 3 + g.Intn(3) {
			args = append(args, pick(g, all))
		}
		g.Add(T("eq-many", "kinds", "{{"+strings.Join(args, " ")+"}}"))
		fn := pick(g, []string{"eq", "ne", "lt", "le", "gt", "ge"})
		a, b := pick(g, ordered), pick(g, ordered)
		form := pick(g, []string{"{{if %s %s %s}}yes{{else}}no{{end}}", "{{%[3]s | %[1]s %[2]s}}", "{{not (%s %s %s)}}", "{{and (%s %s %s) .s}}", "{{%s (%s) (%s)}}", "{{%s %s %s 1}}", "{{%s %s}}{{/* %s */}}"})
		g.Add(T("nested", "kinds", fmt.Sprintf(form, fn, a, b)))
	}
}

// related tells whether two operands are near enough for a comparison to be interesting whatever the dice say.
func related(a, b string) bool {
	return contains(ordered, a) && contains(ordered, b)
}

var ordered = []string{".i", ".ineg", ".i8", ".i64", ".u", ".u8", ".u64", ".uptr", ".f64", ".fint", ".f32", ".fnan", ".finf", ".s", ".s1", ".snum", ".word", ".code", ".label", ".small", ".celsius", "7", "-1", "7.0", `"b"`, ".t", ".nil", ".missing", ".m", ".point", ".ppoint", ".nilpoint", ".pi", ".c128", "7i", ".flag", ".imax"}
