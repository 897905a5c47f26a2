package checkpoint

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Place is where the checkpoints of a training lie: files of the folder Dir named
// Name.STEPS.
type Place struct{ Dir, Name string }

func (p Place) file(steps int) string {
	return filepath.Join(p.Dir, p.Name+"."+strconv.Itoa(steps))
}

// files returns the paths of the checkpoints, those of the most steps first.
func (p Place) files() []string {
	var all []int
	for _, digits := range p.after(p.Name + ".") {
		if steps, err := strconv.Atoi(digits); err == nil && strconv.Itoa(steps) == digits {
			all = append(all, steps)
		}
	}
	slices.SortFunc(all, func(a, b int) int { return cmp.Compare(b, a) })
	paths := make([]string, len(all))
	for i, steps := range all {
		paths[i] = p.file(steps)
	}
	return paths
}

// after returns what follows prefix in the names that begin with it.
func (p Place) after(prefix string) (rest []string) {
	entries, _ := os.ReadDir(p.Dir) // no folder, no files
	for _, e := range entries {
		if r, ok := strings.CutPrefix(e.Name(), prefix); ok {
			rest = append(rest, r)
		}
	}
	return rest
}

// Latest returns the path of the checkpoint of the most steps, or nothing where
// there is none.
func (p Place) Latest() string {
	if files := p.files(); len(files) > 0 {
		return files[0]
	}
	return ""
}

// Remove removes the checkpoints of a training that is over, and what processes
// that were killed have left of others.
func (p Place) Remove() error {
	all := p.files()
	hidden := "." + p.Name + "."
	for _, rest := range p.after(hidden) {
		if strings.Trim(rest, "0123456789") == "" {
			all = append(all, filepath.Join(p.Dir, hidden+rest))
		}
	}
	return remove(all)
}

// remove removes files that may be gone already.
func remove(paths []string) (err error) {
	for _, path := range paths {
		if e := os.Remove(path); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}
