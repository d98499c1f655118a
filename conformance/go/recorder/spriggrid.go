package main

import (
	"sort"
	"strings"
)

// Argument pools of Sprig's functions: expressions of the template language.
var pools = map[string][]string{
	"s":      {`""`, `"a"`, `"hello world"`, `"Hello, World"`, `"  pad ded\t "`, `"foo-bar_baz qux"`, `"FooBarBaz"`, `"héllo 世界"`, `"a,b,,c"`, `"$12.50"`, `"line1\nline2\n"`, `"HTTPServer2Go"`, `"first try"`, `.str`, `.utf`, `"aaa"`, `"\"q\" 'q' \\"`, `"x y z"`, `"123"`, `"3.7abc"`, `"A1-b2.C3"`, `"ß ǆ Éa"`, `.bad`, `"_lead__double_"`, `"tabs\tand\nnl"`},
	"sub":    {`""`, `"a"`, `"o"`, `","`, `"-"`, `"hello"`, `" "`, `"$"`, `"world"`, `"xyz"`, `"\n"`, `"世"`, `"aa"`, `"l"`},
	"n":      {`0`, `1`, `2`, `3`, `5`, `10`, `-1`, `-3`, `80`, `.int`, `.i64`, `4`},
	"small":  {`0`, `1`, `2`, `3`, `5`, `-1`},
	"num":    {`0`, `1`, `-1`, `7`, `3`, `2.5`, `-2.7`, `"12"`, `"3.9"`, `"abc"`, `""`, `true`, `nil`, `.int`, `.i64`, `.u8`, `.f32`, `"0x1F"`, `"010"`, `"-5"`, `" 4 "`, `1e10`, `0.1`, `"1e3"`, `"true"`, `.bool`, `9223372036854775807`, `1000000`, `"1_000"`, `.list`, `"9223372036854775808"`, `3.5`, `-3.5`, `0.5`},
	"dec":    {`"1.25"`, `"2.675"`, `3.14159`, `-2.5`, `123.456`, `"abc"`, `7`, `0.125`, `1e6`, `2.5`, `-1.005`},
	"any":    {`nil`, `""`, `"a"`, `0`, `1`, `2.5`, `true`, `false`, `.list`, `.dict`, `.emptylist`, `.emptydict`, `.missing`, `.ints`, `.strs`, `(list)`, `(list 1 "b")`, `(dict "k" 1)`, `.struct`, `.ptr`, `.nilptr`, `.u8`, `.i64`, `.f32`, `.code`, `.err`, `.bytes`, `.msi`, `"text"`, `-1`, `.fn`, `.arr`},
	"list":   {`.list`, `.emptylist`, `.ints`, `.strs`, `(list 1 2 3)`, `(list "a" "b" "a" "c")`, `(list)`, `(list 1 "1" nil true 1)`, `(list (list 1) (dict "a" 1) (list 1))`, `(until 5)`, `(splitList "," "c,a,b")`, `(list "" 0 nil "x" false)`, `.arr`, `(tuple 1.5 2)`, `.nillist`, `.floats`, `.codes`, `(list "b" "A" "c")`, `.nested`},
	"dict":   {`.dict`, `.emptydict`, `(dict "a" 1)`, `(dict "a" 1 "b" 2)`, `(dict)`, `(dict "x" (dict "y" (dict "z" 5)))`, `(dict "k" nil)`, `(dict "a" (dict "b" 1 "c" 2))`, `(dict "name" "n" "a" "other")`, `(dict 1 2)`, `(dict "l" (list 1 2))`, `(dict "a" "" "b" false)`},
	"key":    {`"a"`, `"b"`, `"x"`, `"k"`, `"name"`, `"gone"`, `""`, `"sub"`},
	"b":      {`true`, `false`, `.bool`, `(eq 1 1)`, `(not true)`},
	"re":     {`"a"`, `"[a-z]+"`, `"(\\w+) (\\w+)"`, `"^h"`, `"o$"`, `"(?i)HELLO"`, `"l{2}"`, `"\\d+"`, `"."`, `""`, `"("`, `"[a"`, `"a**"`, `"(?P<first>\\w)"`, `"x|y|z"`, `"\\s*"`, `"[^,]+"`, `"(?m)^line"`, `"\\b\\w"`, `"\\p{Han}"`, `"(?=a)"`, `"a{2,1}"`, `"\\"`, `"a*?"`, `"(a)(b)?"`, `"[[:upper:]]"`, `"(?s).+"`, `"(?U)a+"`, `"\\pN+"`, `"\\x41"`, `"*"`, `"a{1001}"`, `"(?P<n>a)(?P<n>b)"`, `"\\8"`, `"[z-a]"`, `")"`},
	"repl":   {`"X"`, `"${1}-$2"`, `"$1x"`, `"$0"`, `"${first}"`, `""`, `"$$"`, `"$"`, `"é"`, `"${2}${1}"`, `"$9"`, `"${"`},
	"layout": {`"2006-01-02"`, `"2006-01-02T15:04:05Z07:00"`, `"Jan 2, 2006 at 3:04pm (MST)"`, `"Mon Jan _2 15:04:05 2006"`, `"02/01/06"`, `"15:04:05.000"`, `"Monday, 02-Jan-06 15:04:05 -0700"`, `"2006 __2 002"`, `"January"`, `""`, `"x"`, `"3PM"`, `"05.999999"`, `"Z0700 Z07 -07"`, `"06-1-2 4:5:6"`},
	"when":   {`0`, `1136214245`, `.int`, `.i64`, `(toDate "2006-01-02" "2024-02-29")`, `(toDate "2006-01-02 15:04:05" "2023-12-31 23:59:58")`, `(toDate "2006-01-02T15:04:05Z07:00" "2021-07-01T08:09:10+02:00")`, `-1`, `1700000000`, `(toDate "Jan 2 2006" "bad")`, `.i32`},
	"time":   {`(toDate "2006-01-02" "2024-02-29")`, `(toDate "2006-01-02 15:04:05" "2023-12-31 23:59:58")`, `(toDate "2006-01-02T15:04:05.999Z07:00" "2021-07-01T08:09:10.25+02:00")`, `(toDate "x" "y")`, `(toDate "2006" "1")`, `(toDate "15:04" "13:37")`},
	"zone":   {`"UTC"`, `""`, `"America/New_York"`, `"Asia/Tokyo"`, `"Nowhere/Land"`, `"Europe/Berlin"`, `"Local"`},
	"span":   {`"1h"`, `"-1.5h"`, `"90m"`, `"36h15m30s"`, `"100ms"`, `"bad"`, `""`, `"1d"`, `"-0.5s"`, `"1h1h"`, `"+5s"`, `"1us"`},
	"secs":   {`"95"`, `"0"`, `95`, `"3600"`, `"86461"`, `"-61"`, `"bad"`, `.i64`, `.int`, `nil`, `1.5`, `"1.5"`},
	"round":  {`"2h10m5s"`, `"400h"`, `"45m"`, `"30s"`, `"10000h"`, `"bad"`, `"1ms"`, `.i64`, `""`, `"-3h"`, `"90000h"`},
	"value":  {`"2024-02-29"`, `"2023-02-29"`, `"2024-13-01"`, `"bad"`, `""`, `"2021-07-01T08:09:10Z"`, `"2024-02-29 10:00:00"`, `"02/01/24"`, `"January"`},
	"path":   {`"/a/b/c.txt"`, `"a/../b//c/."`, `""`, `"/"`, `"file.tar.gz"`, `"../x"`, `"/a/b/"`, `"."`, `"a"`, `"//x//"`, `"C:\\dir\\f.ext"`, `"a/b.d/c"`, `".hidden"`, `"/.."`},
	"url":    {`"http://user:pw@host:80/path/x?q=1&r=a+b#frag"`, `"https://example.com"`, `"/only/path"`, `""`, `"mailto:a@b.c"`, `"http://[::1]:8080/"`, `"http://h/%zz"`, `":bad"`, `"//host/p"`, `"http://h/a%20b?x=%41#y%20z"`, `"host:80x"`, `"http://a b/"`, `"http://host:port/"`, `"?q"`, `"#f"`, `"http://[::1"`, `"ftp://é.example/ü"`},
	"parts":  {`(urlParse "http://user:pw@host:80/path?q=1#frag")`, `(dict "scheme" "http" "host" "h" "path" "/p" "query" "a=1" "fragment" "f" "userinfo" "u:p" "opaque" "")`, `(dict "scheme" "s")`, `(dict)`, `(dict "scheme" "mailto" "opaque" "a@b")`, `(dict "host" "h" "path" "p q/é")`, `(dict "scheme" 1)`, `(dict "scheme" "http" "host" "h" "userinfo" "a b")`, `(dict "path" "x" "host" "" "query" "q")`},
	"range":  {`">=1.2.0"`, `"^1.2.3"`, `"~1.2"`, `"1.x"`, `">1, <2"`, `"=1.2.3"`, `"!=1.0.0"`, `"1.2.0 - 1.4.5"`, `"bad"`, `""`, `"^0.0.3"`, `"~>2.1"`, `">=1.0.0-alpha"`, `"<1 || >3"`, `"*"`, `"^0"`, `"~1"`, `"=>1.2"`, `"1.2.3.4"`, `">= 1.2.3, != 1.2.5"`, `"^1.2.3-beta.2"`},
	"ver":    {`"1.2.3"`, `"v1.4"`, `"2"`, `"1.2.3-alpha.1+build.5"`, `"bad"`, `""`, `"1.2.3.4"`, `"0.0.3"`, `"3.1.0"`, `"1.02.3"`, `"1.2.5"`, `"1.0.0-beta"`, `"v2.1.9"`, `"1.2.3-"`, `"1.2.3-01"`, `"18446744073709551616.0.0"`, `"0.0.4"`},
	"json":   {`"{}"`, `"[1,2.5,\"x\",null,true]"`, `"{\"b\":{\"c\":[1]},\"a\":1e3}"`, `"bad"`, `""`, `"\"s\""`, `"12345678901234567890"`, `"{\"a\":1,}"`, `"[1"`, `"nul"`, `"{\"a\" 1}"`, `" 1 "`, `"\"\\u00e9\\ud83d\\ude00\""`, `"{\"a\":1}x"`, `"-"`, `"[1,]"`, `"1e999"`, `"\"\\x\""`, `"{1:2}"`, `"tru"`, `"\"a\nb\""`},
	"enc":    {`"aGVsbG8="`, `"aGVsbG8"`, `"!!"`, `""`, `"NBSWY3DP"`, `"NBSWY3DPEB3W64TMMQ======"`, `"nbsw"`, `"YQ=="`, `"a"`, `"aGVs\nbG8="`, `"_-8="`},
	"width":  {`0`, `1`, `5`, `10`, `-1`, `4`, `80`},
	"kind":   {`"string"`, `"int"`, `"map"`, `"slice"`, `"float64"`, `"bool"`, `"ptr"`, `"invalid"`, `"[]interface {}"`, `"main.Code"`, `"*main.Point"`, `"map[string]interface {}"`, `"int64"`, `"main.Point"`, `"[]string"`, `""`, `"struct"`, `"func"`},
	"abbr":   {`0`, `3`, `4`, `5`, `7`, `10`, `20`, `-1`},
	"u32":    {`1`, `7`},
	"site":   {`"maximum"`, `"pin"`, `"nope"`},
	"hash":   {`"password"`},
}

// A spriggrid row: page, function, then the pool of each argument; "pool..." repeats none to four times.
var sprigRows = strings.Split(strings.TrimSpace(`
strings trim s
strings trimAll sub s
strings trimall sub s
strings trimSuffix sub s
strings trimPrefix sub s
strings upper s
strings lower s
strings title s
strings untitle s
strings repeat small s
strings substr n n s
strings nospace s
strings trunc n s
strings abbrev abbr s
strings abbrevboth abbr abbr s
strings initials s
strings wrap width s
strings wrapWith width sub s
strings contains sub s
strings hasPrefix sub s
strings hasSuffix sub s
strings quote any...
strings squote any...
strings cat any...
strings indent small s
strings nindent small s
strings replace sub sub s
strings plural s s n
strings snakecase s
strings camelcase s
strings kebabcase s
strings swapcase s
strings hello
stringlists join sub list
stringlists splitList sub s
stringlists split sub s
stringlists splitn sub small s
stringlists sortAlpha any
stringlists sortAlpha list
stringlists toStrings any
stringlists toStrings list
stringlists seq n
stringlists seq n n
stringlists seq small n small
stringlists until n
stringlists untilStep n n small
integers add num...
integers add1 num
integers sub num num
integers div num num
integers mod num num
integers mul num num...
integers max num num...
integers min num num...
integers biggest num num...
integers int num
integers int64 num
integers toDecimal num
integers atoi s
integers atoi num
floats addf num...
floats add1f num
floats subf num num...
floats divf num num...
floats mulf num num...
floats maxf num num...
floats minf num num...
floats float64 num
floats floor num
floats ceil num
floats round dec small
floats round dec small dec
floats round num small
defaults default any any
defaults default any
defaults empty any
defaults coalesce any...
defaults all any...
defaults any any...
defaults ternary any any b
types typeOf any
types typeIs kind any
types typeIsLike kind any
types kindOf any
types kindIs kind any
types deepEqual any any
types toString any
types deepCopy any
types mustDeepCopy any
types fail s
encoding toJson any
encoding toPrettyJson any
encoding toRawJson any
encoding mustToJson any
encoding mustToPrettyJson any
encoding mustToRawJson any
encoding toJson s
encoding toRawJson s
encoding toJson list
encoding toPrettyJson dict
encoding fromJson json
encoding mustFromJson json
encoding b64enc s
encoding b64dec enc
encoding b32enc s
encoding b32dec enc
lists list any...
lists tuple any...
lists first list
lists mustFirst list
lists rest list
lists mustRest list
lists last list
lists mustLast list
lists initial list
lists mustInitial list
lists append list any
lists mustAppend list any
lists push list any
lists mustPush list any
lists prepend list any
lists mustPrepend list any
lists concat list...
lists reverse list
lists mustReverse list
lists uniq list
lists mustUniq list
lists without list any...
lists mustWithout list any...
lists has any list
lists mustHas any list
lists compact list
lists mustCompact list
lists slice list n n
lists mustSlice list n
lists mustSlice list n n
lists slice list
lists chunk small list
lists mustChunk small list
dicts dict any...
dicts dict key any key any
dicts set dict key any
dicts unset dict key
dicts hasKey dict key
dicts get dict key
dicts pluck key dict...
dicts dig key any dict
dicts dig key key any dict
dicts dig key any any
dicts keys dict
dicts values dict
dicts pick dict key...
dicts omit dict key...
dicts merge dict dict...
dicts mustMerge dict dict...
dicts mergeOverwrite dict dict...
dicts mustMergeOverwrite dict dict...
regex regexMatch re s
regex mustRegexMatch re s
regex regexFind re s
regex mustRegexFind re s
regex regexFindAll re s n
regex mustRegexFindAll re s n
regex regexReplaceAll re s repl
regex mustRegexReplaceAll re s repl
regex regexReplaceAllLiteral re s repl
regex mustRegexReplaceAllLiteral re s repl
regex regexSplit re s n
regex mustRegexSplit re s n
regex regexQuoteMeta re
regex regexQuoteMeta s
dates date layout when
dates dateInZone layout when zone
dates date_in_zone layout when zone
dates htmlDate when
dates htmlDateInZone when zone
dates dateModify span time
dates date_modify span time
dates mustDateModify span time
dates must_date_modify span time
dates toDate layout value
dates mustToDate layout value
dates duration secs
dates durationRound round
dates unixEpoch time
paths base path
paths dir path
paths clean path
paths ext path
paths isAbs path
paths osBase path
paths osDir path
paths osClean path
paths osExt path
paths osIsAbs path
paths urlParse url
paths urlJoin parts
semver semver ver
semver semverCompare range ver
crypto sha1sum s
crypto sha256sum s
crypto sha512sum s
crypto adler32sum s
crypto b64enc s
`), "\n")

func sprigData() any {
	return map[string]any{
		"str": "data string", "utf": "größe", "bad": "x\xffy", "int": 42, "i64": int64(3), "i32": int32(86400), "u8": uint8(9), "f32": float32(1.25), "bool": true,
		"list": []any{3, "x", nil, 1.5}, "emptylist": []any{}, "nillist": []any(nil), "ints": []int{3, 1, 2, 3}, "strs": []string{"b", "a", "b"}, "floats": []float64{1.5, 2}, "codes": []Code{2, 1}, "nested": []any{[]any{1}, map[string]any{"k": "v"}, []string{"s"}},
		"dict": map[string]any{"a": map[string]any{"b": 5}}, "emptydict": map[string]any{}, "msi": map[string]int{"n": 1}, "arr": [2]int{7, 8}, "bytes": []byte("by"),
		"struct": Point{1, 2}, "ptr": &Point{3, 4}, "nilptr": (*Point)(nil), "code": Code(5), "err": Fault{"f", 1}, "fn": double,
	}
}

// sprigForms print a call in different ways; C is the call.
var sprigForms = []string{"{{C}}", "{{C}}", "{{printf \"%T %v\" (C) (C)}}", "{{C | quote}}", "{{with C}}{{.}}{{else}}none{{end}}", "{{range $i, $e := C}}{{$i}}={{$e}};{{end}}", "{{$x := C}}{{toJson $x}}", "{{printf \"%#v\" (C)}}", "{{typeOf (C)}}:{{kindOf (C)}}"}

func makeSprig(g *Gen) {
	g.Share("sprig", sprigData)
	rows := map[string]int{}
	for _, row := range sprigRows {
		rows[strings.Fields(row)[0]]++
	}
	for _, row := range sprigRows {
		words := strings.Fields(row)
		page, fn, params := words[0], words[1], words[2:]
		size := 1
		for _, p := range params {
			size *= len(pools[strings.TrimSuffix(p, "...")]) + 3
		}
		rounds := min(2*size+4, 90+600/rows[page])
		for range rounds {
			addSprig(g, page, fn, arguments(g, params))
		}
		for range 14 {
			args := arguments(g, params)
			if i := g.Intn(len(args) + 1); i < len(args) && !(i < len(params) && params[i] == "when") { // date reads the clock for what is no time
				args[i] = pick(g, pools["any"])
				addSprig(g, "wrong-types", fn, args)
			}
			args = arguments(g, params)
			switch {
			case len(args) > 0 && g.Intn(2) == 0:
				addSprig(g, "arity", fn, args[:g.Intn(len(args))])
			default:
				addSprig(g, "arity", fn, append(args, pick(g, pools["any"])))
			}
		}
	}
	sprigPrograms(g)
}

func arguments(g *Gen, params []string) []string {
	var args []string
	for _, p := range params {
		name, repeated := strings.CutSuffix(p, "...")
		n := 1
		if repeated {
			n = g.Intn(5)
		}
		for range n {
			args = append(args, pick(g, pools[name]))
		}
	}
	return args
}

func addSprig(g *Gen, kind, fn string, args []string) {
	call := strings.Join(append([]string{fn}, args...), " ")
	if strings.Count(call, ".dict") > 1 || strings.Count(call, ".emptydict") > 1 {
		return // a map that set or merge put into itself has no end when it is printed
	}
	form := pick(g, sprigForms)
	if len(args) > 0 && g.Intn(6) == 0 {
		call = args[len(args)-1] + " | " + strings.Join(append([]string{fn}, args[:len(args)-1]...), " ")
	}
	c := T(kind, "sprig", strings.ReplaceAll(form, "C", call))
	c.Sprig = true
	g.Add(c)
}

// sprigPrograms are fragments as charts write them, with several functions at work.
func sprigPrograms(g *Gen) {
	heads := []string{`{{- $d := dict "a" 1 "b" (list 1 2) -}}`, `{{- $l := list "x" "y" "x" -}}`, `{{- $s := "some text here" -}}`, `{{- $m := merge (dict "p" 1) (dict "p" 2 "q" 3) -}}`}
	bodies := []string{
		`{{$_ := set $d "c" 3}}{{toJson $d}}`, `{{$_ := unset $d "a"}}{{keys $d | sortAlpha | join ","}}`, `{{range $k := keys $d | sortAlpha}}{{$k}}={{get $d $k}} {{end}}`, `{{$d.b | first}}{{$d.b | last}}`, `{{dig "b" "z" $d}}{{dig "x" "z" $d}}`, `{{pluck "a" $d (dict "a" 2) | toJson}}`, `{{$l | uniq | join "-"}}`, `{{has "y" $l | ternary "in" "out"}}`,
		`{{$l = append $l "z"}}{{$l}}`, `{{without $l "x" | toJson}}`, `{{concat $l (list 1) | len}}`, `{{$s | title | nospace | trunc 5}}`, `{{$s | splitList " " | reverse | join " "}}`, `{{$s | b64enc | b64dec | upper}}`, `{{$s | sha256sum | trunc 8}}`, `{{$s | replace " " "-" | printf "%s-suffix" | trunc 12 | trimSuffix "-"}}`, `{{$s | wrap 6 | indent 2}}`, `{{$s | quote | nindent 4}}`,
		`{{toJson $m}}`, `{{$m.q | default 5 | add 1 | mul 2}}`, `{{range until 3}}{{. | add1}}{{end}}`, `{{range $i, $v := untilStep 0 10 3}}{{$i}}:{{$v}} {{end}}`, `{{.missing | default "dflt" | upper}}`, `{{.dict | toPrettyJson}}`, `{{fail (printf "no %s" "luck")}}`, `{{fromJson "{\"a\":[1,2]}" | toJson}}`, `{{(fromJson "{\"a\":[1,{\"b\":null}]}").a}}`, `{{coalesce .missing "" 0 "last"}}`, `{{empty .emptydict}}{{empty .list}}`, `{{regexReplaceAll "(\\w)(\\w*)" "foo bar" "${2}${1}"}}`,
		`{{semverCompare ">=1.20-0" "v1.25.3"}}`, `{{(semver "1.2.3-rc.1").Prerelease}}`, `{{(semver "1.2.3").Major}}`, `{{$v := semver "1.2.3"}}{{$v.Minor}}.{{$v.Patch}}{{$v.Original}}`, `{{dateInZone "2006-01-02" 0 "UTC"}}`, `{{deepCopy $d | toJson}}{{deepEqual $d $d}}`, `{{(split "." "a.b.c")._1}}`, `{{splitn "." 2 "a.b.c"}}`, `{{tuple 1 2 | len}}`, `{{list 1 2 3 | rest | toJson}}`, `{{dict "k" .list | toJson}}`, `{{ternary "a" "b" (gt 2 1)}}`, `{{printf "%v" (mergeOverwrite (dict "a" (dict "b" 1)) (dict "a" (dict "c" 2)))}}`, `{{(urlParse "http://h:1/p").host}}`, `{{chunk 2 (list 1 2 3) | toJson}}`, `{{all 1 "a" true}}{{any "" 0}}`, `{{derivePassword 1 "long" "password" "user" "example.com"}}`, `{{decryptAES "secretkey" "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ="}}`, `{{buildCustomCert "!" "x"}}`, `{{genPrivateKey "nope"}}`, `{{env}}`, `{{randAlpha "x"}}`, `{{now 1}}`, `{{date "2006"}}`, `{{ago "x" 1}}`, `{{uuidv4 1}}`, `{{bcrypt}}`, `{{htpasswd "a:b" "c"}}`, `{{randInt 1}}`, `{{shuffle 1}}`, `{{genCA "x"}}`, `{{nofunc 1}}`, `{{encryptAES "k"}}`,
	}
	for i, body := range bodies {
		for j, head := range heads {
			for k, tail := range []string{"", bodies[(i+j+1)%len(bodies)]} {
				if k == 0 && j > 0 && !strings.Contains(body, "$") {
					continue
				}
				c := T("programs", "sprig", strings.Join(heads, "")+body+tail+head[:0])
				c.Sprig = true
				g.Add(c)
			}
		}
	}
	for _, p := range []string{`{{derivePassword %s "pass" "user" "site.org"}}`} {
		for _, n := range pools["u32"] {
			for _, site := range pools["site"] {
				c := T("programs", "sprig", strings.Replace(strings.Replace(p, "%s", n+" "+site, 1), "\"pass\"", "\"correct horse\"", 1))
				c.Sprig = true
				g.Add(c)
			}
		}
	}
	sort.SliceStable(g.cases, func(i, j int) bool { return g.cases[i].Kind < g.cases[j].Kind })
}
