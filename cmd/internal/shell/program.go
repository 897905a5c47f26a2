package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/cmd/internal/screen"
)

// The library's own --help is not wanted: here it is an option as all others are.
func init() { cli.HelpFlag = nil }

// Run runs the command line args, the first of which is the program's name. It prints
// results to stdout and everything else to stderr, and returns the exit code. A program
// runs only once.
func (p *Program) Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := &screen.Checked{Writer: stdout}
	if len(args) > 1 && args[1] == completeWord {
		printCandidates(out, p.Commands, args[2:])
		return ExitDone
	}
	unsetEmpty()
	call := &Call{In: stdin, Out: out, Err: stderr, line: args, program: p, asJSON: wantsJSONErrors(args)}
	err := call.app().RunContext(ctx, flagsFirst(p.Commands, args))
	if errors.Is(err, errAnswered) {
		err = nil
	}
	if err == nil && out.Lost != nil {
		err = fmt.Errorf("results: %w", out.Lost)
	}
	if err != nil {
		call.Refuse(err)
	}
	_, code := kindOf(err)
	return code
}

// errAnswered ends a command line that asked for help, or for the version.
var errAnswered = errors.New("answered")

// app returns the program as the library takes it.
func (c *Call) app() *cli.App {
	root := &Command{Name: c.program.Name, Commands: c.program.Commands, Options: bind(new(rootFlags))}
	cmd := c.forLibrary(root, c.program.Name)
	return &cli.App{
		Name: cmd.Name, Writer: c.Out, ErrWriter: c.Err, HideHelp: true, HideVersion: true,
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   cmd.OnUsageError, Before: cmd.Before, Action: cmd.Action, Commands: cmd.Subcommands, Flags: cmd.Flags,
	}
}

// rootFlags stand before a command.
type rootFlags struct {
	JSONErrors bool `flag:"json-errors" help:"print an error on stderr as one line of JSON"`
	Help       bool `flag:"help" short:"h" help:"show help"`
	Version    bool `flag:"version" short:"v" help:"print the version"`
}

// forLibrary returns a command of that full name, and those below it, as the library
// takes them.
func (c *Call) forLibrary(own *Command, name string) *cli.Command {
	cmd := &cli.Command{
		Name: own.Name, HideHelp: true,
		OnUsageError: func(_ *cli.Context, err error, _ bool) error { return c.at(own, name).badLine(err) },
		Before:       func(*cli.Context) error { return c.at(own, name).answer() },
		Action: func(ctx *cli.Context) error {
			c.Args = ctx.Args().Slice()
			return c.at(own, name).do(ctx.Context)
		},
	}
	for _, o := range own.Options {
		cmd.Flags = append(cmd.Flags, o)
	}
	for _, below := range own.Commands {
		cmd.Subcommands = append(cmd.Subcommands, c.forLibrary(below, name+" "+below.Name))
	}
	return cmd
}

// at returns the call, which has come to a command.
func (c *Call) at(own *Command, name string) *Call {
	c.command, c.name = own, name
	return c
}

// answer prints the help, or the version, where it is asked for.
func (c *Call) answer() error {
	asked := func(name string) bool { o := find(c.command.Options, name); return o != nil && o.field.Bool() }
	switch {
	case asked("help"):
		c.help()
	case asked("version"):
		io.WriteString(c.Out, c.program.VersionText())
	default:
		return nil
	}
	return errAnswered
}

func (c *Call) help() {
	if c.name == c.program.Name {
		newHelp(c.Out).program(c.program)
	} else {
		newHelp(c.Out).command(c.name, c.command)
	}
}

// do does what the command is for.
func (c *Call) do(ctx context.Context) error {
	if c.command.run == nil {
		return c.noCommand()
	}
	for _, line := range unknownVariables(os.Environ(), c.program.Commands) {
		c.Warn(line)
	}
	if err := c.prepare(); err != nil {
		return blame(c.command.Options, err)
	}
	if o := find(c.command.Options, "print-config"); o != nil && o.field.Bool() {
		return c.printConfig(c.Out)
	}
	if err := c.run(ctx); err != nil {
		return blame(c.command.Options, err)
	}
	return nil
}

// run runs the command. A product for which there is no memory ends it with an error.
func (c *Call) run(ctx context.Context) (err error) {
	defer func() {
		if failed := blas.Failure(recover()); failed != nil {
			err = failed
		}
	}()
	return c.command.run(ctx, c)
}

// prepare reads the configuration file and checks what is set.
func (c *Call) prepare() error {
	if path := c.Config(); path != "" {
		others, err := c.readConfig(path)
		if err != nil {
			return err
		}
		if others != nil {
			c.Note("NOTE: --config %s: %s has no %s: ignored", path, c.name, strings.Join(others, ", "))
		}
	}
	if o := find(c.command.Options, "json-errors"); o.field.Bool() { // from the file too
		c.asJSON = true
	}
	if err := c.checkArguments(); err != nil {
		return err
	}
	if err := c.CheckStdout(slices.Values(append([]string{c.Config()}, c.Args...))); err != nil {
		return err
	}
	for _, o := range c.command.Options {
		if err := o.check(); err != nil {
			return err
		}
	}
	if c.command.check != nil {
		return c.command.check(c)
	}
	return nil
}

// noCommand answers a first word that is not a command, and no word at all. It is what the
// program does, and a command that only has others below it.
func (c *Call) noCommand() error {
	if len(c.Args) == 0 {
		c.help()
		return nil
	}
	name := c.Args[0]
	return Usagef("no command %q%s; see `%s --help`", name, commandHint(name, commandNames(c.command.Commands)), c.name)
}
