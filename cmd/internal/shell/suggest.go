package shell

import (
	"regexp"
	"slices"

	"bnlab/train/message"
)

// familiarFlags maps flag names of other programs to what to use here: the first that
// the command has.
var familiarFlags = map[string][]string{
	"epochs":          {"use --ns and --cycles"},
	"epoch":           {"use --ns and --cycles"},
	"lr":              {"use --eta-min and --eta-max"},
	"learning-rate":   {"use --eta-min and --eta-max"},
	"batch-size":      {"use --batch"},
	"weight-decay":    {"use --lambda"},
	"depth":           {"use --hidden, such as 50,50 for 3 layers"},
	"layers":          {"use --depth", "use --hidden, such as 50,50 for 3 layers"},
	"output":          {"use --out", "use --save"},
	"optimizer":       {"use --optimiser"},
	"scheduler":       {"use --schedule"},
	"lr-schedule":     {"use --schedule"},
	"label-smoothing": {"use --smoothing"},
	"normalization":   {"use --norm"},
	"batch-norm":      {"use --bn"},
	"layer-norm":      {"use --norm layer"},
	"residual":        {"use --skip"},
	"version":         {"use `bnlab --version`"},
}

// familiarCommands are the same for commands.
var familiarCommands = map[string]string{
	"version":  "use `bnlab --version`",
	"export":   "`bnlab train --save` writes safetensors, which PyTorch reads",
	"evaluate": "use `bnlab eval`",
	"test":     "use `bnlab eval`",
	"fit":      "use `bnlab train`",
	"download": "use `bnlab data fetch`",
}

var flagInText = regexp.MustCompile(`(?:^| )--([a-z-]+)`)

// flagHint says what to use instead of an unknown flag of a command with the flags
// known: its name here, or a similar one.
func flagHint(name string, known []string) string {
	for _, use := range familiarFlags[name] {
		if !slices.ContainsFunc(flagInText.FindAllStringSubmatch(use, -1), func(m []string) bool { return !slices.Contains(known, m[1]) }) {
			return "; " + use
		}
	}
	return message.DidYouMean("--", name, known)
}

// commandHint is the same for a command.
func commandHint(name string, known []string) string {
	if use, ok := familiarCommands[name]; ok {
		return "; " + use
	}
	return message.DidYouMean("", name, known)
}
