package main

import (
	"fmt"
	"strings"
)

var fieldNames = []string{"a", "b", "x", "none", "sub", "X", "Y", "Sum", "Times", "Name", "Count", "hidden", "Greet", "Bump", "ID", "Tags", "Meta", "Any", "Next", "Fn", "NoFn", "Err", "Str", "secret", "Point", "Inner", "Zero", "Total", "Pick", "Head", "String", "Error", "Self", "Nope", "k", "Table", "Items", "NilPoint", "Nothing", "Adder", "Size", "GoString", "missing", "list", "Ratio"}

var methodCalls = []string{
	"%s.Zero", "%s.One 1", "%s.One", "%s.One 1 2", `%s.One "x"`, "%s.One .f64", "%s.One 1.0", "%s.Two 1 \"s\"", "%s.Two \"s\" 1", "%s.Many \"s\"", "%s.Many \"s\" 1 2 3", "%s.Many 1", "%s.Many \"s\" 1 \"x\"",
	"%s.Many", "%s.Anything nil", "%s.Anything .i8", "%s.Anything .missing", "%s.Anything .m", "%s.Stringer .code", "%s.Stringer .i", "%s.Stringer nil", "%s.Nothing", "%s.Nothing.x", "%s.Panics \"why\"", "%s.Table",
	"%s.Table.size", "%s.Table.none", "%s.Table.none.x", "%s.Table.gone", "%s.Items", "index %s.Items 1", "%s.Adder", "call %s.Adder 4", "%s.Point", "%s.Point.X", "%s.Point.Sum", "%s.Self", "%s.Self.Zero", "%s.NilPoint",
	"%s.NilPoint.X", "%s.NilPoint.Sum", "%s.Fails true \"x\"", "%s.Fails false \"x\"", "%s.Fails", "%s.Fails 1 2", "(%s.Point).Y", "(%s.Self).Size", "%s.Zero.x", "%s.Size", "%s.Size.x", "\"s\" | %s.One", "5 | %s.One", "\"s\" | %s.Two 1",
	"%s.Zero 1", "1 | %s.Zero", "%s.Size 1", "print %s.Zero %s.Size", "%s.Point.Times 2", "(%s.Self.Point).Sum", "%s.One | print", "nil | %s.Anything", ".i | %s.One | printf \"%%s!\"",
}

func makeLookup(g *Gen) {
	g.Share("kinds", kindsData)
	lookupFields(g)
	lookupMethods(g)
	lookupIndex(g)
	lookupOptions(g)
	lookupVariables(g)
	for _, v := range kinds() {
		v := v
		for _, text := range []string{"{{.}}", "{{.x}}", "{{.X}}", "{{$}}", "{{.a.b}}", "{{$.Name}}", "{{len .}}", "{{range .}}{{.}}{{end}}", "{{with .}}{{.}}{{end}}", "{{printf \"%v %T\" . .}}", "{{index . 0}}", "{{.Sum}}", "{{. | print}}", "{{template \"t\"}}", "{{range $k, $v := .}}{{$k}}={{$v}};{{end}}"} {
			name := v.Name
			g.Add(Case{Kind: "root", ID: name, Parses: []Parse{{"", text}}, Data: func() any { return kindsData().(map[string]any)[name] }})
		}
	}
}

func lookupFields(g *Gen) {
	for _, base := range fields() {
		for _, name := range fieldNames {
			path := base + "." + name
			g.Add(T("field", "kinds", "{{"+path+"}}"))
			if g.Intn(6) == 0 {
				g.Add(T("chain", "kinds", "{{"+path+"."+pick(g, fieldNames)+"}}"))
				g.Add(T("chain", "kinds", "a{{("+base+")."+name+"}}b"))
				g.Add(T("chain", "kinds", "{{(index . \""+base[1:]+"\")."+name+"}}"))
				g.Add(T("chain", "kinds", "{{$v := "+base+"}}{{$v."+name+"}}"))
				g.Add(T("chain", "kinds", "{{with "+base+"}}{{."+name+"}}{{else}}none{{end}}"))
				g.Add(T("chain", "kinds", "{{range "+base+"}}{{."+name+"}},{{end}}"))
				g.Add(T("chain", "kinds", "{{with $x := "+base+"}}\n  {{$x."+name+"."+pick(g, fieldNames)+"}}{{end}}"))
				g.Add(T("field-args", "kinds", "{{"+path+" 1}}"))
				g.Add(T("field-args", "kinds", "{{.i | "+path+"}}"))
				g.Add(T("field-args", "kinds", "{{"+path+" "+pick(g, append(fields(), constants...))+"}}"))
				g.Add(T("field-args", "kinds", "{{print ("+path+") "+base+"}}"))
				g.Add(T("field-args", "kinds", "{{printf \"%T\" "+path+"}}"))
			}
		}
	}
}

func lookupMethods(g *Gen) {
	bases := []string{".machine", ".pmachine", "(pointOf 1 2)", ".ppoint", ".nilpoint", ".pouter", ".outer", "$.pmachine", ".dict", ".nil", ".missing", "$m"}
	for _, base := range bases {
		for _, call := range methodCalls {
			g.Add(T("method", "kinds", "{{$m := .machine}}{{"+strings.ReplaceAll(call, "%s", base)+"}}"))
		}
	}
	for _, text := range []string{
		"{{.point.Times 2}}", "{{.ppoint.Times 3}}", "{{(index .points 0).Times 2}}", "{{range .points}}{{.Times 2}}{{end}}", "{{(index .ppoints \"p\").Times 2}}", "{{.pouter.Times 2}}", "{{.outer.Times 2}}", "{{.pouter.Bump 1 2}}",
		"{{.outer.Bump}}", "{{.inner.Bump 1}}", "{{.inner.Greet \"hi\"}}", "{{.pouter.Greet \"hi\"}}", "{{.outer.Inner.Greet \"hi\"}}", "{{.pouter.Next.Bump}}", "{{.pouter.Next.Sum}}", "{{.pouter.Next.X}}", "{{.outer.Next.Next.ID}}",
		"{{.dict.Pick \"a\"}}", "{{.dict.a}}", "{{.dict.Total}}", "{{.dict.zz}}", "{{.list.Head}}", "{{.list0.Head}}", "{{.code.String}}", "{{.fault.Error}}", "{{.alarm.Error}}", "{{.nilalarm.Error}}", "{{.alarm.Msg}}", "{{.nilalarm.Msg}}",
		"{{.boom.String}}", "{{.outer.Err.Error}}", "{{.outer.Str.String}}", "{{.pouter.Err.Op}}", "{{.pouter.Str}}", "{{.pouter.Next.Err.Error}}", "{{.pouter.Next.Str.String}}", "{{.codes}}", "{{range .stringers}}{{.String}}{{end}}",
		"{{range .errs}}{{.Error}}{{end}}", "{{.outer.Fn 3}}", "{{.outer.Fn}}", "{{call .outer.Fn 3}}", "{{.outer.NoFn}}", "{{call .outer.NoFn}}", "{{.pouter.Name}}", "{{.pouter.hidden}}", "{{.pouter.secret}}", "{{.outer.Meta.k}}",
		"{{.outer.Meta.zz}}", "{{.outer.Any.x}}", "{{.outer.Any}}", "{{.pouter.Next.Any.x}}", "{{.pouter.Tags}}", "{{.outer}}", "{{.celsius.String}}", "{{.gray}}", "{{.gray.GoString}}", "{{printf \"%#v\" .gray}}", "{{.pmachine.Self.Self.Zero}}",
		"{{.machine.Self}}", "{{or .nil .machine.Zero}}", "{{print .machine.Zero .pmachine.Zero}}", "{{len .machine.Items}}", "{{.machine.Items.x}}", "{{index .machine.Table \"size\"}}", "{{.point.X.Y}}", "{{.pi.x}}", "{{.ppi.x}}", "{{.pany.x}}", "{{.pm.a}}", "{{.pm.b}}",
	} {
		g.Add(T("method", "kinds", text))
		g.Add(T("method", "kinds", "\n  "+text))
		g.Add(T("method", "kinds", strings.ReplaceAll(strings.ReplaceAll(text, "{{", "{{if true}}{{"), "}}", "}}{{end}}")))
	}
}

func lookupIndex(g *Gen) {
	for _, c := range containers {
		for _, i := range indexes {
			g.Add(T("index", "kinds", fmt.Sprintf("{{index %s %s}}", c, i)))
		}
	}
	for _, s := range sliceables {
		for range 25 {
			args := ""
			for range g.Intn(4) {
				args += " " + pick(g, indexes)
			}
			g.Add(T("slice", "kinds", fmt.Sprintf("{{slice %s%s}}", s, args)))
			g.Add(T("slice", "kinds", fmt.Sprintf("{{printf \"%%T %%q\" (slice %s%s) (len (slice %s%s))}}", s, args, s, args)))
		}
	}
}

var optionTexts = []string{
	"{{.B}}", "{{.B.x}}", "{{.B.x.y}}", "{{len .B}}", "{{index . \"B\"}}", "{{if .B}}y{{else}}n{{end}}", "{{with .B}}y{{else}}n{{end}}", "{{range .B}}y{{else}}n{{end}}", "{{print .B}}", "{{or .B 1}}", "{{and .B 1}}", "{{not .B}}",
	"{{eq .B nil}}", "{{.A.B}}", "{{.A.B.C}}", "{{$.B}}", "{{$x := .B}}{{$x}}", "{{(.B).C}}", "{{.B | print}}", "{{template \"d\" .B}}{{define \"d\"}}<{{.}}>{{end}}", "{{index .A \"B\"}}", "{{.A}} {{.B}}", "{{range .L}}{{.B}}{{end}}", "{{.N.x}}", "{{html .B}}",
	"{{printf \"%v %T\" .B .B}}", "{{tAny .B}}", "{{tString .B}}", "{{describe .A.B .B}}", "{{index .L .B}}", "{{call .B}}", "{{.T.B}}", "{{.T.B.C}}", "{{.I.B}}", "{{len .T.B}}", "{{.S.B}}", "{{.P.B}}", "text {{.A.a}} more {{.A.b}}", "{{.Z.B}}", "{{.E.B.C}}", "{{.E.B}}",
}

func lookupOptions(g *Gen) {
	builds := []func() any{
		func() any {
			return map[string]any{"A": map[string]any{"a": 1}, "L": []any{map[string]any{"A": 1}, map[string]string{"B": "b"}}, "N": nil, "T": map[string]map[string]int{"x": {"y": 1}}, "I": map[string]int{"a": 1}, "S": Point{1, 2}, "P": &Point{1, 2}, "Z": map[string]any(nil), "E": map[string]Point{"e": {1, 2}}}
		},
		func() any { return map[string]int{"A": 1} },
		func() any { return map[string]string{"A": "a", "B": ""} },
		func() any { return map[string]*Point{"A": {1, 2}, "B": nil} },
		func() any { return map[string]any(nil) },
		func() any { return nil },
		func() any { return map[Word]int{"A": 1} },
		func() any { return map[int]string{1: "x"} },
		func() any { return map[string][]int{"A": {1}} },
		func() any { return map[string]error{"A": Fault{"x", 1}} },
	}
	for _, option := range []string{"default", "invalid", "zero", "error"} {
		for _, text := range optionTexts {
			for _, build := range builds {
				g.Add(Case{Kind: "missingkey-" + option, Option: option, Parses: []Parse{{"", text}}, Data: build})
			}
		}
	}
}

func lookupVariables(g *Gen) {
	texts := []string{"{{$x := V}}{{$x}}", "{{$x := V}}{{$x = 1}}{{$x}}", "{{with $x := V}}{{$x}}{{end}}", "{{range $x := V}}{{$x}}{{end}}", "{{range $i, $x := V}}{{$i}}{{$x}}{{end}}", "{{$x := V}}{{$x.a}}", "{{$x := V}}{{range $x}}{{.}}{{else}}{{$x}}{{end}}", "{{if $x := V}}{{$x}}{{else}}no {{$x}}{{end}}",
		"{{$x := 1}}{{range $x = V}}{{$x}}{{end}}after {{$x}}", "{{$x := V}}{{$y := $x}}{{printf \"%T\" $y}}", "{{or 0 ($y := V)}}{{$y}}", "{{$x := V | print}}{{$x}}", "{{$x := V}}{{template \"d\" $x}}{{define \"d\"}}{{.}}{{end}}", "{{$i := 0}}{{$v := 0}}{{range $i, $v = V}}{{end}}{{$i}}:{{$v}}"}
	for _, text := range texts {
		for _, v := range append(fields(), constants...) {
			if g.Intn(2) == 0 {
				g.Add(T("variable", "kinds", strings.ReplaceAll(text, "V", v)))
			}
		}
	}
}

// makeArgs calls functions of each parameter type with arguments of each kind.
func makeArgs(g *Gen) {
	g.Share("kinds", kindsData)
	all := append(fields(), constants...)
	groups := map[string][]string{
		"scalar": {"tBool", "tInt", "tInt8", "tInt64", "tUint", "tUint8", "tUint64", "tFloat32", "tFloat64", "tComplex", "tString", "double"}, "named": {"tWord", "tCode"},
		"composite": {"tBytes", "tAnys", "tInts", "tArray", "tMap", "tMapInt", "tPoint", "tPointer"}, "interface": {"tAny", "tStringer", "tError", "describe", "listOf"}, "function": {"tFunc", "upTo", "getFn"},
	}
	for kind, names := range groups {
		for _, fn := range names {
			for _, a := range all {
				g.Add(T(kind, "kinds", fmt.Sprintf("{{%s %s}}", fn, a)))
				g.Add(T("piped", "kinds", fmt.Sprintf("{{%s | %s}}", a, fn)))
				g.Add(T("parenthesised", "kinds", fmt.Sprintf("{{%s (%s)}}", fn, a)))
				g.Add(T("variable", "kinds", fmt.Sprintf("{{$x := %s}}{{%s $x}}", a, fn)))
			}
			g.Add(T("arity", "kinds", fmt.Sprintf("{{%s}}", fn)))
			g.Add(T("arity", "kinds", fmt.Sprintf("{{%s 1 2}}", fn)))
			g.Add(T("arity", "kinds", fmt.Sprintf("{{1 | %s 2 3}}", fn)))
		}
	}
	sortCases(g)
	many := []string{"add", "sum", "describe", "join2", "mapOf", "listOf", "pointOf", "typed", "at", "nilDeref", "mayFail", "panics", "panicsErr", "twoResults", "noArgs", "nothing", "nilMap", "nilPoint", "seqOf"}
	for range 1500 {
		fn := pick(g, many)
		args := ""
		for range g.Intn(4) {
			args += " " + pick(g, all)
		}
		form := pick(g, []string{"{{%s%s}}", "{{%s%s}}", "{{%s%s | printf \"%%v\"}}", "{{range %s%s}}<{{.}}>{{end}}", "{{(%s%s).X}}", "{{1 | %s%s}}", "{{with %s%s}}{{.}}{{else}}-{{end}}"})
		kind := "several"
		if args == "" {
			kind = "arity"
		}
		g.Add(T(kind, "kinds", fmt.Sprintf(form, fn, args)))
	}
	for _, text := range []string{"{{range upTo 3}}{{.}}{{end}}", "{{range $i := upTo 4}}{{$i}}{{if eq $i 2}}{{break}}{{end}}{{end}}", "{{range $k, $v := seqOf}}{{$k}}{{$v}}{{end}}", "{{range seqOf}}{{.}}{{end}}", "{{range $a, $b := upTo 2}}{{end}}", "{{call getFn 3}}", "{{tFunc getFn}}", "{{(mapOf \"a\" 1).a}}", "{{(mapOf \"a\" nil).a}}", "{{(pointOf 1 2).Sum}}", "{{(pointOf 1 2).Times 3}}", "{{(nilPoint).X}}", "{{(nilMap).x}}", "{{at .ints 9}}", "{{nilDeref nil}}", "{{nilDeref .nilpoint}}", "{{panics \"x\"}}", "{{panics nil}}", "{{panics .fault}}", "{{panics 3}}", "{{panicsErr}}", "{{mayFail \"bad\"}}", "{{mayFail \"ok\"}}", "a{{twoResults}}b", "{{len (listOf 1 2)}}", "{{index (listOf 1 2) 1}}", "{{(nothing).x}}", "{{nothing}}", "{{nilMap}}", "{{nilPoint}}"} {
		for _, wrap := range []string{"%s", "x%sy", "{{if true}}%s{{end}}", "{{with .m}}%s{{end}}"} {
			g.Add(T("several", "kinds", strings.Replace(wrap, "%s", text, 1)))
		}
	}
}
