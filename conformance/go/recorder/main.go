// Command recorder writes the vectors that hold the Python engine to Go's own text/template, fmt and Sprig.
//
// Every suite is generated from templates, values and grammars of this project and answered by the Go
// toolchain that runs the recorder. The same seed gives the same vectors.
//
//	recorder -out ../vectors                       all suites, the seed kept in the repository
//	recorder -out DIR -seed 7 -suite fmt -count 500
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
)

// A Suite produces cases; it stops when the sink is full.
type Suite struct {
	Name  string
	Count int // how many vectors are kept by default
	Make  func(*Gen)
}

var suites = []Suite{
	{"args", 2400, makeArgs},
	{"builtins", 5200, makeBuiltins},
	{"comparisons", 4000, makeComparisons},
	{"control", 2600, makeControl},
	{"fmt", 8000, makeFmt},
	{"lexer", 2400, makeLexer},
	{"literals", 3000, makeLiterals},
	{"lookup", 3600, makeLookup},
	{"mutants", 7200, makeMutants},
	{"nodes", 1500, makeNodes},
	{"random", 5000, makeRandom},
	{"shapes", 1000, makeShapes},
	{"sprig", 9000, makeSprig},
}

// Gen carries the randomness of one suite and collects its cases.
type Gen struct {
	*rand.Rand
	cases  []*Case
	shared map[string]func() any
	seen   map[string]bool
}

// Add records one case; a duplicate is dropped, and so is a loop that could count to the end of an integer type.
func (g *Gen) Add(c Case) {
	key := c.key()
	if g.seen[key] || strings.Contains(key, "range") && (strings.Contains(key, ".imax") || strings.Contains(key, ".u64")) {
		return
	}
	g.seen[key] = true
	g.cases = append(g.cases, &c)
}

// Share names a value that many cases use as their data.
func (g *Gen) Share(name string, build func() any) { g.shared[name] = build }

func main() {
	out := flag.String("out", "", "directory that receives <suite>.jsonl.gz")
	seed := flag.Int64("seed", 20240607, "seed of every random choice")
	only := flag.String("suite", "", "comma separated suites; empty means all")
	count := flag.Int("count", 0, "vectors per suite; 0 means the suite's own number")
	flag.Parse()
	fail(os.Setenv("TZ", "UTC"))
	if *out == "" {
		fail(fmt.Errorf("-out is required"))
	}
	fail(os.MkdirAll(*out, 0o755))
	total := 0
	for _, suite := range suites {
		if *only != "" && !contains(strings.Split(*only, ","), suite.Name) {
			continue
		}
		if *count > 0 {
			suite.Count = *count
		}
		n, err := record(suite, *seed, *out)
		fail(err)
		total += n
	}
	fmt.Fprintf(os.Stderr, "%d vectors, seed %d, %s\n", total, *seed, runtime.Version())
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "recorder:", err)
		os.Exit(1)
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// record asks Go the cases of one suite and writes the vectors in a stable order.
func record(suite Suite, seed int64, dir string) (int, error) {
	h := fnv.New64a()
	h.Write([]byte(suite.Name))
	g := &Gen{
		Rand:   rand.New(rand.NewSource(seed ^ int64(h.Sum64()>>1))),
		shared: map[string]func() any{},
		seen:   map[string]bool{},
	}
	suite.Make(g)
	lines, kinds := choose(g, suite.Count)
	if err := checkKinds(suite.Name, kinds, len(lines)); err != nil {
		return 0, err
	}
	return len(lines), write(filepath.Join(dir, suite.Name+".jsonl.gz"), header(g, suite, seed, len(lines)), lines)
}

// choose keeps at most n vectors, spread evenly over the kinds so that none is drowned by another, and returns how
// many each kind has.
func choose(g *Gen, n int) ([][]byte, map[string]int) {
	byKind := map[string][]*Case{}
	for _, c := range g.cases {
		byKind[c.Kind] = append(byKind[c.Kind], c)
	}
	names := make([]string, 0, len(byKind))
	for k := range byKind {
		names = append(names, k)
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := len(byKind[names[i]]), len(byKind[names[j]])
		return a < b || a == b && names[i] < names[j]
	})
	var lines [][]byte
	kinds := map[string]int{}
	for i, k := range names {
		kept := balance(g, byKind[k], (n-len(lines))/(len(names)-i))
		kinds[k] = len(kept)
		lines = append(lines, kept...)
	}
	return lines, kinds
}

// balance answers cases in random order until it has n vectors, half of them successes as far as there are any.
func balance(g *Gen, cases []*Case, n int) [][]byte {
	g.Shuffle(len(cases), func(a, b int) { cases[a], cases[b] = cases[b], cases[a] })
	var kept, spare [][]byte
	room := map[bool]int{true: (n + 1) / 2, false: n / 2}
	for _, c := range cases {
		if len(kept) == n {
			break
		}
		line, succeeded, ok := answer(g, c)
		switch {
		case !ok:
		case c.Call != "" || room[succeeded] > 0:
			room[succeeded]--
			kept = append(kept, line)
		case len(spare) < n:
			spare = append(spare, line)
		}
	}
	return append(kept, spare[:min(len(spare), n-len(kept))]...)
}

// checkKinds refuses a suite in which a kind is too rare to mean anything as a rate.
func checkKinds(suite string, kinds map[string]int, total int) error {
	for k, n := range kinds {
		if total >= 200 && n*50 < total {
			return fmt.Errorf("suite %s: kind %s has %d of %d vectors, under 2 %%", suite, k, n, total)
		}
	}
	return nil
}

func header(g *Gen, suite Suite, seed int64, n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"suite":%q,"go":%q,"sprig":"v3.3.0","seed":%d,"count":%d,"shared":{`, suite.Name, runtime.Version(), seed, n)
	names := make([]string, 0, len(g.shared))
	for k := range g.shared {
		names = append(names, k)
	}
	sort.Strings(names)
	for i, k := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		writeString(&b, k)
		b.WriteByte(':')
		encodeAny(&b, g.shared[k]())
	}
	b.WriteString("}}")
	return b.Bytes()
}

func write(path string, head []byte, lines [][]byte) error {
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(z)
	for _, line := range append([][]byte{head}, lines...) {
		w.Write(line)
		w.WriteByte('\n')
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, buf.Bytes(), 0o644)
}
