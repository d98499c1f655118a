package main

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"text/template"
)

// The declared types of the vectors. conformance/go/world.py declares the same ones on the Python side, with the
// same fields, receivers and bodies: change both together.

// Named scalars without methods.
type (
	Celsius float64
	Flag    bool
	Word    string
	Small   int8
	Wide    uint32
)

// Code is a Stringer with an integer under it.
type Code int

func (c Code) String() string { return "code-" + strconv.Itoa(int(c)) }

// Label is a Stringer with a string under it.
type Label string

func (l Label) String() string { return "<" + string(l) + ">" }

// Fault is an error by value.
type Fault struct {
	Op  string
	Num int
}

func (f Fault) Error() string { return f.Op + ": fault " + strconv.Itoa(f.Num) }

// Alarm is an error by pointer; its nil pointer panics.
type Alarm struct{ Msg string }

func (a *Alarm) Error() string { return "alarm: " + a.Msg }

// Gray prints itself in Go syntax.
type Gray struct{ Y int }

func (g Gray) GoString() string { return "Gray(" + strconv.Itoa(g.Y) + ")" }

// Verb formats itself, whatever the verb.
type Verb struct{ N int }

func (v Verb) Format(s fmt.State, verb rune) { fmt.Fprintf(s, "verb %c of %d", verb, v.N) }

// Boom panics when it is printed.
type Boom int

func (b Boom) String() string { panic("boom " + strconv.Itoa(int(b))) }

// Point has methods on the value and on the pointer.
type Point struct{ X, Y int }

func (p Point) Sum() int           { return p.X + p.Y }
func (p *Point) Times(n int) Point { return Point{p.X * n, p.Y * n} }

// Inner is embedded by Outer.
type Inner struct {
	Name   string
	Count  int
	hidden int
}

func (i Inner) Greet(word string) string { return word + ", " + i.Name }
func (i *Inner) Bump(n ...int) int {
	total := i.Count
	for _, x := range n {
		total += x
	}
	return total
}

// Outer has a field of most kinds.
type Outer struct {
	Inner
	*Point
	ID     int
	Ratio  float64
	Tags   []string
	Meta   map[string]string
	Any    any
	Next   *Outer
	Fn     func(int) int
	NoFn   func() string
	Err    error
	Str    fmt.Stringer
	secret string
}

// Dict is a map with methods.
type Dict map[string]int

func (d Dict) Total() int {
	total := 0
	for _, v := range d {
		total += v
	}
	return total
}

func (d Dict) Pick(key string) int { return d[key] }

// List is a slice with a method that can fail.
type List []string

func (l List) Head() (string, error) {
	if len(l) == 0 {
		return "", errors.New("empty list")
	}
	return l[0], nil
}

// Machine has one method for each shape of a call.
type Machine struct{ Size int }

func (m Machine) Zero() string                      { return "zero" }
func (m Machine) One(n int) string                  { return show(n) }
func (m Machine) Two(n int, s string) string        { return show(n) + "," + show(s) }
func (m Machine) Many(s string, rest ...int) string { return show(s) + show(rest) }
func (m Machine) Anything(x any) string             { return show(x) }
func (m Machine) Stringer(s fmt.Stringer) string    { return show(s) }
func (m Machine) Nothing() any                      { return nil }
func (m Machine) Panics(s string) string            { panic("machine: " + s) }
func (m Machine) Table() map[string]any             { return map[string]any{"size": m.Size, "none": nil} }
func (m Machine) Items() []int                      { return []int{m.Size, m.Size + 1} }
func (m Machine) Adder() func(int) int              { return double }
func (m Machine) Point() Point                      { return Point{m.Size, 1} }
func (m *Machine) Self() *Machine                   { return m }
func (m *Machine) NilPoint() *Point                 { return nil }
func (m Machine) Fails(bad bool, s string) (string, error) {
	if bad {
		return s, errors.New("machine failed: " + s)
	}
	return s, nil
}

// The test functions of templates.

func show[T any](x T) string { return fmt.Sprintf("%T:%v", x, x) }

func double(n int) int { return n * 2 }

func mayFail(s string) (string, error) {
	if s == "bad" {
		return "partial", errors.New("told to fail")
	}
	return "fine " + s, nil
}

func describe(args ...any) string {
	text := strconv.Itoa(len(args))
	for _, a := range args {
		text += " " + show(a)
	}
	return text
}

func sum(nums ...int) int {
	total := 0
	for _, n := range nums {
		total += n
	}
	return total
}

//go:noinline
func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func seq0(yield func() bool) {
	for range 3 {
		if !yield() {
			return
		}
	}
}

func seq1(yield func(int) bool) { upTo(3)(yield) }

func seqEmpty(yield func(string) bool) {}

func seq2(yield func(string, int) bool) {
	for i, k := range []string{"x", "y", "z"} {
		if !yield(k, i*i) {
			return
		}
	}
}

func noArgs() string                     { return "none" }
func twoResults() (int, error)           { return 2, errors.New("second result") }
func onlyPanics(x any) string            { panic(x) }
func panicsError() string                { panic(Fault{"panic", 3}) }
func runtimePanic(list []int, i int) int { return list[i] }
func nilDeref(p *Point) int              { return p.X }

var testFunctions = template.FuncMap{
	"add":        func(a, b int) int { return a + b },
	"sum":        sum,
	"double":     double,
	"describe":   describe,
	"mayFail":    mayFail,
	"twoResults": twoResults,
	"noArgs":     noArgs,
	"panics":     onlyPanics,
	"panicsErr":  panicsError,
	"at":         runtimePanic,
	"nilDeref":   nilDeref,
	"upTo":       upTo,
	"seqOf":      func() func(func(string, int) bool) { return seq2 },
	"join2":      func(a, b string) string { return a + b },
	"mapOf":      func(k string, v any) map[string]any { return map[string]any{k: v} },
	"listOf":     func(args ...any) []any { return args },
	"nothing":    func() any { return nil },
	"nilMap":     func() map[string]int { return nil },
	"nilPoint":   func() *Point { return nil },
	"pointOf":    func(x, y int) Point { return Point{x, y} },
	"getFn":      func() func(int) int { return double },
	"typed":      func(s string, rest ...float64) string { return show(s) + " " + show(rest) },
	"tAny":       show[any],
	"tBool":      show[bool],
	"tInt":       show[int],
	"tInt8":      show[int8],
	"tInt64":     show[int64],
	"tUint":      show[uint],
	"tUint8":     show[uint8],
	"tUint64":    show[uint64],
	"tFloat32":   show[float32],
	"tFloat64":   show[float64],
	"tComplex":   show[complex128],
	"tString":    show[string],
	"tBytes":     show[[]byte],
	"tAnys":      show[[]any],
	"tInts":      show[[]int],
	"tArray":     show[[2]int],
	"tMap":       show[map[string]any],
	"tMapInt":    show[map[string]int],
	"tPoint":     show[Point],
	"tPointer": func(p *Point) string {
		if p == nil {
			return "nil point"
		}
		return "point " + show(*p)
	},
	"tStringer": show[fmt.Stringer],
	"tError":    show[error],
	"tWord":     show[Word],
	"tCode":     show[Code],
	"tFunc":     func(f func(int) int) int { return f(20) },
}

// functionNames gives the name under which a function value is encoded.
var functionNames = map[uintptr]string{}

// functionValues are the function values that data may hold.
var functionValues = map[string]any{
	"double": double, "mayFail": mayFail, "describe": describe, "sum": sum, "noArgs": noArgs,
	"twoResults": twoResults, "panicsErr": panicsError,
	"seq0": seq0, "seq1": seq1, "seq2": seq2, "seqEmpty": seqEmpty,
}

func init() {
	for name, f := range functionValues {
		functionNames[reflect.ValueOf(f).Pointer()] = name
	}
}
