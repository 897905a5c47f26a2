package answer

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"bnlab/train/atomicfile"
	"bnlab/train/study"
)

// Files in a run folder that, with its records, say what was asked and what came of it.
const (
	QuestionFile = "study.yaml"  // the question, with what a command line has changed
	RecordsFile  = "records.csv" // a line for each trial
)

// maxQuestion limits the size of a question in bytes, above what a command reads.
const maxQuestion = 1 << 20

// StudyIn returns the study whose question is in a folder; nil if there is none, or if the
// folder is that of its only plan.
func StudyIn(dir string) (*study.Study, error) {
	if HasPlan(dir) {
		return nil, nil
	}
	return Open(dir)
}

// Open returns the study whose question is in a folder; nil if there is none.
func Open(dir string) (*study.Study, error) {
	path := fileIn(dir, QuestionFile)
	text, err := atomicfile.Read(path, maxQuestion)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return study.Parse(path, text)
}

// HasPlan reports whether a folder holds a plan, or what should be one.
func HasPlan(dir string) bool {
	_, err := os.Lstat(fileIn(dir, "plan.json"))
	return err == nil
}

// fileIn returns the path of a file in a folder, which may be a link.
func fileIn(dir, name string) string {
	if real, err := atomicfile.Real(dir); err == nil {
		dir = real
	}
	return filepath.Join(dir, name)
}
