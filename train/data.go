package train

import "bnlab/blas"

// Source is a set of labelled images that can be read in any order.
type Source[T blas.Float] interface {
	// Len returns the number of images.
	Len() int
	// Gather writes the standardised image index[i] to row i of x
	// (len(index)×d) and its label to labels[i].
	Gather(x blas.Matrix[T], labels []uint8, index []int32)
}

// Data are the three sets of a training. Only Train is learnt from, and Test is
// read once, when the training is over.
type Data[T blas.Float] struct {
	Dim, Classes     int // d, and the number of classes
	Train, Val, Test Source[T]

	// Prefetch says to gather the next mini-batch on another core while this one
	// trains, if there is a core to spare. The results are the same.
	Prefetch bool
}
