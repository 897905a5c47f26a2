package train

import (
	"slices"

	"bnlab/model"
)

// EvalRows is the number of images evaluated at a time: enough for the products to
// run at full speed, few enough to stay near the caches.
const EvalRows = 500

// Bytes returns the memory in bytes that Resume needs, apart from the images, to train
// nets of the configurations side by side on images of dim pixels in the given number
// of classes: for the nets, for mini-batches, and for three states on their way to a
// Checkpointer's disk.
func Bytes(configs []Config, dim, classes int) float64 {
	spec := Spec(configs, dim, classes)
	size := float64(configs[0].Precision.Bits() / 8)
	batches := float64(EvalRows+measureRows(configs)+2*configs[0].Batch) * float64(dim)
	if slices.ContainsFunc(configs, func(c Config) bool { return c.Landscape > 0 }) {
		batches += 3 * float64(spec.Parameters()) // θ, g and what is to come back
	}
	return size * (spec.Elements() + 3*float64(1+spec.Moments())*float64(spec.Parameters()) + batches)
}

// Spec returns the shape of the nets, side by side, of configurations that share
// batches, for images of dim pixels in the given number of classes. Nets with batch
// normalisation come first. There is room for a mini-batch and for
// the images that are evaluated at a time.
func Spec(configs []Config, dim, classes int) model.Spec {
	c := configs[0]
	spec := model.Spec{
		In: dim, Hidden: c.Hidden, Out: classes, Nets: len(configs),
		LayerNorm: c.Norm == model.LayerNorm, NormAfter: c.NormAfter, NormLayers: c.NormLayers, Skip: c.Skip,
		Activation: c.Activation, Optimiser: c.Optimiser, Frozen: c.Frozen, Eps: c.BNEps, Alpha: c.BNAlpha, Half: c.Precision == BF16, MaxRows: max(c.Batch, EvalRows, measureRows(configs)),
	}
	for _, i := range netOrder(configs) {
		if configs[i].BN {
			spec.BatchNorm++
		}
		spec.Each = append(spec.Each, configs[i].each())
	}
	return spec
}

// Moments returns how many numbers the optimiser keeps beside each parameter.
func (c Config) Moments() int { return Spec([]Config{c}, 1, 1).Moments() }

// netOrder returns which configuration each net has: those with batch normalisation first.
func netOrder(configs []Config) (order []int) {
	for _, bn := range []bool{true, false} {
		for i, c := range configs {
			if c.BN == bn {
				order = append(order, i)
			}
		}
	}
	return order
}
