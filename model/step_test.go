package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"bnlab/blas"
	"bnlab/blas/racetest"
)

// deepSpec has layers of different widths, more than one without being long.
func deepSpec(nets, bn int) Spec {
	return Spec{In: 12, Hidden: []int{9, 7}, Out: 4, Nets: nets, BatchNorm: bn, Eps: 2.2e-16, Alpha: 0.9, MaxRows: 20}
}

// each returns first, first+by, … : one value a net.
func each(nets int, first, by float64) []float64 {
	vs := make([]float64, nets)
	for k := range vs {
		vs[k] = first + by*float64(k)
	}
	return vs
}

// TestStepAllocatesNothing covers a training step, an evaluation, a gradient and
// probabilities, after the workspaces have been made.
func TestStepAllocatesNothing(t *testing.T) {
	t.Run("float32", allocatesNothing[float32])
	t.Run("float64", allocatesNothing[float64])
}

func allocatesNothing[T blas.Float](t *testing.T) {
	for _, nets := range []int{1, 8} {
		for _, bn := range []int{0, nets / 2, nets} {
			for _, spread := range []float64{0, 0.01} { // λ and η of the nets equal, or not
				spec := deepSpec(nets, bn)
				if spread > 0 {
					spec.Activation = "gelu"
					spec.Each = slices.Repeat([]Each{{Loss: BCE, Smoothing: 0.1, Dropout: 0.2, Beta1: 0.9, Beta2: 0.9, AdamEps: 1e-8, Momentum: 0.5}}, nets)
				}
				if bn == nets {
					spec.Optimiser = Adam
				}
				spec.Half = bn == nets/2 && !racetest.Enabled
				net := newNet[T](t, spec, 1)
				x, labels := randomBatch[T](rand.New(rand.NewPCG(1, 1)), 20, 12, 4)
				eta, lambda := each(nets, 0.01, spread), each(nets, 0.005, spread)
				for name, call := range map[string]func(){
					"Step":          func() { net.Step(x, labels, eta, lambda) },
					"Score":         func() { net.Score(x, labels, Eval) },
					"Gradient":      func() { net.Gradient(x, labels, lambda) },
					"Probabilities": func() { net.Probabilities(x) },
				} {
					if n := testing.AllocsPerRun(20, call); n != 0 {
						t.Errorf("%s of %d nets, %d with BN, spread %g: %g allocations", name, nets, bn, spread, n)
					}
				}
			}
		}
	}
}

// TestStepIsDescent checks the update itself, not only the gradient: for every tensor
// of every net, after one step, θ' = θ − η·∂J/∂θ, neither skipped nor done twice nor
// with another's gradient.
func TestStepIsDescent(t *testing.T) {
	for _, hidden := range [][]int{{}, {6}, {9, 7}, {9, 8, 7, 6, 6, 5, 5, 5}} {
		for _, bn := range []int{0, 1, 3} {
			for _, spread := range []float64{0, 0.03} {
				t.Run(fmt.Sprint(hidden, bn, spread), func(t *testing.T) {
					spec := deepSpec(3, bn)
					spec.Hidden = hidden
					checkDescent(t, spec, each(3, 0.1, spread), each(3, 0.02, spread))
				})
			}
		}
	}
}

func checkDescent(t *testing.T, spec Spec, eta, lambda []float64) {
	net := newNet[float64](t, spec, 8)
	x, labels := randomBatch[float64](rand.New(rand.NewPCG(2, 2)), 20, 12, 4)
	net.Gradient(x, labels, lambda)
	grads, before := slices.Clone(net.Grads), slices.Clone(net.Params())
	net.Step(x, labels, eta, lambda)
	if !slices.Equal(grads, net.Grads) {
		t.Error("a step changes Grads")
	}
	for k := range spec.Nets {
		for _, p := range net.Tensors(k) {
			if p.Grad == nil {
				continue
			}
			old := before[offset(net.Params(), p.Data):]
			want := make([]float64, len(p.Data))
			for i := range want {
				want[i] = old[i] - eta[k]*p.Grad[i]
			}
			same(t, fmt.Sprintf("net %d, layer %d, %s", k, p.Layer, p.Kind), p.Data, want)
			// The bias in front of batch normalisation is the one that stays.
			idle := p.Kind == Bias && net.BatchNorm(k) && p.Layer <= len(spec.Hidden)
			if !idle && slices.Equal(p.Data, old[:len(want)]) {
				t.Errorf("net %d, layer %d, %s: unchanged by a step", k, p.Layer, p.Kind)
			}
		}
	}
}

// offset returns where the view part begins in all.
func offset(all, part []float64) int {
	for i := range all {
		if &all[i] == &part[0] {
			return i
		}
	}
	panic("not a view")
}

// TestStepScores: a step returns the scores from before it, by the statistics of
// the batch.
func TestStepScores(t *testing.T) {
	net := newNet[float64](t, deepSpec(2, 1), 3)
	x, labels := randomBatch[float64](rand.New(rand.NewPCG(3, 3)), 20, 12, 4)
	want := slices.Clone(net.Score(x, labels, Batch))
	if got := net.Step(x, labels, each(2, 0.1, 0.1), each(2, 0, 0.1)); !slices.Equal(got, want) {
		t.Errorf("scores of the step %v, before it %v", got, want)
	}
	if got := net.Score(x, labels, Batch); slices.Equal(got, want) {
		t.Error("scores stay after a step")
	}
}

// TestSideBySideAsAlone trains nets of different λ, η and seed, some with batch
// normalisation, side by side and each alone, for 200 steps: the bits are the same.
func TestSideBySideAsAlone(t *testing.T) {
	const steps, rows = 200, 20
	for _, bn := range []int{0, 2, 4} {
		nets := 4
		eta, lambda := each(nets, 0.02, 0.03), each(nets, 0, 0.004)
		group := newNet[float64](t, deepSpec(nets, bn), 100)
		trainRandom(group, steps, rows, eta, lambda)
		for k := range nets {
			alone := newNet[float64](t, deepSpec(1, min(1, max(0, bn-k))), 0)
			copyTensors(alone.Tensors(0), newNet[float64](t, deepSpec(nets, bn), 100).Tensors(k))
			trainRandom(alone, steps, rows, eta[k:k+1], lambda[k:k+1])
			for i, p := range alone.Tensors(0) {
				q := group.Tensors(k)[i]
				if d := distance(p.Data, q.Data); p.Name != q.Name || d != 0 {
					t.Errorf("net %d of %d with BN: %s alone, %s side by side differ by %g", k, bn, p.Name, q.Name, d)
				}
			}
		}
	}
}

// TestMomentum: twenty steps are those written out, from gradients of the cost with λ on all
// parameters.
func TestMomentum(t *testing.T) {
	const eta, mu = 0.05, 0.1
	for _, nesterov := range []bool{false, true} {
		spec := deepSpec(1, 1)
		spec.Each = []Each{{Momentum: mu, Nesterov: nesterov, DecayAll: true}}
		net, slow := newNet[float64](t, spec, 4), newNet[float64](t, spec, 4)
		velocity := make([]float64, len(slow.Params()))
		random := rand.New(rand.NewPCG(9, 9))
		for range 20 {
			x, labels := randomBatch[float64](random, 20, 12, 4)
			net.Step(x, labels, []float64{eta}, []float64{0.02})
			slow.Gradient(x, labels, []float64{0.02})
			for i, g := range slow.Grads {
				velocity[i] = mu*velocity[i] + g
				if nesterov {
					g += mu * velocity[i]
				} else {
					g = velocity[i]
				}
				slow.Params()[i] -= eta * g
			}
		}
		same(t, fmt.Sprint("parameters, Nesterov ", nesterov), net.Params(), slow.Params())
	}
}

// trainRandom does steps on mini-batches that depend on nothing but their number.
func trainRandom[T blas.Float](net *Network[T], steps, rows int, eta, lambda []float64) {
	random := rand.New(rand.NewPCG(77, 7))
	for range steps {
		x, labels := randomBatch[T](random, rows, net.Spec.In, net.Spec.Out)
		net.Step(x, labels, eta, lambda)
	}
}

func copyTensors(to, from []Tensor[float64]) {
	for i := range to {
		copy(to[i].Data, from[i].Data)
	}
}

// distance returns the largest |a[i] − b[i]|, NaN where the lengths differ.
func distance(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.NaN()
	}
	d := 0.0
	for i := range a {
		d = max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// TestTrainingIsDeterministic: the same steps from the same seed give the same
// bits.
func TestTrainingIsDeterministic(t *testing.T) {
	var runs [2][]float32
	for i := range runs {
		net := newNet[float32](t, deepSpec(3, 2), 5)
		trainRandom(net, 50, 20, each(3, 0.1, 0.1), each(3, 0, 0.01))
		runs[i] = net.Params()
	}
	if !slices.Equal(runs[0], runs[1]) {
		t.Error("two equal trainings end in different parameters")
	}
}

// TestBrokenNetKeepsToItself: a net that overflows shows NaN, and its neighbours are
// unaffected.
func TestBrokenNetKeepsToItself(t *testing.T) {
	for broken := range 3 {
		var runs [2]*Network[float64]
		for i, eta := range []float64{0.1, 1e200} {
			runs[i] = newNet[float64](t, deepSpec(3, 2), 5)
			etas := each(3, 0.1, 0.1)
			etas[broken] = eta * float64(1+broken)
			trainRandom(runs[i], 10, 20, etas, each(3, 0, 0.01))
		}
		for k := range 3 {
			if runs[1].Finite(k) == (k == broken) {
				t.Errorf("net %d overflows: Finite(%d) is %v", broken, k, runs[1].Finite(k))
			}
			for i, p := range runs[0].Tensors(k) {
				if k != broken && !slices.Equal(p.Data, runs[1].Tensors(k)[i].Data) {
					t.Errorf("net %d overflows: %s of net %d changes", broken, p.Name, k)
				}
			}
		}
	}
}

// TestDecayOverManySteps: whatever form the weights are kept in between steps, a
// hundred of them undisturbed are θ ← θ − η·∂J/∂θ a hundred times, for decays
// 1−2λη from just below 1 over 0 to below it, and η = 0.
func TestDecayOverManySteps(t *testing.T) {
	const eta, steps = 0.05, 100
	for _, v := range []struct{ eta, decay float64 }{
		{eta, 1}, {eta, 1 - 1e-6}, {eta, 0.9}, {eta, 0.3}, {eta, 1e-3}, {eta, 0}, {eta, -0.5}, {0, 1},
	} {
		lambda := (1 - v.decay) / (2 * eta)
		etas, lambdas := []float64{eta, v.eta}, []float64{0.01, lambda}
		net, slow := newNet[float64](t, deepSpec(2, 1), 4), newNet[float64](t, deepSpec(2, 1), 4)
		random := rand.New(rand.NewPCG(9, 9))
		for range steps {
			x, labels := randomBatch[float64](random, 20, 12, 4)
			net.Step(x, labels, etas, lambdas)
			slow.Gradient(x, labels, lambdas)
			for k := range etas {
				for _, p := range slow.Tensors(k) {
					for i, g := range p.Grad {
						p.Data[i] -= etas[k] * g
					}
				}
			}
		}
		for k := range etas {
			same(t, fmt.Sprintf("decay %g, net %d, Σ‖W‖²", v.decay, k), []float64{net.SquaredWeights(k)}, []float64{slow.SquaredWeights(k)})
			for i, p := range net.Tensors(k) {
				if p.Grad != nil {
					same(t, fmt.Sprintf("decay %g, net %d, %s", v.decay, k, p.Name), p.Data, slow.Tensors(k)[i].Data)
				}
			}
		}
	}
}
