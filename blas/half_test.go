package blas

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bnlab/blas/racetest"
)

// TestToHalf: every number of bfloat16 stays what it is, and between two neighbours the
// nearer one is taken, halfway the even one.
func TestToHalf(t *testing.T) {
	for i := range 1 << 16 {
		h := Half(i)
		f := h.Float32()
		if f != f {
			if back := ToHalf(f).Float32(); back == back {
				t.Fatalf("NaN %#x becomes %v", i, back)
			}
			continue
		}
		if got := ToHalf(f); got != h {
			t.Fatalf("%#x becomes %#x", i, got)
		}
		if math.IsInf(float64(f), 0) {
			continue
		}
		half := math.Float32bits(f) | 0x8000 // halfway to the next one away from 0
		for bits, want := range map[uint32]Half{half - 1: h, half: h + h&1, half + 1: h + 1} {
			if got := ToHalf(math.Float32frombits(bits)); got != want {
				t.Fatalf("%#08x becomes %#x, want %#x", bits, got, want)
			}
		}
	}
	for _, bits := range []uint32{0x7f800001, 0xffffffff, 0x7fffffff} {
		if f := ToHalf(math.Float32frombits(bits)).Float32(); f == f {
			t.Errorf("NaN %#x becomes %v", bits, f)
		}
	}
}

// TestRound: rows apart, a factor, special numbers, and the same bits from C and from Go.
func TestRound(t *testing.T) {
	t.Run("float32", testRound[float32])
	t.Run("float64", testRound[float64])
}

func testRound[T Float](t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, cols, pad := rapid.IntRange(0, 4).Draw(t, "rows"), rapid.IntRange(0, 70).Draw(t, "cols"), rapid.IntRange(0, 3).Draw(t, "pad")
		alpha := T(rapid.SampledFrom([]float64{1, -0.01, 1e30}).Draw(t, "alpha"))
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		x := Of(rows, cols+pad, randomNumbers[T](random, rows*(cols+pad))).ColBlock(0, cols)
		for i := range x.Rows {
			for j := range x.Row(i) {
				switch random.IntN(4) {
				case 0:
					x.Set(i, j, T(math.Float32frombits(random.Uint32())))
				case 1: // between two neighbours
					x.Set(i, j, T(math.Float32frombits(random.Uint32()>>16<<16|0x8000)))
				case 2:
					x.Set(i, j, T(math.Float32frombits([]uint32{0x7f800001, 0x7fffffff, 0xffffffff, 0x7f7fffff}[random.IntN(4)])))
				}
			}
		}
		const around = 0xabcd
		h := New[Half](rows, cols+1)
		for i := range h.Data {
			h.Data[i] = around
		}
		got := h.ColBlock(0, cols)
		Round(alpha, x, got)
		want := New[Half](rows, cols)
		goKernels[T]{}.round(alpha, x, want)
		back, wantBack := New[T](rows, cols), New[T](rows, cols)
		if rows*cols > 0 {
			of[T]().widen(got, back)
		}
		goKernels[T]{}.widen(want, wantBack)
		for i := range rows {
			for j, w := range want.Row(i) {
				f := float32(alpha * x.At(i, j))
				if g := got.At(i, j); f == f && (g != w || w != ToHalf(f)) || g.Float32() == g.Float32() != (f == f) {
					t.Fatalf("(%d,%d): %v becomes %#x, in Go %#x", i, j, f, g, w)
				}
				if b, w := back.At(i, j), wantBack.At(i, j); b != w && (b == b || w == w) {
					t.Fatalf("(%d,%d): back to %v, in Go %v", i, j, b, w)
				}
			}
			if h.At(i, cols) != around {
				t.Fatal("written beside a row")
			}
		}
	})
}

// TestGatherHalf: what Gather gives, rounded, in Go and on any number of threads.
func TestGatherHalf(t *testing.T) {
	t.Run("float32", gatherHalf[float32])
	t.Run("float64", gatherHalf[float64])
}

func gatherHalf[T Float](t *testing.T) {
	defer SetThreads(1)
	for _, d := range []int{1, 63, 64, 65, 3072} {
		random := rand.New(rand.NewPCG(1, uint64(d)))
		pixels, index := make([]byte, 7*d), make([]int32, 101)
		for i := range pixels {
			pixels[i] = byte(random.Uint32())
		}
		for i := range index {
			index[i] = int32(random.IntN(7))
		}
		scale, shift := randomNumbers[T](random, d), randomNumbers[T](random, d)
		x := New[T](len(index), d)
		Gather(x, pixels, index, scale, shift)
		for _, threads := range []int{1, 3} {
			SetThreads(threads)
			got, inGo := New[Half](len(index), d+2).ColBlock(1, d+1), New[Half](len(index), d)
			GatherHalf(got, pixels, index, scale, shift)
			goKernels[T]{}.gatherHalf(inGo, pixels, index, scale, shift)
			for i := range index {
				for j, v := range x.Row(i) {
					want := ToHalf(float32(v))
					if g, h := got.At(i, j), inGo.At(i, j); v == v && (g != want || h != want) || (g.Float32() == g.Float32()) != (v == v) {
						t.Fatalf("%d columns, %d threads: (%d,%d) is %#x, in Go %#x, want %#x", d, threads, i, j, g, h, want)
					}
				}
			}
		}
	}
}

// halves returns a rows×cols matrix, with pad columns between its rows, of numbers from −1
// to 1, rounded.
func halves(rows, cols, pad int, seed uint64) Matrix[Half] {
	m := New[Half](rows, cols+pad)
	random := rand.New(rand.NewPCG(seed, 0))
	for i := range m.Data {
		m.Data[i] = ToHalf(float32(2*random.Float64() - 1))
	}
	return m.ColBlock(0, cols)
}

func halvesOp(op Transpose, rows, cols, pad int, seed uint64) Matrix[Half] {
	if op == Trans {
		rows, cols = cols, rows
	}
	return halves(rows, cols, pad, seed)
}

// TestGemmHalf: a product of rounded operands is that of their numbers, on every backend,
// at sizes that no kernel likes, over NaN where beta is 0.
func TestGemmHalf(t *testing.T) {
	inBoth(t, gemmHalfSuite[float32], gemmHalfSuite[float64])
}

func gemmHalfSuite[T Float](t *testing.T) {
	sizes := [][3]int{{0, 3, 3}, {3, 0, 3}, {3, 3, 0}, {1, 1, 1}, {1, 7, 2}, {7, 1, 13}, {13, 17, 19}, {50, 100, 64}, {10, 50, 100}, {127, 131, 137}}
	if !testing.Short() {
		sizes = append(sizes, [3]int{4099, 1, 7}, [3]int{1, 4099, 13}, [3]int{1, 1, 4099}, [3]int{7, 13, 4099}, [3]int{4099, 2, 3}, [3]int{50, 100, 3072}, [3]int{50, 3072, 100})
	}
	for _, s := range sizes {
		for _, ta := range transposes {
			for _, tb := range transposes {
				for _, pad := range []int{0, 3} {
					checkGemmHalf[T](t, ta, tb, s[0], s[1], s[2], pad)
				}
			}
		}
	}
}

func checkGemmHalf[T Float](t *testing.T, ta, tb Transpose, m, n, k, pad int) {
	t.Run(fmt.Sprintf("%c%c/%dx%dx%d/pad%d", ta, tb, m, n, k, pad), func(t *testing.T) {
		a, b := halvesOp(ta, m, k, pad, 1), halvesOp(tb, k, n, pad, 2)
		terms := naive(ta, tb, numbers[T](a), numbers[T](b))
		for _, beta := range []float64{0, 1, 0.75} {
			c := newFramed[T](m, n, pad, 3)
			want := make([]sum, m*n)
			for i := range m {
				for j := range n {
					want[i*n+j] = blend(1, terms[i*n+j], T(beta), c.At(i, j))
					if beta == 0 {
						c.Set(i, j, T(math.NaN()))
					}
				}
			}
			GemmHalf(ta, tb, a, b, T(beta), c.Matrix)
			for i := range m {
				for j := range n {
					near(t, c.At(i, j), want[i*n+j], k)
					if w := want[i*n+j]; math.Abs(float64(c.At(i, j))-w.value) > 1e-6*w.size {
						t.Fatalf("(%d,%d) is %v, want %v to 1e-6 of the sum of all terms' sizes, %v", i, j, c.At(i, j), w.value, w.size)
					}
				}
			}
			c.intact(t)
		}
	})
}

// numbers returns those of h.
func numbers[T Float](h Matrix[Half]) Matrix[T] {
	x := New[T](h.Rows, h.Cols)
	goKernels[T]{}.widen(h, x)
	return x
}

// TestGemmHalfBits: a product has the same bits on any number of threads, and its blocks
// those that they have alone.
func TestGemmHalfBits(t *testing.T) {
	onEachBackend(t, func(t *testing.T) {
		defer SetThreads(1)
		sizes := [][4]int{{3, 13, 100, 400}, {3, 7, 400, 100}, {2, 53, 33, 131}}
		if engine != nil { // the others are slower, and tested as Gemm
			sizes = append(sizes, [][4]int{{8, 50, 100, 3072}, {3, 50, 3072, 100}, {8, 13, 100, 3072}, {3, 7, 3072, 100}, {3, 50, 500, 3072}, {1, 300, 250, 700}}...)
		}
		for _, s := range sizes {
			blocks, m, n, k := s[0], s[0]*s[1], s[2], s[3]
			for _, tb := range transposes {
				for i, beta := range []float32{0, 1, 0, 1} {
					a, b := halves(m, k, 0, 1), halvesOp(tb, k, n, i/2*16, 2)
					SetThreads(1)
					want := New[float32](m, n)
					fillRandom(want.Data, 3)
					for i := 0; i < m; i += s[1] {
						GemmHalf(NoTrans, tb, a.RowBlock(i, i+s[1]), b, beta, want.RowBlock(i, i+s[1]))
					}
					for threads := 1; threads <= 8; threads++ {
						SetThreads(threads)
						got := New[float32](m, n)
						fillRandom(got.Data, 3)
						if !GemmBlocksHalf(blocks, tb, a, b, beta, got) {
							t.Errorf("%v: blocks follow from those beside them", s)
						}
						if !slices.Equal(got.Data, want.Data) {
							t.Errorf("%v %c, beta %v, %d threads: other bits", s, tb, beta, threads)
						}
					}
				}
			}
		}
	})
}

// TestGemmHalfDoesNotAllocate: as TestProductsDoNotAllocate.
func TestGemmHalfDoesNotAllocate(t *testing.T) {
	if racetest.Enabled {
		t.Skip("the race detector makes pools forget")
	}
	onEachBackend(t, func(t *testing.T) {
		a, b, c, x := halves(50, 64, 0, 1), halves(40, 64, 0, 2), New[float32](50, 40), New[float32](50, 64)
		GemmHalf(NoTrans, Trans, a, b, 1, c)
		if n := testing.AllocsPerRun(20, func() { Round(2, x, a); GemmHalf(NoTrans, Trans, a, b, 1, c) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}
