//go:build !linux

package atomicfile

import (
	"errors"
	"os"
)

// renameNoReplace is supported only on Linux.
func renameNoReplace(*os.Root, string, string) error { return errors.ErrUnsupported }
