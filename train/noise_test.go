package train

import (
	"math"
	"math/rand/v2"
	"testing"

	"bnlab/blas/blastest"
)

// TestFusedAccuracyFloat32: in float32 a net has side by side with others the accuracy that
// it has alone. Where a kernel mixes the nets, they round differently, and after some
// hundred steps parameters are others. The accuracy must not be: over 24 trials of different
// seed, λ and η the mean moves by less than the spread of seeds makes means of 24
// move, and no trial moves by more than what one seed differs from another.
func TestFusedAccuracyFloat32(t *testing.T) {
	const trials = 24
	configs := make([]Config, trials)
	for i := range configs {
		c := f32(small())
		c.NS, c.Hidden, c.Batch, c.Val, c.BN = 100, []int{50, 20}, 20, 400, i%2 == 0
		c.Seed, c.Lambda, c.EtaMax = uint64(i+1), 1e-4*float64(i%3), 0.1+0.05*float64(i%4)
		configs[i] = c
	}
	data := noisy(1000, 400, 2000)
	fused := make([]float64, 0, trials)
	for i := 0; i < trials; i += 8 {
		for _, r := range fitOn(t, data, configs[i:i+8]...).results {
			fused = append(fused, r.Final.TestMetrics.TestAcc)
		}
	}
	var mean, square, shift, moved, worst float64
	for i, c := range configs {
		alone := fitOn(t, data, c).results[0].Final.TestMetrics.TestAcc
		mean += alone / trials
		square += alone * alone / trials
		shift += (fused[i] - alone) / trials
		worst = max(worst, math.Abs(fused[i]-alone))
		if fused[i] != alone {
			moved++
		}
	}
	spread := math.Sqrt(square - mean*mean)
	t.Logf("alone %.4f ± %.4f, side by side %+.5f, at most %.4f, %v of %d trials moved", mean, spread, shift, worst, moved, trials)
	if mean < 0.5 || spread == 0 {
		t.Fatalf("accuracy %.3f ± %.3f: these nets do not learn", mean, spread)
	}
	if !blastest.Mixes() && moved > 0 {
		t.Errorf("%v of %d trials have other bits side by side than alone", moved, trials)
	}
	if limit := spread / math.Sqrt(trials); math.Abs(shift) > limit {
		t.Errorf("the mean accuracy of %d trials moves by %.5f, the noise of seeds is %.5f", trials, shift, limit)
	}
	if worst > 2*spread {
		t.Errorf("a trial moves by %.4f, seeds by %.4f", worst, spread)
	}
}

// skipIfMixes skips a test that compares bits of float32 trainings side by side with others.
func skipIfMixes(t *testing.T) {
	if blastest.Mixes() {
		t.Skip("float32 trainings round by what trains beside them, with the kernels of this CPU")
	}
}

// noisy makes sets of the given sizes, whose classes overlap.
func noisy(sizes ...int) Data[float32] {
	const dim, classes = 100, 5
	random, log := rand.New(rand.NewPCG(100, 5)), &readings{}
	var sets [3]Source[float32]
	for s, n := range sizes {
		m := &memory[float32]{log: log}
		for range n {
			class := random.IntN(classes)
			row := make([]float64, dim)
			for j := range row {
				row[j] = random.NormFloat64()
				if j%classes == class {
					row[j] += 0.35
				}
			}
			m.rows, m.labels = append(m.rows, row), append(m.labels, uint8(class))
		}
		sets[s] = m
	}
	return Data[float32]{Dim: dim, Classes: classes, Train: sets[0], Val: sets[1], Test: sets[2]}
}
