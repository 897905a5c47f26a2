package model

import (
	"math"
	"slices"

	"bnlab/blas"
)

// Landscape is what a net meets along its gradient g, at θ − r·g for several r up to a
// reach (Santurkar et al. 2018, figure 4).
type Landscape struct {
	LossMin, LossMax     float64 // mean loss, of softmax in nats
	ChangeMin, ChangeMax float64 // ‖g(θ − r·g) − g(θ)‖
	Smoothness           float64 // the largest ‖g(θ − r·g) − g(θ)‖/‖r·g‖; 0 where g is
}

// Landscape looks at the mini-batch x (n×In) with its labels along the gradient of each
// net's cost, as Gradient has it, at r = reach·i/points for i from 1 to points. reach and
// lambda hold one number per net. Parameters and running statistics keep their bits, Grads
// does not. It costs a gradient, and one for each point.
func (net *Network[T]) Landscape(x blas.Matrix[T], labels []uint8, reach, lambda []float64, points int) []Landscape {
	seen := make([]Landscape, net.Spec.Nets)
	for k := range seen {
		seen[k].LossMin, seen[k].ChangeMin = math.Inf(1), math.Inf(1)
	}
	net.untouched(func() {
		net.Gradient(x, labels, lambda)
		theta, g := slices.Clone(net.params), slices.Clone(net.Grads)
		length := net.distances(g, nil)
		for i := 1; i <= points; i++ {
			share := float64(i) / float64(points)
			for _, p := range net.parts {
				r := T(share * reach[p.net])
				for j := p.from; j < p.to; j++ {
					net.params[j] = theta[j] - r*g[j]
				}
			}
			scores := net.Gradient(x, labels, lambda)
			for k, change := range net.distances(net.Grads, g) {
				seen[k].add(scores[k].MeanLoss(), change, share*reach[k]*length[k])
			}
		}
	})
	return seen
}

// add takes in a point at that distance from θ. A NaN stays.
func (l *Landscape) add(loss, change, distance float64) {
	l.LossMin, l.LossMax = min(l.LossMin, loss), max(l.LossMax, loss)
	l.ChangeMin, l.ChangeMax = min(l.ChangeMin, change), max(l.ChangeMax, change)
	if distance != 0 {
		l.Smoothness = max(l.Smoothness, change/distance)
	}
}

// distances returns ‖a − b‖ over the parameters of each net, ‖a‖ where b is nil. Squares are
// summed in double precision and tensor by tensor, so that a net has the bits that it has
// alone.
func (net *Network[T]) distances(a, b []T) []float64 {
	sums := make([]float64, net.Spec.Nets)
	for _, p := range net.parts {
		for j := p.from; j < p.to; j++ {
			d := float64(a[j])
			if b != nil {
				d -= float64(b[j])
			}
			sums[p.net] += d * d
		}
	}
	for k, sum := range sums {
		sums[k] = math.Sqrt(sum)
	}
	return sums
}
