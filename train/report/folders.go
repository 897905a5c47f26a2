package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bnlab/train/experiment"
	"bnlab/train/message"
)

// noRun is the error of a folder without a run in it.
type noRun string

func (e noRun) Error() string { return string(e) }
func (e noRun) Unwrap() error { return experiment.ErrPlan }

// planFile is the file that makes a folder a run.
const planFile = "plan.json"

// runFolders returns the run folders at or below dir, sorted. Links are followed
// where dir is one, and where one below it leads to a run folder itself.
func runFolders(dir string) ([]string, error) {
	var found []string
	root := dir
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		root += string(filepath.Separator) // which follows a link
	}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !entry.IsDir() && entry.Type() != fs.ModeSymlink:
			return nil
		}
		if _, err := os.Stat(filepath.Join(path, planFile)); err != nil {
			return nil
		}
		found = append(found, filepath.Clean(path))
		if entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, noRun(fmt.Sprintf("%s: no such folder; name the run folder of a finished or running command", dir))
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, noRun(fmt.Sprintf("%s: no run in it (no %s at any depth); name the run folder of compare, search, sigma, reproduce or sweep", dir, planFile))
	}
	return found, nil
}

// known are the folders that have been read: whatever else one is called, it is
// counted once.
type known []knownFolder

type knownFolder struct {
	path  string
	files []os.FileInfo // itself and, in a run, its folder of trials, each of which a link may lead to
}

// add remembers the folder dir. If it is known already, it returns by what name, and
// true.
func (k *known) add(dir string) (string, bool) {
	f := knownFolder{path: dir}
	for _, path := range []string{dir, filepath.Join(dir, "trials")} {
		if info, err := os.Stat(path); err == nil {
			f.files = append(f.files, info)
		}
	}
	for _, other := range *k {
		for _, info := range f.files {
			if slices.ContainsFunc(other.files, func(i os.FileInfo) bool { return os.SameFile(i, info) }) {
				return other.path, true
			}
		}
	}
	*k = append(*k, f)
	return "", false
}

// again notes a folder that was read before.
func (s *Study) again(dir, before string) {
	note := fmt.Sprintf("%s is given twice: it is counted once", dir)
	if filepath.Clean(dir) != filepath.Clean(before) {
		note = fmt.Sprintf("%s is the same folder as %s: it is counted once", dir, before)
	}
	s.Notes = append(s.Notes, message.Text(note))
}

// nameFor names a run by its path below the folder given, with that folder's own
// name in front where several are given, and makes the name unique.
func (s *Study) nameFor(run *Run, dir, folder string, several bool) string {
	name, err := filepath.Rel(dir, folder)
	if err != nil || name == "." {
		name = run.Plan.Experiment
	}
	if several {
		if name = filepath.Base(filepath.Clean(folder)); filepath.Clean(folder) != filepath.Clean(dir) {
			name = filepath.Join(filepath.Base(filepath.Clean(dir)), strings.TrimPrefix(folder, dir))
		}
	}
	name = message.Text(filepath.ToSlash(name))
	taken := func(n string) bool {
		return slices.ContainsFunc(s.Runs, func(r *Run) bool { return r.Name == n })
	}
	unique := name
	for i := 2; taken(unique); i++ {
		unique = fmt.Sprintf("%s (%d)", name, i)
	}
	return unique
}

// stageOf returns the stage of a search for λ that a folder is of, by its own name and
// not by that of a link to it; empty if it is of none.
func stageOf(dir string) string {
	if path, err := filepath.Abs(dir); err == nil {
		dir = path
	}
	if path, err := filepath.EvalSymlinks(dir); err == nil {
		dir = path
	}
	if base := filepath.Base(dir); slices.Contains(stages, base) {
		return base
	}
	return ""
}
