// Command documents splits texts with Kubernetes' YAMLReader: a JSON list of base64 texts in, a list of answers out.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/util/yaml"
)

// An answer holds the documents that were read, and the error that stopped the reading.
type answer struct {
	Documents []string `json:"documents"`
	Err       string   `json:"err,omitempty"`
}

func main() {
	var texts [][]byte
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		panic(err)
	}
	answers := []answer{}
	for _, text := range texts {
		answers = append(answers, split(text))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.Encode(answers)
}

func split(text []byte) answer {
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	found := answer{Documents: []string{}}
	for {
		document, err := reader.Read()
		if err == io.EOF {
			return found
		}
		if err != nil {
			found.Err = err.Error()
			return found
		}
		found.Documents = append(found.Documents, string(document))
	}
}
