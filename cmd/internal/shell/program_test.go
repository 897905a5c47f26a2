package shell

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testOptions are flags of all kinds.
type testOptions struct {
	Hidden []int    `flag:"hidden" help:"sizes of the hidden layers"`
	BN     bool     `flag:"bn" help:"batch normalisation"`
	Lambda float64  `flag:"lambda" help:"weight of the penalty"`
	EtaMax float64  `flag:"eta-max" group:"Hyper-parameters" help:"learning rate"`
	NS     int      `flag:"ns" min:"1" max:"1000" help:"half a cycle, in steps"`
	Seed   uint64   `flag:"seed" help:"seed"`
	Set    string   `flag:"set" values:"test,val,train" help:"which images"`
	Top    int      `flag:"top" help:"classes shown"`
	Out    string   `flag:"out" arg:"DIR" help:"folder"`
	Depth  string   `flag:"depth" help:"layers"`
	Shard  string   `flag:"shard" arg:"I/N" help:"a part"`
	URL    []string `flag:"url" arg:"URL" help:"addresses"`
	JSON   bool     `flag:"json" help:"JSON"`
}

// testCommands are those of a program with groups in groups.
func testCommands() []*Command {
	command := func(name, arguments string) *Command {
		return New(Command{Name: name, Usage: "do it", Arguments: arguments}, testOptions{NS: 5, Set: "test"}, "",
			func(context.Context, *Call, testOptions) error { return nil })
	}
	return []*Command{
		command("train", ""), command("eval", "MODEL"), command("predict", "MODEL PICTURE..."), command("report", "DIR..."),
		NewGroup(Command{Name: "sweep", Usage: "do many"},
			command("run", "DIR"), NewGroup(Command{Name: "plan", Usage: "plan them", Default: "study"}, command("study", "FILE"), command("compare", ""))),
	}
}

// parse runs a line of the test program and returns what train was asked for, which
// options were set, the exit code and stderr.
func parse(t *testing.T, args ...string) (got testOptions, set []string, code int, stderr string) {
	t.Helper()
	commands := testCommands()
	commands[0] = New(Command{Name: "train"}, testOptions{NS: 5, Set: "test"}, "", func(_ context.Context, call *Call, o testOptions) error {
		got = o
		for _, option := range call.command.Options {
			if option.IsSet() {
				set = append(set, option.Name)
			}
		}
		return nil
	})
	var out, errs bytes.Buffer
	p := &Program{Name: "bnlab", Commands: commands, VersionText: func() string { return "" }}
	code = p.Run(t.Context(), append([]string{"bnlab"}, args...), nil, &out, &errs)
	return got, set, code, errs.String()
}

// places are where options can be set: each sets one to a value and returns what to add
// to the command line, and how a message names the option.
var places = map[string]func(t *testing.T, option, value string) (args []string, title string){
	"flag": func(_ *testing.T, option, value string) ([]string, string) {
		return []string{"--" + option + "=" + value}, "--" + option
	},
	"variable": func(t *testing.T, option, value string) ([]string, string) {
		variable := (&Option{Name: option}).Variable()
		t.Setenv(variable, value)
		return nil, "$" + variable
	},
	"YAML": func(t *testing.T, option, value string) ([]string, string) {
		return inFile(t, ".yaml", option, ": "+value)
	},
	"TOML": func(t *testing.T, option, value string) ([]string, string) {
		if value[0] == '0' && len(value) > 1 && value[1] >= '0' && value[1] <= '9' {
			value = `"` + value + `"` // TOML itself has no number with a leading zero
		}
		return inFile(t, ".toml", option, " = "+value)
	},
}

func inFile(t *testing.T, ext, option, value string) ([]string, string) {
	path := filepath.Join(t.TempDir(), "c"+ext)
	if err := os.WriteFile(path, []byte("# first\n"+strings.ReplaceAll(option, "-", "_")+value+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return []string{"--config", path}, path + ", line 2: " + option
}
