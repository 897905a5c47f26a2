package shell

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"bnlab/cifar"
	"bnlab/train/document"
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

// parseConfig reads a flat table in the format of the file's extension.
func parseConfig(ext string, raw []byte) (settings []setting, err error) {
	table, err := document.Parse(ext, raw)
	if err != nil {
		return nil, err
	}
	for _, k := range table.Keys {
		if !flagName.MatchString(k.Name) {
			return nil, fmt.Errorf("%.60q is not a flag name", k.Name)
		}
		words, ok := wordsOf(k.Value)
		if !ok {
			return nil, fmt.Errorf("%s: give one value, or a list of values", k.Name)
		}
		value := strings.Join(words, ",")
		if strings.ContainsFunc(value, unicode.IsControl) {
			return nil, fmt.Errorf("%s: %.60q has control characters", k.Name, value)
		}
		settings = append(settings, setting{document.Hyphened(k.Name), value, k.Line})
	}
	return settings, nil
}

// wordsOf returns the words of a value or of a list of values, exactly as written: 1.10 may
// be a file name. Anything else is not ok.
func wordsOf(v document.Value) (words []string, ok bool) {
	list := []document.Value{v}
	if v.Kind == document.List {
		list = v.Items
	}
	for _, item := range list {
		if !item.IsScalar() {
			return nil, false
		}
		words = append(words, item.Text)
	}
	return words, true
}
