package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"
)

// configFlag names the file that readConfig reads.
func configFlag() cli.Flag {
	return textFlag("config", "", "read flags from a YAML or TOML `FILE`, a line as lambda: 0.001 for each; flags given and environment come first")
}

// readConfig sets the flags that the file of --config names and that neither the
// command line nor the environment has set.
func readConfig(ctx *cli.Context) error {
	path := ctx.String("config")
	if path == "" {
		return nil
	}
	values, err := parseConfig(path)
	if err != nil {
		return usagef("--config %s: %v", path, err)
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		name := strings.ReplaceAll(key, "_", "-")
		if !hasFlag(ctx, name) || name == "config" {
			return usagef("--config %s: %s has no flag --%s; see `%s --help`", path, ctx.Command.HelpName, name, ctx.Command.HelpName)
		}
		if ctx.IsSet(name) {
			continue
		}
		text, ok := configText(values[key])
		if !ok || ctx.Set(name, text) != nil {
			return usagef("--config %s: %s: %v is not a value of the right kind or size; see `%s --help`", path, key, values[key], ctx.Command.HelpName)
		}
	}
	return nil
}

// parseConfig reads a flat table of names and values.
func parseConfig(path string) (map[string]any, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, cause(err)
	}
	values := map[string]any{}
	switch ext := filepath.Ext(path); ext {
	case ".yaml", ".yml":
		err = yaml.Unmarshal(raw, &values)
	case ".toml":
		err = toml.Unmarshal(raw, &values)
	default:
		err = fmt.Errorf("extension %q; give a .yaml, .yml or .toml file", ext)
	}
	return values, err
}

// configText writes a value as it would stand on the command line, a list with
// commas between. It tells false for what has no place there.
func configText(value any) (string, bool) {
	switch v := value.(type) {
	case []any:
		words := make([]string, len(v))
		for i := range v {
			word, ok := configText(v[i])
			if !ok {
				return "", false
			}
			words[i] = word
		}
		return strings.Join(words, ","), true
	case map[string]any, nil:
		return "", false
	}
	return fmt.Sprint(value), true
}
