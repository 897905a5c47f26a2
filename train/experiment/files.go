package experiment

import (
	"iter"
	"os"
	"path/filepath"
)

// Files returns the paths of the files of the run in the folder dir, and of the study
// where dir is that of one: the plan, gradient checks, and all that lies in the
// folders of trials. Each may be there or not.
func Files(dir string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, name := range []string{planFile, gradientFile} {
			if !yield(filepath.Join(dir, name)) {
				return
			}
		}
		trials, _ := os.ReadDir(filepath.Join(dir, trialsDir)) // where they cannot be read, who reads them says so
		for _, t := range trials {
			files, _ := os.ReadDir(filepath.Join(dir, trialsDir, t.Name()))
			for _, f := range files {
				if !yield(filepath.Join(dir, trialsDir, t.Name(), f.Name())) {
					return
				}
			}
		}
	}
}
