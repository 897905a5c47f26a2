package answer

import (
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
)

// canResume returns an error if the lab is to train on what a budget has paused in a search
// of several stages: whose later ones follow from who was paused, and would become others.
func canResume(lab *experiment.Lab, experiments ...*study.Experiment) error {
	for _, e := range experiments {
		if lab.ResumePaused && e != nil && len(e.Stages()) > 1 {
			return message.Fieldf("{resume_paused}: the later stages of the search %s follow from what is paused; train the paused values in an experiment of their own", e.Name)
		}
	}
	return nil
}

// canResume does so for the parts of a study, or for one that lies in the folder of its
// study.
func (w *Work) canResume(lab *experiment.Lab) error {
	for _, p := range w.Parts {
		if p.Experiment == nil && lab.ResumePaused {
			var err error
			if p, _, err = PartAt(p.Dir); err != nil {
				return err
			}
		}
		if err := canResume(lab, p.Experiment); err != nil {
			return err
		}
	}
	return nil
}
