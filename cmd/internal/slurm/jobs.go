package slurm

import (
	"path/filepath"

	"bnlab/train/answer"
)

// Jobs are those of a run folder: one for each plan, which may have nothing to train.
type Jobs []Job

// JobsOf returns the jobs that train what is missing of the work in a run folder, on the
// data named by data or found here. It calls damaged for records that count as missing.
func JobsOf(work *answer.Work, o Options, data string, damaged func(error)) (Jobs, error) {
	if work.Study == nil {
		folder, err := work.First()
		if err != nil {
			return nil, err
		}
		job, err := New(folder, o, data, damaged)
		return Jobs{job}, err
	}
	var all Jobs
	for i := range work.Parts {
		job, err := jobOf(&work.Parts[i], o, data, damaged)
		if err != nil {
			return nil, err
		}
		all = append(all, job)
	}
	return all, nil
}

// jobOf returns the job of a part of a study. One that has its plan gets no more shards
// than that has units.
func jobOf(p *answer.Part, o Options, data string, damaged func(error)) (j Job, err error) {
	first := p.First()
	if answer.HasPlan(p.Dir) {
		folder, err := p.Folder()
		if err != nil {
			return j, err
		}
		o.Shards = min(o.Shards, len(folder.Plan.Units()))
		j, err = New(folder, o, data, damaged)
		j.follows = p.Stage != first.Stage
		return j, err
	}
	folder, err := first.Folder()
	if err != nil {
		return j, err
	}
	j, err = NewStage(p.Dir, p.StageSize(p.Stage), folder.Plan, o, data)
	j.follows = p.Stage != first.Stage
	return j, err
}

// Write writes the scripts of the jobs that have something to train, and of the one that
// gathers their results in the folder dir. There are none if nothing is missing.
func (jobs Jobs) Write(dir string) (scripts []Script, err error) {
	before := false // the stage before has a job
	for _, j := range jobs {
		wait := before && j.follows
		if before = len(j.Tasks) > 0; !before {
			continue
		}
		s := Script{}
		if wait {
			s.After, s.Done = []int{len(scripts) - 1}, true
		}
		if s.Path, err = j.WriteTraining(); err != nil {
			return nil, err
		}
		scripts = append(scripts, s)
	}
	if len(scripts) == 0 {
		return nil, nil
	}
	gather, s := jobs[0], Script{}
	if gather.Run, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if s.Path, err = gather.WriteGathering(); err != nil {
		return nil, err
	}
	for i := range scripts {
		s.After = append(s.After, i)
	}
	return append(scripts, s), nil
}
