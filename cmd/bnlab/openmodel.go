package main

import (
	"errors"
	"fmt"

	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/shell"
	"bnlab/model"
)

// openModel reads the network that the first argument names, and takes what the flags
// say of one of another program.
func openModel(call *shell.Call, o modelfile.Foreign) (*modelfile.File, error) {
	m, err := modelfile.Read(call.Args[0])
	if errors.Is(err, model.ErrFile) {
		err = fmt.Errorf("%w; give a network that `bnlab train --save` wrote", err)
	}
	if err != nil {
		return nil, err
	}
	return m, m.Complete(o, call.IsSet, call.Note)
}
