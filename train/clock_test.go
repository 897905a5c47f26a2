package train

import (
	"math"
	"testing"
	"time"
)

// No second is counted twice: what all trials were given is no more than what has
// passed, however many evaluations lie between the updates.
func TestSecondsAreCountedOnce(t *testing.T) {
	configs := groups()["side by side"]
	for i := range configs {
		configs[i].Evals = 24
	}
	began := time.Now()
	o := keptFit[float64](t, configs, &shelf{})
	passed := time.Since(began).Seconds()
	given := 0.0
	for i, r := range o.results {
		given += r.TrainSeconds + r.EvalSeconds
		if r.TrainSeconds <= 0 || r.EvalSeconds <= 0 {
			t.Errorf("trial %d: %g s of training, %g s of evaluation", i, r.TrainSeconds, r.EvalSeconds)
		}
	}
	if given > passed*(1+1e-9) {
		t.Errorf("%g s given to the trials, %g s have passed", given, passed)
	}
}

// A net with an infinite parameter is not sound, though all its metrics are finite: a
// bias of −∞ below a ReLU is a dead unit, and nothing else shows it.
func TestInfiniteParameterDiverges(t *testing.T) {
	c := small()
	c.BN = false
	data, _ := draw[float64]()
	f, err := newFit([]Config{c, c}, data, Discard, Discard)
	if err != nil {
		t.Fatal(err)
	}
	f.ctx, f.mark, f.done = t.Context(), time.Now(), c.Steps()
	for _, tensor := range f.net.Tensors(1) {
		if tensor.Name == "0.bias" {
			tensor.Data[3] = math.Inf(-1)
		}
	}
	f.finish()
	if f.results[0].Diverged || f.results[0].Final == nil {
		t.Errorf("a sound net: %+v", f.results[0])
	}
	if !f.results[1].Diverged || f.results[1].Final != nil {
		t.Errorf("a net with a bias of −∞: %+v", f.results[1])
	}
}
