package shell

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
	"gopkg.in/yaml.v3"

	"bnlab/cifar"
	"bnlab/train/message"
)

// maxConfig limits a configuration file, in bytes: far more than all flags with
// comments need, and little memory for any file.
const maxConfig = 1 << 16

// setting is what a configuration file says about a flag: the value as on the command
// line, lists separated by commas.
type setting struct {
	name, value string
	line        int
}

// readConfig sets the options named in the file at path that neither the command line
// nor a variable has set. Flags of other commands, as in a file for several or in the
// --print-config output of another, are ignored, and returned.
func (c *Call) readConfig(path string) (others []string, err error) {
	raw, err := ReadSmall("--config "+path, path, "a YAML or TOML file of flags")
	if err != nil {
		return nil, err
	}
	settings, err := parseConfig(filepath.Ext(path), raw)
	if err != nil {
		return nil, Usagef("--config %s: %v", path, err)
	}
	all := allOptions(c.program.Commands)
	for _, s := range settings {
		at := fmt.Sprintf("%s, line %d: ", path, s.line)
		o := find(c.command.Options, s.name)
		switch {
		case s.name == "config":
			return nil, Usagef("%sa configuration file cannot name another; remove config", at)
		case o == nil && all[s.name]:
			others = append(others, "--"+s.name)
		case o == nil:
			return nil, Usagef("%s%s has no flag --%s%s; see `%[2]s --help`", at, c.name, s.name,
				message.DidYouMean("--", s.name, optionNames(c.command.Options)))
		default:
			if err := o.read(s.value, source{byFile, at + s.name}); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(others)
	return others, nil
}

// ReadSmall reads a file of at most maxConfig bytes. Its errors begin with title, and ask
// for what belongs there.
func ReadSmall(title, path, what string) ([]byte, error) {
	f, err := os.Open(path)
	if err == nil {
		defer f.Close()
		var raw []byte
		if raw, err = io.ReadAll(io.LimitReader(f, maxConfig+1)); len(raw) > maxConfig {
			return nil, Usagef("%s: longer than %d bytes; give %s", title, maxConfig, what)
		} else if err == nil {
			return raw, nil
		}
	}
	return nil, cifar.FileError(title, "give "+what, err)
}

// flagName is what a name in a configuration file looks like.
var flagName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,40}$`)

// parseConfig reads a flat table in the format of the file's extension. No flag may
// appear twice.
func parseConfig(ext string, raw []byte) (settings []setting, err error) {
	add := func(line int, name string, words []string, ok bool) error {
		if !flagName.MatchString(name) {
			return fmt.Errorf("%.60q is not a flag name", name)
		}
		if !ok {
			return fmt.Errorf("%s: give one value, or a list of values", name)
		}
		name = strings.ReplaceAll(name, "_", "-")
		if slices.ContainsFunc(settings, func(s setting) bool { return s.name == name }) {
			return fmt.Errorf("%s appears twice", name)
		}
		value := strings.Join(words, ",")
		if strings.ContainsFunc(value, unicode.IsControl) {
			return fmt.Errorf("%s: %.60q has control characters", name, value)
		}
		settings = append(settings, setting{name, value, line})
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
	return settings, err
}

// parseYAML calls add for every name in the table with its words, exactly as written:
// 1.10 and 2001-01-01 may be file names. Anything but a value or a list of values is
// not ok; nor are aliases, which can expand a few lines a thousandfold.
func parseYAML(raw []byte, add func(line int, name string, words []string, ok bool) error) error {
	var doc, rest yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(raw))
	switch err := d.Decode(&doc); {
	case err == io.EOF:
		return nil
	case err != nil:
		return err
	case d.Decode(&rest) != io.EOF:
		return errors.New("yaml: more than one document")
	}
	table := doc.Content[0]
	if table.Kind != yaml.MappingNode {
		return errors.New("yaml: not a mapping; give one line per flag, such as lambda: 0.001")
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
		if err := add(table.Content[i].Line, table.Content[i].Value, words, ok); err != nil {
			return err
		}
	}
	return nil
}

// parseTOML does the same for TOML.
func parseTOML(raw []byte, add func(line int, name string, words []string, ok bool) error) error {
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
		line := p.Shape(key.Node().Raw).Start.Line
		name, ok := string(key.Node().Data), e.Kind == unstable.KeyValue && key.IsLast()
		var words []string
		if ok {
			words, ok = wordsOf(e.Value())
		}
		if err := add(line, name, words, ok); err != nil {
			return err
		}
	}
	return p.Error()
}

// wordsOf returns the words of a value or of a list of values; anything else is not ok.
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
