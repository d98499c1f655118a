// Answers questions about strategic merge patches and JSON patches, one JSON object a line.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"gomodules.xyz/jsonpatch/v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
)

type question struct {
	Op    string
	First json.RawMessage
	Then  json.RawMessage
}

type answer struct {
	Value any    `json:"value"`
	Error string `json:"error,omitempty"`
}

func merge(q question) (any, error) {
	var original, patch map[string]any
	if err := json.Unmarshal(q.First, &original); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(q.Then, &patch); err != nil {
		return nil, err
	}
	return strategicpatch.StrategicMergeMapPatch(original, patch, &corev1.Pod{})
}

func reply(q question) (a answer) {
	defer func() {
		if problem := recover(); problem != nil {
			a = answer{Error: fmt.Sprint(problem)}
		}
	}()
	var value any
	var err error
	if q.Op == "merge" {
		value, err = merge(q)
	} else {
		value, err = jsonpatch.CreatePatch(q.First, q.Then)
	}
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Value: value}
}

func main() {
	questions, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	answers.SetEscapeHTML(false)
	for questions.More() {
		var q question
		if err := questions.Decode(&q); err != nil {
			panic(err)
		}
		if err := answers.Encode(reply(q)); err != nil {
			panic(err)
		}
	}
}
