package train

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/model"
)

// TestExtremes: with rates, decays and weights as small and as large as numbers
// get, a training is sound, which is finite and the same after JSON, or it is
// marked as diverged.
func TestExtremes(t *testing.T) {
	t.Run("float32", func(t *testing.T) { checkExtremes[float32](t, F32) })
	t.Run("float64", func(t *testing.T) { checkExtremes[float64](t, F64) })
}

func checkExtremes[T blas.Float](t *testing.T, p Precision) {
	sigma := func(v float64) func(*Config) { return func(c *Config) { c.Init, c.Sigma = model.Normal, v } }
	lambda := func(v float64) func(*Config) { return func(c *Config) { c.Lambda = v } }
	eta := func(v float64) func(*Config) { return func(c *Config) { c.EtaMin, c.EtaMax = v, v } }
	for name, v := range map[string]struct {
		change   func(*Config)
		same     func(*Config) // a training that ends in the same net
		diverges bool
	}{
		"λ tiny":            {lambda(1e-300), lambda(0), false},
		"λ smallest":        {lambda(5e-324), lambda(0), false},
		"λ that clears W":   {func(c *Config) { c.EtaMin, c.EtaMax, c.Lambda = 0.125, 0.125, 4 }, nil, false},
		"λ huge":            {lambda(1e30), nil, true},
		"λ largest":         {lambda(math.MaxFloat64), nil, true},
		"η 0":               {eta(0), nil, false},
		"η tiny":            {eta(1e-300), eta(0), false},
		"η of 0 to tiny":    {func(c *Config) { c.EtaMin, c.EtaMax = 0, 5e-324 }, eta(0), false},
		"η huge":            {eta(1e30), nil, true},
		"η largest":         {eta(math.MaxFloat64), nil, true},
		"η of 0 to largest": {func(c *Config) { c.EtaMin, c.EtaMax = 0, math.MaxFloat64 }, nil, true},
		"σ tiny":            {sigma(1e-37), nil, false},
		"σ huge":            {sigma(1e37), nil, p == F32},
		"ε 0":               {func(c *Config) { c.BNEps = 0 }, nil, false},
		"ε tiny":            {func(c *Config) { c.BNEps = 1e-300 }, func(c *Config) { c.BNEps = 0 }, false},
		"α nearly 1":        {func(c *Config) { c.BNAlpha = 1 - 0x1p-53 }, nil, false},
		"two images":        {func(c *Config) { c.Batch = 2 }, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := small()
			c.Precision = p
			v.change(&c)
			got := fitAll[T](t, c)
			soundOrDiverged(t, got, v.diverges)
			if v.same != nil {
				c := small()
				c.Precision = p
				v.same(&c)
				want := fitAll[T](t, c)
				if diff := cmp.Diff(want.results, got.results); diff != "" {
					t.Error(diff)
				}
				for i, p := range want.tensors(0) {
					near := func(a, b T) bool { return math.Abs(float64(a-b)) < 1e-290 } // a bias of 0 moves by η
					if !slices.EqualFunc(p.Data, got.tensors(0)[i].Data, near) {
						t.Errorf("other %s", p.Name)
					}
				}
			}
		})
	}
}

func soundOrDiverged[T blas.Float](t *testing.T, o outcome[T], diverges bool) {
	t.Helper()
	r := o.results[0]
	if r.Diverged != diverges || (r.Final == nil) != diverges {
		t.Fatalf("%+v, want diverged: %v", r, diverges)
	}
	var again Result
	if text, err := json.Marshal(r); err != nil {
		t.Error(err)
	} else if err := json.Unmarshal(text, &again); err != nil || !cmp.Equal(r, again) {
		t.Errorf("%s, %v", cmp.Diff(r, again), err)
	}
	for _, p := range o.points[0] {
		if !p.finite() || p.TrainLoss < 0 || p.ValLoss < 0 {
			t.Errorf("point %+v", p)
		}
	}
	if !diverges && (!r.Final.finite() || !finite(r.Final.TestCost) || !o.nets.Network.Finite(0)) {
		t.Errorf("final %+v", r.Final)
	}
}

// TestBadImages: dimensions in which all images are the same teach nothing, and a
// NaN or an Inf in an image of whatever set is never in a table of results.
func TestBadImages(t *testing.T) {
	t.Run("float32", func(t *testing.T) { checkBadImages[float32](t, F32) })
	t.Run("float64", func(t *testing.T) { checkBadImages[float64](t, F64) })
}

func checkBadImages[T blas.Float](t *testing.T, p Precision) {
	nan, inf := math.NaN(), math.Inf(1)
	rows := func(s Source[T]) [][]float64 { return s.(*memory[T]).rows }
	constant := func(d Data[T], dims int) {
		for _, set := range []Source[T]{d.Train, d.Val, d.Test} {
			for _, row := range rows(set) {
				clear(row[:dims])
			}
		}
	}
	for name, v := range map[string]struct {
		spoil    func(Data[T])
		diverges bool
	}{
		"constant dimension": {func(d Data[T]) { constant(d, 1) }, false},
		"all constant":       {func(d Data[T]) { constant(d, dim) }, false},
		"NaN to train":       {func(d Data[T]) { rows(d.Train)[7][3] = nan }, true},
		"Inf to train":       {func(d Data[T]) { rows(d.Train)[7][3] = inf }, true},
		"NaN to validate":    {func(d Data[T]) { rows(d.Val)[7][3] = nan }, true},
		"NaN to test":        {func(d Data[T]) { rows(d.Test)[7][3] = nan }, true},
		"Inf to test":        {func(d Data[T]) { rows(d.Test)[7][3] = -inf }, true},
	} {
		for _, bn := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				c := small()
				c.Precision, c.BN, c.Lambda = p, bn, 0
				data, _ := draw[T]()
				v.spoil(data)
				rec := &notes{}
				results, nets, err := Fit(t.Context(), []Config{c}, data, rec)
				if err != nil {
					t.Fatal(err)
				}
				soundOrDiverged(t, outcome[T]{results: results, nets: nets, points: rec.points}, v.diverges)
				if !v.diverges {
					unmoved(t, c, nets, data)
				}
			})
		}
	}
}

// unmoved checks that the weights of dimensions that are 0 everywhere are as they
// were drawn.
func unmoved[T blas.Float](t *testing.T, c Config, nets Fitted[T], data Data[T]) {
	t.Helper()
	drawn, err := model.New[T](nets.Network.Spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := drawn.Init(0, c.Init, c.Sigma, c.Seed); err != nil {
		t.Fatal(err)
	}
	before, after := drawn.Tensors(0)[0].Data, nets.Network.Tensors(0)[0].Data
	for j, v := range data.Train.(*memory[T]).rows[0] {
		for unit := range c.Hidden[0] {
			if at := unit*dim + j; v == 0 && before[at] != after[at] {
				t.Errorf("weight of unit %d and the constant dimension %d moves from %g to %g", unit, j, before[at], after[at])
			}
		}
	}
}
