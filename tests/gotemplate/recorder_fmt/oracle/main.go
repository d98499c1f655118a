// Command oracle answers questions about Go's own fmt, strconv, time, encoding/json, regexp, net/url, path and strings, one JSON
// list a line: ["op", argument, …]. The answer is a JSON list of strings in hexadecimal: the results, or "error" and its text.
//
// record.py asks it for the data of the tests; values.go says how arguments of Go types are written.
package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"
)

type question []json.RawMessage

func (q question) str(i int) string { return unhex(stringOf(q[i])) }
func (q question) num(i int) int    { n, _ := strconv.Atoi(stringOf(q[i])); return n }
func (q question) args(i int) []any { return args(q[i:]) }

type answer []string

func ok(results ...string) answer { return append(answer{"ok"}, results...) }

func result(text string, err error) answer {
	if err != nil {
		return answer{"error", err.Error()}
	}
	return ok(text)
}

func bits(b bool) string { return strconv.FormatBool(b) }

func exact(f float64) string { return strconv.FormatFloat(f, 'x', -1, 64) }

var builtins = template.Must(template.New("").Parse(`{{define "eq"}}{{eq .a .b}}{{end}}{{define "ne"}}{{ne .a .b}}{{end}}
{{define "lt"}}{{lt .a .b}}{{end}}{{define "le"}}{{le .a .b}}{{end}}{{define "gt"}}{{gt .a .b}}{{end}}{{define "ge"}}{{ge .a .b}}{{end}}
{{define "not"}}{{not .a}}{{end}}{{define "html"}}{{html .a .b}}{{end}}{{define "js"}}{{js .a .b}}{{end}}
{{define "urlquery"}}{{urlquery .a .b}}{{end}}{{define "action"}}{{.a}}{{end}}{{define "print"}}{{print .a .b}}{{end}}`))

func builtin(name string, arguments []any) answer {
	data := map[string]any{"a": arguments[0], "b": nil}
	if len(arguments) > 1 {
		data["b"] = arguments[1]
	}
	var out bytes.Buffer
	if err := builtins.ExecuteTemplate(&out, name, data); err != nil {
		text := err.Error()
		if _, after, found := strings.Cut(text, "error calling "+name+": "); found {
			text = after
		}
		return answer{"error", text}
	}
	return ok(out.String())
}

func timeIn(q question, i int) time.Time {
	loc, err := time.LoadLocation(q.str(i + 2))
	if err != nil {
		panic(err)
	}
	return time.Unix(int64(q.num(i)), int64(q.num(i+1))).In(loc)
}

func shown(t time.Time) []string {
	name, offset := t.Zone()
	return []string{strconv.FormatInt(t.Unix(), 10), strconv.Itoa(t.Nanosecond()), name, strconv.Itoa(offset), t.String()}
}

func urlParts(u *url.URL) []string {
	pw, has := u.User.Password()
	return []string{u.Scheme, u.Opaque, u.User.Username(), pw, bits(has), u.Host, u.Path, u.RawPath, u.RawQuery, u.Fragment,
		u.RawFragment, u.String(), u.Hostname(), u.Port()}
}

func spans(list [][]int, text string) []string {
	var found []string
	for _, match := range list {
		var words []string
		for i, at := range match {
			if at >= 0 {
				at = utf8.RuneCountInString(text[:at])
			}
			_ = i
			words = append(words, strconv.Itoa(at))
		}
		found = append(found, strings.Join(words, ","))
	}
	return found
}

func regex(q question) answer {
	re, err := regexp.Compile(q.str(1))
	if err != nil {
		return answer{"error", err.Error()}
	}
	text := q.str(2)
	found := ok(bits(re.MatchString(text)), re.FindString(text), re.ReplaceAllString(text, q.str(3)),
		re.ReplaceAllLiteralString(text, q.str(3)), strings.Join(re.Split(text, -1), "\x00"), strings.Join(re.Split(text, 2), "\x00"),
		strings.Join(re.FindAllString(text, 2), "\x00"), re.ReplaceAllStringFunc(text, strings.ToUpper))
	return append(found, spans(re.FindAllStringSubmatchIndex(text, -1), text)...)
}

func jsonDecode(text string) answer {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return answer{"error", err.Error()}
	}
	return ok(fmt.Sprintf("%#v", v))
}

func jsonEncode(v any) answer {
	b, err := json.Marshal(v)
	if err != nil {
		return answer{"error", err.Error()}
	}
	indented, _ := json.MarshalIndent(v, ">", "\t")
	var raw bytes.Buffer
	e := json.NewEncoder(&raw)
	e.SetEscapeHTML(false)
	e.Encode(v)
	return ok(string(b), string(indented), strings.TrimSuffix(raw.String(), "\n"))
}

func reply(q question) answer {
	switch op := stringOf(q[0]); op {
	case "sprintf":
		return ok(fmt.Sprintf(q.str(1), q.args(2)...))
	case "sprint":
		return ok(fmt.Sprint(q.args(1)...))
	case "sprintln":
		return ok(fmt.Sprintln(q.args(1)...))
	case "builtin":
		return builtin(stringOf(q[1]), q.args(2))
	case "format_float":
		return ok(strconv.FormatFloat(bigFloat(stringOf(q[1])), stringOf(q[2])[0], q.num(3), q.num(4)))
	case "parse_float":
		f, err := strconv.ParseFloat(q.str(1), q.num(2))
		return result(exact(f), err)
	case "parse_int":
		n, err := strconv.ParseInt(q.str(1), q.num(2), q.num(3))
		return result(strconv.FormatInt(n, 10), err)
	case "parse_uint":
		n, err := strconv.ParseUint(q.str(1), q.num(2), q.num(3))
		return result(strconv.FormatUint(n, 10), err)
	case "atoi":
		n, err := strconv.Atoi(q.str(1))
		return result(strconv.Itoa(n), err)
	case "parse_complex":
		c, err := strconv.ParseComplex(q.str(1), 128)
		return result(exact(real(c))+" "+exact(imag(c)), err)
	case "quote":
		s := q.str(1)
		return ok(strconv.Quote(s), strconv.QuoteToASCII(s), bits(strconv.CanBackquote(s)))
	case "unquote":
		s, err := strconv.Unquote(q.str(1))
		return result(s, err)
	case "unquote_char":
		r, multi, tail, err := strconv.UnquoteChar(q.str(1), stringOf(q[2])[0])
		return result(fmt.Sprint(r, multi, " ", tail), err)
	case "runes":
		var out []string
		for _, r := range q.str(1) {
			flags := ""
			for _, f := range []func(rune) bool{unicode.IsPrint, unicode.IsLetter, unicode.IsDigit, unicode.IsNumber, unicode.IsMark,
				unicode.IsPunct, unicode.IsSymbol, unicode.IsUpper, unicode.IsLower, unicode.IsTitle, unicode.IsSpace, unicode.IsControl} {
				if f(r) {
					flags += "1"
				} else {
					flags += "0"
				}
			}
			out = append(out, flags+string(unicode.ToUpper(r))+string(unicode.ToLower(r))+string(unicode.ToTitle(r)))
		}
		return ok(out...)
	case "strings":
		s := q.str(1)
		return ok(strings.ToUpper(s), strings.ToLower(s), strings.ToTitle(s), strings.Title(s), strings.Join(strings.Fields(s), "\x00"),
			strings.TrimSpace(s), strings.Join(strings.Split(s, ""), "\x00"), strings.Join(strings.SplitN(s, "", 2), "\x00"),
			strings.Replace(s, "", "-", 2), strconv.Itoa(strings.Count(s, "")), bits(strings.EqualFold(s, strings.ToUpper(s))))
	case "path":
		s := q.str(1)
		dir, file := path.Split(s)
		return ok(path.Clean(s), path.Base(s), path.Dir(s), path.Ext(s), bits(path.IsAbs(s)), dir, file, path.Join(s, "../x", s))
	case "duration":
		return ok(time.Duration(q.num(1)).String(), time.Duration(q.num(1)).Round(time.Duration(q.num(2))).String(),
			time.Duration(q.num(1)).Truncate(time.Duration(q.num(2))).String(), exact(time.Duration(q.num(1)).Hours()),
			exact(time.Duration(q.num(1)).Minutes()), exact(time.Duration(q.num(1)).Seconds()))
	case "parse_duration":
		d, err := time.ParseDuration(q.str(1))
		return result(strconv.FormatInt(int64(d), 10), err)
	case "time_format":
		return ok(timeIn(q, 1).Format(q.str(4)))
	case "time_parts":
		t := timeIn(q, 1)
		year, week := t.ISOWeek()
		add := t.AddDate(q.num(4), q.num(5), q.num(6))
		d := time.Duration(q.num(7))
		return ok(append(append([]string{t.GoString(), strconv.Itoa(t.YearDay()), t.Weekday().String(), fmt.Sprint(year, week),
			bits(t.IsDST()), t.Truncate(d).String(), t.Round(d).String(), t.Add(d).String()}, shown(add)...), shown(t)...)...)
	case "time_parse":
		t, err := time.Parse(q.str(1), q.str(2))
		if err != nil {
			return answer{"error", err.Error()}
		}
		return ok(shown(t)...)
	case "time_parse_in":
		loc, _ := time.LoadLocation(q.str(3))
		t, err := time.ParseInLocation(q.str(1), q.str(2), loc)
		if err != nil {
			return answer{"error", err.Error()}
		}
		return ok(shown(t)...)
	case "location":
		_, err := time.LoadLocation(q.str(1))
		return result("", err)
	case "json_decode":
		return jsonDecode(q.str(1))
	case "json_encode":
		return jsonEncode(q.args(1)[0])
	case "regexp":
		return regex(q)
	case "quote_meta":
		return ok(regexp.QuoteMeta(q.str(1)))
	case "url":
		u, err := url.Parse(q.str(1))
		if err != nil {
			return answer{"error", err.Error()}
		}
		return ok(urlParts(u)...)
	case "escape":
		s := q.str(1)
		a := ok(url.QueryEscape(s), url.PathEscape(s), template.HTMLEscapeString(s), template.JSEscapeString(s))
		for _, f := range []func(string) (string, error){url.QueryUnescape, url.PathUnescape} {
			if text, err := f(s); err != nil {
				a = append(a, "!"+err.Error())
			} else {
				a = append(a, text)
			}
		}
		return a
	default:
		panic("unknown operation " + op)
	}
}

func guarded(q question) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			a = answer{"panic", fmt.Sprint(p)}
		}
	}()
	return reply(q)
}

func main() {
	time.Local = time.FixedZone("UTC", 0)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := in.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			return
		}
		var q question
		if err := json.Unmarshal(line, &q); err != nil {
			panic(err)
		}
		a := guarded(q)
		for i := 1; i < len(a); i++ {
			a[i] = hex.EncodeToString([]byte(a[i]))
		}
		text, _ := json.Marshal(a)
		out.Write(text)
		out.WriteByte('\n')
	}
}
