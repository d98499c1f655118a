// Command eras prints what the comparison and js builtins of one Go release answer, one line a call: function, numbers of the
// arguments, answer. Any release since 1.9 compiles it; record_eras.sh runs it under several of them.
package main

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"
)

type S struct{ A int }

// The arguments; test_builtin_eras.py has the same list.
var values = []interface{}{
	nil, 1, uint8(1), 1.5, "a'<b>&=\"\\", true, []int{1}, map[string]int{}, (*S)(nil), S{1}, []int(nil), [1]int{1},
}

func main() {
	for _, name := range []string{"eq", "ne", "le"} {
		for i, a := range values {
			for j, b := range values {
				fmt.Printf("%s %d %d %s\n", name, i, j, call(name, a, b))
			}
		}
	}
	fmt.Printf("js 4 0 %s\n", call("js", values[4], ""))
}

func call(name string, a, b interface{}) string {
	var out bytes.Buffer
	t := template.Must(template.New("t").Parse("{{" + name + " .a .b}}"))
	if err := t.Execute(&out, map[string]interface{}{"a": a, "b": b}); err != nil {
		return strings.SplitN(err.Error(), "error calling "+name+": ", 2)[1]
	}
	return out.String()
}
