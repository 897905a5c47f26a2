package document

import (
	"bytes"
	"fmt"
	"strings"
)

// Parse reads a table in the format that belongs to a file's extension, .yaml, .yml or
// .toml. An empty file is an empty table.
func Parse(extension string, raw []byte) (Value, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // editors on Windows begin files with it
	parse := parseTOML
	switch {
	case IsYAML(extension):
		parse = parseYAML
	case strings.ToLower(extension) != ".toml":
		return Value{}, fmt.Errorf("extension %q; give a .yaml, .yml or .toml file", extension)
	}
	v, err := parse(raw)
	if err == nil {
		err = v.checkTwice()
	}
	return v, err
}

// IsYAML reports whether a file with that extension is in YAML.
func IsYAML(extension string) bool {
	extension = strings.ToLower(extension)
	return extension == ".yaml" || extension == ".yml"
}

// checkTwice returns an error where a table has a key twice, hyphens and underscores alike.
func (v Value) checkTwice() error {
	for _, item := range v.Items {
		if err := item.checkTwice(); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for _, k := range v.Keys {
		name := Hyphened(k.Name)
		if seen[name] {
			return &Error{k.Line, name + " appears twice"}
		}
		seen[name] = true
		if err := k.Value.checkTwice(); err != nil {
			return err
		}
	}
	return nil
}
