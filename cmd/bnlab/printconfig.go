package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"
)

func printConfigFlag() cli.Flag {
	return boolFlag("print-config", "print these flags, with what is set and the defaults, as a file for --config, and do nothing else")
}

// hasHyper tells whether a command has hyper-parameters, as all that draw weights.
func hasHyper(c *cli.Command) bool {
	return slices.ContainsFunc(c.Flags, func(f cli.Flag) bool { return f.Names()[0] == "seed" })
}

// printConfig writes the flags of the command as YAML that --config reads.
func printConfig(ctx *cli.Context) error {
	if err := noArguments(ctx); err != nil {
		return err
	}
	if hasFlag(ctx, "ns") {
		if _, err := configOf(ctx); err != nil {
			return err
		}
	}
	var lines [][2]string // the setting, and what it means
	width := 0
	for _, f := range ctx.Command.Flags {
		name := f.Names()[0]
		if slices.Contains([]string{"config", "print-config", "json", jsonErrors, "quiet", "help"}, name) {
			continue
		}
		line, err := setting(ctx, name)
		if err != nil {
			return err
		}
		lines = append(lines, [2]string{line, usageOf(f)})
		width = max(width, len([]rune(line)))
	}
	w := ctx.App.Writer
	fmt.Fprintf(w, "# %s --config FILE reads this. Flags given and the environment come first.\n\n", ctx.Command.HelpName)
	for _, line := range lines {
		fmt.Fprintf(w, "%-*s  # %s\n", width, line[0], line[1])
	}
	return nil
}

// setting returns the line of a flag, as a comment where the flag is not set and
// to set it to its default would mean another thing: none, or that --sigma no
// longer implies --init normal.
func setting(ctx *cli.Context, name string) (string, error) {
	value := ctx.Value(name)
	text, err := yaml.Marshal(value)
	if err != nil {
		return "", err
	}
	line := name + ": " + strings.TrimSpace(string(text))
	if s, ok := value.(string); ok && strings.Contains(s, "\n") {
		line = name + ": " + strconv.Quote(s)
	}
	if !ctx.IsSet(name) && (value == "" || fmt.Sprint(value) == "0" || name == "init") {
		line = "# " + line
	}
	return line, nil
}
