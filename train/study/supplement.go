package study

import (
	"bytes"
	"path/filepath"

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
// question beside them. One that asks for part of what is there leaves the larger question
// in its place.
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
	known, other, before := err == nil && bytes.Equal(there, text), err == nil && !bytes.Equal(there, text), 0
	if other {
		if before = s.trialsIn(lab.Dir); before == 0 {
			return message.Fieldf("{out} %s: its %s is another question, without results; name another folder", lab.Dir, QuestionFile)
		}
	}
	now, asked := 0, 0
	for i := range s.Experiments {
		e := &s.Experiments[i]
		f, err := lab.Create(plans[i], s.folder(e, e.Stages()[0]))
		if err != nil {
			return err
		}
		now, asked = now+len(f.Plan.Trials), asked+len(plans[i].Trials)
	}
	if known || other && now == before && now > asked {
		return nil
	}
	return atomicfile.Write(fileIn(lab.Dir, QuestionFile), text)
}

// maxQuestion limits the size of a question in bytes, above what a command reads.
const maxQuestion = 1 << 20

// trialsIn returns how many trials of the experiments, of their first stages, a run folder
// holds.
func (s *Study) trialsIn(dir string) (n int) {
	for i := range s.Experiments {
		e := &s.Experiments[i]
		if f, err := experiment.Open(filepath.Join(dir, s.folder(e, e.Stages()[0]))); err == nil {
			n += len(f.Plan.Trials)
		}
	}
	return n
}

// fileIn returns the path of a file in a folder, which may be a link.
func fileIn(dir, name string) string {
	if real, err := atomicfile.Real(dir); err == nil {
		dir = real
	}
	return filepath.Join(dir, name)
}

// keepRecords writes the table of all trials to the run folder, of those too that the
// study does not ask for.
func (s *Study) keepRecords(dir string, results []Result) error {
	var text bytes.Buffer
	table := experiment.NewCSV(&text)
	for i, r := range results {
		for _, t := range r.Trained {
			f, err := experiment.Open(filepath.Join(dir, s.folder(&s.Experiments[i], t.Stage)))
			if err != nil {
				return err
			}
			if len(f.Plan.Trials) > len(t.Plan.Trials) {
				t.Plan = f.Plan
				if t.Outcomes, err = f.Outcomes(func(error) {}); err != nil { // training has told of damaged ones
					return err
				}
			}
			table.Write(t.Plan, t.Outcomes)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return atomicfile.Write(fileIn(dir, RecordsFile), text.Bytes())
}
