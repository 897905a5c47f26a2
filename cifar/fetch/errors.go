package fetch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// ErrCheck matches, with errors.Is, every error about something that is not the
// original. Its text is not part of theirs.
var ErrCheck = errors.New("not the original")

// problem is what is wrong with an answer of a server, an archive or a file.
type problem struct {
	text  string
	check bool // matches ErrCheck
	final bool // retrying the same server is useless
}

func (p *problem) Error() string        { return p.text }
func (p *problem) Is(target error) bool { return p.check && target == ErrCheck }

// notOriginal returns an error about something that is not the original.
func notOriginal(format string, args ...any) error {
	return &problem{text: fmt.Sprintf(format, args...), check: true, final: true}
}

// refused returns an error about an answer that no further attempt will change.
func refused(text string) error { return &problem{text: text, final: true} }

// isLocal reports whether err is local, so that no other server helps.
func isLocal(err error) bool { return errors.As(err, new(*fs.PathError)) }

// isFinal reports whether retrying the same server is useless.
func isFinal(err error) bool {
	var p *problem
	return errors.As(err, &p) && p.final || isLocal(err)
}

var (
	errNotPlain = errors.New("a link, or not a regular file")
	errLink     = errors.New("a link, expected a folder")
)

// withAdvice adds what to do to an error of the file system.
func withAdvice(err error) error {
	if !isLocal(err) && !errors.As(err, new(*os.LinkError)) {
		return err
	}
	is := func(target error) bool { return errors.Is(err, target) }
	advice := "give another folder"
	switch {
	case is(errNotPlain), is(errLink):
		advice = "remove it, or " + advice
	case is(syscall.ENOSPC), is(syscall.EDQUOT):
		advice = "make room, or " + advice
	case is(fs.ErrPermission), is(syscall.EROFS):
		advice = "allow yourself to write there, or " + advice
	case is(syscall.EMFILE):
		advice = "allow more open files with `ulimit -n`"
	}
	return fmt.Errorf("%w; %s", err, advice)
}

const adviceURL = "; give another address"

// withRoot prefixes the file name in an error of root's methods with the name of root.
func withRoot(root *os.Root, err error) error {
	in := func(name string) string { return filepath.Join(root.Name(), name) }
	switch e := err.(type) {
	case *fs.PathError:
		e.Op, e.Path = strings.TrimSuffix(e.Op, "at"), in(e.Path)
	case *os.LinkError:
		e.Op, e.Old, e.New = strings.TrimSuffix(e.Op, "at"), in(e.Old), in(e.New)
	}
	return err
}

// plain makes a text safe for a terminal: some errors, such as those about a
// certificate, quote the server.
func plain(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
