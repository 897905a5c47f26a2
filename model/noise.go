package model

import "bnlab/blas"

// The constants of noisy batch normalisation, after the appendix of Santurkar et al. 2018.
const (
	noiseShift    = 0.5  // the mean shift μ of a unit is uniform in [−0.5, 0.5]
	noiseScale    = 1.25 // the mean scale σ of a unit is uniform in [1, 1.25]
	noiseDistance = 0.1  // around them vary those of an image, by ±0.1, with deviation 0.1
)

// perturb applies the noise of noisy batch normalisation to hidden layer l, after S̃, in the
// rows of the nets that have it:
//
//	S̃ ← a⊙S̃ + c, with c uniform in [μ−0.1, μ+0.1] and a from N(σ, 0.1²) (see Gaussian) for each unit and image,
//
// and μ and σ of each unit drawn anew for every update, so that its distribution shifts from
// one to the next. All of them follow from seed, update, layer, unit and image of the
// mini-batch. It keeps a.
func (net *Network[T]) perturb(l int, s blas.Matrix[T]) {
	ly := &net.layers[l]
	for k := range net.Spec.BatchNorm {
		e := net.Spec.each(k)
		if !e.Noisy {
			continue
		}
		key := MaskKey(e.Seed, net.updates, noisePlace+l)
		rows, scale := ly.outOf(s, k), ly.outOf(ly.view(ly.noise, s.Cols), k)
		for j := range rows.Rows {
			perturbUnit(key, j, rows.Row(j), scale.Row(j))
		}
	}
}

// perturbBackward turns d from the gradient with respect to what the last perturb left into
// that with respect to S̃.
func (net *Network[T]) perturbBackward(l int, d blas.Matrix[T]) {
	ly := &net.layers[l]
	for k := range net.Spec.BatchNorm {
		if net.Spec.each(k).Noisy {
			blas.MultiplyBy(ly.outOf(ly.view(ly.noise, d.Cols), k), ly.outOf(d, k))
		}
	}
}

// noisePlace is that of the noise of the first hidden layer; the masks of dropout have
// smaller ones.
const noisePlace = 1 << 20

// perturbUnit does so for unit j, of which row has a number an image, and leaves a in scale.
func perturbUnit[T blas.Float](key uint64, j int, row, scale []T) {
	key = splitMix(key + uint64(j))
	mu := noiseShift * (2*Uniform(key, 0) - 1)
	sigma := 1 + (noiseScale-1)*Uniform(key, 1)
	for i := range row {
		bits := Bits(key, 2+uint64(i))
		scale[i] = T(sigma + float64(noiseDistance*Gaussian(bits)))
		row[i] = T(scale[i]*row[i]) + T(mu+float64(noiseDistance*(float64(bits>>32)*0x1p-31-1)))
	}
}

// noisy reports whether there is noise after batch normalisation in one of the nets.
func (s Spec) noisy() bool {
	for k := range s.BatchNorm {
		if s.each(k).Noisy {
			return true
		}
	}
	return false
}
