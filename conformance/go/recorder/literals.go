package main

import "fmt"

var integerForms = []string{"0", "1", "7", "42", "-1", "+5", "007", "0o17", "0O17", "0x1F", "0XfF", "0b101", "0B11", "1_000", "0x_ff", "1__0", "_1", "1_", "0_7", "0b12", "0o8", "08", "0xg", "0x", "0b", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "0xffffffffffffffff", "0x10000000000000000", "123456789012345678901234567890", "1k", "3a", "12_34_56", "-0", "+0", "--1", "+-1", "1-", "1+2", "-0x1f", "+0b1", "0b1_0", "00", "0_0", "0o_7", "0x_", "5_i", "1n"}

var floatForms = []string{"1.0", "1.5", "-2.5", "+.5", ".5", "5.", "1e3", "1E3", "1e+3", "1e-3", "1.5e10", "1e400", "-1e400", "1e-400", "1e", "1e+", "0x1p4", "0x1.8p1", "0X1P-2", "0x1.p0", "0x.8p0", "0x1.8", "0x1p", "1p3", "1.2.3", "1_0.5", "1._5", "1.5_", "1e1_0", "123456789.0", "1e6", "1e20", "1e21", "123456.0", "0.000001", "0.0000001", "1e5", "100000.0", "1000000.0", "3.0e0", "9007199254740993.0", "1e19", "1e18", "1.7976931348623157e308", "4.9e-324", "00.5", "08.5", "0x1e3", "1e3.5", "-.0", "0e0", "2.50", "1e-0", "18446744073709551616.0", "9223372036854775808.0", "0b1.1", "0o7.1", "1e+06"}

var complexForms = []string{"1i", "0i", "-1i", "1.5i", "1+2i", "1-2i", "-1+2i", "1e3+2i", "1+2", "1+2j", "1i+2", "0x1p3i", "1+0i", "2+0i", "0+1i", "1.5+0i", "1e400i", "010i", "0o10i", "0b1i", "0x10i", "1 + 2i", "1+ 2i", "1+-2i", "i", "1ii", "1+i", "+1+1i", "3.0+0i", "1e2+1e2i", "7+.5i", "1_0+2_0i", "9i", "08i"}

var charForms = []string{`'a'`, `'é'`, `'世'`, `'\n'`, `'\t'`, `'\\'`, `'\''`, `'"'`, `'\"'`, `'\x41'`, `'\101'`, `'\u00e9'`, `'\U0001F600'`, `'\0'`, `'\777'`, `'\xZZ'`, `'\u12'`, `'ab'`, `''`, `'`, `'a`, `'\q'`, `'\a'`, `'\v'`, `'\f'`, `'\b'`, `'\r'`, `'\ud800'`, `'\U00110000'`, "'\n'", `'\`, `' '`, "'\xff'", `'\xff'`, `'\377'`, `'\400'`, "'`'"}

var stringForms = []string{`""`, `"a"`, `"hello world"`, `"\n\t\\\""`, `"\'"`, `"\x41\102\u00e9\U0001F600"`, `"é世"`, `"\xff"`, `"\377"`, `"\400"`, `"\q"`, `"\u12"`, `"\ud800"`, `"unclosed`, `"trailing\`, "\"new\nline\"", `"{{inner}}"`, `"}}"`, `"a" "b"`, `"a"b`, `"\0"`, `"\000"`, `"tab	in"`, `"'"`, "\"`\"", "\"\xff\"", `"\a\b\f\v\r"`, `"/*"`, `"a\
b"`, `"%d"`, `"\x4"`, `"\U0011FFFF"`, `"<b>&"`, `"ends with backslash\\"`, "\"nul\x00\""}

var rawForms = []string{"``", "`a`", "`a\nb`", "`\\n`", "`\"`", "`unclosed", "`a``b`", "`{{x}}`", "`}}`", "`é\xff`", "`a\r\nb`", "`%v`", "`x`y", "`'`", "` spaced  `", "`\\``", "`\t`"}

var wordForms = []string{"true", "false", "nil", ".", "$", "True", "TRUE", "Nil", "null", "..", ".5x", "$x", "$.", "$.s", ".s.", "truex", "true.x", "nil.x", `"s".x`, "1.x", "(1).x", "(nil)", "(nil).x", "(true)", "((1))", "()", "(.)", ". ", "$ .s", "_", "é", "x1", ".é", "._a", ".1a", "$1", "true false", "nil nil", "1 2", `"a" 1`, "1 | 2", "nil | print", "true | not", ".s.x", "$s"}

// contexts hold a literal X; each is a kind of use.
var contexts = []string{
	"{{X}}", "{{print X}}", "{{printf \"%T %v\" X X}}", "{{X | print}}", "{{(X)}}", "{{$v := X}}{{printf \"%T\" $v}}={{$v}}", "{{if X}}T{{else}}F{{end}}",
	"{{with X}}[{{.}}]{{else}}none{{end}}", "{{range X}}<{{.}}>{{else}}none{{end}}", "{{eq X X}}", "{{index .ints X}}", "{{tInt X}}", "{{tUint8 X}}", "{{tFloat64 X}}",
	"{{tComplex X}}", "{{tString X}}", "{{tAny X}}", "{{tBool X}}", "{{tInt8 X}}", "{{tUint64 X}}", "{{tFloat32 X}}", "{{template \"d\" X}}{{define \"d\"}}({{.}}){{end}}", "{{print 1 X 2}}", "{{X.a}}", "a{{X}}b\n{{X}}c",
	"{{tWord X}}", "{{tCode X}}", "{{tInt64 X}}", "{{tPointer X}}", "{{tMap X}}",
}

func makeLiterals(g *Gen) {
	g.Share("kinds", kindsData)
	for kind, forms := range map[string][]string{"integer": integerForms, "float": floatForms, "complex": complexForms, "char": charForms, "string": stringForms, "raw": rawForms, "word": wordForms} {
		for _, form := range forms {
			for _, context := range contexts {
				g.Add(T(kind, "kinds", replaceX(context, form)))
			}
		}
	}
	sortCases(g)
	for range 1200 {
		text, kind := randomNumber(g)
		g.Add(T(kind, "kinds", replaceX(pick(g, contexts), text)))
	}
	for range 500 {
		g.Add(T("random-string", "kinds", replaceX(pick(g, contexts[:6]), randomString(g))))
	}
}

func randomNumber(g *Gen) (string, string) {
	digits := func(set string, n int) string {
		var out []byte
		for range 1 + g.Intn(n) {
			out = append(out, set[g.Intn(len(set))])
		}
		return string(out)
	}
	sign := pick(g, []string{"", "", "", "-", "+"})
	switch g.Intn(4) {
	case 0:
		return sign + digits("0123456789", 22), "random-integer"
	case 1:
		return sign + pick(g, []string{"0x", "0b", "0o", "0", "0X"}) + digits("01_7f9", 9), "random-integer"
	case 2:
		return sign + digits("0123456789", 12) + "." + digits("0123456789", 10) + pick(g, []string{"", "", fmt.Sprintf("e%d", g.Intn(60)-30), "e"}), "random-float"
	}
	return sign + digits("0123456789_.+-exi", 7), "random-number"
}

func randomString(g *Gen) string {
	quote := pick(g, []string{`"`, `"`, "`", "'"})
	text := ""
	for range g.Intn(6) {
		text += pick(g, []string{"a", "é", `\n`, `\x4`, `1`, `\u00e`, `9`, `\\`, `\"`, `\'`, " ", "`", "\xf0", `\101`, `\8`, "{{", "}}", "世", "<", "%d", `\U0001F60`, `0`, `\`})
	}
	return quote + text + quote
}
