package model

import (
	"math"
	"strconv"

	"bnlab/blas"
)

// Tensor is a named view of one parameter, or running statistic, of one net.
type Tensor[T blas.Float] struct {
	Layer int    // 1 for the first
	Kind  Kind   // what it is
	Name  string // PyTorch's, such as 0.weight, in Sequential(Linear, BatchNorm1d or LayerNorm, ReLU, …, Linear)
	Shape []int  // out×in for W, else units
	Data  []T    // the values, row by row
	Grad  []T    // the gradient; nil for running statistics
}

// BatchNorm reports whether net k has batch normalisation in its hidden layers.
func (net *Network[T]) BatchNorm(k int) bool { return k < net.Spec.BatchNorm }

// Tensors returns views of the parameters and running statistics of net k, layer by
// layer: W, b, γ, β, and of batch normalisation running mean and running variance. Like Params it converts them to
// their plain form; call it again after a Step.
func (net *Network[T]) Tensors(k int) []Tensor[T] {
	net.layers[0].applyScale(k)
	net.shown()
	var ts []Tensor[T]
	module := 0 // index in PyTorch's Sequential
	for l := range net.layers {
		ly := &net.layers[l]
		add := func(kind Kind, name string, data, grad []T, shape ...int) {
			n := len(data) / net.Spec.Nets
			if kind != Weight && kind != Bias {
				n = ly.fanOut
			}
			t := Tensor[T]{Layer: l + 1, Kind: kind, Name: strconv.Itoa(module) + "." + name, Shape: shape, Data: data[k*n : (k+1)*n]}
			if grad != nil {
				t.Grad = grad[k*n : (k+1)*n]
			}
			ts = append(ts, t)
		}
		width := ly.fanOut
		add(Weight, "weight", ly.w.Data, ly.dw.Data, width, ly.fanIn)
		add(Bias, "bias", ly.b, ly.db, width)
		module++
		if net.Spec.NormAfter {
			module++ // ReLU
		}
		if g := ly.gain(); g != nil && net.normalises(k) {
			add(Gamma, "weight", g.gamma, g.dgamma, width)
			add(Beta, "bias", g.beta, g.dbeta, width)
			if bn := ly.bn; bn != nil {
				add(RunMean, "running_mean", bn.runMean, nil, width)
				add(RunVar, "running_var", bn.runVar, nil, width)
			}
			module++
		}
		if !net.Spec.NormAfter {
			module++ // ReLU
		}
	}
	return ts
}

// SquaredWeights returns Σ‖W‖² over all weights of net k, the L2 term of its
// cost for λ = 1.
func (net *Network[T]) SquaredWeights(k int) float64 {
	sum := 0.0
	for l := range net.layers {
		ly := &net.layers[l]
		w, scale := ly.outOf(ly.w, k).Data, float64(ly.weightScale[k*ly.fanOut])
		sum += scale * scale * float64(blas.Dot(w, w))
	}
	return sum
}

// Penalty returns the L2 term of the cost of net k for λ = 1: Σ‖W‖², or where λ applies to
// all parameters Σ‖θ‖² over these.
func (net *Network[T]) Penalty(k int) float64 {
	sum := net.SquaredWeights(k)
	if !net.Spec.each(k).DecayAll {
		return sum
	}
	for l := range net.layers {
		ly := &net.layers[l]
		vectors := [][]T{ly.b[k*ly.fanOut : (k+1)*ly.fanOut]}
		if g := ly.gain(); g != nil && net.normalises(k) {
			vectors = append(vectors, g.gamma[k*ly.fanOut:(k+1)*ly.fanOut], g.beta[k*ly.fanOut:(k+1)*ly.fanOut])
		}
		for _, v := range vectors {
			sum += float64(blas.Dot(v, v))
		}
	}
	return sum
}

// State returns all numbers that a training of net k needs to go on: its tensors, and then
// the moments of the optimiser, if any. Like Tensors it converts to the plain form.
func (net *Network[T]) State(k int) (all [][]T) {
	for _, t := range net.Tensors(k) {
		all = append(all, t.Data)
	}
	if net.optimiser != nil {
		all = append(all, net.optimiser.of(k)...)
	}
	return all
}

// Finite reports whether every parameter and running statistic of net k is a
// finite number.
func (net *Network[T]) Finite(k int) bool {
	for _, t := range net.Tensors(k) {
		for _, v := range t.Data {
			if d := float64(v); math.IsNaN(d) || math.IsInf(d, 0) {
				return false
			}
		}
	}
	return true
}

// SetUpdates sets how many updates a training has done that resumes with values written
// to State. The first one sets the running statistics, every later one moves them; Adam
// corrects the bias of its moments by their number, from which also follows what is dropped.
func (net *Network[T]) SetUpdates(n int64) {
	net.updates = n
	for l := range net.layers {
		if bn := net.layers[l].bn; bn != nil {
			bn.tracked = n
		}
	}
}
