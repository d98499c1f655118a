package main

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"unicode/utf8"
)

// The neutral encoding of a Go value. In the place of an interface:
//
//	null, true, 5, "text"      nil, bool, int, string
//	[...]                      []interface {}
//	{"m": {...}}               map[string]interface {}
//	{"t": TYPE, "v": BARE}     everything else, TYPE as reflect prints it
//
// BARE is the value without its type: numbers as JSON integers (64-bit ones beyond 2^53 too: readers must not
// use floats), floats as text, complex numbers as a pair of texts, slices, arrays and channels as lists, maps as
// lists of pairs, structs as lists of fields, pointers as a list of one, functions as their registered name;
// null for the nil of the type.

// channels remembers what a test channel holds, because reading it would empty it.
var channels = map[uintptr]any{}

// filled makes a closed buffered channel with the elements of list.
func filled[T any](list ...T) chan T {
	c := make(chan T, len(list))
	for _, x := range list {
		c <- x
	}
	close(c)
	channels[reflect.ValueOf(c).Pointer()] = append([]T{}, list...)
	return c
}

func encodeAny(b *bytes.Buffer, v any) { encodeDynamic(b, reflect.ValueOf(v)) }

func encodeDynamic(b *bytes.Buffer, v reflect.Value) {
	if !v.IsValid() {
		b.WriteString("null")
		return
	}
	switch v.Type() {
	case reflect.TypeOf(""), reflect.TypeOf(true), reflect.TypeOf(0):
		encodeBare(b, v)
		return
	case reflect.TypeOf([]any{}):
		if !v.IsNil() {
			encodeBare(b, v)
			return
		}
	case reflect.TypeOf(map[string]any{}):
		if !v.IsNil() {
			encodeObject(b, v)
			return
		}
	}
	b.WriteString(`{"t":`)
	writeString(b, v.Type().String())
	b.WriteString(`,"v":`)
	encodeBare(b, v)
	b.WriteByte('}')
}

func encodeObject(b *bytes.Buffer, v reflect.Value) {
	b.WriteString(`{"m":{`)
	for i, k := range sortedKeys(v) {
		if i > 0 {
			b.WriteByte(',')
		}
		writeString(b, k.String())
		b.WriteByte(':')
		encodeDynamic(b, v.MapIndex(k).Elem())
	}
	b.WriteString("}}")
}

func encodeBare(b *bytes.Buffer, v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		fmt.Fprint(b, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		fmt.Fprint(b, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		fmt.Fprint(b, v.Uint())
	case reflect.Float32, reflect.Float64:
		writeString(b, floatText(v.Float()))
	case reflect.Complex64, reflect.Complex128:
		fmt.Fprintf(b, `["%s","%s"]`, floatText(real(v.Complex())), floatText(imag(v.Complex())))
	case reflect.String:
		writeString(b, v.String())
	case reflect.Interface:
		encodeDynamic(b, v.Elem())
	case reflect.Array:
		encodeList(b, v)
	case reflect.Struct:
		b.WriteByte('[')
		for i := range v.NumField() {
			if i > 0 {
				b.WriteByte(',')
			}
			encodeBare(b, v.Field(i))
		}
		b.WriteByte(']')
	default:
		encodeReference(b, v)
	}
}

// encodeReference encodes the kinds that can be nil.
func encodeReference(b *bytes.Buffer, v reflect.Value) {
	if v.IsNil() {
		b.WriteString("null")
		return
	}
	switch v.Kind() {
	case reflect.Slice:
		encodeList(b, v)
	case reflect.Pointer:
		b.WriteByte('[')
		encodeBare(b, v.Elem())
		b.WriteByte(']')
	case reflect.Map:
		b.WriteByte('[')
		for i, k := range sortedKeys(v) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteByte('[')
			encodeBare(b, k)
			b.WriteByte(',')
			encodeBare(b, v.MapIndex(k))
			b.WriteByte(']')
		}
		b.WriteByte(']')
	case reflect.Chan:
		encodeBare(b, reflect.ValueOf(channels[v.Pointer()]))
	case reflect.Func:
		name, ok := functionNames[v.Pointer()]
		if !ok {
			panic("unregistered function of type " + v.Type().String())
		}
		writeString(b, name)
	default:
		panic("cannot encode " + v.Type().String())
	}
}

func encodeList(b *bytes.Buffer, v reflect.Value) {
	b.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			b.WriteByte(',')
		}
		encodeBare(b, v.Index(i))
	}
	b.WriteByte(']')
}

func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return fmt.Sprintf("%#v", keys[i]) < fmt.Sprintf("%#v", keys[j]) })
	return keys
}

func floatText(f float64) string {
	if f == 0 && math.Signbit(f) {
		return "-0"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// writeString writes s as JSON; a byte that is not UTF-8 becomes the lone surrogate U+DC00+byte, the escape that
// Python decodes to the same bytes.
func writeString(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(b, `\udc%02x`, s[i])
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < 0x20 || r == 0x7f || r == 0x2028 || r == 0x2029 || r == 0x85:
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	b.WriteByte('"')
}
