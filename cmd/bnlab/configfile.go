package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"

	"bnlab/cifar"
)

// configFlag names the file that readConfig reads.
func configFlag() cli.Flag {
	return textFlag("config", "", "read flags from a YAML or TOML `FILE`, a line as lambda: 0.001 for each; flags given and environment come first")
}

// maxConfig bounds a configuration file, in bytes: far more than all flags with
// comments need, and little memory however the file is made.
const maxConfig = 1 << 16

// readConfig sets the flags that the file of --config names and that neither the
// command line nor the environment has set. Flags of other commands, as in a file for
// several or in what --print-config of another prints, are told and left out.
func readConfig(ctx *cli.Context) error {
	path := ctx.String("config")
	if path == "" {
		return nil
	}
	raw, err := readSmall(path)
	if err != nil {
		return err
	}
	values, err := parseConfig(filepath.Ext(path), raw)
	if err != nil {
		return usagef("--config %s: %v", path, err)
	}
	var others []string // that only other commands have
	all := allFlags(ctx.App.Commands)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name == "config" {
			return usagef("--config %s: a file cannot name another; leave config out", path)
		}
		if !hasFlag(ctx, name) && all[name] {
			others = append(others, "--"+name)
			continue
		}
		if !hasFlag(ctx, name) {
			return usagef("--config %s: %s has no flag --%s%s; see `%[2]s --help`", path, ctx.Command.HelpName, name,
				didYouMean("--", name, flagNames(ctx.Command.Flags)))
		}
		if ctx.IsSet(name) {
			continue
		}
		if ctx.Set(name, values[name]) != nil {
			return usagef("--config %s: %s: %.60q: %s; see `%s --help`", path, name, values[name], whyNot(values[name]), ctx.Command.HelpName)
		}
	}
	if others != nil {
		note(ctx, "NOTE: --config %s: %s has no %s: left out", path, ctx.Command.HelpName, strings.Join(others, ", "))
	}
	return nil
}

// readSmall reads a file of at most maxConfig bytes.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err == nil {
		defer f.Close()
		var raw []byte
		if raw, err = io.ReadAll(io.LimitReader(f, maxConfig+1)); len(raw) > maxConfig {
			return nil, usagef("--config %s: longer than %d bytes; give a YAML or TOML file of flags", path, maxConfig)
		} else if err == nil {
			return raw, nil
		}
	}
	return nil, cifar.FileError("--config "+path, "give a YAML or TOML file of flags", err)
}

// flagName is what a name in a configuration file looks like.
var flagName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,40}$`)

// parseConfig reads a flat table in the format that belongs to the extension of
// the file, and returns what stands there for each flag as it would stand on the
// command line: a list with commas between.
func parseConfig(ext string, raw []byte) (values map[string]string, err error) {
	values = map[string]string{}
	add := func(name string, words []string, ok bool) error {
		if !flagName.MatchString(name) {
			return fmt.Errorf("%.60q is no name of a flag", name)
		}
		if !ok {
			return fmt.Errorf("%s: give one value, or a list of values", name)
		}
		name = strings.ReplaceAll(name, "_", "-")
		if _, again := values[name]; again {
			return fmt.Errorf("%s is there twice", name)
		}
		values[name] = strings.Join(words, ",")
		if strings.ContainsFunc(values[name], unicode.IsControl) {
			return fmt.Errorf("%s: %.60q has control characters", name, values[name])
		}
		return nil
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // editors on Windows begin files with it
	switch strings.ToLower(ext) {
	case ".yaml", ".yml":
		err = parseYAML(raw, add)
	case ".toml":
		err = parseTOML(raw, add)
	default:
		err = fmt.Errorf("extension %q; give a .yaml, .yml or .toml file", ext)
	}
	return values, err
}

// parseYAML tells add of every name in the table with its words, exactly as they
// are written: 1.10 and 2001-01-01 may be names of files. What is neither a value
// nor a list of values is not ok; so are aliases, of which a few lines can be a
// thousand times as many.
func parseYAML(raw []byte, add func(name string, words []string, ok bool) error) error {
	var doc, rest yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(raw))
	switch err := d.Decode(&doc); {
	case err == io.EOF:
		return nil
	case err != nil:
		return err
	case d.Decode(&rest) != io.EOF:
		return errors.New("yaml: goes on after the first document")
	}
	table := doc.Content[0]
	if table.Kind != yaml.MappingNode {
		return errors.New("yaml: not a table; give a line as lambda: 0.001 for each flag")
	}
	for i := 0; i < len(table.Content); i += 2 {
		value := table.Content[i+1]
		list := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			list = value.Content
		}
		var words []string
		ok := true
		for _, v := range list {
			words = append(words, v.Value)
			ok = ok && v.Kind == yaml.ScalarNode && v.Tag != "!!null"
		}
		if err := add(table.Content[i].Value, words, ok); err != nil {
			return err
		}
	}
	return nil
}

// parseTOML does the same for TOML.
func parseTOML(raw []byte, add func(name string, words []string, ok bool) error) error {
	err := toml.Unmarshal(raw, new(any))
	if at := (*toml.DecodeError)(nil); errors.As(err, &at) {
		line, _ := at.Position()
		return fmt.Errorf("line %d: %w", line, err)
	}
	if err != nil {
		return err
	}
	var p unstable.Parser // has the words as they are written, where Unmarshal makes 16 of 0x10
	p.Reset(raw)
	for p.NextExpression() {
		e := p.Expression()
		key := e.Key()
		key.Next()
		name, ok := string(key.Node().Data), e.Kind == unstable.KeyValue && key.IsLast()
		var words []string
		if ok {
			words, ok = wordsOf(e.Value())
		}
		if err := add(name, words, ok); err != nil {
			return err
		}
	}
	return p.Error()
}

// wordsOf returns the words of a value or of a list of values; other things are not
// ok.
func wordsOf(value *unstable.Node) (words []string, ok bool) {
	add := func(v *unstable.Node) bool {
		words = append(words, string(v.Data))
		return slices.Contains([]unstable.Kind{unstable.String, unstable.Bool, unstable.Integer, unstable.Float}, v.Kind)
	}
	if value.Kind != unstable.Array {
		ok = add(value)
		return words, ok
	}
	for list := value.Children(); list.Next(); {
		if !add(list.Node()) {
			return nil, false
		}
	}
	return words, true
}
