package main

import (
	"errors"
	"fmt"

	"bnlab/train"
	"bnlab/train/experiment"
)

// checkGradients is experiment 1, kept in the run folder: the gradients of the 2-
// and 3-layer networks with batch normalisation. Nothing is trained where they are
// wrong.
func (s *session) checkGradients() error {
	old, err := experiment.ReadGradients(s.out)
	if err != nil && !errors.As(err, new(*experiment.DamagedError)) {
		return err
	}
	if old != nil && old.Dataset != s.data.dataset() {
		return usagef("--out %s: a study of other data, %s %.12s, is there; give another --out", s.out, old.Dataset.Name, old.Dataset.Digest)
	}
	if old != nil && old.OK {
		return nil
	}
	c := train.Default()
	c.BN, c.Precision, c.Seed = true, train.F64, s.base.Seed
	c.Batch = min(c.Batch, trainData[float64](s.data).Train.Len())
	r := experiment.GradientRecord{Format: experiment.Format, Origin: experiment.StartNow(programVersion(), s.data.dataset())}
	for _, depth := range []int{2, 3} {
		s.say("gradcheck: %d-layer network with batch normalisation", depth)
		if c.Hidden, err = train.HiddenOf(depth); err != nil {
			return err
		}
		check, err := checkNet(s.ctx.Context, c, s.data, gradcheckSample, "")
		if err != nil && s.ctx.Err() != nil {
			return fmt.Errorf("%w in the gradient check; nothing is lost; to go on: %s", errInterrupted, again(s.ctx))
		}
		if err != nil {
			return err
		}
		r.Add(check)
	}
	r.EndNow()
	if err := r.Keep(s.out); err != nil {
		return err
	}
	if !r.OK {
		return fmt.Errorf("gradient %w: nothing is trained; see `bnlab gradcheck --bn`", errCheck)
	}
	return nil
}
