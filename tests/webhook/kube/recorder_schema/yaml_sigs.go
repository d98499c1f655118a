//go:build !ghodss

package main

import "sigs.k8s.io/yaml"

func unmarshalYAML(text []byte, target interface{}) error { return yaml.Unmarshal(text, target) }
