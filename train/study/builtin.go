package study

import (
	"embed"
	"slices"
)

// BuiltIns are the names of the studies that come with the program.
var BuiltIns = []string{"compare", "search", "sigma", "lambda", "reproduce", "course-a3-bonus", "methods", "bf16"}

//go:embed studies/*.yaml
var builtIns embed.FS

// BuiltIn returns the study of one of these names; nil for another name.
func BuiltIn(name string) *Study {
	if !slices.Contains(BuiltIns, name) {
		return nil
	}
	path := name + ".yaml"
	text, err := builtIns.ReadFile("studies/" + path)
	if err != nil {
		panic("study: " + err.Error())
	}
	s, err := Parse(path, text)
	if err != nil {
		panic("study: " + err.Error())
	}
	return s
}
