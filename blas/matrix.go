package blas

import (
	"unsafe"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
)

// Float is the element type of a matrix: single or double precision.
type Float interface {
	float32 | float64
}

// Element is what a matrix can hold: numbers to compute with, or operands of a product.
type Element interface {
	Float | Half
}

// Bits returns 32 for float32 and 64 for float64.
func Bits[T Float]() int {
	return 8 * int(unsafe.Sizeof(T(0)))
}

// Matrix is a Rows×Cols matrix stored row by row: element (i, j) is
// Data[i*Stride+j]. The memory is that of gonum's blas32.General and
// blas64.General, so the conversions below share the elements.
//
// A Matrix is a view: copying the struct does not copy the elements.
type Matrix[T Element] struct {
	Rows, Cols int
	Data       []T
	Stride     int
}

// New returns a rows×cols matrix of zeros, rows contiguous.
func New[T Element](rows, cols int) Matrix[T] {
	if rows < 0 || cols < 0 {
		panic(badSize)
	}
	return Of(rows, cols, make([]T, rows*cols))
}

// NewSpaced returns a rows×cols matrix of zeros with padded rows. Rows that fill whole
// pages, such as those of 3072 numbers, map to the same sets of a CPU's first-level
// cache, and a product that copies several of them at once loses a tenth of its speed.
func NewSpaced[T Element](rows, cols int) Matrix[T] {
	return New[T](rows, cols+padding).ColBlock(0, cols)
}

const padding = 16 // elements: one or two cache lines

// Of returns a rows×cols view of data, whose length must be rows·cols.
func Of[T Element](rows, cols int, data []T) Matrix[T] {
	if rows < 0 || cols < 0 {
		panic(badSize)
	}
	if len(data) != rows*cols {
		panic(badLength)
	}
	return Matrix[T]{Rows: rows, Cols: cols, Data: data, Stride: max(cols, 1)}
}

// Row returns row i, of length Cols, as a view.
func (m Matrix[T]) Row(i int) []T {
	if uint(i) >= uint(m.Rows) {
		panic(badRow)
	}
	if m.Cols == 0 {
		return nil
	}
	start := i * m.Stride
	return m.Data[start : start+m.Cols : start+m.Cols]
}

// At returns element (i, j).
func (m Matrix[T]) At(i, j int) T { return m.Row(i)[j] }

// Set sets element (i, j) to v.
func (m Matrix[T]) Set(i, j int, v T) { m.Row(i)[j] = v }

// Slice returns the view of rows i0 … i1−1 and columns j0 … j1−1. The stride is kept,
// so one matrix can hold the blocks of several networks.
func (m Matrix[T]) Slice(i0, i1, j0, j1 int) Matrix[T] {
	if i0 < 0 || i1 < i0 || m.Rows < i1 || j0 < 0 || j1 < j0 || m.Cols < j1 {
		panic(badSlice)
	}
	v := Matrix[T]{Rows: i1 - i0, Cols: j1 - j0, Stride: m.Stride}
	if v.Rows > 0 && v.Cols > 0 {
		v.Data = m.Data[i0*m.Stride+j0 : (i1-1)*m.Stride+j1]
	}
	return v
}

// RowBlock returns the view of rows i0 … i1−1.
func (m Matrix[T]) RowBlock(i0, i1 int) Matrix[T] { return m.Slice(i0, i1, 0, m.Cols) }

// ColBlock returns the view of columns j0 … j1−1.
func (m Matrix[T]) ColBlock(j0, j1 int) Matrix[T] { return m.Slice(0, m.Rows, j0, j1) }

// General32 returns m as gonum's single precision matrix, sharing its elements.
func General32(m Matrix[float32]) blas32.General {
	return blas32.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Stride, Data: m.Data}
}

// General64 returns m as gonum's double precision matrix, sharing its elements.
// mat.Dense accepts it with SetRawMatrix.
func General64(m Matrix[float64]) blas64.General { return blas64.General(m) }

// Transpose says whether a product uses a matrix as it is or transposed.
type Transpose = blas.Transpose

// The two values of Transpose in use.
const (
	NoTrans = blas.NoTrans
	Trans   = blas.Trans
)

// shape returns the rows and columns of op(a).
func shape[T Element](t Transpose, a Matrix[T]) (rows, cols int) {
	switch t {
	case NoTrans:
		return a.Rows, a.Cols
	case Trans:
		return a.Cols, a.Rows
	}
	panic(badTranspose)
}

// block returns rows or columns of m, from one up to but excluding another.
func block[T Element](m Matrix[T], rows bool, from, to int) Matrix[T] {
	if rows {
		return m.RowBlock(from, to)
	}
	return m.ColBlock(from, to)
}

func empty[T Element](m Matrix[T]) bool { return m.Rows == 0 || m.Cols == 0 }

func sameShape[A, B Element](a Matrix[A], b Matrix[B]) bool {
	return a.Rows == b.Rows && a.Cols == b.Cols
}

// Panic messages: each is a bug in the program, never bad input.
const (
	badSize   = "blas: negative number of rows or columns"
	badLength = "blas: length of data is not rows times columns"
	badRow    = "blas: row out of range"
	badSlice  = "blas: slice out of range"
	badShape  = "blas: shapes do not match"

	badTranspose = "blas: transpose is neither NoTrans nor Trans"
)
