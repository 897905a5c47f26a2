package answer

import (
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// firstPlans returns the plans of the first stages of all experiments, so that the last
// one is not the first to be refused.
func firstPlans(lab *experiment.Lab, s *study.Study) (plans []*experiment.Plan, err error) {
	for i := range s.Experiments {
		plan, err := planOf(lab, s, &s.Experiments[i], s.Experiments[i].Trials())
		if err != nil {
			return nil, err
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

// Check returns an error if the lab cannot train all of the study.
func Check(lab *experiment.Lab, s *study.Study) error {
	_, err := firstPlans(lab, s)
	return err
}

// planOf returns the plan of a stage's trials.
func planOf(lab *experiment.Lab, s *study.Study, e *study.Experiment, trials []experiment.Trial) (*experiment.Plan, error) {
	plan, err := lab.Plan(e.Name, trials)
	if err != nil {
		return nil, err
	}
	plan.Keep = s.Keep
	return plan, limit(s, plan, lab)
}
