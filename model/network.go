package model

import "bnlab/blas"

// Mode says which statistics batch normalisation uses in a forward pass, and whether
// dropout drops: not in evaluation, else as in the next step.
type Mode int

const (
	Eval      Mode = iota // the running statistics, or those that a Population has measured
	Batch                 // those of the batch, leaving the running statistics unchanged
	Train                 // those of the batch, updating the running statistics
	EvalBatch             // those of the batch where a Population has not measured others, with no dropout
)

// trains reports whether the mode is that of a training step, in which dropout drops.
func (m Mode) trains() bool { return m == Batch || m == Train }

// Network is one net, or several nets of the same shape side by side, with all
// parameters in one slice, all gradients in another, and every workspace allocated at
// construction.
//
// The parameters are ordered tensor by tensor, and within a tensor net by net: the
// weights of layer 1 of all nets, their biases, γ and β of layer 1 of the nets
// that normalise, then layer 2. The gradients have the same order.
type Network[T blas.Float] struct {
	Spec  Spec
	Grads []T

	params  []T
	layers  []layer[T]
	scratch []T // widest hidden layer of all nets × MaxRows
	ones    []T // MaxRows
	scores  []Score
	softmax softmax[T]
	update  update[T]

	skips     []int         // of each hidden layer, the one whose output is added to its S, −1 for none
	lowest    int           // layer of which something is not frozen
	parts     []part        // the tensors of each net, as ranges of params
	optimiser *optimiser[T] // nil where a step is part of the backward pass
	updates   int64         // done
}

// New returns a network of zeros; Init draws its weights.
func New[T blas.Float](spec Spec) (*Network[T], error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	widths, size := spec.widths(), spec.Parameters()
	net := &Network[T]{
		Spec:    spec,
		params:  make([]T, size),
		Grads:   make([]T, size),
		layers:  make([]layer[T], len(widths)),
		scratch: make([]T, spec.MaxRows*spec.Nets*spec.widest()),
		ones:    make([]T, spec.MaxRows),
		scores:  make([]Score, spec.Nets),
		softmax: newSoftmax[T](spec.MaxRows),
		update:  newUpdate[T](spec.Nets),
		skips:   spec.skips(),
		lowest:  spec.lowest(),
	}
	fill(net.ones, 1)
	net.parts = net.bind(widths)
	net.optimiser = newOptimiser[T](spec.Optimiser, spec.Moments(), size, net.parts)
	return net, nil
}

// Mixed reports whether the last bits of a net depend on the nets beside it, in training on
// mini-batches of rows images or in the evaluations so far. With one net they never do,
// with several only on some BLAS kernels (blas.GemmBlocks).
func (net *Network[T]) Mixed(rows int) bool {
	l := &net.layers[0]
	units, terms := l.nets*l.fanOut, rows
	if net.Spec.Half {
		terms = blas.HalfDepth(rows)
	}
	return l.mixed || !blas.BlocksAlone[T](l.nets, net.Spec.Half, blas.Trans, units, rows, l.fanIn, false) ||
		!blas.BlocksAlone[T](l.nets, net.Spec.Half, blas.NoTrans, units, l.fanIn, terms, net.optimiser == nil)
}

// Params returns all parameters in their plain form. Step leaves some in a cheaper form;
// converting them rounds, so two trainings are bit-identical only if they call Params
// after the same steps. Score and SquaredWeights only read.
func (net *Network[T]) Params() []T {
	for k := range net.Spec.Nets {
		net.layers[0].applyScale(k)
	}
	net.shown()
	return net.params
}

// shown has the next passes expect other weights than those of the last step, until the
// step after, for somebody may write to them.
func (net *Network[T]) shown() {
	for l := range net.layers {
		if r := net.layers[l].rounded; r != nil {
			r.isW = false
		}
	}
}

// Forward computes the logits of x (n×In, n ≤ MaxRows) as a (Nets·Out)×n matrix: one row
// per class, one column per image, the rows of each net together. They are valid until
// the next call.
func (net *Network[T]) Forward(x blas.Matrix[T], mode Mode) blas.Matrix[T] {
	if x.Cols != net.Spec.In || x.Rows < 1 || x.Rows > net.Spec.MaxRows {
		panic(badInput)
	}
	a, n := x, x.Rows
	for l := range net.layers {
		ly := &net.layers[l]
		s := ly.view(ly.out, n)
		ly.forward(a, s)
		if l < len(net.layers)-1 {
			net.forwardHidden(l, s, mode)
		}
		a = s
	}
	return a
}

// forwardHidden turns s (units×n) from S of hidden layer l into what the next layer reads: S plus
// what is added, normalised, through the activation, or these two the other way round, with
// units dropped.
func (net *Network[T]) forwardHidden(l int, s blas.Matrix[T], mode Mode) {
	ly := &net.layers[l]
	net.skip(l, s)
	if !net.Spec.NormAfter {
		net.normalise(l, s, mode)
	}
	ly.act.forward(s)
	if net.Spec.NormAfter {
		net.normalise(l, s, mode)
	}
	if mode.trains() {
		net.drop(l, s)
	}
}

// backward goes from ∂J/∂logits, in the last layer's d, down to the lowest layer that is not
// frozen, and updates as net.update says. x is the input of the last Forward.
func (net *Network[T]) backward(x blas.Matrix[T]) {
	n := x.Rows
	for l := len(net.layers) - 1; l >= net.lowest; l-- {
		ly := &net.layers[l]
		d := ly.view(ly.d, n)
		if l < len(net.layers)-1 {
			net.backwardHidden(l, d)
		}
		a, da := x, blas.Matrix[T]{}
		if l > 0 {
			below := &net.layers[l-1]
			a = below.view(below.out, n)
			if l > net.lowest {
				da = below.view(below.d, n)
			}
		}
		ly.backward(a, d, da, net.ones[:n], &net.update)
	}
}

// backwardHidden turns d (units×n) of hidden layer l from ∂J/∂A, as the layer above left it,
// into ∂J/∂S, the steps of forwardHidden backwards.
func (net *Network[T]) backwardHidden(l int, d blas.Matrix[T]) {
	ly := &net.layers[l]
	net.skipBackward(l, d)
	net.drop(l, d)
	if net.Spec.NormAfter {
		net.normaliseBackward(l, d)
	}
	ly.act.backward(ly.view(ly.out, d.Cols), d)
	if !net.Spec.NormAfter {
		net.normaliseBackward(l, d)
	}
}

// scratchFor returns a contiguous scratch matrix of the shape of s.
func (net *Network[T]) scratchFor(s blas.Matrix[T]) blas.Matrix[T] {
	return blas.Of(s.Rows, s.Cols, net.scratch[:s.Rows*s.Cols])
}

// score compares logits with labels, net by net, in the last layer's d, and leaves
// ∂L/∂logits there if gradient is set. The result is valid until the next call.
func (net *Network[T]) score(logits blas.Matrix[T], labels []uint8, gradient bool) []Score {
	if len(labels) != logits.Cols {
		panic(badLabels)
	}
	last := &net.layers[len(net.layers)-1]
	d := last.view(last.d, logits.Cols)
	copy(d.Data, logits.Data)
	for k := range net.scores {
		net.scores[k] = net.softmax.scoreBy(net.Spec.each(k), last.outOf(d, k), labels, gradient)
	}
	return net.scores
}

// ScoreLogits returns the score of each net from logits that Forward has returned, which
// it does not change. The result is valid until the next call.
func (net *Network[T]) ScoreLogits(logits blas.Matrix[T], labels []uint8) []Score {
	return net.score(logits, labels, false)
}

// Score returns the score of each net on x (n×In) with its labels (n). The result is
// valid until the next call.
func (net *Network[T]) Score(x blas.Matrix[T], labels []uint8, mode Mode) []Score {
	return net.score(net.Forward(x, mode), labels, false)
}

// Gradient writes the gradient of each net's cost J = mean loss + λ·Penalty into Grads, 0 for
// frozen tensors, using batch statistics, and returns the scores. lambda holds one λ per
// net. Parameters and running statistics do not change.
func (net *Network[T]) Gradient(x blas.Matrix[T], labels []uint8, lambda []float64) []Score {
	net.update.gradient(net.Spec, lambda)
	copy(net.Grads, net.Params())
	for _, p := range net.parts {
		if p.frozen {
			clear(net.Grads[p.from:p.to])
		}
	}
	scores := net.score(net.Forward(x, Batch), labels, true)
	net.backward(x)
	return scores
}

// Step is one step of the optimiser on the mini-batch x (n×In) with its labels; without
// momentum it is gradient descent, θ ← θ − η·∂J/∂θ. eta and lambda hold one η and one λ
// per net. The running statistics are updated once. It returns the scores from before the
// step, and allocates nothing. Grads is used only by an optimiser that keeps moments.
func (net *Network[T]) Step(x blas.Matrix[T], labels []uint8, eta, lambda []float64) []Score {
	if net.optimiser == nil {
		net.update.step(net.Spec, eta, lambda)
	} else {
		net.update.lossGradient()
	}
	scores := net.score(net.Forward(x, Train), labels, true)
	net.backward(x)
	net.updates++
	if net.optimiser != nil {
		net.optimiser.step(net.updates, net.Spec.each, net.params, net.Grads, eta, lambda)
	}
	return scores
}

// Probabilities returns the class probabilities of x (n×In) in evaluation mode, in the
// shape of Forward's logits. They are valid until the next call.
func (net *Network[T]) Probabilities(x blas.Matrix[T]) blas.Matrix[T] {
	logits := net.Forward(x, Eval)
	net.ToProbabilities(logits)
	return logits
}

// ToProbabilities turns logits that Forward has returned into class probabilities: by the
// softmax, or of a net with the loss BCE by a sigmoid for each class. With the loss Hinge there
// are none, and the logits stay what they are.
func (net *Network[T]) ToProbabilities(logits blas.Matrix[T]) {
	last := &net.layers[len(net.layers)-1]
	for k := range net.Spec.Nets {
		switch of := last.outOf(logits, k); net.Spec.each(k).Loss {
		case BCE:
			sigmoids(of)
		case Hinge:
		default:
			net.softmax.probabilities(of)
		}
	}
}

const (
	badInput  = "model: input has the wrong number of rows or columns"
	badLabels = "model: not one label an image"
)
