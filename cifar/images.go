package cifar

import "bnlab/blas"

// Images presents a Set standardised by a Standard: image i is a row of Dim values
// of type T, computed when asked for. Any number of goroutines may read it.
type Images[T blas.Float] struct {
	set          Set
	scale, shift []T // Dim: 1/Std and −Mean/Std
}

// NewImages returns s standardised by st. It keeps a reference to s and copies
// nothing.
func NewImages[T blas.Float](s Set, st Standard) *Images[T] {
	m := &Images[T]{set: s, scale: make([]T, Dim), shift: make([]T, Dim)}
	for j := range Dim {
		m.scale[j] = T(1 / st.Std[j])
		m.shift[j] = T(-st.Mean[j] / st.Std[j])
	}
	return m
}

// Len returns the number of images.
func (m *Images[T]) Len() int { return m.set.Len() }

// Gather sets row i of x (n×Dim) to the standardised image index[i], and labels[i] (n)
// to its label. It allocates nothing. It panics if the shapes differ or an index is out
// of range.
func (m *Images[T]) Gather(x blas.Matrix[T], labels []uint8, index []int32) {
	m.gatherLabels(x.Rows, x.Cols, labels, index)
	blas.Gather(x, m.set.Pixels, index, m.scale, m.shift)
}

// GatherHalf is Gather, rounded to bfloat16.
func (m *Images[T]) GatherHalf(x blas.Matrix[blas.Half], labels []uint8, index []int32) {
	m.gatherLabels(x.Rows, x.Cols, labels, index)
	blas.GatherHalf(x, m.set.Pixels, index, m.scale, m.shift)
}

// gatherLabels is the part of gathering a rows×cols matrix that is for the labels.
func (m *Images[T]) gatherLabels(rows, cols int, labels []uint8, index []int32) {
	if rows != len(index) || len(labels) != len(index) || cols != Dim {
		panic(badShape)
	}
	for i, k := range index {
		labels[i] = m.set.Labels[k]
	}
}
