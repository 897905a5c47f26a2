package shell

import "slices"

// descend follows the words that name commands, one below the other, as far as they go.
// In place of a command help may stand, of the one whose name follows. It returns the
// last command, nil for none, the names that led to it, and the words behind them.
func descend(commands []*Command, words []string) (cmd *Command, names []string, help bool, rest []string) {
	for len(words) > 0 {
		if next := named(commands, words[0]); next != nil {
			cmd, commands, names = next, next.Commands, append(names, words[0])
		} else if words[0] == "help" && len(commands) > 0 {
			help = true
		} else {
			break
		}
		words = words[1:]
	}
	return cmd, names, help, words
}

// flagsFirst returns args with the flags of a command moved before its other
// arguments, because the flag parser stops at the first of those: `eval m --json`
// becomes `eval --json m`. What follows "--" is not a flag: `predict m -- -x.png` becomes
// `predict -- m -x.png`. The word help in place of a command becomes --help: `help
// train` becomes `train --help`, as does `train --help` with more on its line.
func flagsFirst(commands []*Command, args []string) []string {
	cmd, names, help, rest := descend(commands, args[1:])
	head := append(args[:1:1], names...)
	if help {
		rest = append(slices.Clip(rest), "--help")
	}
	if cmd == nil || len(cmd.Commands) > 0 {
		return append(head, rest...)
	}
	var flags, others []string
	for i := 0; i < len(rest); i++ {
		switch arg := rest[i]; {
		case arg == "--help" || arg == "-h":
			return append(head, arg) // of the command, whatever stands beside it
		case arg == "--":
			flags, others = append(flags, arg), append(others, rest[i+1:]...)
			return slices.Concat(head, flags, others)
		case len(arg) < 2 || arg[0] != '-':
			others = append(others, arg)
		case i+1 < len(rest) && cmd.takesValue(arg):
			i++
			flags = append(flags, arg, rest[i])
		default:
			flags = append(flags, arg)
		}
	}
	return slices.Concat(head, flags, others)
}
