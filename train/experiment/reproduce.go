package experiment

import (
	"context"
	"errors"
	"fmt"

	"bnlab/train"
	"bnlab/train/message"
)

// Reproduction holds the settings for repeating the whole study.
type Reproduction struct {
	Base           train.Config // of the search; its seed is that of the gradient check too
	Compare, Sigma []Trial
	Rules          Rules
	Sample         int // elements of a tensor whose gradient is checked
}

// ErrGradients is the error of gradients that are wrong.
var ErrGradients = errors.New("wrong gradients")

// Reproduce repeats the study in the run folder: the gradient check, then compare,
// search and sigma in folders with these names. What exists is not done again. If
// gradients are wrong, nothing is trained and the error is ErrGradients.
func (l *Lab) Reproduce(ctx context.Context, r Reproduction) (Summary, error) {
	// Errors in the last stage must show before the first is trained.
	compare, err := l.Plan("compare", r.Compare)
	if err != nil {
		return Summary{}, err
	}
	sigma, err := l.Plan("sigma", r.Sigma)
	if err != nil {
		return Summary{}, err
	}
	if err := l.checkGradients(ctx, r); err != nil {
		return Summary{}, err
	}
	plain := func(plan *Plan) (Summary, error) {
		l.Say("%s: %s", plan.Experiment, message.Count(len(plan.Trials), "trial"))
		return l.run(ctx, plan, plan.Experiment)
	}
	summary := Summary{Experiment: "reproduce", Dataset: l.Dataset}
	for _, part := range []func() (Summary, error){
		func() (Summary, error) { return plain(compare) },
		func() (Summary, error) { return l.Search(ctx, r.Base, r.Rules, "final", "search") },
		func() (Summary, error) { return plain(sigma) },
	} {
		s, err := part()
		if err != nil {
			return s, err
		}
		summary = summary.Join(s)
	}
	return summary, nil
}

// checkGradients runs experiment 1, and keeps it in the run folder: the gradients of
// the 2- and 3-layer networks with batch normalisation.
func (l *Lab) checkGradients(ctx context.Context, r Reproduction) error {
	old, err := ReadGradients(l.Dir)
	if err != nil && !errors.As(err, new(*DamagedError)) {
		return err
	}
	if old != nil && old.Dataset != l.Dataset {
		return message.Fieldf("{out} %s: it holds a study of other data, %s %.12s; give another {out}", l.Dir, old.Dataset.Name, old.Dataset.Digest)
	}
	if old != nil && old.OK {
		return nil
	}
	data := l.Data.F64()
	c := train.Default()
	c.BN, c.Precision, c.Seed = true, train.F64, r.Base.Seed
	c.Batch = min(c.Batch, data.Train.Len())
	record := GradientRecord{Format: Format, Origin: StartNow(l.Program, l.Dataset)}
	for _, depth := range []int{2, 3} {
		l.Say("gradcheck: %d-layer network with batch normalisation", depth)
		if c.Hidden, err = train.HiddenOf(depth); err != nil {
			return err
		}
		check, err := CheckNet(ctx, c, data, r.Sample, "", l.Room)
		if err != nil {
			return err
		}
		record.Add(check)
	}
	record.EndNow()
	if err := record.Keep(l.Dir); err != nil {
		return err
	}
	if !record.OK {
		return fmt.Errorf("%w: nothing is trained", ErrGradients)
	}
	return nil
}
