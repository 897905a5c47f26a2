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

// HalfSource is a Source that can give its images rounded to bfloat16, as blas.Round would
// round those of Gather.
type HalfSource interface {
	GatherHalf(x blas.Matrix[blas.Half], labels []uint8, index []int32)
}

// Data holds the three sets of a training. Only Train is used for learning, and Test
// is read once, after the training.
type Data[T blas.Float] struct {
	Dim, Classes     int // d, and the number of classes
	Train, Val, Test Source[T]

	// Prefetch gathers the next mini-batch on another core while this one
	// trains, if a core is free. The results are the same.
	Prefetch bool
}
