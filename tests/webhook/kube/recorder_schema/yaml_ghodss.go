//go:build ghodss

package main

import "github.com/ghodss/yaml"

func unmarshalYAML(text []byte, target interface{}) error { return yaml.Unmarshal(text, target) }
