package question

import (
	"os"
	"path/filepath"

	"bnlab/cmd/internal/shell"
	"bnlab/train/message"
	"bnlab/train/study"
)

// Read returns the study that the command line names: one that comes with the
// program, or a file.
func Read(call *shell.Call) (*study.Study, error) {
	if len(call.Args) != 1 {
		return nil, shell.Usagef("%d arguments: give one study, a file or a name", len(call.Args))
	}
	path := call.Args[0]
	if s := study.BuiltIn(path); s != nil {
		return s, nil
	}
	if _, err := os.Stat(path); err != nil && filepath.Base(path) == path && filepath.Ext(path) == "" {
		return nil, shell.Usagef("%q: no file, and no study of that name%s; `bnlab study --list` lists them", path, message.DidYouMean("", path, study.BuiltIns))
	}
	text, err := shell.ReadSmall(path, path, "a study in YAML or TOML")
	if err != nil {
		return nil, err
	}
	return study.Parse(path, text)
}
