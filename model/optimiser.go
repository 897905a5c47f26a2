package model

import "bnlab/blas"

// Optimiser names what turns gradients into a step, as in torch.optim.
type Optimiser string

// The optimisers. SGD without momentum is the study's: its step is part of the products
// of the backward pass, and it keeps nothing.
const (
	SGD   Optimiser = "sgd"   // with momentum, if any
	Adam  Optimiser = "adam"  // Kingma and Ba 2015
	AdamW Optimiser = "adamw" // with decoupled decay, Loshchilov and Hutter 2019
)

// optimiser does the steps that are a pass over gradients and moments of their own.
type optimiser[T blas.Float] struct {
	kind   Optimiser
	first  []T // in the order of the parameters: the velocity, or Adam's m
	second []T // Adam's v
	parts  []part
}

// part is a tensor of a net, as a range of the parameters.
type part struct {
	net      int
	from, to int
	weights  bool
	frozen   bool
}

// newOptimiser returns one that keeps so many moments of each of size parameters, nil where
// that is none.
func newOptimiser[T blas.Float](kind Optimiser, moments, size int, parts []part) *optimiser[T] {
	o := &optimiser[T]{kind: kind, parts: parts}
	switch moments {
	case 0:
		return nil
	case 2:
		o.second = make([]T, size)
	}
	o.first = make([]T, size)
	return o
}

// step moves theta in update t, counted from 1, by the gradients of the loss, of which the
// L2 term is no part. each, eta (η) and lambda (λ) hold one value a net.
func (o *optimiser[T]) step(t int64, each func(k int) Each, theta, grads []T, eta, lambda []float64) {
	for _, p := range o.parts {
		if p.frozen {
			continue
		}
		e, decay := each(p.net), 0.0
		if p.weights || e.DecayAll {
			decay = lambda[p.net]
		}
		x, g, first := theta[p.from:p.to], grads[p.from:p.to], o.first[p.from:p.to]
		if o.second == nil {
			blas.MomentumStep(eta[p.net], 2*decay, e.Momentum, e.Nesterov, x, g, first)
			continue
		}
		step := blas.Adam{Eta: eta[p.net], Beta1: e.Beta1, Beta2: e.Beta2, Eps: e.AdamEps, Updates: t, Decay: 2 * decay}
		if o.kind == AdamW {
			step.Decay, step.Shrink = 0, eta[p.net]*decay
		}
		blas.AdamStep(step, x, g, first, o.second[p.from:p.to])
	}
}

// clear forgets the moments of net k.
func (o *optimiser[T]) clear(k int) {
	for _, moments := range o.of(k) {
		clear(moments)
	}
}

// of returns the moments of net k, tensor by tensor.
func (o *optimiser[T]) of(k int) (all [][]T) {
	for _, p := range o.parts {
		if p.net == k {
			all = append(all, o.first[p.from:p.to])
			if o.second != nil {
				all = append(all, o.second[p.from:p.to])
			}
		}
	}
	return all
}
