package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"bnlab/blas"
	"bnlab/model"
)

// TestWideSideBySide: at the study's sizes too, 3072 inputs and batches of 100, the
// parameters of nets side by side are those of each alone after 40 steps
// in float64, to the bit. Nets of nine layers that start from σ = 1e-3 are left out: they
// magnify any rounding, also that of η.
func TestWideSideBySide(t *testing.T) {
	if testing.Short() || blas.Current().Name == "gonum" {
		t.Skip("trains at full width, in pure Go for a minute")
	}
	data := wide()
	three, nine := Default(), Default()
	three.NS, three.Evals, three.Val, three.Precision = 10, 1, data.Val.Len(), F64
	nine = three
	nine.Hidden, _ = HiddenOf(9)
	for name, c := range map[string]Config{"3 layers": three, "9 layers": nine} {
		t.Run(name, func(t *testing.T) {
			together := fitOn(t, data, mixed(c)...)
			for i, c := range mixed(c) {
				alone := fitOn(t, data, c)
				if d := distance(alone.tensors(0), together.tensors(i)); d != 0 {
					t.Errorf("trial %d: parameters side by side are %g from those alone", i, d)
				}
			}
		})
	}
}

// mixed returns four trainings of one shape that differ in all else.
func mixed(base Config) []Config {
	configs := make([]Config, 4)
	for i := range configs {
		c := &configs[i]
		*c = base
		c.BN, c.Seed = i != 1, uint64(i+1)
		c.Lambda, c.EtaMax = 0.003*float64(i), 0.05+0.03*float64(i)
	}
	if len(base.Hidden) == 2 {
		configs[2].Init, configs[2].Sigma = model.Normal, 1e-3
	}
	return configs
}

// distance returns the largest difference between two tensors' elements.
func distance(a, b []model.Tensor[float64]) (d float64) {
	for j := range a {
		for i, v := range a[j].Data {
			d = max(d, math.Abs(v-b[j].Data[i]))
		}
	}
	return d
}

// wide draws a set of CIFAR-10's shape: ten classes, told apart by their means.
func wide() Data[float64] {
	const d, classes = 3072, 10
	random := rand.New(rand.NewPCG(3072, 10))
	set := func(n int) Source[float64] {
		m := &memory[float64]{name: fmt.Sprint(n), log: &readings{}}
		for i := range n {
			row := make([]float64, d)
			for j := range row {
				row[j] = random.NormFloat64()
				if j%classes == i%classes {
					row[j] += 0.1
				}
			}
			m.rows, m.labels = append(m.rows, row), append(m.labels, uint8(i%classes))
		}
		return m
	}
	return Data[float64]{Dim: d, Classes: classes, Train: set(400), Val: set(20), Test: set(20)}
}
