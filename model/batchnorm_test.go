package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"bnlab/blas"
)

const units = 5

// probe is a net that shows what batch normalisation makes of its input: W of
// both layers is the identity and β is far above 0, so S is the input and the
// logits are S̃. γ and β differ from unit to unit.
func probe(t *testing.T, eps, alpha float64) *Network[float64] {
	t.Helper()
	net, err := New[float64](Spec{In: units, Hidden: []int{units}, Out: units, Nets: 1, BatchNorm: 1, Eps: eps, Alpha: alpha, MaxRows: 40})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range net.Tensors(0) {
		for i := range p.Data {
			switch {
			case p.Kind == Weight && i%(units+1) == 0:
				p.Data[i] = 1
			case p.Kind == Gamma:
				p.Data[i] = 0.5 + 0.25*float64(i)
			case p.Kind == Beta:
				p.Data[i] = 100 + float64(i)
			}
		}
	}
	return net
}

func tensor(net *Network[float64], kind Kind) []float64 {
	for _, p := range net.Tensors(0) {
		if p.Kind == kind {
			return p.Data
		}
	}
	return nil
}

// spreadBatch draws n rows in which column j has its own mean and deviation.
func spreadBatch(random *rand.Rand, n int) blas.Matrix[float64] {
	x, _ := randomBatch[float64](random, n, units, 1)
	for i := range n {
		for j, v := range x.Row(i) {
			x.Set(i, j, float64(j-2)+math.Pow(4, float64(j-2))*v)
		}
	}
	return x
}

// moments returns mean and variance, divisor n, of each column.
func moments(x blas.Matrix[float64]) (mean, variance []float64) {
	mean, variance = make([]float64, x.Cols), make([]float64, x.Cols)
	for j := range x.Cols {
		for i := range x.Rows {
			mean[j] += x.At(i, j) / float64(x.Rows)
		}
		for i := range x.Rows {
			d := x.At(i, j) - mean[j]
			variance[j] += d * d / float64(x.Rows)
		}
	}
	return mean, variance
}

// normalised returns γ⊙(x−mean)/√(variance+ε) + β.
func normalised(net *Network[float64], x blas.Matrix[float64], mean, variance []float64) []float64 {
	gamma, beta := tensor(net, Gamma), tensor(net, Beta)
	var out []float64
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			out = append(out, gamma[j]*(v-mean[j])/math.Sqrt(variance[j]+net.Spec.Eps)+beta[j])
		}
	}
	return out
}

// TestBatchNormByHand compares every unit, each with its own spread, with the formula:
// in training with batch statistics, divisor n, in evaluation with running statistics,
// also with a significant ε and a batch of another length.
func TestBatchNormByHand(t *testing.T) {
	for _, eps := range []float64{2.2e-16, 1e-5, 0.5} {
		net := probe(t, eps, 0.9)
		random := rand.New(rand.NewPCG(4, 4))
		for _, n := range []int{2, 3, 40, 7} {
			x := spreadBatch(random, n)
			mean, variance := moments(x)
			want := normalised(net, x, mean, variance)
			same(t, fmt.Sprintf("ε %g, %d rows, Batch", eps, n), logits(net, 0, x, Batch), want)
			same(t, fmt.Sprintf("ε %g, %d rows, Train", eps, n), logits(net, 0, x, Train), want)
		}
		x := spreadBatch(random, 11)
		want := normalised(net, x, tensor(net, RunMean), tensor(net, RunVar))
		same(t, fmt.Sprintf("ε %g, Eval", eps), logits(net, 0, x, Eval), want)
	}
}

// TestEvaluationIgnoresTheBatch: the evaluation of an image does not depend on the
// others in its batch.
func TestEvaluationIgnoresTheBatch(t *testing.T) {
	net := newNet[float64](t, deepSpec(1, 1), 2)
	trainRandom(net, 5, 20, []float64{0.1}, []float64{0})
	x, _ := randomBatch[float64](rand.New(rand.NewPCG(5, 5)), 20, 12, 4)
	all := logits(net, 0, x, Eval)
	same(t, "three of the rows", logits(net, 0, x.RowBlock(4, 7), Eval), all[4*4:7*4])
}

// TestRunningStatistics: the first batch sets them, divisor n, each further step
// moves them once by m ← α·m + (1−α)·batch, and nothing else does.
func TestRunningStatistics(t *testing.T) {
	for _, alpha := range []float64{0.9, 0.5, 0} {
		t.Run(fmt.Sprint(alpha), func(t *testing.T) {
			net := probe(t, 1e-5, alpha)
			random := rand.New(rand.NewPCG(6, 6))
			runMean, runVar := make([]float64, units), make([]float64, units)
			for round := range 2 { // a second one after Init, which forgets the first
				for step := range 4 {
					x := spreadBatch(random, 10+step)
					labels := make([]uint8, x.Rows)
					mean, variance := moments(x)
					for j := range runMean {
						if step == 0 {
							runMean[j], runVar[j] = mean[j], variance[j]
							continue
						}
						runMean[j] = alpha*runMean[j] + (1-alpha)*mean[j]
						runVar[j] = alpha*runVar[j] + (1-alpha)*variance[j]
					}
					net.Step(x, labels, []float64{0}, []float64{0}) // η = 0: the parameters stay
					same(t, fmt.Sprintf("round %d, running mean after step %d", round, step+1), tensor(net, RunMean), runMean)
					same(t, fmt.Sprintf("round %d, running variance after step %d", round, step+1), tensor(net, RunVar), runVar)
				}
				weights := slices.Clone(net.Params())
				if err := net.Init(0, He, 0, 1); err != nil {
					t.Fatal(err)
				}
				copy(net.Params(), weights)
			}
		})
	}
}

// TestOnlyTrainingMovesRunningStatistics covers everything that evaluates, also before
// the first step: evaluating must not count as the first batch.
func TestOnlyTrainingMovesRunningStatistics(t *testing.T) {
	net := newNet[float64](t, deepSpec(2, 2), 6)
	random := rand.New(rand.NewPCG(7, 7))
	x, labels := randomBatch[float64](random, 20, 12, 4)
	look := func() {
		net.Forward(x, Eval)
		net.Forward(x, Batch)
		net.Score(x, labels, Eval)
		net.Score(x, labels, Batch)
		net.Probabilities(x)
		net.Gradient(x, labels, each(2, 0, 0))
		CheckGradient(t.Context(), net, 0, x, labels, 0, 2, 1)
	}
	watched := newNet[float64](t, deepSpec(2, 2), 6)
	copy(watched.Params(), net.Params())
	for step := range 3 {
		look()
		batch, y := randomBatch[float64](random, 20, 12, 4)
		net.Step(batch, y, each(2, 0.1, 0), each(2, 0, 0))
		watched.Step(batch, y, each(2, 0.1, 0), each(2, 0, 0))
		look()
		for k := range 2 {
			for i, p := range net.Tensors(k) {
				if !slices.Equal(p.Data, watched.Tensors(k)[i].Data) {
					t.Errorf("step %d, net %d: looking changes %s %s", step+1, k, p.Name, p.Kind)
				}
			}
		}
	}
}

// TestWithoutBatchNorm: a net without it has neither its parameters nor its
// statistics, though its neighbour has.
func TestWithoutBatchNorm(t *testing.T) {
	net := newNet[float64](t, deepSpec(2, 1), 6)
	for k, want := range []int{3*2 + 2*4, 3 * 2} { // 3 linear layers, 2 hidden ones
		if got := len(net.Tensors(k)); got != want {
			t.Errorf("net %d has %d tensors, want %d", k, got, want)
		}
	}
}
