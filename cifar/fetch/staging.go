package fetch

import (
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

// staging is the folder in which a fetch unpacks, private to this user. A mark in it
// says who made it and is locked while that process lives, so that a later fetch can
// tell a folder left by a killed one from all others.
type staging struct {
	*os.Root
	in   *os.Root
	name string // there
	mark *os.File
}

const (
	stagingInfix = ".tmp-" // follows the stem in the name of the folder
	markFile     = "made-by-bnlab-data-fetch"
	// markText takes the name of the folder, so that a copy is none of a fetch's, the
	// process and the host.
	markText = "bnlab data fetch made the folder %q in process %d on %q\n"
)

// newStaging creates such a folder, whose name begins with stem.
func newStaging(in *os.Root, stem string) (*staging, error) {
	name := fmt.Sprintf("%s%s%d", stem, stagingInfix, rand.Uint64())
	if err := in.Mkdir(name, 0o700); err != nil {
		return nil, withRoot(in, err)
	}
	root, err := openDir(in, name)
	if err != nil {
		return nil, err
	}
	s := &staging{Root: root, in: in, name: name}
	if err := s.sign(); err != nil {
		s.remove(Archive{})
		return nil, err
	}
	return s, nil
}

// sign creates the mark, locks it and writes who made the folder. On a file system
// without locks it writes nothing, and no other fetch will remove the folder.
func (s *staging) sign() (err error) {
	s.mark, err = s.OpenFile(markFile, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return withRoot(s.Root, err)
	}
	if lock(s.mark, 0) != nil {
		return nil
	}
	host, err := os.Hostname()
	if err == nil {
		_, err = fmt.Fprintf(s.mark, markText, s.name, os.Getpid(), host)
	}
	return err
}

// lock locks a file exclusively; with unix.LOCK_NB it does not wait.
func lock(f *os.File, how int) error {
	for {
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|how); err != unix.EINTR {
			return err
		}
	}
}

// remove removes the folder with the files of the archive in it, by their names:
// foreign files stay, and the folder with them.
func (s *staging) remove(a Archive) {
	if info, err := s.Lstat(a.Folder); err == nil && info.IsDir() {
		for _, f := range a.Files {
			s.Root.Remove(a.path(f))
		}
		s.Root.Remove(a.Folder)
	}
	left, err := fs.ReadDir(s.FS(), ".")
	foreign := err != nil || slices.ContainsFunc(left, func(e fs.DirEntry) bool { return e.Name() != markFile })
	if !foreign {
		s.Root.Remove(markFile)
	}
	s.close() // first: NFS keeps what is open, and with it the folder
	if !foreign {
		s.in.Remove(s.name)
	}
}

func (s *staging) close() {
	s.mark.Close() // which may be nil
	s.Close()
}

// removeLeftovers removes the folders of killed fetches, and reports those of other
// hosts, whose processes cannot be checked from here.
func (a Archive) removeLeftovers(in *os.Root, stem string, note func(string)) {
	here, _ := os.Hostname()
	entries, _ := fs.ReadDir(in.FS(), ".")
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), stem+stagingInfix) {
			continue
		}
		root, err := openDir(in, e.Name())
		if err != nil {
			continue
		}
		s := &staging{Root: root, in: in, name: e.Name()}
		switch host, err := s.claim(); {
		case err != nil:
			s.close()
		case host != here:
			note(plain(fmt.Sprintf("%s belongs to a fetch on %s: remove it if that has ended", filepath.Join(in.Name(), s.name), host)))
			s.close()
		default:
			s.remove(a)
		}
	}
}

// claim locks the mark of a folder left by a killed fetch of this user, and returns the
// host of that fetch. It is an error if there is no mark, if the process lives or if
// the folder is not private to this user.
func (s *staging) claim() (host string, err error) {
	info, err := s.Lstat(".")
	if err != nil {
		return "", err
	}
	if status, ok := info.Sys().(*syscall.Stat_t); !ok || int(status.Uid) != os.Geteuid() || info.Mode().Perm()&0o077 != 0 {
		return "", fs.ErrPermission
	}
	if s.mark, err = s.OpenFile(markFile, os.O_RDWR|syscall.O_NONBLOCK, 0); err != nil {
		return "", err
	}
	if err := lock(s.mark, unix.LOCK_NB); err != nil {
		return "", err
	}
	var name string
	var process int
	_, err = fmt.Fscanf(io.LimitReader(s.mark, 4<<10), markText, &name, &process, &host)
	if err != nil || name != s.name || host == "" {
		return "", fs.ErrInvalid
	}
	return host, nil
}

// openDir opens the folder name in root, which must not be a link.
func openDir(root *os.Root, name string) (*os.Root, error) {
	dir, err := root.OpenRoot(name)
	if err != nil {
		return nil, withRoot(root, err)
	}
	info, err := root.Lstat(name)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: errLink}
	}
	if err != nil {
		dir.Close()
		return nil, withRoot(root, err)
	}
	return dir, nil
}
