package main

import (
	"fmt"
	"math"
)

// A Named value is reached as .name from the shared data "kinds".
type Named struct {
	Name  string
	Value any
}

func ptr[T any](x T) *T { return &x }

func sample(name string) *Outer {
	return &Outer{
		Inner: Inner{name, 3, 9}, Point: &Point{1, 2}, ID: 7, Ratio: 0.25, Tags: []string{"a", "b"},
		Meta: map[string]string{"k": "v"}, Any: 5, Next: &Outer{Inner: Inner{Name: "next"}, ID: 8}, Fn: double,
		Err: Fault{"read", 4}, Str: Code(6), secret: "hush",
	}
}

// kinds has a value of each kind, plain and named, empty and full, nil and not.
func kinds() []Named {
	return []Named{
		{"nil", nil}, {"t", true}, {"f", false}, {"i", 7}, {"i0", 0}, {"ineg", -3}, {"imax", math.MaxInt64}, {"i1", 1},
		{"i8", int8(5)}, {"i16", int16(-300)}, {"i32", int32(7)}, {"i64", int64(1)}, {"u", uint(7)}, {"u8", uint8(1)},
		{"u16", uint16(500)}, {"u32", uint32(2)}, {"u64", uint64(math.MaxUint64)}, {"uptr", uintptr(9)},
		{"f32", float32(1.5)}, {"f64", 2.5}, {"f0", 0.0}, {"fint", 7.0}, {"fbig", 1e21}, {"fmil", 1000000.0}, {"fnan", math.NaN()},
		{"finf", math.Inf(-1)}, {"c64", complex64(1 + 2i)}, {"c128", complex(7, 0)},
		{"s", "hello"}, {"s0", ""}, {"s1", "b"}, {"sutf", "héllo, 世界"}, {"shtml", `<a href="x">'&'</a>` + "\x00\t\n"}, {"bad", "a\xffz"}, {"snum", "7"},
		{"bytes", []byte("by\n")}, {"bytes0", []byte{}}, {"anys", []any{1, "two", nil, 3.5}}, {"anys0", []any{}}, {"ints", []int{3, 1, 2}}, {"nilints", []int(nil)},
		{"strs", []string{"a", "b", "c"}}, {"floats", []float64{1.5, 2}}, {"arr", [3]int{4, 5, 6}}, {"arr0", [0]string{}}, {"nested", []any{[]any{1, 2}, map[string]any{"a": []any{"x"}}}},
		{"grid", [][]int{{1, 2}, {3}}}, {"maps", []map[string]any{{"a": 1}, {"a": 2}}},
		{"m", map[string]any{"a": 1, "b": "two", "none": nil, "sub": map[string]any{"x": "deep", "list": []any{10, 20}}}},
		{"m0", map[string]any{}}, {"nilm", map[string]any(nil)}, {"mis", map[int]string{1: "one", 2: "two", -1: "minus"}}, {"mss", map[string]string{"k": "v", "b": "w"}},
		{"msi", map[string]int{"a": 1, "b": 2}}, {"nilmsi", map[string]int(nil)}, {"mfi", map[float64]int{1.5: 1, 2: 2}}, {"mbs", map[bool]string{true: "yes", false: "no"}}, {"mu8", map[uint8]any{1: "x", 2: nil}},
		{"mwi", map[Word]int{"a": 1}}, {"mm", map[string]map[string]int{"a": {"b": 1}}},
		{"point", Point{1, 2}}, {"ppoint", &Point{3, 4}}, {"nilpoint", (*Point)(nil)}, {"inner", Inner{"in", 2, 1}}, {"outer", *sample("out")}, {"pouter", sample("ptr")}, {"machine", Machine{4}}, {"pmachine", &Machine{5}},
		{"pi", ptr(5)}, {"ppi", ptr(ptr(6))}, {"nilpi", (*int)(nil)}, {"ps", ptr("pointed")}, {"pm", &map[string]any{"a": 1}}, {"pints", &[]int{1, 2}}, {"parr", &[2]int{8, 9}}, {"pany", ptr(any(3))}, {"pnilany", ptr(any(nil))},
		{"fn", double}, {"nilfn", (func(int) int)(nil)}, {"fnv", sum}, {"fn0", noArgs}, {"fnerr", mayFail}, {"fnpanic", panicsError}, {"fndesc", describe},
		{"ch", filled(1, 2)}, {"nilch", (chan int)(nil)},
		{"code", Code(3)}, {"label", Label("tag")}, {"fault", Fault{"open", 2}}, {"alarm", &Alarm{"fire"}}, {"nilalarm", (*Alarm)(nil)}, {"gray", Gray{8}}, {"boom", Boom(1)},
		{"celsius", Celsius(36.6)}, {"flag", Flag(true)}, {"word", Word("term")}, {"small", Small(-5)}, {"wide", Wide(700)}, {"dict", Dict{"a": 1, "b": 2}}, {"list", List{"p", "q"}}, {"list0", List{}},
		{"codes", []Code{1, 2}}, {"stringers", []fmt.Stringer{Code(1), Label("x"), nil}}, {"errs", []error{Fault{"a", 1}, nil}}, {"points", []Point{{1, 2}, {3, 4}}}, {"mcode", map[string]Code{"a": 1}}, {"ppoints", map[string]Point{"p": {5, 6}}},
		{"seq0", seq0}, {"seq1", seq1}, {"seq2", seq2},
	}
}

func kindsData() any {
	data := map[string]any{}
	for _, n := range kinds() {
		data[n.Name] = n.Value
	}
	return data
}

// fields are the paths ".name" into the shared data.
func fields() []string {
	var out []string
	for _, n := range kinds() {
		out = append(out, "."+n.Name)
	}
	return out
}

func pick[T any](g *Gen, list []T) T { return list[g.Intn(len(list))] }
