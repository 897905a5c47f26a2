package blas

import (
	"slices"
	"testing"
)

// TestGemmHalfRound: the product of each block of rows by itself, and its rounding, with
// the same bits on any number of threads, in blocks of rows as alone.
func TestGemmHalfRound(t *testing.T) {
	inBoth(t, gemmHalfRound[float32], gemmHalfRound[float64])
}

func gemmHalfRound[T Float](t *testing.T) {
	defer SetThreads(1)
	for _, s := range []struct{ blocks, m, n, k int }{
		{1, 0, 5, 5}, {1, 5, 0, 5}, {1, 5, 5, 0}, {1, 1, 1, 1}, {3, 39, 70, 11},
		{1, 1021, 193, 7}, {2, 622, 331, 3},
	} {
		for _, tb := range transposes {
			for _, beta := range []T{0, 0.75, 1} {
				a, b := halves(s.m, s.k, 0, 1), halvesOp(tb, s.k, s.n, 0, 2)
				c, h := New[T](s.m, s.n+2).ColBlock(1, s.n+1), New[Half](s.m, s.n+2).ColBlock(1, s.n+1)
				numbers, alpha := New[T](s.m, s.n), make([]T, s.m)
				fillRandom(numbers.Data, 4)
				rows := s.m / s.blocks
				for i := range alpha {
					alpha[i] = T(1 + i/max(1, rows))
				}
				reset := func() {
					for i := range s.m {
						copy(c.Row(i), numbers.Row(i))
						clear(h.Row(i))
					}
				}
				result := func() ([]T, []Half) { return slices.Clone(c.Data), slices.Clone(h.Data) }
				SetThreads(1)
				reset()
				for at := 0; at < s.m; at += max(1, rows) {
					for from := at; from < at+rows; from += cachedRows {
						to := min(at+rows, from+cachedRows)
						GemmHalf(NoTrans, tb, a.RowBlock(from, to), b, beta, c.RowBlock(from, to))
						Round(alpha[at], c.RowBlock(from, to), h.RowBlock(from, to))
					}
				}
				want, wantRounded := result()
				for _, threads := range []int{1, 2, 5, 8} {
					SetThreads(threads)
					reset()
					if s.blocks > 1 {
						GemmBlocksHalfRound(s.blocks, tb, a, b, beta, c, alpha, h)
					} else {
						GemmHalfRound(NoTrans, tb, a, b, beta, c, 1, h)
					}
					if got, rounded := result(); !slices.Equal(got, want) || !slices.Equal(rounded, wantRounded) {
						t.Fatalf("%v %c, beta %v, %d threads: other numbers", s, tb, beta, threads)
					}
				}
			}
		}
	}
}

// TestGemmHalfRoundShapes: what does not fit is a programmer's mistake.
func TestGemmHalfRoundShapes(t *testing.T) {
	for name, call := range map[string]func(){
		"rounded": func() {
			GemmHalfRound(NoTrans, NoTrans, halves(2000, 3, 0, 1), halves(3, 200, 0, 1), 0, New[float32](2000, 200), 1, halves(2000, 199, 0, 1))
		},
		"operands": func() {
			GemmHalfRound(NoTrans, NoTrans, halves(2000, 3, 0, 1), halves(4, 200, 0, 1), 0, New[float32](2000, 200), 1, halves(2000, 200, 0, 1))
		},
		"factors": func() {
			GemmBlocksHalfRound(1, NoTrans, halves(4, 3, 0, 1), halves(3, 2, 0, 1), 0, New[float32](4, 2), make([]float32, 3), halves(4, 2, 0, 1))
		},
		"blocks": func() {
			GemmBlocksHalfRound(3, NoTrans, halves(4, 3, 0, 1), halves(3, 2, 0, 1), 0, New[float32](4, 2), make([]float32, 4), halves(4, 2, 0, 1))
		},
	} {
		func() {
			defer func() {
				if p := recover(); p != badShape {
					t.Errorf("%s: panicked with %v", name, p)
				}
			}()
			call()
		}()
	}
}
