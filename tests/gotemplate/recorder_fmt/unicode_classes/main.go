// Command unicode_classes writes gotemplate/golib/unicode_classes.py: what \p{NAME} stands for in a Go regular expression.
//
//	go run ./unicode_classes > ../../../gotemplate/golib/unicode_classes.py
package main

import (
	"fmt"
	"regexp/syntax"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

func canonical(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// ranges returns the class as base 36 differences between the code points where membership starts and stops.
func ranges(name string) string {
	re, err := syntax.Parse(`\p{`+name+`}`, syntax.Perl)
	if err != nil {
		return "" // a script whose name has an underscore: Go strips it and does not find the table
	}
	runes := re.Rune
	switch re.Op {
	case syntax.OpAnyChar:
		runes = []rune{0, unicode.MaxRune}
	case syntax.OpLiteral:
		runes = []rune{re.Rune[0], re.Rune[0]}
	case syntax.OpCharClass:
	default:
		panic(name + re.Op.String())
	}
	var words []string
	last := rune(0)
	for i, r := range runes {
		at := r + rune(i%2)
		words = append(words, strconv.FormatInt(int64(at-last), 36))
		last = at
	}
	return strings.Join(words, " ")
}

func main() {
	names := map[string]string{}
	for _, name := range []string{"Any", "ASCII", "Assigned", "Cn", "LC"} {
		names[canonical(name)] = name
	}
	for name := range unicode.Categories {
		names[canonical(name)] = name
	}
	for name := range unicode.Scripts {
		names[canonical(name)] = name
	}
	aliases := map[string]string{}
	for alias, name := range unicode.CategoryAliases {
		if names[canonical(alias)] == "" {
			aliases[canonical(alias)] = canonical(name)
		}
	}
	fmt.Printf("\"\"\"The classes that %s can name in a Go regular expression (Unicode %s), written by\n", `\\p{…}`, unicode.Version)
	fmt.Print("tests/gotemplate/recorder_fmt/unicode_classes/main.go.\n\n")
	fmt.Print("Keys are lower case without spaces, hyphens and underscores. A class is a list of base 36 numbers: the distances\n")
	fmt.Print("between the code points where membership starts and stops.\n\"\"\"\n\n")
	fmt.Print("# ruff: noqa: E501\n\nALIASES = {\n")
	for _, alias := range sorted(aliases) {
		fmt.Printf("    %q: %q,\n", alias, aliases[alias])
	}
	fmt.Print("}\n\"\"\"Longer names of categories.\"\"\"\n\nCLASSES = {\n")
	for _, key := range sorted(names) {
		if class := ranges(names[key]); class != "" {
			fmt.Printf("    %q: %q,\n", key, class)
		}
	}
	fmt.Print("}\n\"\"\"Categories, scripts and the names Go adds.\"\"\"\n")
}

func sorted(m map[string]string) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
