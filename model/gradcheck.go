package model

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"bnlab/blas"
)

// Limits of the gradient check: a tensor passes if its relative error or its largest
// absolute difference is within its limit. The absolute limit is for biases under
// batch normalisation, whose gradient is 0.
const (
	MaxRelErr  = 1e-6
	MaxAbsDiff = 1.5e-8
)

// Steps h of the central difference, from the first, divided by ten while the input of a
// ReLU, or of another activation with a kink at 0, changes sign between θ−h and θ+h, so
// that the cost has a kink there, down to the last.
const (
	firstDifference = 1e-5
	lastDifference  = 1e-8
)

// TensorCheck is the outcome of the gradient check of one tensor.
type TensorCheck struct {
	Layer      int     `json:"layer"`
	Name       Kind    `json:"name"`
	Checked    int     `json:"checked"`      // elements compared
	Of         int     `json:"of"`           // elements in the tensor
	Kinks      int     `json:"kinks"`        // elements left out: a ReLU's input changes sign at every step size
	RelErr     float64 `json:"rel_err"`      // ‖ga−gn‖/max(1e-6, ‖ga‖+‖gn‖)
	MaxAbsDiff float64 `json:"max_abs_diff"` // max |ga−gn|
	OK         bool    `json:"ok"`
}

// CheckGradient compares Grads of net k, as left by Gradient, with central
// differences (J(θ+h) − J(θ−h))/2h of the cost on x (n×In) and labels (n), using batch
// statistics. It compares sample elements of each tensor, drawn from seed without
// replacement, or all if sample is 0 or exceeds their number; frozen tensors, whose gradient
// is not computed, are left out. Parameters and running
// statistics are left unchanged, even if it stops early with the error of ctx or with
// ErrNotFinite.
func CheckGradient(ctx context.Context, net *Network[float64], k int, x blas.Matrix[float64], labels []uint8, lambda float64, sample int, seed uint64) ([]TensorCheck, error) {
	random := rand.New(rand.NewPCG(seed, 0))
	c := checker{net: net, k: k, x: x, labels: labels, lambda: lambda}
	c.cost()
	c.pattern = c.sides(nil)
	var checks []TensorCheck
	for _, t := range net.Tensors(k) {
		if t.Grad == nil || net.Spec.Frozen.Has(t.Layer, t.Kind) {
			continue
		}
		index := random.Perm(len(t.Data))
		if sample > 0 && sample < len(index) {
			index = index[:sample]
		}
		check, err := c.tensor(ctx, t, index)
		if err != nil {
			return nil, err
		}
		checks = append(checks, check)
	}
	return checks, nil
}

// ErrNotFinite is the error for a cost or gradient that is NaN or infinite and so cannot
// be checked.
var ErrNotFinite = errors.New("the cost or its gradient is not finite")

// checker evaluates the cost of one net and watches its ReLUs.
type checker struct {
	net     *Network[float64]
	k       int // the net checked
	x       blas.Matrix[float64]
	labels  []uint8
	lambda  float64
	pattern []bool // which ReLUs are active at θ
	now     []bool
}

func (c *checker) tensor(ctx context.Context, t Tensor[float64], index []int) (TensorCheck, error) {
	check := TensorCheck{Layer: t.Layer, Name: t.Kind, Of: len(t.Data)}
	var diff, analytic, numeric float64 // norms
	for _, i := range index {
		if err := ctx.Err(); err != nil {
			return check, err
		}
		gn, ok := c.difference(&t.Data[i])
		if !ok {
			check.Kinks++
			continue
		}
		ga := t.Grad[i]
		if sum := math.Abs(ga) + math.Abs(gn); math.IsNaN(sum) || math.IsInf(sum, 0) {
			return check, fmt.Errorf("layer %d, %s: %w", t.Layer, t.Kind, ErrNotFinite)
		}
		check.Checked++
		check.MaxAbsDiff = max(check.MaxAbsDiff, math.Abs(ga-gn))
		diff = math.Hypot(diff, ga-gn) // the square of a large gradient overflows
		analytic, numeric = math.Hypot(analytic, ga), math.Hypot(numeric, gn)
	}
	check.RelErr = diff / max(1e-6, analytic+numeric)
	check.OK = check.Checked > 0 && (check.RelErr <= MaxRelErr || check.MaxAbsDiff <= MaxAbsDiff)
	return check, nil
}

// difference returns the central difference of the cost in *theta, and whether there was
// a step over which no ReLU switched.
func (c *checker) difference(theta *float64) (float64, bool) {
	at := *theta
	defer func() { *theta = at }()
	for h := firstDifference; h > lastDifference/2; h /= 10 {
		*theta = at + h
		up, smoothUp := c.cost(), c.smooth()
		*theta = at - h
		down, smoothDown := c.cost(), c.smooth()
		if smoothUp && smoothDown {
			return (up - down) / (2 * h), true
		}
	}
	return 0, false
}

// cost returns J = mean loss + λ·Penalty.
func (c *checker) cost() float64 {
	score := c.net.Score(c.x, c.labels, Batch)[c.k]
	return score.MeanCost() + c.lambda*c.net.Penalty(c.k)
}

// smooth reports whether the same ReLUs are active as at θ.
func (c *checker) smooth() bool {
	c.now = c.sides(c.now[:0])
	return slices.Equal(c.now, c.pattern)
}

// sides appends, for every hidden unit and image, on which side of a kink its activation
// is, if it has one: whether a ReLU is active.
// Of a hinge loss it appends on which side each margin is.
func (c *checker) sides(on []bool) []bool {
	if c.net.Spec.each(c.k).Loss == Hinge {
		last := &c.net.layers[len(c.net.layers)-1]
		on = within(on, last.outOf(last.view(last.out, c.x.Rows), c.k), c.labels)
	}
	for l := range c.net.layers[:len(c.net.layers)-1] {
		ly := &c.net.layers[l]
		if !ly.act.of.Kinked() {
			continue
		}
		shown, above := ly.out, 0.0
		if c.net.Spec.NormAfter && ly.act.slope != nil { // and out is normalised
			shown, above = ly.act.slope, 0.5
		}
		out := ly.outOf(ly.view(shown, c.x.Rows), c.k)
		for i := range out.Rows {
			for _, v := range out.Row(i) {
				on = append(on, v > above)
			}
		}
	}
	return on
}
