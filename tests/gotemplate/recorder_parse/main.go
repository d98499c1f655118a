// Command recorder_parse writes what Go's parser makes of the seeds below and of edits of them, one JSON object a line:
//
//	go run . > ../parse_vectors.jsonl
//
// A row has the text, the delimiters, and either the error or all trees, printed node by node with positions and lines. Text
// and error are hexadecimal in rows marked so, because they are not UTF-8. The edits are random with a fixed seed.
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"strings"
	"text/template/parse"
	"unicode/utf8"
)

// Row is one recorded parse.
type Row struct {
	Name     string   `json:"name"`
	Text     string   `json:"text"`
	Left     string   `json:"left,omitempty"`
	Right    string   `json:"right,omitempty"`
	Funcs    []string `json:"funcs,omitempty"`
	Comments bool     `json:"comments,omitempty"`
	Hex      bool     `json:"hex,omitempty"`
	Error    string   `json:"error,omitempty"`
	Trees    string   `json:"trees,omitempty"`
}

var functions = []string{"f", "g", "print", "printf", "len", "index", "eq", "not"}

var seeds = []string{
	"plain text\nover lines",
	"{{.x}} {{.x.y.z}} {{$}} {{$.x.y}} {{.}} {{nil}} {{true}} {{false}}",
	"a {{- .x -}} b {{-  \"q\"\n -}}\n c {{/* one */}}d {{- /* two\nlines */ -}} e",
	"{{if .x}}a{{else if .y}}b{{else if (f .z)}}c{{else}}d{{end}}",
	"{{if .x}}{{$v := 1}}{{else}}{{$v}}{{end}}",
	"{{with $x := .x}}{{$x}}{{else with $y := .y}}{{$x}}{{$y}}{{else}}c{{end}}",
	"{{range .x}}{{if .}}{{break}}{{else}}{{continue}}{{end}}{{else}}none{{end}}",
	"{{range $i, $e := .x.y}}{{$i}}\n{{$e.z}}{{end}}",
	"{{range $i, $}}{{$i}}{{end}}{{range $i := f 1}}{{end}}{{$a := 1}}{{range $a = .x}}{{end}}",
	"{{define \"a\"}}x{{end}}\n{{define `b`}}{{template \"a\" .x}}{{template \"a\"}}{{end}}",
	"{{define \"a\"}} {{/* blank */}}\n{{end}}{{define \"a\"}}y{{end}}{{define \"a\"}} {{end}}",
	"{{block \"b\" .x}}{{.}}{{block \"c\" $}}{{$y := 1}}{{end}}{{end}}",
	"{{printf \"%d\" 1 | print | f .x $ nil | g}} {{f | g |}}",
	"{{(f .x).y.z}} {{(index .a 1).b | len}} {{f.x}} {{(1 | f)}} {{((f)).a | g (f (g 1))}}",
	"{{1}} {{-1}} {{+1}} {{1.5}} {{1e3}} {{0x1F}} {{0b11}} {{0o17}} {{017}} {{1_000}} {{0x1p4}} {{.5}} {{5.}} {{-0}} {{1e400}}",
	"{{9223372036854775807}} {{9223372036854775808}} {{-9223372036854775808}} {{18446744073709551615}} {{18446744073709551616.0}}",
	"{{1+2i}} {{-1.5e1-2i}} {{2i}} {{0i}} {{1+0i}} {{0x1p1+1i}} {{'a'}} {{'\\n'}} {{'\\''}} {{'é'}} {{'\\xff'}}",
	"{{\"a\\n\\\"b\\u00e9\\x41\\101\"}} {{`raw\r\nstring`}} {{\"é\"}} {{\"\xff\"}} {{`\xff`}}",
	"é {{.é}} {{$ü := \"ö\"}}{{$ü}} {{.x٣}}\n日本 {{.語 | f}}",
	"{{$x := 1}}{{$x = 2}}{{$x}}{{if $y := $x}}{{$y}}{{end}}{{$z := (f 1 | print)}}{{($w := 3)}}{{$w}}",
	"{{not (eq .a .b) | printf \"%v %v\" ((len .x)) true false}}",
	"{{if\n.x\n}}{{range\t$i,$e:=.x}}{{end}}{{else}}{{template \"t\".y}}{{end}}",
	"{{f 1\n  2\n  3 | g\n}}\n{{if .x}}\n{{end}}",
}

var pieces = []string{
	"{{", "}}", "{{- ", " -}}", "-}}", "{{end}}", "{{else}}", "{{if .x}}", "{{range .}}", "{{with 1}}", "{{break}}", "{{continue}}",
	"{{define \"a\"}}", "{{block \"a\" .}}", "{{template \"a\"}}", "{{else if 1}}", "{{else with 1}}", "{{/*", "*/}}", " ", "\n",
	"(", ")", "|", ".", ",", ":=", "=", "$", "$x", "\"", "`", "'", "#", "é", "»", "\xff", "\x00", "\v", "f", "undefined", "1", "+", "i",
	".x", "if ", "end", "else ", "range ", "nil", "\\", "\"aaaaaaaaaaaaé\"", "{", "}", "-", "%", "\u00a0",
}

var delims = [][2]string{
	{"", ""}, {"", ""}, {"", ""}, {"[[", "]]"}, {"<<", ">>"}, {"|", "|"}, {"{{- ", " -}}"}, {"hub", "hub}}"}, {"«", "»"}, {"é", "é"},
	{"(", ")"}, {"$", "$"}, {"{{", "\n"}, {"{{\n", "\n}}"}, {"1", "2"}, {" ", " "}, {".", "."}, {"/*", "*/"}, {"{%", "%}"},
}

func edit(random *rand.Rand, text string) string {
	at := random.Intn(len(text) + 1)
	end := min(len(text), at+1+random.Intn(6))
	switch random.Intn(4) {
	case 0:
		return text[:at] + pieces[random.Intn(len(pieces))] + text[at:]
	case 1:
		return text[:at] + text[end:]
	case 2:
		return text[:end] + text[at:end] + text[end:]
	}
	return text[:at] + pieces[random.Intn(len(pieces))] + text[end:]
}

func record(row Row, text string) Row {
	row.Text = text
	known := map[string]any{}
	for _, name := range append(row.Funcs, functions...) {
		known[name] = func() string { return "" }
	}
	tree := parse.New(row.Name)
	if row.Comments {
		tree.Mode = parse.ParseComments
	}
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(text, row.Left, row.Right, trees, known); err != nil {
		row.Error = err.Error()
		return row
	}
	names := make([]string, 0, len(trees))
	for name := range trees {
		names = append(names, name)
	}
	sort.Strings(names)
	var out strings.Builder
	for _, name := range names {
		fmt.Fprintf(&out, "%s %s ", quote(name), quote(trees[name].Root.String()))
		print(&out, trees[name].Root)
	}
	row.Trees = out.String()
	return row
}

// portable returns the row with text and error in hexadecimal if JSON cannot carry them.
func portable(row Row) Row {
	if !utf8.ValidString(row.Text + row.Error) {
		row.Hex = true
		row.Text = hex.EncodeToString([]byte(row.Text))
		row.Error = hex.EncodeToString([]byte(row.Error))
	}
	return row
}

func quote(text string) string { return strconv.QuoteToASCII(text) }

func print(out *strings.Builder, node parse.Node) {
	fmt.Fprintf(out, "(%s@%d", strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", node), "*parse."), "Node"), node.Position())
	switch node := node.(type) {
	case *parse.ListNode:
		printAll(out, node.Nodes)
	case *parse.TextNode:
		fmt.Fprintf(out, " %s", quote(string(node.Text)))
	case *parse.CommentNode:
		fmt.Fprintf(out, " %s", quote(node.Text))
	case *parse.ActionNode:
		fmt.Fprintf(out, ":%d ", node.Line)
		print(out, node.Pipe)
	case *parse.PipeNode:
		fmt.Fprintf(out, ":%d %v", node.Line, node.IsAssign)
		printAll(out, node.Decl)
		fmt.Fprint(out, " |")
		printAll(out, node.Cmds)
	case *parse.CommandNode:
		printAll(out, node.Args)
	case *parse.IdentifierNode:
		fmt.Fprintf(out, " %s", quote(node.Ident))
	case *parse.VariableNode:
		fmt.Fprintf(out, " %s", quote(strings.Join(node.Ident, "|")))
	case *parse.FieldNode:
		fmt.Fprintf(out, " %s", quote(strings.Join(node.Ident, "|")))
	case *parse.ChainNode:
		fmt.Fprintf(out, " %s ", quote(strings.Join(node.Field, "|")))
		print(out, node.Node)
	case *parse.BoolNode:
		fmt.Fprintf(out, " %v", node.True)
	case *parse.NumberNode:
		printNumber(out, node)
	case *parse.StringNode:
		fmt.Fprintf(out, " %s %s", quote(node.Quoted), quote(node.Text))
	case *parse.IfNode:
		printBranch(out, &node.BranchNode)
	case *parse.RangeNode:
		printBranch(out, &node.BranchNode)
	case *parse.WithNode:
		printBranch(out, &node.BranchNode)
	case *parse.TemplateNode:
		fmt.Fprintf(out, ":%d %s ", node.Line, quote(node.Name))
		if node.Pipe != nil {
			print(out, node.Pipe)
		}
	case *parse.BreakNode:
		fmt.Fprintf(out, ":%d", node.Line)
	case *parse.ContinueNode:
		fmt.Fprintf(out, ":%d", node.Line)
	}
	fmt.Fprint(out, ")")
}

func printAll[N parse.Node](out *strings.Builder, nodes []N) {
	for _, node := range nodes {
		fmt.Fprint(out, " ")
		print(out, node)
	}
}

func printNumber(out *strings.Builder, node *parse.NumberNode) {
	float := func(value float64) string { return strconv.FormatFloat(value, 'g', -1, 64) }
	if node.IsInt {
		fmt.Fprintf(out, " int %d", node.Int64)
	}
	if node.IsUint {
		fmt.Fprintf(out, " uint %d", node.Uint64)
	}
	if node.IsFloat {
		fmt.Fprintf(out, " float %s", float(node.Float64))
	}
	if node.IsComplex {
		fmt.Fprintf(out, " complex %s %s", float(real(node.Complex128)), float(imag(node.Complex128)))
	}
}

func printBranch(out *strings.Builder, node *parse.BranchNode) {
	fmt.Fprintf(out, ":%d ", node.Line)
	print(out, node.Pipe)
	fmt.Fprint(out, " ")
	print(out, node.List)
	if node.ElseList != nil {
		fmt.Fprint(out, " else ")
		print(out, node.ElseList)
	}
}

func main() {
	random := rand.New(rand.NewSource(1))
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for _, seed := range seeds {
		encoder.Encode(portable(record(Row{Name: "n"}, seed)))
		for number := range 50 {
			text := edit(random, seed)
			if number%3 == 2 {
				text = edit(random, text)
			}
			row := Row{Name: []string{"n", "a", "d/é.yaml", "%q%%"}[random.Intn(4)], Comments: random.Intn(6) == 0}
			if random.Intn(8) == 0 {
				row.Funcs = []string{"break", "continue"}
			}
			pair := delims[random.Intn(len(delims))]
			row.Left, row.Right = pair[0], pair[1]
			if row.Left != "" {
				text = strings.NewReplacer("{{", row.Left, "}}", row.Right).Replace(text)
			}
			encoder.Encode(portable(record(row, text)))
		}
	}
}
