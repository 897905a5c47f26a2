package answer

import (
	"bytes"
	"io"
	"path/filepath"

	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
)

// Begin makes the folders of all experiments, with the plans of their first stages, in
// the lab's run folder, and puts the question beside them. One that asks for part of what
// is there leaves the larger question in its place. It returns the folders in order.
func Begin(lab *experiment.Lab, s *study.Study) (folders []*experiment.Folder, err error) {
	plans, err := firstPlans(lab, s)
	if err != nil {
		return nil, err
	}
	text, err := s.Text()
	if err != nil {
		return nil, err
	}
	there, err := atomicfile.Read(fileIn(lab.Dir, QuestionFile), maxQuestion)
	known, other, before := err == nil && bytes.Equal(there, text), err == nil && !bytes.Equal(there, text), 0
	if other {
		if _, err := study.Parse(QuestionFile, there); err != nil {
			return nil, message.Fieldf("{out} %s: its %s is no study (%v); move it, or name another folder", lab.Dir, QuestionFile, err)
		}
		if before = trialsIn(s, lab.Dir); before == 0 {
			return nil, message.Fieldf("{out} %s: its %s is another question, without results; name another folder", lab.Dir, QuestionFile)
		}
	}
	now, asked := 0, 0
	for i := range s.Experiments {
		e := &s.Experiments[i]
		f, err := lab.Create(plans[i], s.Folder(e, e.Stages()[0]))
		if err != nil {
			return nil, err
		}
		folders = append(folders, f)
		now, asked = now+len(f.Plan.Trials), asked+len(plans[i].Trials)
	}
	if known || other && now == before && now > asked {
		return folders, nil
	}
	return folders, atomicfile.Write(fileIn(lab.Dir, QuestionFile), text)
}

// trialsIn returns how many trials of the experiments, of their first stages, a run folder
// holds.
func trialsIn(s *study.Study, dir string) (n int) {
	for i := range s.Experiments {
		e := &s.Experiments[i]
		if f, err := experiment.Open(filepath.Join(dir, s.Folder(e, e.Stages()[0]))); err == nil {
			n += len(f.Plan.Trials)
		}
	}
	return n
}

// keepRecords writes the table of all trials to the run folder, of those too that were not
// asked for, and sets Made of the results.
func keepRecords(s *study.Study, dir string, results []Result) error {
	all := make([]Result, len(results))
	for i := range results {
		for _, stage := range s.Experiments[i].Stages() {
			t, found, err := results[i].whole(stage, filepath.Join(dir, s.Folder(&s.Experiments[i], stage)))
			if err != nil {
				return err
			}
			if found {
				all[i].Trained = append(all[i].Trained, t)
				results[i].Made = results[i].Made.Join(experiment.Summarize(t.Plan, t.Outcomes).Properties)
			}
		}
	}
	var text bytes.Buffer
	if err := WriteRecords(&text, all); err != nil {
		return err
	}
	return atomicfile.WriteChanged(fileIn(dir, RecordsFile), text.Bytes())
}

// whole returns all trials in the folder of a stage, those of the result as they are; false
// if it has no plan.
func (r Result) whole(stage, dir string) (t Trained, found bool, err error) {
	if !HasPlan(dir) {
		return t, false, nil
	}
	f, err := experiment.Open(dir)
	if err != nil {
		return t, false, err
	}
	for _, t := range r.Trained {
		if t.Stage == stage && len(t.Plan.Trials) == len(f.Plan.Trials) {
			return t, true, nil
		}
	}
	outcomes, err := f.Outcomes(func(error) {}) // training has told of damaged ones
	return Trained{stage, f.Plan, outcomes}, true, err
}

// WriteRecords writes a table of all trials in CSV, with a line for each.
func WriteRecords(w io.Writer, results []Result) error {
	table := experiment.NewCSV(w)
	for _, r := range results {
		for _, t := range r.Trained {
			table.Write(t.Plan, t.Outcomes)
		}
	}
	return table.Flush()
}
