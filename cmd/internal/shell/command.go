package shell

import (
	"context"
	"slices"
	"strings"
)

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

// NewGroup returns the command c, which only has others below it.
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
