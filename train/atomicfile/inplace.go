package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// Create writes a file that must not exist: of several processes, on NFS too, one
// succeeds, and the error of the others wraps fs.ErrExist. Unlike Write it flushes
// nothing, and a reader may see the file before its content: it is for files that mean
// nothing after a crash.
func Create(path string, content []byte) error {
	return Named(path, inDir(path, func(dir *os.Root, name string) error {
		file, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return err
		}
		_, err = file.Write(content)
		if err = errors.Join(err, file.Close()); err != nil {
			dir.Remove(name)
		}
		return err
	}))
}

// Update overwrites the start of the file path with what change makes of its first
// bytes, at most most of them, unless change returns an error. What change has seen and
// what is overwritten is the same file, even if another has taken its name meanwhile.
// Like Create it flushes nothing; one process may do it to a file.
func Update(path string, most int64, change func(old []byte) ([]byte, error)) error {
	return Named(path, inDir(path, func(dir *os.Root, name string) error {
		if info, err := dir.Lstat(name); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return ErrLink
		}
		file, err := dir.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		defer file.Close()
		old, err := io.ReadAll(io.LimitReader(file, most))
		if err != nil {
			return err
		}
		content, err := change(old)
		if err == nil {
			_, err = file.WriteAt(content, 0)
		}
		return err
	}))
}

// Restart opens the file path, which is created if it does not exist, to be written from
// its start while others read it. What it holds is dropped if still, which is asked once
// the file is open, says so: what another process puts in its place after that is another
// file, and stays. It flushes nothing; one process may do it to a file.
func Restart(path string, still func() bool) (file *os.File, err error) {
	err = inDir(path, func(dir *os.Root, name string) error {
		if info, err := dir.Lstat(name); err == nil && !info.Mode().IsRegular() {
			return Unfit("is not a regular file") // a link, which is not followed, or a pipe
		}
		opened, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666)
		if err != nil {
			return err
		}
		if !still() {
			err = fs.ErrExist
		} else if err = opened.Truncate(0); err == nil {
			file = opened
			return nil
		}
		return errors.Join(err, opened.Close())
	})
	return file, Named(path, err)
}
