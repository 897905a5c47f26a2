package shell

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Command is a command of the program, or a group of commands.
type Command struct {
	Name        string
	Usage       string // what it does, in a line
	Arguments   string // placeholders of its arguments, as MODEL PICTURE...; empty for none
	Description string // further paragraphs and examples; indented lines stay as they are

	Commands []*Command // of a group
	Options  []*Option
	check    func(*Call) error                  // of the options; nil for none
	run      func(context.Context, *Call) error // nil for a group
}

// New returns the command c, which runs by run. The fields of options are its flags, as
// bind describes, but those of the names of omit, separated by spaces; what they hold
// are the defaults. When it runs, options hold what was asked for, and their method
// Check(*Call) error, if they have one, has found them good.
func New[O any](c Command, options O, omit string, run func(context.Context, *Call, O) error) *Command {
	c.Options = withCommon(bind(&options, strings.Fields(omit)...))
	if o, ok := any(&options).(interface{ Check(*Call) error }); ok {
		c.check = o.Check
	}
	c.run = func(ctx context.Context, call *Call) error { return run(ctx, call, options) }
	return &c
}

// Group returns the command c, which only has others below it.
func Group(c Command, commands ...*Command) *Command {
	c.Commands, c.Options = commands, bind(new(common), "config", "print-config")
	return &c
}

// Describe returns the flags that the fields of options are, as New does.
func Describe(options any, omit string) []*Option { return bind(options, strings.Fields(omit)...) }

// common are the flags that the shell gives to commands.
type common struct {
	Config      string `flag:"config" arg:"FILE" group:"General" help:"read flags from a YAML or TOML FILE, a line such as lambda: 0.001 for each; command line and environment take precedence"`
	PrintConfig bool   `flag:"print-config" group:"General" help:"print these flags, set or default, as a file for --config, and do nothing else"`
	JSONErrors  bool   `flag:"json-errors" group:"General" help:"print an error as one JSON object on one line of stderr"`
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

// named returns the command of a name, nil where there is none.
func named(commands []*Command, name string) *Command {
	for _, c := range commands {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// takesValue tells whether the word after arg is its value. An unknown flag, and one
// with its value behind =, take none.
func (c *Command) takesValue(arg string) bool {
	o := find(c.Options, strings.TrimLeft(arg, "-"))
	return o != nil && !o.isSwitch()
}

// find returns the option of a name, nil where there is none.
func find(options []*Option, name string) *Option {
	for _, o := range options {
		if o.Name == name {
			return o
		}
	}
	return nil
}

// names returns what commands are called, and help.
func names(commands []*Command) []string {
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

// Common returns the flags that the shell gives to commands.
func Common() []*Option { return bind(new(common), "help") }
