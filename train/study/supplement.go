package study

import (
	"bytes"
	"path/filepath"
	"slices"

	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Files in a run folder that, with its records, say what was asked and what came of it.
const (
	QuestionFile = "study.yaml"  // the question, with what a command line has changed
	RecordsFile  = "records.csv" // a line for each trial
)

// begin makes the folders of all experiments in the lab's run folder, and puts the
// question beside them.
func (s *Study) begin(lab *experiment.Lab) error {
	plans, err := s.firstPlans(lab)
	if err != nil {
		return err
	}
	text, err := s.Text()
	if err != nil {
		return err
	}
	there, err := atomicfile.Read(fileIn(lab.Dir, QuestionFile), maxQuestion)
	if err == nil && !bytes.Equal(there, text) && !s.holds(lab.Dir) {
		return message.Fieldf("{out} %s: its %s is another question, without results; name another folder", lab.Dir, QuestionFile)
	}
	for i := range s.Experiments {
		e := &s.Experiments[i]
		if _, err := lab.Create(plans[i], s.folder(e, e.Stages()[0])); err != nil {
			return err
		}
	}
	if err == nil && bytes.Equal(there, text) {
		return nil
	}
	return atomicfile.Write(fileIn(lab.Dir, QuestionFile), text)
}

// maxQuestion limits the size of a question in bytes, above what a command reads.
const maxQuestion = 1 << 20

// holds reports whether a folder holds a run of one of the experiments.
func (s *Study) holds(dir string) bool {
	return slices.ContainsFunc(s.Experiments, func(e Experiment) bool {
		_, err := experiment.Open(filepath.Join(dir, s.folder(&e, e.Stages()[0])))
		return err == nil
	})
}

// fileIn returns the path of a file in a folder, which may be a link.
func fileIn(dir, name string) string {
	if real, err := atomicfile.Real(dir); err == nil {
		dir = real
	}
	return filepath.Join(dir, name)
}

// keepRecords writes the table of all trials to the run folder.
func keepRecords(dir string, results []Result) error {
	var text bytes.Buffer
	table := experiment.NewCSV(&text)
	for _, r := range results {
		for _, t := range r.Trained {
			table.Write(t.Plan, t.Outcomes)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return atomicfile.Write(fileIn(dir, RecordsFile), text.Bytes())
}
