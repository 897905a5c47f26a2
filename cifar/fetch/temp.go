package fetch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// temp is the folder in which a fetch unpacks, for this user alone. A mark in it
// says who made it and is locked as long as that process lives, so that a later
// fetch can tell a folder left by a killed one from all others.
type temp struct {
	*os.Root
	name string // in the workplace
	mark *os.File
}

const (
	tempMark = ".tmp-" // follows the stem in the name of the folder
	markFile = "made-by-bnlab-data-fetch"
)

// makeTemp makes such a folder.
func (w *workplace) makeTemp() (*temp, error) {
	t := &temp{}
	for made := false; !made; {
		t.name = fmt.Sprintf("%s%s%d", w.stem, tempMark, rand.Uint32())
		err := w.Mkdir(t.name, 0o700)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, named(w.Root, err)
		}
		made = err == nil
	}
	root, err := openFolder(w.Root, t.name)
	if err != nil {
		return nil, err
	}
	t.Root = root
	if err := t.sign(); err != nil {
		t.remove(w, Archive{})
		return nil, named(root, err)
	}
	return t, nil
}

// sign makes the mark, locks it and writes who made the folder. On a file system
// without locks it writes nothing, and no other fetch will remove the folder.
func (t *temp) sign() (err error) {
	t.mark, err = t.OpenFile(markFile, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil || lock(t.mark, 0) != nil {
		return err
	}
	host, err := os.Hostname()
	if err == nil {
		_, err = fmt.Fprintf(t.mark, markText, t.name, os.Getpid(), host)
	}
	return err
}

// markText takes the name of the folder, so that a copy is none of a fetch's, the
// process and the host.
const markText = "bnlab data fetch made the folder %q in process %d on %q\n"

// lock locks a file for this process alone; with unix.LOCK_NB it does not wait.
func lock(f *os.File, how int) error {
	for {
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|how); err != unix.EINTR {
			return err
		}
	}
}

// remove removes the folder with the files of the archive in it, by their names: what
// anybody else has put there stays, and the folder with it.
func (t *temp) remove(w *workplace, a Archive) {
	if folder, err := openFolder(t.Root, a.Folder); err == nil {
		for _, f := range a.Files {
			folder.Remove(f.Name)
		}
		folder.Close()
		t.Root.Remove(a.Folder)
	}
	left, err := fs.ReadDir(t.FS(), ".")
	foreign := err != nil || slices.ContainsFunc(left, func(e fs.DirEntry) bool { return e.Name() != markFile })
	if !foreign {
		t.Root.Remove(markFile)
	}
	t.close() // first: NFS keeps what is open, and with it the folder
	if !foreign {
		w.Remove(t.name)
	}
}

func (t *temp) close() {
	if t.mark != nil {
		t.mark.Close()
	}
	t.Close()
}

// removeLeftovers removes the folders of killed fetches, and notes those of other
// hosts, of which nobody here can tell whether their process lives.
func (w *workplace) removeLeftovers(a Archive, note func(string)) {
	entries, _ := fs.ReadDir(w.FS(), ".")
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), w.stem+tempMark) {
			continue
		}
		switch t, host := w.leftover(e.Name()); {
		case t == nil:
		case host != "":
			note(plain(fmt.Sprintf("%s is of a fetch on %s: remove it if that is over", filepath.Join(w.Name(), t.name), host)))
			t.close()
		default:
			t.remove(w, a)
		}
	}
}

// leftover opens a folder that a killed fetch of this user has left, and locks it. If
// that fetch ran on another host it returns that too. It is nil for any other folder.
func (w *workplace) leftover(name string) (t *temp, host string) {
	root, err := openFolder(w.Root, name)
	if err != nil {
		return nil, ""
	}
	t = &temp{Root: root, name: name}
	if host, err = t.maker(); err != nil {
		t.close()
		return nil, ""
	}
	if here, err := os.Hostname(); err == nil && host == here {
		return t, ""
	}
	return t, host
}

// maker reads the mark of a folder and returns the host of the fetch that made it. It
// is an error if there is none, if the process lives or if the folder is not this
// user's alone.
func (t *temp) maker() (host string, err error) {
	info, err := t.Lstat(".")
	if err != nil {
		return "", err
	}
	if status, ok := info.Sys().(*syscall.Stat_t); !ok || int(status.Uid) != os.Geteuid() || info.Mode().Perm()&0o077 != 0 {
		return "", fs.ErrPermission
	}
	if t.mark, err = t.OpenFile(markFile, os.O_RDWR|syscall.O_NONBLOCK, 0); err != nil {
		return "", err
	}
	if err := lock(t.mark, unix.LOCK_NB); err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(t.mark, 4<<10))
	if err != nil {
		return "", err
	}
	var name string
	var process int
	if _, err := fmt.Sscanf(string(text), markText, &name, &process, &host); err != nil || name != t.name || host == "" {
		return "", fs.ErrInvalid
	}
	return host, nil
}
