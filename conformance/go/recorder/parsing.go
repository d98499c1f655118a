package main

import (
	"fmt"
	"regexp"
	"strings"
)

// Suites about the text of templates: mutants, lexer, nodes.

const insertable = "{}()|.,:=$\"`'\\/*-+ \n\tax09_#@&<%é\x00\xff"

var tokens = regexp.MustCompile("\\{\\{- |\\{\\{|-?\\}\\}|\\s+|/\\*|\\*/|\"(?:\\\\.|[^\"\\\\])*\"|`[^`]*`|'(?:\\\\.|[^'\\\\])*'|\\$?[\\p{L}\\p{N}_]+|:=|.")

var spareTokens = []string{"{{", "}}", "{{- ", " -}}", "if", "else", "end", "range", "with", "define", "template", "block", "break", "continue", "nil", "true", ".", ".x", "$", "$x", "$i", ":=", "=", "|", "(", ")", ",", " ", "\n", `"s"`, "`r`", "'c'", "1", "-1", "2.5", "1i", "print", "len", "nofunc", "/*", "*/", "{{end}}", "{{else}}", "{{if .}}", "{{range .}}", "{{break}}", "{{define \"z\"}}", "{{template \"z\"}}", "{{else if .}}", "{{else with .}}", "{{$n := 1}}", "$n", ".Title.x", "(.User)", "%", "!", "\""}

func makeMutants(g *Gen) {
	g.Share("world", worldData)
	for range 1500 {
		for _, kind := range []string{"byte-delete", "byte-insert", "byte-replace", "byte-swap", "token-delete", "token-insert", "token-replace", "token-swap", "truncate"} {
			text := pick(g, pool)
			g.Add(T(kind, "world", mutate(g, kind, text)))
		}
	}
	for _, text := range pool {
		g.Add(T("unchanged", "world", text))
		g.Add(T("unchanged", "world", text+" "+text))
	}
}

func mutate(g *Gen, kind, text string) string {
	i := g.Intn(len(text))
	parts := tokens.FindAllString(text, -1)
	j := g.Intn(len(parts))
	switch kind {
	case "byte-delete":
		return text[:i] + text[i+1:]
	case "byte-insert":
		return text[:i] + randomByte(g) + text[i:]
	case "byte-replace":
		return text[:i] + randomByte(g) + text[i+1:]
	case "byte-swap":
		if i+1 < len(text) {
			return text[:i] + text[i+1:i+2] + text[i:i+1] + text[i+2:]
		}
		return text[:i]
	case "token-delete":
		return strings.Join(parts[:j], "") + strings.Join(parts[j+1:], "")
	case "token-insert":
		return strings.Join(parts[:j], "") + pick(g, spareTokens) + strings.Join(parts[j:], "")
	case "token-replace":
		parts[j] = pick(g, spareTokens)
	case "token-swap":
		k := g.Intn(len(parts))
		parts[j], parts[k] = parts[k], parts[j]
	default:
		return text[:i]
	}
	return strings.Join(parts, "")
}

func randomByte(g *Gen) string {
	i := g.Intn(len(insertable))
	return insertable[i : i+1]
}

var delimiters = [][2]string{{"", ""}, {"{{", "}}"}, {"<<", ">>"}, {"[[", "]]"}, {"|", "|"}, {"(", ")"}, {"hub{{", "}}"}, {"{{", "}}end"}, {"{{- ", " -}}"}, {"%", "%"}, {"$", "$"}, {"\"", "\""}, {"<%", "%>"}, {"«", "»"}, {"{", "}"}, {"//", "\n"}, {"a", "b"}, {"{{", ""}, {"", "]]"}, {".", "."}, {"-", "-"}, {"{%", "%}"}, {"/*", "*/"}, {"\n", "\n"}, {" ", " "}}

var lexerPieces = map[string][]string{
	"trim":      {"L- .Title R", "L .Title -R", "L- .Title -R", "L-.TitleR", "L.Title-R", "L- -R", "L-R", "L--R", "L -R", "L- R", "L- - -R", "L-3R", "L- 3R", "L3-R", "L3 -R", "L- -1 -R", "L-\n.Title\n-R", "L-\t1\t-R", "L-\v1 -R", "L-\r1\r-R", "L-  1  -R", "L -1-R", "L- \"a\"-R", "L- /* c */R", "L-1 -R", "L1 - R", "L1 --R", "L- 1 --R", "L-\u00a01R"},
	"comment":   {"L/* c */R", "L- /* c */ -R", "L/* c */ -R", "L- /* c */R", "L /* c */R", "L/* c */ R", "L/* c", "L/* c R", "L/**/R", "L/***/R", "L/*/R", "L/* /* */ */R", "L/*\n\n*/R", "L/* R */R", "L-/* c */R", "L/* c */-R", "L- /* c */-R", "L/* c */  -R", "L//R", "L/*é\xff*/R", "L/* */.TitleR", "L.Title /* c */R", "L/* \" */R", "L-  /* c */ -R", "L/*a*/R/*b*/"},
	"space":     {" ", "\n", "\t", "\r\n", "  \n  ", "\u00a0", "\v", "\f", "", "x", "  x  ", "\n\nx\n\n", "\u2028", "\x00", "é"},
	"word":      {"L.R", "L.TitleR", "L$R", "L$.TitleR", "L .Title R", "L\"s\"R", "L`r`R", "L'c'R", "L1R", "LtrueR", "LnilR", "L print 1 R", "Lprint 1|printR", "L(1)R", "L.User.NameR", "L$x := 1R", "Lif .FlagRyesLendR", "Lrange .ItemsRxLendR", "LelseR", "LendR", "Ldefine \"d\"RdLendR", "LbreakR", "LcontinueR", "Lrange 2RLbreakRLendR", "Ltemplate \"d\"R", "Lblock \"k\" .RkLendR"},
	"odd":       {"LR", "L R", "L", "R", "L{.}R", "LLR", "L}R", "L{R", "L.xR}", "{L.R}", "L1L2R", "L\"a\nb\"R", "L'aR", "L`aR", "L\"aR", "L#R", "L1 # 2R", "L@R", "L!R", "L~R", "L&R", "L;R", "L?R", "L[R", "L,R", "L:R", "L:=R", "L=R", "L$x:R", "L$x =: 1R", "L\\R", "L\x01R", "L\x7fR", "L\u00a0R", "L\u2028R", "Lé#R", "L.é R", "L\xffR", "L$é := 1R", "L.x#R", "L$x#R", "Lx#R", "L.x[R", "L1xR", "L.1R", "L..R", "L...R", "L.x..yR", "L.x.R", "L$x.R", "L|R", "L||R", "L1|R", "L|1R", "L()R", "L(R", "L)R", "L(1R", "L1)R", "L((1)R", "L(1))R", "L(1)(2)R", "L(1).xR", "L1 .xR", "L.x.yR", "L.x .yR", "L.x$yR", "L$xyR", "L\"a\"\"b\"R", "L3`x`R", "L.x\"s\"R", "L-xR", "L+1R", "L1+1R", "L*R", "L/R", "L%R", "L<R", "L>R", "L^R", "L\tR", "L\nR", "L\r\nR", "L.x\n.yR", "L世R", "L世界 1R", "L٣R", "L.٣R", "L²R", "LⅧR", "L\u0301R", "L_R", "L__x1R", "L$_R", "L._R", "L\U0001F600R"},
	"multiline": {"L\n\nR", "L\nprint\n1\nR", "L(\n\nR", "L\"a\nR", "L`a\nb\n", "L/*\n\n", "L\nif\n.Flag\nRxLendR", "\n\nL.x.y.zR", "\n L nofunc R", "L\n\n#R", "L 1\n\n)R", "\nLif .FlagR\n\n", "L\n.Title\n|\nprint\nR", "L $x\n:=\n1 R", "\n\n\nLendR", "L\"s\n\n", "L 'c\n'R", "L\n1k\nR"},
}

// makeLexer joins pieces in which L and R stand for the delimiters.
func makeLexer(g *Gen) {
	g.Share("world", worldData)
	kinds := []string{"comment", "multiline", "odd", "trim", "word"}
	for _, kind := range kinds {
		for _, piece := range lexerPieces[kind] {
			for i := range 14 {
				before, after := "", ""
				if i%2 == 1 {
					before, after = pick(g, lexerPieces["space"]), pick(g, lexerPieces["space"])
				}
				if i > 9 {
					after += pick(g, lexerPieces[pick(g, kinds)])
				}
				pair := delimiters[0]
				if i > 1 && i%3 == 0 {
					pair = pick(g, delimiters)
				}
				g.Add(lexerCase(kind, pair, before+piece+after))
			}
		}
	}
	for range 1000 {
		text := ""
		for range 1 + g.Intn(4) {
			text += pick(g, lexerPieces["space"]) + pick(g, lexerPieces[pick(g, kinds)])
		}
		g.Add(lexerCase("delims", pick(g, delimiters), text))
	}
}

func lexerCase(kind string, pair [2]string, text string) Case {
	left, right := pair[0], pair[1]
	if left == "" {
		left = "{{"
	}
	if right == "" {
		right = "}}"
	}
	var b strings.Builder
	for _, r := range []byte(text) {
		switch r {
		case 'L':
			b.WriteString(left)
		case 'R':
			b.WriteString(right)
		default:
			b.WriteByte(r)
		}
	}
	c := T(kind, "world", b.String())
	c.Delims = pair
	return c
}

// makeNodes records how trees print themselves.
func makeNodes(g *Gen) {
	g.Share("world", worldData)
	add := func(kind string, text string, pair [2]string) {
		c := T(kind, "world", text)
		c.Tree, c.Delims = true, pair
		if pair[0] != "" {
			c.Parses[0].Text = strings.ReplaceAll(strings.ReplaceAll(text, "{{", pair[0]), "}}", pair[1])
		}
		g.Add(c)
	}
	for _, text := range pool {
		add("pool", text, [2]string{})
		add("delims", text, pick(g, delimiters[2:14]))
		add("delims", text, [2]string{"[[", "]]"})
	}
	for _, forms := range [][]string{integerForms, floatForms, complexForms, charForms, stringForms, rawForms, wordForms} {
		for _, form := range forms {
			add("literal", "{{"+form+"}}", [2]string{})
			add("literal", "{{print  1   "+form+" | print}}", [2]string{})
			add("literal", "{{if "+form+" }} a {{- end -}} b", [2]string{})
		}
	}
	for range 450 {
		add("nested", nestedControl(g, 3), [2]string{})
		add("random", randomTemplate(g, "typed"), [2]string{})
	}
	for range 300 {
		add("pairs", fmt.Sprintf("%s\n%s", pick(g, pool), pick(g, pool)), [2]string{})
	}
}
