package shell

// Options of many commands, which embed them in theirs.

// Format selects how a command prints its result.
type Format struct {
	JSON bool `flag:"json" group:"General" help:"print exactly one JSON object on stdout"`
}

// Progress selects whether a command shows progress.
type Progress struct {
	Quiet bool `flag:"quiet" group:"General" help:"print no progress on stderr"`
}
