// Command unicode_tables writes gotemplate/golib/unicode_tables.py: the character classes and the case mapping of the
// Unicode version that this Go release implements.
//
//	go run ./unicode_tables > ../../../gotemplate/golib/unicode_tables.py
package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// boundaries lists where membership changes, as base 36 differences from one change to the next.
func boundaries(member func(rune) bool) []string {
	var words []string
	in, last := false, rune(0)
	for r := rune(0); r <= unicode.MaxRune+1; r++ {
		now := r <= unicode.MaxRune && member(r)
		if now != in {
			words = append(words, strconv.FormatInt(int64(r-last), 36))
			in, last = now, r
		}
	}
	return words
}

type deltas struct{ upper, lower, title rune }

func deltasOf(r rune) deltas {
	return deltas{unicode.ToUpper(r) - r, unicode.ToLower(r) - r, unicode.ToTitle(r) - r}
}

// caseRuns lists runs of characters (first, count, stride) that share their differences to upper, lower and title case.
func caseRuns() []string {
	var words []string
	done := map[rune]bool{}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		d := deltasOf(r)
		if done[r] || d == (deltas{}) {
			continue
		}
		stride := rune(1)
		if deltasOf(r+1) != d && deltasOf(r+2) == d {
			stride = 2
		}
		count := rune(0)
		for at := r; deltasOf(at) == d && !done[at]; at += stride {
			done[at] = true
			count++
		}
		words = append(words, fmt.Sprintf("%x,%d,%d,%d,%d,%d", r, count, stride, d.upper, d.lower, d.title))
	}
	return words
}

func block(name, doc string, words []string) {
	fmt.Printf("\n%s = (\n", name)
	line := ""
	for i, word := range words {
		if len(line)+len(word)+1 > 108 {
			fmt.Printf("    %q\n", line+" ")
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
		if i == len(words)-1 {
			fmt.Printf("    %q\n", line)
		}
	}
	fmt.Printf(")\n\"\"\"%s\"\"\"\n", doc)
}

func main() {
	fmt.Print(strings.TrimLeft(`
"""Unicode `+unicode.Version+` as Go implements it, written by tests/gotemplate/recorder_fmt/unicode_tables/main.go.

A class is a list of base 36 numbers: the distances between the code points where membership starts and stops.
A case run is "first (hexadecimal), count, stride, difference to upper, to lower, to title case".
"""
`, "\n"))
	block("PRINT", "unicode.IsPrint.", boundaries(unicode.IsPrint))
	block("LETTER", "unicode.IsLetter.", boundaries(unicode.IsLetter))
	block("DIGIT", "unicode.IsDigit (category Nd).", boundaries(unicode.IsDigit))
	block("NUMBER", "unicode.IsNumber (category N).", boundaries(unicode.IsNumber))
	block("MARK", "unicode.IsMark (category M).", boundaries(unicode.IsMark))
	block("PUNCT", "unicode.IsPunct (category P).", boundaries(unicode.IsPunct))
	block("SYMBOL", "unicode.IsSymbol (category S).", boundaries(unicode.IsSymbol))
	block("UPPER", "unicode.IsUpper.", boundaries(unicode.IsUpper))
	block("LOWER", "unicode.IsLower.", boundaries(unicode.IsLower))
	block("TITLE", "unicode.IsTitle.", boundaries(unicode.IsTitle))
	block("CASE", "Runs for unicode.ToUpper, ToLower and ToTitle.", caseRuns())
}
