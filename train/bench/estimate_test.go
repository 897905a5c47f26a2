package bench

import (
	"testing"

	"bnlab/train"
)

// TestEstimates: a training takes its updates and its evaluated images; its shape is
// measured once.
func TestEstimates(t *testing.T) {
	c := train.Default()
	c.NS, c.Cycles, c.Evals, c.EvalTrain, c.Val = 10, 2, 3, 0, 5
	e := &Estimates{Nets: 1, Dim: 4, Classes: 10, TrainSize: 50, TestSize: 7, known: map[string]Cost{}}
	e.Seconds(c)
	for key := range e.known {
		e.known[key] = Cost{Step: 1000, Image: 1}
	}
	if got, want := e.Seconds(c), 1000*float64(c.Steps())+3*2*(45+5)+7; got != want || len(e.known) != 1 {
		t.Errorf("%g s, want %g; %d shapes", got, want, len(e.known))
	}
	c.EvalTrain, c.Lambda = 20, 0.5
	if got, want := e.Seconds(c), 1000*float64(c.Steps())+3*2*(20+5)+7; got != want || len(e.known) != 1 {
		t.Errorf("%g s, want %g; %d shapes", got, want, len(e.known))
	}
	c.Hidden = []int{7}
	if e.Seconds(c); len(e.known) != 2 {
		t.Errorf("%d shapes, want 2", len(e.known))
	}
}
