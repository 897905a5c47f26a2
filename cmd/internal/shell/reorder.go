package shell

import "slices"

// flagsFirst returns args with the flags of a command moved before its other
// arguments, because the flag parser stops at the first of those: `eval m --json`
// becomes `eval --json m`. What follows "--" is no flag: `predict m -- -x.png` becomes
// `predict -- m -x.png`. The word help in place of a command becomes --help: `help
// train` becomes `train --help`, as does `train --help` with more on its line.
func flagsFirst(commands []*Command, args []string) []string {
	at, cmd := 1, (*Command)(nil)
	for at < len(args) {
		if args[at] == "help" && len(commands) > 0 {
			args = append(slices.Delete(slices.Clone(args), at, at+1), "--help")
			continue
		}
		next := named(commands, args[at])
		if next == nil {
			break
		}
		cmd, commands = next, next.Commands
		at++
	}
	if cmd == nil || len(cmd.Commands) > 0 {
		return args
	}
	var flags, rest []string
	for i := at; i < len(args); i++ {
		arg := args[i]
		if arg == "--help" || arg == "-h" {
			return append(slices.Clone(args[:at]), arg) // of the command, whatever stands beside it
		}
		if arg == "--" {
			flags = append(flags, arg)
			rest = append(rest, args[i+1:]...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		flags = append(flags, arg)
		if i+1 < len(args) && cmd.takesValue(arg) {
			i++
			flags = append(flags, args[i])
		}
	}
	return slices.Concat(args[:at], flags, rest)
}
