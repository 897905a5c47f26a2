// Package shell connects the command line to the commands of the program: flags and the
// sources of their values, help, completion, the manual page, errors and exit codes,
// signals. Commands are values, and their flags are fields of structs; only this
// package knows the library that parses the command line.
package shell

import (
	"context"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Program is a program with many commands.
type Program struct {
	Name, Usage string
	Version     string
	VersionText func() string // what --version prints
	FirstSteps  string        // examples for first-time users
	Description string        // of the manual page, which has Sections too, besides the help of the commands
	Sections    []Section
	Commands    []*Command
}

// Section is a section of the manual page that is not made from the commands.
type Section struct {
	Title, Text string
	Terms       [][2]string
	Options     []*Option // shared by many commands, and described only here
}

// Command is a command of the program, or a group of commands.
type Command struct {
	Name        string
	Usage       string // what it does, in a line
	Arguments   string // placeholders of its arguments, as MODEL PICTURE...; empty for none
	Description string // further paragraphs and examples; indented lines stay as they are

	Commands []*Command // of a group
	Default  string     // name of the one that is meant if another word stands there; empty for none
	Options  []*Option
	check    func(*Call) error                  // of the options; nil for none
	run      func(context.Context, *Call) error // nil for a group
}

// Call is a running command: its words, and where it reads and writes.
type Call struct {
	Args []string // the words that are no flags
	In   io.Reader
	Out  io.Writer // for results
	Err  io.Writer // for everything else

	command *Command
	name    string   // of the command, in full
	line    []string // the whole command line, as it was typed
	program *Program
	asJSON  bool // print errors as JSON
}

// named returns the command of a name, nil where there is none.
func named(commands []*Command, name string) *Command {
	for _, c := range commands {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// takesValue reports whether the word after arg is its value. An unknown flag, and one
// with its value behind =, take none.
func (c *Command) takesValue(arg string) bool {
	o := find(c.Options, strings.TrimLeft(arg, "-"))
	return o != nil && !o.IsBoolFlag()
}

// commandNames returns what commands are called, and help.
func commandNames(commands []*Command) []string {
	all := []string{"help"}
	for _, c := range commands {
		all = append(all, c.Name)
	}
	return all
}

// optionNames returns what options are called.
func optionNames(options []*Option) []string {
	var all []string
	for _, o := range options {
		all = append(all, o.Name)
	}
	return all
}

// allOptions returns the names of the options of all commands.
func allOptions(commands []*Command) map[string]bool {
	all := map[string]bool{}
	for _, c := range commands {
		for _, o := range c.Options {
			all[o.Name] = true
		}
		maps.Copy(all, allOptions(c.Commands))
	}
	return all
}

// New returns the command c, executed by run. The fields of options are its flags, as
// bind describes, except those named in omit, separated by spaces; their values are the
// defaults. When it runs, options hold the requested values, and their method
// Check(*Call) error, if any, has accepted them; what Backend names is in use.
func New[O any](c Command, options O, omit string, run func(context.Context, *Call, O) error) *Command {
	c.Options = withCommon(bind(&options, strings.Fields(omit)...))
	c.check = func(call *Call) error {
		if o, ok := any(&options).(interface{ use(*Call) error }); ok {
			if err := o.use(call); err != nil {
				return err
			}
		}
		if o, ok := any(&options).(interface{ Check(*Call) error }); ok {
			return o.Check(call)
		}
		return nil
	}
	c.run = func(ctx context.Context, call *Call) error { return run(ctx, call, options) }
	return &c
}

// NewGroup returns the command c, which only has subcommands.
func NewGroup(c Command, commands ...*Command) *Command {
	c.Commands, c.Options = commands, bind(new(common), "config", "print-config")
	return &c
}

// Describe returns the flags that the fields of options are, as New does.
func Describe(options any, omit string) []*Option { return bind(options, strings.Fields(omit)...) }

// common are the flags that the shell gives to commands.
type common struct {
	Config      string `flag:"config" arg:"FILE" group:"General" help:"read flags from a YAML or TOML FILE, with lines such as lambda: 0.001; command line and environment take precedence"`
	PrintConfig bool   `flag:"print-config" group:"General" help:"print all these flags with their values as a file for --config, and exit"`
	JSONErrors  bool   `flag:"json-errors" group:"General" help:"print an error on stderr as one line of JSON"`
	Help        bool   `flag:"help" short:"h" group:"General" help:"show help"`
}

// withCommon returns the options of a command and those of common: --config for a
// command with flags, --print-config for one that draws weights.
func withCommon(own []*Option) []*Option {
	var omit []string
	if len(own) == 0 {
		omit = append(omit, "config")
	}
	if find(own, "seed") == nil {
		omit = append(omit, "print-config")
	}
	return slices.Concat(own, bind(new(common), omit...))
}

// Common returns the flags that the shell gives to commands.
func Common() []*Option { return bind(new(common), "help") }

// bind creates an option for each field with help of the struct at to, and of embedded
// structs. A field's tags define it:
//
//	flag or json  name; of json with hyphens
//	help          what it means
//	arg           placeholder of its value, where N and TEXT do not say enough
//	values        all that it may be, with commas between; … at the end for others too
//	min, max      bounds of an int
//	ext           extensions that a file may have, with commas between
//	group         heading in the help; that of a struct holds for its fields
//
// If two have the same name the outer one counts, as in Go. Those in omit are skipped
// and keep their values.
func bind(to any, omit ...string) (all []*Option) {
	depths := map[string]int{}
	var fields func(v reflect.Value, group string, depth int)
	fields = func(v reflect.Value, group string, depth int) {
		for i := range v.NumField() {
			f, group := v.Type().Field(i), group
			if own, ok := f.Tag.Lookup("group"); ok {
				group = own
			}
			if f.Tag.Get("help") == "" {
				if f.Type.Kind() == reflect.Struct {
					fields(v.Field(i), group, depth+1)
				}
				continue
			}
			o := newOption(f, v.Field(i), group)
			other := slices.IndexFunc(all, func(a *Option) bool { return a.Name == o.Name })
			switch {
			case slices.Contains(omit, o.Name):
			case other < 0:
				all, depths[o.Name] = append(all, o), depth
			case depth < depths[o.Name]:
				all[other], depths[o.Name] = o, depth
			}
		}
	}
	fields(reflect.ValueOf(to).Elem(), "", 0)
	return all
}

func newOption(f reflect.StructField, v reflect.Value, group string) *Option {
	o := &Option{
		Name: f.Tag.Get("flag"), Short: f.Tag.Get("short"), Help: f.Tag.Get("help"), Placeholder: f.Tag.Get("arg"), Group: group,
		field: v, least: f.Tag.Get("min"), most: f.Tag.Get("max"),
	}
	if o.Name == "" {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		o.Name = strings.ReplaceAll(name, "_", "-")
	}
	if values := f.Tag.Get("values"); values != "" {
		o.Values = strings.Split(values, ",")
		if last := len(o.Values) - 1; o.Values[last] == "…" {
			o.Values, o.open = o.Values[:last], true
		}
	}
	if ext := f.Tag.Get("ext"); ext != "" {
		o.extensions = strings.Split(ext, ",")
	}
	if o.Placeholder == "" {
		o.Placeholder = placeholderOf(o)
	}
	if v.Kind() == reflect.Uint64 {
		o.least = "0"
	}
	o.defaultValue = o.String()
	return o
}

func placeholderOf(o *Option) string {
	switch o.field.Interface().(type) {
	case bool:
		return ""
	case int, uint64, float64:
		return "N"
	case []int, []float64:
		return "N,N,…"
	}
	if o.Values != nil {
		return strings.Join(o.Values, "|")
	}
	return "TEXT"
}
