package main

import "strings"

var conditionForms = map[string][]string{
	"if":       {"{{if V}}yes{{end}}", "{{if V}}yes{{else}}no{{end}}", "{{if not V}}yes{{else}}no{{end}}", "{{if V}}{{.}}{{else if V}}b{{end}}", "{{if false}}a{{else if V}}b{{else}}c{{end}}", "{{if $x := V}}{{$x}}{{else}}[{{$x}}]{{end}}", "{{if and V V}}both{{end}}", "{{if or V false}}any{{end}}", "{{if (V)}}p{{end}}", "{{if V | not}}n{{end}}"},
	"with":     {"{{with V}}{{.}}{{end}}", "{{with V}}{{.}}{{else}}none{{end}}", "{{with $x := V}}{{$x}}{{end}}", "{{with V}}{{with .}}{{.}}{{end}}{{end}}", "{{with false}}{{else with V}}e{{.}}{{else}}z{{end}}", "{{with V}}{{$.i}}{{end}}", "{{with $x := V}}{{else}}{{$x}}{{.i}}{{end}}"},
	"range":    {"{{range V}}<{{.}}>{{end}}", "{{range V}}<{{.}}>{{else}}empty{{end}}", "{{range $x := V}}<{{$x}}>{{end}}", "{{range $i, $x := V}}{{$i}}={{$x}};{{else}}empty{{end}}", "{{range V}}{{$.i}}{{end}}", "{{range $i, $x := V}}{{.}}{{end}}", "{{range $i, $_ := V}}{{$i}}{{end}}", "{{range V}}{{range .}}{{.}}{{end}}|{{end}}", "{{$n := 0}}{{range V}}{{$n = add $n 1}}{{end}}{{$n}}", "{{range V}}{{len .}}{{end}}"},
	"break":    {"{{range V}}{{.}}{{break}}{{end}}", "{{range $i, $x := V}}{{if $i}}{{break}}{{end}}{{$x}}{{end}}", "{{range V}}a{{break}}b{{else}}c{{end}}", "{{range V}}{{range V}}i{{break}}{{end}}o{{end}}", "{{range V}}{{with .}}{{break}}{{end}}{{.}}{{end}}", "{{range V}}{{if true}}{{if true}}{{break}}{{end}}{{end}}x{{end}}z"},
	"continue": {"{{range V}}{{.}}{{continue}}x{{end}}", "{{range $i, $x := V}}{{if $i}}{{continue}}{{end}}{{$x}}{{end}}", "{{range V}}{{range V}}i{{continue}}j{{end}}o{{end}}", "{{range V}}{{with .}}{{continue}}{{end}}n{{end}}", "{{range V}}a{{- continue -}} b{{end}}"},
	"assign":   {"{{$x := 1}}{{with V}}{{$x = .}}{{end}}{{$x}}", "{{$x := V}}{{$x = 2}}{{$x}}", "{{$x := 1}}{{if V}}{{$x := 2}}{{$x}}{{end}}{{$x}}", "{{$x := 1}}{{range V}}{{$x = .}}{{end}}{{$x}}", "{{$i := 9}}{{$e := 9}}{{range $i, $e = V}}{{end}}{{$i}},{{$e}}", "{{$x := V}}{{$y := $x}}{{$x = 1}}{{$y}}", "{{$x := V}}{{$x := print $x \"!\"}}{{$x}}", "{{$x := 1}}{{print ($x = V)}}{{$x}}", "{{$a := V}}{{range $a}}{{$a = nil}}{{end}}{{printf \"%T\" $a}}"},
	"template": {"{{define \"d\"}}[{{.}}]{{end}}{{template \"d\" V}}", "{{define \"d\"}}[{{.}}{{$}}]{{end}}{{template \"d\"}}", "{{template \"gone\" V}}", "{{block \"b\" V}}({{.}}){{end}}", "{{define \"d\"}}{{.x}}{{end}}a{{template \"d\" V}}b", "{{define \"d\"}}{{if .}}{{template \"e\" .}}{{end}}{{end}}{{define \"e\"}}e{{.}}{{end}}{{template \"d\" V}}", "{{with V}}{{template \"d\" $}}{{end}}{{define \"d\"}}{{.i}}{{end}}", "{{range V}}{{block \"b\" .}}<{{.}}>{{end}}{{end}}", "{{define \"d\"}}{{range .}}{{.}},{{end}}{{end}}{{template \"d\" V | print}}", "{{template \"d\" $y := V}}{{$y}}{{define \"d\"}}d{{end}}"},
}

func makeControl(g *Gen) {
	g.Share("kinds", kindsData)
	for kind, forms := range conditionForms {
		for _, form := range forms {
			for _, v := range append(fields(), constants...) {
				g.Add(T(kind, "kinds", strings.ReplaceAll(form, "V", v)))
			}
		}
	}
	sortCases(g)
	controlChannels(g)
	controlSets(g)
	for range 500 {
		g.Add(T("nested", "kinds", nestedControl(g, 3)))
	}
}

// controlChannels ranges over channels, which are made anew for every run.
func controlChannels(g *Gen) {
	builds := []func() any{
		func() any { return map[string]any{"c": filled(1, 2, 3)} },
		func() any { return map[string]any{"c": filled[string]()} },
		func() any { return map[string]any{"c": filled("a", "b")} },
		func() any { return map[string]any{"c": filled[any](nil, "x", 2)} },
		func() any { return map[string]any{"c": (chan int)(nil)} },
		func() any { return map[string]any{"c": filled(Point{1, 2})} },
		func() any { return map[string]any{"c": upperSeqs["seq0"]} },
		func() any { return map[string]any{"c": upperSeqs["seq1"]} },
		func() any { return map[string]any{"c": upperSeqs["seq2"]} },
		func() any { return map[string]any{"c": upperSeqs["seqEmpty"]} },
		func() any { return map[string]any{"c": 3} }, func() any { return map[string]any{"c": int8(2)} }, func() any { return map[string]any{"c": uint16(2)} }, func() any { return map[string]any{"c": -1} },
		func() any { return map[string]any{"c": Code(2)} }, func() any { return map[string]any{"c": Small(2)} },
	}
	forms := append(append([]string{}, conditionForms["range"]...), conditionForms["break"]...)
	forms = append(forms, "{{range .c}}{{.}}{{end}}{{range .c}}again{{else}}drained{{end}}", "{{len .c}}", "{{range $i, $x := .c}}{{$i}}:{{$x}} {{else}}e{{end}}", "{{range $x := .c}}{{printf \"%T\" $x}}{{end}}", "{{range .c}}{{.X}}{{end}}", "{{if .c}}y{{end}}", "{{$x := 0}}{{range $x = .c}}{{end}}{{$x}}")
	for _, build := range builds {
		for _, form := range forms {
			g.Add(Case{Kind: "iterators", Parses: []Parse{{"", strings.ReplaceAll(form, "V", ".c")}}, Data: build})
		}
	}
}

var upperSeqs = functionValues

// controlSets tries several Parse calls, redefinition, and execution by name.
func controlSets(g *Gen) {
	bodies := []string{"", " \n ", "{{/* only a comment */}}", "one{{.}}", "{{define \"a\"}}A{{.}}{{end}}", "{{define \"a\"}}{{end}}", "{{define \"a\"}} {{/* c */}} {{end}}text", "{{template \"a\" .}}", "{{block \"a\" .}}B{{end}}", "{{define \"a\"}}1{{end}}{{define \"a\"}}2{{end}}", "{{define \"b\"}}b{{template \"a\"}}{{end}}x", "{{define \"t\"}}self{{end}}", "{{define \"t\"}}self{{end}}other", "{{template \"b\" 3}}", "{{if}}", "{{define \"a\"}}{{.x}}\n{{.y.z}}{{end}}"}
	names := []string{"", "a", "b", "c"}
	for range 420 {
		var parses []Parse
		for range 1 + g.Intn(3) {
			parses = append(parses, Parse{pick(g, names), pick(g, bodies)})
		}
		g.Add(Case{Kind: "sets", Name: pick(g, []string{"", "", "root", "a", "dir/name.tmpl", "sp ace", "quo\"te", "", "é"}), Parses: parses, Exec: pick(g, []string{"", "", "a", "b", "t", "zzz"}), Data: func() any { return map[string]any{"x": 1} }})
	}
}

func nestedControl(g *Gen, depth int) string {
	values := append(fields(), constants...)
	leaf := func() string {
		return pick(g, []string{"text", "{{.}}", "{{$.i}}", "{{.x}}", "{{break}}", "{{continue}}", "{{print " + pick(g, values) + "}}", " \n", "{{- /* c */ -}}", "{{$v := " + pick(g, values) + "}}{{$v}}"})
	}
	if depth == 0 || g.Intn(6) == 0 {
		return leaf()
	}
	v, inner := pick(g, values), nestedControl(g, depth-1)
	if g.Intn(2) == 0 {
		inner += nestedControl(g, depth-1)
	}
	other := nestedControl(g, depth-1)
	form := pick(g, []string{"{{range V}}I{{end}}", "{{range $i, $e := V}}{{$i}}I{{else}}O{{end}}", "{{if V}}I{{else}}O{{end}}", "{{with V}}I{{else with V}}O{{end}}", "{{if V}}I{{else if eq V V}}O{{else}}z{{end}}", "{{range .anys}}I{{end}}", "{{range .grid}}{{range .}}I{{end}}O{{end}}", "{{with $w := V}}I{{$w}}{{end}}", "{{range $e := .maps}}I{{$e.a}}{{end}}", "{{range 3}}I{{end}}"})
	form = strings.ReplaceAll(form, "V", v)
	return strings.ReplaceAll(strings.ReplaceAll(form, "I", inner), "O", other)
}
