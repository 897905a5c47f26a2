package model

import "bnlab/blas"

// Statistics names those with which batch normalisation evaluates.
type Statistics string

// The statistics of an evaluation. Precise and adaptive ones are measured by a Population,
// those of a mini-batch by the mode EvalBatch.
const (
	Running  Statistics = "running"  // the moving average of a training
	Precise  Statistics = "precise"  // over mini-batches of training images (Wu and Johnson 2021)
	Adaptive Statistics = "adaptive" // over all images that are evaluated (Li et al. 2016)
	OfBatch  Statistics = "batch"    // of each mini-batch of the evaluation
)

// Population measures statistics of batch normalisation with fixed weights and has a
// network evaluate with them. The running statistics are back, to the bit, after Restore.
type Population[T blas.Float] struct {
	norms    []*batchNorm[T] // of the hidden layers
	net      *Network[T]
	running  [][]T           // of each layer: its mean, then its variance
	measured []pooledMoments // of each layer
}

// pooledMoments are mean and variance of units over the images of several batches.
type pooledMoments struct {
	images     float64
	mean, vari []float64
}

// NewPopulation returns one for a network, which must not be trained until Restore.
func NewPopulation[T blas.Float](net *Network[T]) *Population[T] {
	p := &Population[T]{net: net}
	for l := range net.layers {
		if bn := net.layers[l].bn; bn != nil {
			p.norms = append(p.norms, bn)
			p.running = append(p.running, append(append([]T{}, bn.runMean...), bn.runVar...))
			p.measured = append(p.measured, pooledMoments{mean: make([]float64, bn.units), vari: make([]float64, bn.units)})
		}
	}
	return p
}

// Layers returns how many layers normalise.
func (p *Population[T]) Layers() int { return len(p.norms) }

// Add measures the batch x (n×In) in the layers from first, counted from 0, up to, not
// including, last. The layers that Use has given their statistics normalise by these, the
// others by those of the batch. Batches count by their images.
func (p *Population[T]) Add(x blas.Matrix[T], first, last int) {
	p.net.Forward(x, EvalBatch)
	for i := first; i < last; i++ {
		p.measured[i].add(float64(x.Rows), toFloat64(p.norms[i].mu), toFloat64(p.norms[i].v))
	}
}

// add takes in a batch: its images, mean and variance (Chan et al. 1979). Over batches of
// one size mean becomes the mean of the means m, and vari mean(v + m²) − mean(m)² without
// the cancellation.
func (m *pooledMoments) add(images float64, mean, vari []float64) {
	m.images += images
	share := images / m.images
	for j := range mean {
		d := mean[j] - m.mean[j]
		m.mean[j] += share * d
		m.vari[j] += share * (vari[j] - m.vari[j] + (1-share)*d*d)
	}
}

// Use has the layers from first up to, not including, last normalise by what Add has
// measured, in the mode Eval and in further calls of Add.
func (p *Population[T]) Use(first, last int) {
	for i := first; i < last; i++ {
		bn, m := p.norms[i], p.measured[i]
		bn.known = true
		for j := range m.mean {
			bn.runMean[j], bn.runVar[j] = T(m.mean[j]), T(m.vari[j])
		}
	}
}

// Restore brings the running statistics back, and forgets what was measured.
func (p *Population[T]) Restore() {
	for i, bn := range p.norms {
		bn.known, p.measured[i].images = false, 0
		clear(p.measured[i].mean)
		clear(p.measured[i].vari) // a NaN would stay
		copy(bn.runVar, p.running[i][copy(bn.runMean, p.running[i]):])
	}
}

func toFloat64[T blas.Float](s []T) []float64 {
	wide := make([]float64, len(s))
	for i, v := range s {
		wide[i] = float64(v)
	}
	return wide
}
