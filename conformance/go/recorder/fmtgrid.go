package main

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

const verbs = "vTtbcdoOqxXUeEfFgGsp"

var flagSets = []string{"", "+", "-", "#", "0", " ", "+#", "-0", "# ", "#0", "+0", "-+", "+-#0 ", "0+", " 0", "#+0"}
var widths = []string{"", "", "1", "4", "8", "12", "20"}
var precisions = []string{"", "", ".", ".0", ".1", ".3", ".5", ".10"}

// fmtValues are the operands, by kind.
var fmtValues = map[string][]any{
	"int":     {0, 1, -1, 7, 42, -42, 65, 1000000, math.MaxInt64, math.MinInt64, int8(-128), int8(5), int16(300), int32('世'), int32(-7), int64(1 << 40), 0x10FFFF, 0x110000, 0xD800, 34, 39, 10, 127, 0xFFFD, 9731},
	"uint":    {uint(0), uint(7), uint8(255), uint16(65535), uint32(1 << 31), uint64(math.MaxUint64), uintptr(0), uintptr(4096), uint8('q'), uint32(128512)},
	"float":   {0.0, math.Copysign(0, -1), 1.0, -1.5, 3.14159265, 0.1, 100000.0, 999999.5, 1e6, 1e20, 1e21, 123456789.0, 1e-4, 1e-5, 1.5e-7, 1e100, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN(), float32(0.1), float32(3.4e38), float32(16777216), 2.5, 0.5, 12345.678, 1.0 / 3, 5e-324, 99.95, 1023.0},
	"complex": {complex(0, 0), complex(1, 2), complex(-1.5, -2.5), complex64(complex(0.1, -0.1)), complex(math.Inf(1), math.NaN()), complex(1e6, 1e-7), complex(math.Copysign(0, -1), 3), complex(1e20, -1e21)},
	"bool":    {true, false, Flag(true)},
	"string":  {"", "a", "hello", "héllo", "世界", "q\"u`o'te", "tab\tnl\n", "\x00\x7f", "bad\xffbyte", "\U0001F600 smile", "a b c", "`", "\\", "\u00a0nbsp", "\u2028", "\ufeffbom", "e\u0301", "\xe4\xb8", "long text that goes on"},
	"bytes":   {[]byte("abc"), []byte{}, []byte(nil), []byte{0, 255, 16}, []byte("héy\n"), [3]byte{1, 2, 3}, []uint8("\xff"), &[]byte{1, 2}},
	"nil":     {nil, []any{nil}, map[string]any{"a": nil}, (*int)(nil), (map[string]int)(nil), []int(nil), (func(int) int)(nil), (error)(nil), []error{nil}, []*Point{nil}},
	"slice":   {[]int{1, -2, 3}, []int{}, []string{"a", "b c"}, []any{1, "a", nil, 2.5, true}, []any{}, [2]bool{true, false}, [3]int8{1, 2, 3}, [][]int{{1}, {2, 3}, nil}, []float64{1.5, -2, 1e6}, []any{[]any{1}, map[string]any{"k": 2}}, []uint16{1, 2}, [0]int{}, []complex128{1i}, []Celsius{1.5}, []Word{"w"}, []any{int8(1), uint8(2), "s", []byte("b")}, List{"x"}},
	"map":     {map[string]int{"b": 2, "a": 1}, map[string]any{"z": 1, "a": "s", "m": nil, "l": []any{1}}, map[int]string{3: "c", -1: "a"}, map[bool]int{true: 1, false: 0}, map[float64]string{2.5: "x", -1: "y"}, map[string]any{}, map[string]map[string]int{"o": {"i": 1}}, Dict{"d": 1}, map[Word]int{"w": 1}, map[string][]string{"k": {"v"}}, map[uint8]bool{1: true}, map[string]string{"é": "ü", "a": "\""}, map[[2]int]int{{1, 2}: 3}, map[any]int{"one": 1}},
	"struct":  {Point{1, -2}, &Point{3, 4}, Inner{"n", 1, 2}, &Inner{"p", 0, -1}, []Point{{1, 2}}, map[string]Point{"k": {1, 2}}, struct{}{}, Machine{3}, &Machine{4}, []any{Point{5, 6}}, [1]Inner{{"x", 1, 1}}, &[]int{1, 2}, &map[string]int{"a": 1}, &[2]string{"a", "b"}, &[]any{Point{1, 2}}},
	"method":  {Code(3), Code(-1), Label("tag"), Fault{"op", 2}, &Alarm{"ring"}, (*Alarm)(nil), Gray{5}, &Gray{6}, Verb{9}, &Verb{8}, Boom(2), []Code{1, 2}, []fmt.Stringer{Code(1), nil}, map[string]Code{"c": 4}, []error{Fault{"e", 1}}, []any{Code(1), Label("l"), Gray{1}, Verb{2}}, []Verb{{1}}, []Boom{3}, errors.New("plain error"), map[Code]Label{1: "one"}, []Gray{{1}}, map[string]any{"b": Boom(1)}, Celsius(36.6), Word("w"), Small(-3), Wide(12)},
}

// errors.New values print like any error but have no constructor on the other side; they are replaced by Fault.
func init() {
	for i, v := range fmtValues["method"] {
		if _, ok := v.(Fault); !ok && fmt.Sprintf("%T", v) == "*errors.errorString" {
			fmtValues["method"][i] = Fault{"plain", 0}
		}
	}
	fmtValues["struct"] = append(fmtValues["struct"][:6], fmtValues["struct"][7:]...)
	fmtValues["nil"] = append(fmtValues["nil"][:7], fmtValues["nil"][8:]...)
}

// holdsPointer tells whether %p would print an address.
func holdsPointer(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Func:
		return !r.IsNil()
	}
	return false
}

func F(kind, call string, args ...any) Case { return Case{Kind: kind, Call: call, Args: args} }

func makeFmt(g *Gen) {
	kindsInOrder := []string{"int", "uint", "float", "complex", "bool", "string", "bytes", "nil", "slice", "map", "struct", "method"}
	var all []any
	for _, kind := range kindsInOrder {
		values := fmtValues[kind]
		all = append(all, values...)
		for _, v := range values {
			for _, verb := range verbs {
				if verb == 'p' && holdsPointer(v) {
					continue
				}
				g.Add(F(kind, "Sprintf", "%"+string(verb), v))
				for range 5 {
					g.Add(F(kind, "Sprintf", "%"+pick(g, flagSets)+pick(g, widths)+pick(g, precisions)+string(verb)+"|", v))
				}
			}
			for _, f := range []string{"%+v", "%#v", "%#T", "%5v", "%-12v|", "%012v", "%.2v", "%z", "%!", "%é", "%#x", "% x", "%# X", "%+q", "%#q", "%+d"} {
				g.Add(F(kind, "Sprintf", f, v))
			}
		}
	}
	fmtArguments(g, all)
	for range 700 {
		var args []any
		for range g.Intn(5) {
			args = append(args, pick(g, all))
		}
		g.Add(F("sprint", "Sprint", args...))
		g.Add(F("sprintln", "Sprintln", args...))
	}
}

// fmtArguments are formats whose directives and operands do not match one to one.
func fmtArguments(g *Gen, all []any) {
	for range 1200 {
		format := ""
		for range 1 + g.Intn(4) {
			format += pick(g, []string{"", "x", " ", "é"}) + "%" + pick(g, []string{"[1]", "[2]", "[3]", "[5]", "[0]", "[-1]", "[x]", "[", "[]", "[2", "[1]*", "*", ".*", "*.*", "[2]*.[1]*", ".[1]", ".[2]*", "[1].", "+[1]", "5[2]", "[1][2]", "[ 1 ]", "[99999999999]"}) + pick(g, []string{"d", "v", "s", "f", "q", "T", "", "x", "%", "t"})
		}
		args := []any{format}
		for range g.Intn(4) {
			args = append(args, pick(g, []any{1, 2, 5, -6, "s", 3.5, nil, true, uint8(4), int64(7), 1 << 40, []any{1}, -1, Small(3)}))
		}
		g.Add(F("indexes", "Sprintf", args...))
	}
	for range 1200 {
		format := ""
		for range 1 + g.Intn(5) {
			format += pick(g, []string{"%v", "%d", "%s", "%%", "%5%", "%-%", "%", "%z", "%!", "%é", "%\xff", "text", "%5", "%.", "%-", "%.2", "%#", "%+ ", "%1000001d", "%.1000001f", "%05s", "%-05d", "% 5d", "%\n", "%q", "%x", "%c", "%T", "%1.2.3d", "%5*d", "%\x00", "%[", "é"})
		}
		args := []any{format}
		for range g.Intn(5) {
			args = append(args, pick(g, all))
		}
		g.Add(F("directives", "Sprintf", args...))
	}
	for range 700 {
		n := g.NormFloat64() * math.Pow(10, float64(g.Intn(40)-20))
		if g.Intn(3) == 0 {
			n = math.Round(n*100) / 100
		}
		f := "%" + pick(g, flagSets) + pick(g, widths) + pick(g, precisions) + pick(g, strings.Split("eEfFgGvbxX", ""))
		g.Add(F("random-float", "Sprintf", f, n))
		g.Add(F("random-float", "Sprintf", f, float32(n)))
		i := int64(g.Uint64()) >> g.Intn(64)
		g.Add(F("random-int", "Sprintf", "%"+pick(g, flagSets)+pick(g, widths)+pick(g, precisions)+pick(g, strings.Split("dboOxXvqcU", "")), i))
		g.Add(F("random-int", "Sprintf", "%"+pick(g, flagSets)+strconv.Itoa(g.Intn(30))+"d|%v", int(i), uint64(i)))
	}
}
