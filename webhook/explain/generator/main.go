// Command generator prints the annotations and labels that Istio has registered, a line each: kind, name, and the resources that
// carry it. The version of the registry comes from the go.mod that generate.py writes beside it.
package main

import (
	"fmt"

	"istio.io/api/annotation"
	"istio.io/api/label"
)

func main() {
	for _, known := range annotation.AllResourceAnnotations() {
		row("annotation", known.Name, known.Resources)
	}
	for _, known := range label.AllResourceLabels() {
		row("label", known.Name, known.Resources)
	}
}

func row[R fmt.Stringer](kind, name string, resources []R) {
	fmt.Print(kind, " ", name)
	for _, resource := range resources {
		fmt.Print(" ", resource)
	}
	fmt.Println()
}
