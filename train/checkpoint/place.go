package checkpoint

import (
	"cmp"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bnlab/train/atomicfile"
)

// Place is where checkpoints are: files in the folder Dir named Name.DIGEST.STEPS, so
// that trainings that differ, even if only in kernel or threads, do not interfere.
// Neither they nor Dir may be links.
type Place struct{ Dir, Name string }

// Beside returns the place for checkpoints of a training whose result will be the file
// path: FILE.checkpoint beside it, truncated if the name would be too long.
func Beside(path string) Place {
	const name, most = ".checkpoint", ".01234567.0123456789.bad"
	return Place{Dir: filepath.Dir(path), Name: atomicfile.Short(filepath.Base(path), len(name+most)) + name}
}

func (p Place) file(of Training, steps int) string {
	return filepath.Join(p.Dir, p.Name+"."+of.digest()+"."+strconv.Itoa(steps))
}

// entry is a checkpoint as described by its name.
type entry struct {
	path   string
	digest string // of the training; empty for one of a version before there were any
	steps  int
}

// nameForm matches what follows the name, cutForm what may be left of it in the name of
// a hidden file of an earlier version, directly followed by its own digits.
var (
	nameForm = regexp.MustCompile(`^(?:([0-9a-f]{8})\.)?(0|[1-9][0-9]{0,9})$`)
	cutForm  = regexp.MustCompile(`^(?:([0-9a-f]{8})\.)?[0-9]{0,10}$`)
)

// list returns all checkpoints, those of the most steps first.
func (p Place) list() (all []entry, err error) {
	names, err := atomicfile.List(p.Dir)
	for _, name := range names {
		rest, ours := strings.CutPrefix(name, p.Name+".")
		parts := nameForm.FindStringSubmatch(rest)
		if !ours || parts == nil {
			continue
		}
		if steps, err := strconv.Atoi(parts[2]); err == nil {
			all = append(all, entry{filepath.Join(p.Dir, name), parts[1], steps})
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(b.steps, a.steps) })
	return all, err
}

// split returns the checkpoints of the training, and the latest of each other.
func (p Place) split(of Training) (own, others []entry, err error) {
	all, err := p.list()
	digest, seen := of.digest(), map[string]bool{}
	for _, c := range all {
		switch {
		case c.digest == digest:
			own = append(own, c)
		case !seen[c.digest]:
			seen[c.digest] = true
			others = append(others, c)
		}
	}
	return own, others, err
}

// Latest returns the path of the training's own checkpoint with the most steps, and
// that of a checkpoint of another training; empty if there is none.
func (p Place) Latest(of Training) (own, other string, err error) {
	mine, others, err := p.split(of)
	if len(mine) > 0 {
		own = mine[0].path
	}
	if len(others) > 0 {
		other = others[0].path
	}
	return own, other, err
}

// Remove removes the checkpoints of one training, and their hidden files left by killed
// processes.
func (p Place) Remove(of Training) error {
	digest := of.digest()
	return p.remove(func(d string) bool { return d == digest })
}

// RemoveAll does the same for all trainings, once their results are on disk.
func (p Place) RemoveAll() error {
	return p.remove(func(string) bool { return true })
}

func (p Place) remove(which func(digest string) bool) error {
	names, err := atomicfile.List(p.Dir)
	for _, name := range names {
		form, of := nameForm, name
		if hidden, ok := atomicfile.Hidden(name); ok {
			form, of = cutForm, hidden
		}
		rest, ours := strings.CutPrefix(of, p.Name+".")
		if parts := form.FindStringSubmatch(rest); ours && parts != nil && which(parts[1]) {
			err = errors.Join(err, atomicfile.Remove(filepath.Join(p.Dir, name)))
		}
	}
	return err
}
