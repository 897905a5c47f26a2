package shell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"syscall"

	"bnlab/cifar"
	"bnlab/cmd/internal/screen"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
)

// Exit codes of the program.
const (
	ExitDone        = 0
	ExitFailed      = 1   // failed at run time
	ExitUsage       = 2   // bad usage, configuration or input file
	ExitCheck       = 3   // a check failed
	ExitInterrupted = 130 // interrupted
)

// ErrCheck is wrapped by the error of a command whose check failed.
var ErrCheck = errors.New("check failed")

// ErrInterrupted is wrapped by the error of a command stopped by a signal.
var ErrInterrupted = errors.New("interrupted")

// Usagef returns a usage error, in one line: what is wrong, and what to do. The program
// exits with ExitUsage.
func Usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

type usageError string

func (e usageError) Error() string { return string(e) }

// kinds of errors, by exit code; the first that fits counts.
var kinds = []struct {
	name string
	code int
	is   func(error) bool
}{
	{"interrupted", ExitInterrupted, isOne(context.Canceled, ErrInterrupted)},
	{"check", ExitCheck, isOne(ErrCheck)},
	{"input", ExitUsage, func(err error) bool {
		return errors.As(err, new(*cifar.InputError)) || isOne(model.ErrFile, experiment.ErrPlan, study.ErrStudy)(err)
	}},
	{"usage", ExitUsage, func(err error) bool {
		return errors.As(err, new(usageError)) || errors.As(err, new(*message.FieldError)) || errors.As(err, new(atomicfile.Unfit)) ||
			isOne(train.ErrConfig, atomicfile.ErrLink)(err)
	}},
	{"failed", ExitFailed, func(error) bool { return true }},
}

func isOne(of ...error) func(error) bool {
	return func(err error) bool {
		for _, e := range of {
			if errors.Is(err, e) {
				return true
			}
		}
		return false
	}
}

// kindOf returns the kind of error and the exit code.
func kindOf(err error) (name string, code int) {
	if err == nil {
		return "", ExitDone
	}
	for _, k := range kinds {
		if k.is(err) {
			return k.name, k.code
		}
	}
	panic("unreachable")
}

// ErrorLine returns the message of err on a single line, with anything the terminal
// would obey escaped as in Go.
func ErrorLine(err error) string {
	switch {
	case errors.Is(err, ErrInterrupted):
		return message.Text(err.Error()) // with a command in it, in which every space counts
	case errors.Is(err, context.Canceled):
		return "interrupted"
	}
	return message.Text(lineBreak.ReplaceAllString(strings.TrimSpace(err.Error()), " "))
}

var lineBreak = regexp.MustCompile(`\s*\n\s*`)

// errorReport is how an error is printed with --json-errors.
type errorReport struct {
	Error struct {
		Message string `json:"message"` // on one line
		Code    int    `json:"code"`    // exit code
		Kind    string `json:"kind"`    // usage, input, failed, check or interrupted
	} `json:"error"`
}

// printError writes an error as one line.
func printError(w io.Writer, asJSON bool, err error) {
	line := ErrorLine(err) + remedy(err)
	if !asJSON {
		fmt.Fprintln(w, screen.Colourise(w, screen.Bad, "bnlab:"), line)
		return
	}
	var r errorReport
	r.Error.Message = line
	r.Error.Kind, r.Error.Code = kindOf(err)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(r) // there is nowhere else to report it
}

// remedies say what to do when the system refuses something, whatever the file was for.
var remedies = []struct {
	is     func(error) bool
	remedy string
}{
	{isOne(syscall.EMFILE), "allow this process more open files (ulimit -n 1024)"},
	{isOne(syscall.ENFILE), "close other programs: the machine has too many open files"},
	{isOne(syscall.EACCES, syscall.EPERM), "change its permissions (chmod, chown), or use another place"},
	{isOne(syscall.EROFS), "use a writable place"},
	{isOne(syscall.ENOSPC, syscall.EDQUOT), "free some space, then run the same command again"},
	{isOne(syscall.EFBIG), "raise the file size limit (ulimit -f), then run the same command again"},
	{isOne(syscall.EISDIR), "there is a folder in place of a file: move it away, or use another place"},
	{isOne(syscall.ENOTDIR), "there is a file in place of a folder: move it away, or use another place"},
	{isOne(syscall.ENAMETOOLONG), "give a shorter name"},
	{isOne(syscall.EIO, syscall.ESTALE), "the disk or the network fails: fix it, then run the same command again"},
}

// remedy returns what to do about an error of the system, to append to a message that
// does not say so yet; empty for other errors.
func remedy(err error) string {
	if strings.Contains(err.Error(), "; ") {
		return ""
	}
	for _, r := range remedies {
		if r.is(err) {
			return "; " + r.remedy
		}
	}
	return ""
}
