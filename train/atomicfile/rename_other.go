//go:build !linux

package atomicfile

import (
	"errors"
	"os"
)

// renameNoReplace is for Linux alone.
func renameNoReplace(*os.Root, string, string) error { return errors.ErrUnsupported }
