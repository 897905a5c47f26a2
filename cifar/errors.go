package cifar

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// InputError says in one line what is wrong with external data or settings: where,
// what, and what to do. Commands map it to exit code 2.
type InputError struct {
	Field   string // wrong setting, by its name in JSON; empty for a file
	Where   string // file, folder, or value of Field
	Problem string // what is wrong, with the offset in the file if any
	Advice  string // what to do; settings are in braces, such as {data}
}

// Error returns the whole as one line, settings under their own names.
func (e *InputError) Error() string { return e.Text(func(field string) string { return field }) }

// Text returns the same with settings named by name.
func (e *InputError) Text(name func(field string) string) string {
	where := e.Where
	if e.Field != "" {
		where = strings.TrimSpace(name(e.Field) + " " + where)
	}
	advice := inBraces.ReplaceAllStringFunc(e.Advice, func(field string) string { return name(field[1 : len(field)-1]) })
	return where + ": " + e.Problem + "; " + advice
}

var inBraces = regexp.MustCompile(`\{[a-z_]+\}`)

// inputErrorf returns an InputError whose problem is formatted from args.
func inputErrorf(where, advice, problem string, args ...any) error {
	return &InputError{Where: where, Problem: fmt.Sprintf(problem, args...), Advice: advice}
}

// settingErrorf is inputErrorf for a setting of some value.
func settingErrorf(field string, value any, advice, problem string, args ...any) error {
	return &InputError{Field: field, Where: fmt.Sprint(value), Problem: fmt.Sprintf(problem, args...), Advice: advice}
}

// FileError translates an error of opening or reading the file or folder at path for
// the user. If there is no such thing, it is an [*InputError] with the given advice.
// Otherwise this machine is at fault, not the input.
func FileError(path, advice string, err error) error {
	is := func(e syscall.Errno) bool { return errors.Is(err, e) }
	if slices.ContainsFunc(notThere, is) {
		return inputErrorf(path, advice, "cannot open: %v", cause(err))
	}
	return machineError(path, err)
}

// notThere are the errors for a path with no file, or no folder.
var notThere = []syscall.Errno{syscall.ENOENT, syscall.ENOTDIR, syscall.EISDIR, syscall.ELOOP, syscall.ENAMETOOLONG, syscall.EINVAL}

// machineError says what this machine failed at. The commands add what to do, which
// does not depend on CIFAR-10.
func machineError(where string, err error) error {
	return fmt.Errorf("%s: %w", where, cause(err))
}

// cause strips the path, which our own messages name already, from an error of os.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Advice on what to do about a bad file or folder.
const (
	adviceFile    = "put the original file there (cifar-10-binary.tar.gz holds it)"
	advicePickle  = "put the original file there (cifar-10-python.tar.gz holds it)"
	adviceArchive = "give the original cifar-10-binary.tar.gz or cifar-10-python.tar.gz"
	adviceFolder  = "set {data} or $CIFAR10_DIR to the folder that holds data_batch_1.bin … test_batch.bin, torchvision's cifar-10-batches-py or an archive, or use {dataset} synthetic"
)

// Messages of panics: each is a mistake of the program, never of its input.
const (
	badShape = "cifar: x must be n×Dim, with n labels and n indices"
	emptySet = "cifar: no images to take statistics from"
)
