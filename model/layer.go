package model

import "bnlab/blas"

// layer is one layer of all nets: S = W·A + b, in hidden layers followed by batch
// normalisation of the first nets and the activation. There is one row per unit and one column per
// image, so the rows of a net are contiguous. out and d have room for MaxRows images.
type layer[T blas.Float] struct {
	linear[T]
	bn  *batchNorm[T] // nil where no net has batch normalisation, as in the last layer
	ln  *layerNorm[T] // nil where no net has layer normalisation
	act activation[T] // of a hidden layer
	out []T           // (nets·width)×n: what the next layer reads, or the logits
	d   []T           // (nets·width)×n: gradient with respect to S̃, then to S

	noise []T // (nets·width)×n: factors of noisy batch normalisation; nil if no net has it
}

// view returns room as the layer's (nets·width)×n matrix.
func (ly *layer[T]) view(room []T, n int) blas.Matrix[T] {
	units := len(ly.weightScale)
	return blas.Of(units, n, room[:units*n])
}
