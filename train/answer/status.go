package answer

import (
	"context"

	"bnlab/train/experiment"
)

// Status is how far a plan is.
type Status struct {
	Folder  *experiment.Folder
	Summary experiment.Summary
	Claims  []experiment.Claim // units in training
}

// Status returns the status of each part with a plan, and the folders of the others. It
// watches for some seconds what may have stalled, if asked to, and passes damaged records,
// which count as missing, to warn.
func (w *Work) Status(ctx context.Context, watch bool, warn func(error)) (all []Status, waiting []string, err error) {
	for i := range w.Parts {
		p := &w.Parts[i]
		if p.folder == nil && !HasPlan(p.Dir) {
			waiting = append(waiting, p.Dir)
			continue
		}
		s, err := p.status(ctx, watch, warn)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, s)
	}
	return all, waiting, nil
}

func (p *Part) status(ctx context.Context, watch bool, warn func(error)) (s Status, err error) {
	if s.Folder, err = p.Folder(); err != nil {
		return s, err
	}
	outcomes, err := s.Folder.Outcomes(warn)
	if err != nil {
		return s, err
	}
	s.Summary = experiment.Summarize(s.Folder.Plan, outcomes)
	s.Claims, err = s.Folder.Claims(ctx, outcomes, watch)
	return s, err
}
