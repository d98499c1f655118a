package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// The named types that cases can use. conftest.py declares the same ones over gotemplate.values.
type (
	I   int
	F32 float32
	St  string
	Str string // has String
	Er  string // has Error
	GS  int    // has GoString
	Pan int    // String panics
	Fo  int    // has Format
	BS  []byte
	NB  bool
	M   map[string]int
	S   struct {
		A int
		B string
		c any
	}
	VS struct{ N int } // has String on the value
	PS struct{ N int } // has String on the pointer
	Ho struct {        // holds others
		X  any
		Y  *S
		D  time.Duration
		d  time.Duration
		Bs []byte
	}
	Em struct { // embeds
		VS
		Z int
	}
)

func (s Str) String() string  { return "str<" + string(s) + ">" }
func (e Er) Error() string    { return "error " + string(e) }
func (g GS) GoString() string { return "GS(" + strconv.Itoa(int(g)) + ")" }
func (p Pan) String() string  { panic("boom " + strconv.Itoa(int(p))) }
func (v VS) String() string   { return "VS" + strconv.Itoa(v.N) }
func (p *PS) String() string  { return "PS" + strconv.Itoa(p.N) }
func (f Fo) Format(s fmt.State, verb rune) {
	w, wok := s.Width()
	p, pok := s.Precision()
	fmt.Fprintf(s, "Fo%d/%c/%d%t/%d%t/", int(f), verb, w, wok, p, pok)
	for _, c := range "-+# 0" {
		if s.Flag(int(c)) {
			fmt.Fprintf(s, "%c", c)
		}
	}
}

var named = map[string]reflect.Type{
	"I": reflect.TypeFor[I](), "F32": reflect.TypeFor[F32](), "St": reflect.TypeFor[St](), "Str": reflect.TypeFor[Str](),
	"Er": reflect.TypeFor[Er](), "GS": reflect.TypeFor[GS](), "Pan": reflect.TypeFor[Pan](), "Fo": reflect.TypeFor[Fo](),
	"BS": reflect.TypeFor[BS](), "NB": reflect.TypeFor[NB](), "M": reflect.TypeFor[M](), "S": reflect.TypeFor[S](),
	"VS": reflect.TypeFor[VS](), "PS": reflect.TypeFor[PS](), "Ho": reflect.TypeFor[Ho](), "Em": reflect.TypeFor[Em](),
	"Duration": reflect.TypeFor[time.Duration](), "Month": reflect.TypeFor[time.Month](),
	"any": reflect.TypeFor[any](), "error": reflect.TypeFor[error](), "bool": reflect.TypeFor[bool](), "string": reflect.TypeFor[string](),
	"int": reflect.TypeFor[int](), "int8": reflect.TypeFor[int8](), "int16": reflect.TypeFor[int16](),
	"int32": reflect.TypeFor[int32](), "int64": reflect.TypeFor[int64](), "uint": reflect.TypeFor[uint](),
	"uint8": reflect.TypeFor[uint8](), "uint16": reflect.TypeFor[uint16](), "uint32": reflect.TypeFor[uint32](),
	"uint64": reflect.TypeFor[uint64](), "uintptr": reflect.TypeFor[uintptr](), "float32": reflect.TypeFor[float32](),
	"float64": reflect.TypeFor[float64](), "complex64": reflect.TypeFor[complex64](), "complex128": reflect.TypeFor[complex128](),
	"func": reflect.TypeFor[func() string](), "chan": reflect.TypeFor[chan int](),
}

// typeOf reads a type: a name of the table above, []T, [n]T, *T or map[K]V.
func typeOf(text string) reflect.Type {
	if t, ok := named[text]; ok {
		return t
	}
	switch {
	case strings.HasPrefix(text, "[]"):
		return reflect.SliceOf(typeOf(text[2:]))
	case strings.HasPrefix(text, "["):
		n, rest, _ := strings.Cut(text[1:], "]")
		count, _ := strconv.Atoi(n)
		return reflect.ArrayOf(count, typeOf(rest))
	case strings.HasPrefix(text, "*"):
		return reflect.PointerTo(typeOf(text[1:]))
	case strings.HasPrefix(text, "map["):
		key, elem, _ := strings.Cut(text[4:], "]")
		return reflect.MapOf(typeOf(key), typeOf(elem))
	}
	panic("unknown type " + text)
}

func unhex(text string) string {
	b, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func bigInt(text string) *big.Int {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		panic("bad integer " + text)
	}
	return n
}

func bigFloat(text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		panic(err)
	}
	return f
}

// value reads a value of a type: integers and floats as decimal text, strings in hexadecimal, slices, arrays and structs as lists,
// maps as lists of pairs, pointers as what they point to, null for nil; an interface as [TYPE, VALUE].
func value(t reflect.Type, raw json.RawMessage) reflect.Value {
	v := reflect.New(t).Elem()
	if string(raw) == "null" {
		return v
	}
	var text string
	var list []json.RawMessage
	switch raw[0] {
	case '"':
		json.Unmarshal(raw, &text)
	case '[':
		json.Unmarshal(raw, &list)
	}
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(string(raw) == "true")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(bigInt(text).Int64())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(bigInt(text).Uint64())
	case reflect.Float32, reflect.Float64:
		v.SetFloat(bigFloat(text))
	case reflect.Complex64, reflect.Complex128:
		v.SetComplex(complex(bigFloat(stringOf(list[0])), bigFloat(stringOf(list[1]))))
	case reflect.String:
		v.SetString(unhex(text))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(t, len(list), len(list)))
		fallthrough
	case reflect.Array:
		for i, item := range list {
			v.Index(i).Set(value(t.Elem(), item))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		for _, item := range list {
			var pair [2]json.RawMessage
			json.Unmarshal(item, &pair)
			v.SetMapIndex(value(t.Key(), pair[0]), value(t.Elem(), pair[1]))
		}
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(value(t.Elem(), raw))
	case reflect.Interface:
		v.Set(value(typeOf(stringOf(list[0])), list[1]))
	case reflect.Struct:
		for i, item := range list {
			field := v.Field(i)
			if !field.CanSet() {
				field = reflect.NewAt(field.Type(), field.Addr().UnsafePointer()).Elem()
			}
			field.Set(value(t.Field(i).Type, item))
		}
	default:
		panic("no value of " + t.String())
	}
	return v
}

func stringOf(raw json.RawMessage) string {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		panic(err)
	}
	return text
}

// args reads a list of [TYPE, VALUE] pairs, null for nil.
func args(raw []json.RawMessage) []any {
	found := make([]any, len(raw))
	for i, item := range raw {
		found[i] = value(named["any"], item).Interface()
	}
	return found
}
