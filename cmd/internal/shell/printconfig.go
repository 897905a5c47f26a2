package shell

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// printConfig writes the flags of the command as YAML that --config reads.
func (c *Call) printConfig(w io.Writer) error {
	var lines [][2]string // the setting, and what it means
	width := 0
	for _, o := range c.command.Options {
		if slices.Contains([]string{"config", "print-config", "json", "json-errors", "quiet", "help"}, o.Name) {
			continue
		}
		line, err := o.line()
		if err != nil {
			return err
		}
		lines = append(lines, [2]string{line, o.Help})
		width = max(width, len([]rune(line)))
	}
	fmt.Fprintf(w, "# %s --config FILE reads this. Command line and environment take precedence.\n\n", c.name)
	for _, line := range lines {
		fmt.Fprintf(w, "%-*s  # %s\n", width, line[0], line[1])
	}
	return nil
}

// line returns the line of an option, as a comment where it is not set and to set it to
// its default would mean another thing: none, that --sigma no longer implies --init normal, or
// another --norm than --bn.
func (o *Option) line() (string, error) {
	text, remark := o.String(), ""
	if !o.IsSet() {
		text = o.defaultValue
		if text == "" || text == "0" || o.Name == "init" || o.Name == "norm" {
			remark = "# "
		}
	}
	if k := o.field.Kind(); k != reflect.String && k != reflect.Slice {
		return remark + o.Name + ": " + text, nil
	}
	if strings.Contains(text, "\n") {
		return remark + o.Name + ": " + strconv.Quote(text), nil
	}
	value, err := yaml.Marshal(text)
	return remark + o.Name + ": " + strings.TrimSpace(string(value)), err
}
