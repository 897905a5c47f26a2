package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"bnlab/train/experiment"
	"bnlab/train/message"
)

// noRun is the error of a folder without a run in it.
type noRun string

func (e noRun) Error() string { return string(e) }
func (e noRun) Unwrap() error { return experiment.ErrPlan }

// planFile is the file that makes a folder a run.
const planFile = "plan.json"

// runFolders returns the run folders at or below dir, sorted. Links are followed if dir
// is one, or if one below it leads to a run folder.
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

// folderSet is the set of folders that have been read: each is counted once, under any
// name.
type folderSet []knownFolder

type knownFolder struct {
	path  string
	files []os.FileInfo // itself and, in a run, its folder of trials; both may be reached through links
}

// add records the folder dir. If it is already known, it returns a note that says under
// what name; else nothing.
func (known *folderSet) add(dir string) (note string) {
	f := knownFolder{path: dir}
	for _, path := range []string{dir, filepath.Join(dir, "trials")} {
		if info, err := os.Stat(path); err == nil {
			f.files = append(f.files, info)
		}
	}
	for _, other := range *known {
		for _, info := range f.files {
			if !slices.ContainsFunc(other.files, func(i os.FileInfo) bool { return os.SameFile(i, info) }) {
				continue
			}
			if filepath.Clean(dir) == filepath.Clean(other.path) {
				return message.Text(dir + " is given twice: it is counted once")
			}
			return message.Text(fmt.Sprintf("%s is the same folder as %s: it is counted once", dir, other.path))
		}
	}
	*known = append(*known, f)
	return ""
}
