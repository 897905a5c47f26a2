package atomicfile

import (
	"os"

	"golang.org/x/sys/unix"
)

// renameNoReplace renames a file of dir unless the new name exists. Not every file
// system supports it: see renameat2(2).
func renameNoReplace(dir *os.Root, from, to string) error {
	d, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
	if err := unix.Renameat2(int(d.Fd()), from, int(d.Fd()), to, unix.RENAME_NOREPLACE); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}
