package blas

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"
)

func TestViewsShareElements(t *testing.T) {
	m := Of(3, 4, []float64{
		0, 1, 2, 3,
		10, 11, 12, 13,
		20, 21, 22, 23,
	})
	v := m.Slice(1, 3, 1, 3) // 11 12 / 21 22
	if diff := cmp.Diff([]float64{21, 22}, v.Row(1)); diff != "" {
		t.Error(diff)
	}
	v.Set(0, 1, -1)
	if m.At(1, 2) != -1 {
		t.Error("Set on a view did not reach the matrix")
	}
	if got := v.ColBlock(1, 2).RowBlock(1, 2).At(0, 0); got != 22 {
		t.Errorf("view of a view: got %v, want 22", got)
	}
	if row := v.Row(0); cap(row) != 2 {
		t.Errorf("append to a row of a view would overwrite its neighbour: capacity %d, want 2", cap(row))
	}
}

// TestNewSpaced: rows that are whole pages long must not begin whole pages apart.
func TestNewSpaced(t *testing.T) {
	m := NewSpaced[float32](3, 3072)
	if m.Rows != 3 || m.Cols != 3072 || len(m.Row(2)) != 3072 {
		t.Errorf("%d×%d, rows of %d", m.Rows, m.Cols, len(m.Row(2)))
	}
	if m.Stride*4%4096 == 0 {
		t.Errorf("rows lie %d elements apart", m.Stride)
	}
	if v := NewSpaced[float64](0, 5); v.Rows != 0 || v.Cols != 5 {
		t.Errorf("no rows: %d×%d", v.Rows, v.Cols)
	}
}

func TestEmptyMatrices(t *testing.T) {
	for _, s := range [][2]int{{0, 0}, {0, 3}, {3, 0}} {
		m := New[float32](s[0], s[1])
		if v := m.Slice(0, s[0], 0, s[1]); v.Rows != s[0] || v.Cols != s[1] {
			t.Errorf("%v: slice is %d×%d", s, v.Rows, v.Cols)
		}
		for i := range m.Rows {
			if len(m.Row(i)) != 0 {
				t.Errorf("%v: row %d is not empty", s, i)
			}
		}
	}
}

// The conversions share memory with gonum's matrices, mat.Dense included.
func TestGonumSharesElements(t *testing.T) {
	m := New[float64](3, 5).Slice(0, 3, 1, 4)
	var d mat.Dense
	d.SetRawMatrix(General64(m))
	d.Set(2, 1, 7)
	if m.At(2, 1) != 7 {
		t.Error("mat.Dense does not share the elements")
	}
	s := New[float32](2, 2)
	General32(s).Data[3] = 7
	if s.At(1, 1) != 7 {
		t.Error("blas32.General does not share the elements")
	}
}

func TestMistakesPanic(t *testing.T) {
	m := New[float32](2, 3)
	x2, x3 := make([]float32, 2), make([]float32, 3)
	for _, c := range []struct {
		name, want string
		call       func()
	}{
		{"New", badSize, func() { New[float32](-1, 2) }},
		{"Of short", badLength, func() { Of(2, 2, x3) }},
		{"Of negative", badSize, func() { Of(-1, -3, x3) }},
		{"Row", badRow, func() { m.Row(2) }},
		{"Row negative", badRow, func() { m.Row(-1) }},
		{"Slice rows", badSlice, func() { m.Slice(0, 3, 0, 1) }},
		{"Slice back", badSlice, func() { m.Slice(1, 0, 0, 1) }},
		{"ColBlock", badSlice, func() { m.ColBlock(0, 4) }},
		{"Gemm inner", badShape, func() { Gemm(NoTrans, NoTrans, 1, m, m, 0, New[float32](2, 3)) }},
		{"Gemm rows", badShape, func() { Gemm(NoTrans, Trans, 1, m, m, 0, New[float32](3, 2)) }},
		{"Gemm cols", badShape, func() { Gemm(NoTrans, Trans, 1, m, m, 0, New[float32](2, 3)) }},
		{"Gemm empty", badShape, func() { Gemm(NoTrans, Trans, 1, m, New[float32](0, 2), 0, New[float32](2, 0)) }},
		{"Gemm transpose", badTranspose, func() { Gemm('X', NoTrans, 1, m, m, 0, m) }},
		{"Gemv x", badShape, func() { Gemv(NoTrans, 1, m, x2, 0, x2) }},
		{"Gemv y", badShape, func() { Gemv(Trans, 1, m, x2, 0, x2) }},
		{"Dot", badShape, func() { Dot(x2, x3) }},
		{"SetThreads", badThreads, func() { SetThreads(0) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != c.want {
					t.Errorf("panic %v, want %q", got, c.want)
				}
			}()
			c.call()
		})
	}
}
