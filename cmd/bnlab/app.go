package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"bnlab/cifar"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/disk"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Exit codes of the program.
const (
	exitDone        = 0
	exitFailed      = 1   // failed at run time
	exitUsage       = 2   // bad usage, configuration or input file
	exitCheck       = 3   // a check did not hold
	exitInterrupted = 130 // interrupted
)

// errCheck is wrapped by the error of a command whose check did not hold.
var errCheck = errors.New("check did not hold")

// runError marks an error of a command's own work. Whatever is not marked comes
// from reading the command line.
type runError struct{ error }

func (e runError) Unwrap() error { return e.error }

// usagef returns an error about the command line.
func usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

type usageError string

func (e usageError) Error() string { return string(e) }

// run is the program: it runs args, prints results to stdout and everything else
// to stderr, and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := &checked{Writer: stdout}
	if len(args) > 1 && args[1] == completeWord {
		printCandidates(out, commands(), args[2:])
		return exitDone
	}
	unsetEmpty()
	app := &cli.App{
		Name:            "bnlab",
		Usage:           "train fully connected networks with batch normalisation on CIFAR-10",
		Version:         "that of the build", // which printVersion prints
		Writer:          out,
		ErrWriter:       stderr,
		HideHelpCommand: true,
		ExitErrHandler:  func(*cli.Context, error) {},
		OnUsageError:    badFlag,
		Action:          unknownCommand,
		Commands:        commands(),
		Flags:           []cli.Flag{jsonErrorsFlag()},
		Metadata:        map[string]any{argsKey: args, jsonErrors: wantsJSONErrors(args)},
	}
	err := app.RunContext(ctx, flagsFirst(app.Commands, args))
	if err == nil && out.err != nil {
		err = runError{fmt.Errorf("results: %w", out.err)}
	}
	if err != nil {
		printError(stderr, app.Metadata[jsonErrors] == true, err)
	}
	return exitCode(err)
}

// commands returns all commands, ready to run.
func commands() []*cli.Command {
	all := []*cli.Command{
		gradcheckCommand(), trainCommand(), evalCommand(), predictCommand(), compareCommand(),
		searchCommand(), sigmaCommand(), reproduceCommand(), reportCommand(), sweepCommand(),
		dataCommand(), infoCommand(), benchCommand(), completionCommand(), manCommand(),
	}
	prepare(all)
	return all
}

// prepare makes every command mark its errors, read --config, and report bad
// flags as one line.
func prepare(commands []*cli.Command) {
	for _, c := range commands {
		prepare(c.Subcommands)
		c.OnUsageError = badFlag
		c.HideHelpCommand = true
		if action := c.Action; action == nil {
			c.Action = unknownCommand
		} else {
			if len(c.Flags) > 0 {
				c.Flags = append(c.Flags, configFlag())
			}
			if hasHyper(c) {
				c.Flags = append(c.Flags, printConfigFlag())
			}
			c.Action = func(ctx *cli.Context) error {
				for _, line := range unknownVariables(os.Environ(), ctx.App.Commands) {
					note(ctx, "WARNING: %s", line)
				}
				if err := readConfig(ctx); err != nil {
					return runError{err}
				}
				if ctx.Bool(jsonErrors) { // from the file too
					ctx.App.Metadata[jsonErrors] = true
				}
				if ctx.Bool("print-config") {
					return printConfig(ctx)
				}
				if err := action(ctx); err != nil {
					return runError{err}
				}
				return nil
			}
		}
		c.Flags = append(c.Flags, jsonErrorsFlag())
	}
}

// unknownCommand answers a first word that is no command, and no word at all. It
// is what the program does, and a command that only has others below it.
func unknownCommand(ctx *cli.Context) error {
	known, help := ctx.App.Commands, ctx.App.Name
	if len(ctx.Lineage()) > 2 {
		known, help = ctx.Command.Subcommands, ctx.Command.HelpName
	}
	if ctx.NArg() > 0 {
		name := ctx.Args().First()
		return usagef("no command %q%s; see `%s --help`", name, commandHint(name, commandNames(known)), help)
	}
	if len(ctx.Lineage()) > 2 {
		return cli.ShowSubcommandHelp(ctx)
	}
	return cli.ShowAppHelp(ctx)
}

// badFlag puts what the flag parser says about a flag into the form of the other
// messages: which flag, what is wrong, and what to do.
func badFlag(ctx *cli.Context, err error, _ bool) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		name = strings.TrimLeft(name, "-")
		typed := "--" + name
		if args, _ := ctx.App.Metadata[argsKey].([]string); slices.Contains(args, typed[1:]) {
			typed = typed[1:]
		}
		if ctx.Command.Name == ctx.App.Name && allFlags(ctx.App.Commands)[name] {
			return usagef("%s: a command comes first, as in `bnlab train --%s`; see `bnlab --help`", typed, name)
		}
		return usagef("%s: no such flag%s; see `%s --help`", typed,
			flagHint(name, flagNames(ctx.Command.Flags)), ctx.Command.HelpName)
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
		return usagef("--%s: give a value", strings.TrimLeft(name, "-"))
	}
	var value, name, reason string
	if n, _ := fmt.Sscanf(text, "invalid boolean value %q for -%s %s", &value, &name, &reason); n >= 2 {
		return usagef("--%s=%s: give --%[1]s alone, or =true or =false", strings.TrimRight(name, ":"), value)
	}
	if n, _ := fmt.Sscanf(text, "invalid value %q for flag -%s %s", &value, &name, &reason); n >= 2 {
		return usagef("--%s %q: %s; see `%s --help`", strings.TrimRight(name, ":"), value, whyNot(value), ctx.Command.HelpName)
	}
	return badVariable(ctx, err)
}

func exitCode(err error) int {
	var (
		atRun runError
		input *cifar.InputError
		usage usageError
	)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled), errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.Is(err, errCheck):
		return exitCheck
	case !errors.As(err, &atRun), errors.As(err, &input), errors.As(err, &usage),
		errors.Is(err, train.ErrConfig), errors.Is(err, model.ErrFile), errors.Is(err, experiment.ErrPlan),
		errors.As(err, new(disk.Unfit)), errors.Is(err, disk.ErrLink):
		return exitUsage
	}
	return exitFailed
}

// oneLine returns the message of err on a single line.
func oneLine(err error) string {
	if errors.Is(err, context.Canceled) {
		return "interrupted"
	}
	if errors.Is(err, errInterrupted) {
		return visible(err.Error()) // with a command in it, in which every space counts
	}
	return visible(lineBreak.ReplaceAllString(strings.TrimSpace(err.Error()), " "))
}

var lineBreak = regexp.MustCompile(`\s*\n\s*`)

// visible returns the text with what a terminal would obey instead of show, as in
// the name of a file, written as in Go.
func visible(text string) string { return message.Text(text) }
