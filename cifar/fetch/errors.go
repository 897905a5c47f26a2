package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// ErrCheck is matched, by errors.Is, by every error about something that is not the
// original. Its text is not part of theirs.
var ErrCheck = errors.New("not the original")

// wrong tells of something that is not the original.
type wrong struct {
	text  string
	again bool // whether another attempt may mend it
}

func wrongf(format string, args ...any) error { return &wrong{text: fmt.Sprintf(format, args...)} }

func (w *wrong) Error() string        { return w.text }
func (w *wrong) Is(target error) bool { return target == ErrCheck }

// refused is an answer of a server, in words, that no further attempt will change.
type refused string

func (r refused) Error() string { return string(r) }

// final tells whether it is of no use to ask the same server again.
func final(err error) bool {
	var w *wrong
	var r refused
	return errors.As(err, &w) && !w.again || errors.As(err, &r) || local(err)
}

// local tells whether err is this machine's, so that no other server helps: the
// caller's wish to stop, or the file system.
func local(err error) bool {
	var path *fs.PathError
	var end ended
	return errors.As(err, &path) || errors.As(err, &end)
}

// ended is the error of a context, apart from the time limits of a connection,
// which match context.DeadlineExceeded too.
type ended struct{ error }

func (e ended) Unwrap() error { return e.error }

// advised adds to an error of the file system what to do.
func advised(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	if !errors.As(err, &path) && !errors.As(err, &link) {
		return err
	}
	advice := "give another folder by --data"
	switch {
	case errors.Is(err, errNotPlain), errors.Is(err, errLink):
		advice = "remove it, or " + advice
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		advice = "make room, or " + advice
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		advice = "give yourself the right to write there, or " + advice
	case errors.Is(err, syscall.EMFILE):
		advice = "allow more open files, by `ulimit -n`"
	}
	return fmt.Errorf("%w; %s", err, advice)
}

const adviceURL = "; give another address by --url"

// failures are the errors of all addresses.
type failures []error

func (f failures) Error() string {
	texts := make([]string, len(f))
	for i, err := range f {
		texts[i] = err.Error()
	}
	text := strings.Join(texts, "; ")
	if len(f) > 1 {
		text = fmt.Sprintf("none of %d addresses has it: %s", len(f), text)
	}
	return plain(text) + adviceURL
}

func (f failures) Unwrap() []error { return f }

// plain keeps a terminal from doing more than show the text: some errors, as of a
// certificate, quote the server.
func plain(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// untilDone reads from r until ctx ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, ended{err}
	}
	return u.r.Read(p)
}
