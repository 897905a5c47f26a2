//go:build cgo && onednn && linux

package blas

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestOneDNNShapes: no size is special, 1 and primes included.
func TestOneDNNShapes(t *testing.T) {
	withOneDNN(t)
	for _, s := range [][3]int{{4099, 1, 7}, {1, 4099, 13}, {1, 1, 4099}, {7, 13, 4099}, {4099, 2, 3}, {127, 131, 137}, {50, 100, 3072}, {50, 3072, 100}} {
		checkGemm[float32](t, s[0], s[1], s[2], 3, []float64{0, 1})
	}
}

// TestOneDNNSmall: the BLAS computes what is not worth a call of the engine.
func TestOneDNNSmall(t *testing.T) {
	withOneDNN(t)
	worthEngine = 1e9
	p := newSample[float32](form{bits: 32, tb: Trans, ta: NoTrans, m: 50, n: 100, k: 64, one: true})
	if engine.gemm(&p.product) {
		t.Error("the engine took a product below its smallest")
	}
}

// TestOneDNNThreads: a product has the same bits on any number of threads, and beside
// others at once.
func TestOneDNNThreads(t *testing.T) {
	withOneDNN(t)
	defer SetThreads(1)
	a, b := New[float32](400, 700), New[float32](100, 700)
	fillRandom(a.Data, 1)
	fillRandom(b.Data, 2)
	want := New[float32](400, 100)
	Gemm(NoTrans, Trans, 1, a, b, 0, want)
	for threads := 1; threads <= 8; threads++ {
		SetThreads(threads)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				got := New[float32](400, 100)
				Gemm(NoTrans, Trans, 1, a, b, 0, got)
				if !slices.Equal(got.Data, want.Data) {
					t.Errorf("other bits on %d threads", threads)
				}
			})
		}
		all.Wait()
	}
}

// TestOneDNNFails: what the library cannot do ends the product, with its code.
func TestOneDNNFails(t *testing.T) {
	withOneDNN(t)
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), "(status 1)") {
			t.Errorf("panicked with %v", err)
		}
	}()
	engine.check(1)
}

// TestOneDNNInstructions: the suite once more on each instruction set that the library
// has code for and the CPU runs. The library chooses when it is opened.
func TestOneDNNInstructions(t *testing.T) {
	const child = "ONEDNN_MAX_CPU_ISA"
	if _, ok := os.LookupEnv(child); ok || testing.Short() {
		t.Skip("one of them, or -short")
	}
	for _, isa := range []string{"SSE41", "AVX", "AVX2", "AVX512_CORE", "AVX512_CORE_BF16"} {
		t.Run(isa, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^(TestGemm|TestOneDNN.*)$/^(onednn)?", "-test.v")
			cmd.Env = append(os.Environ(), child+"="+isa)
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "--- PASS: TestGemm/onednn") {
				t.Errorf("%v\n%.3000s", err, out)
			}
		})
	}
}

// TestHalfDepth: sums of rounded operands have as many terms as there are, or with an engine
// for them the next multiple of 32.
func TestHalfDepth(t *testing.T) {
	for n := range 100 {
		if got := HalfDepth(n); got != n {
			t.Fatalf("%d terms became %d", n, got)
		}
	}
	if name, err := HalfEngine(); err != nil {
		t.Skip(err)
	} else if err := UseEngine(name); err != nil {
		t.Fatal(err)
	}
	defer UseEngine("")
	for n, want := range map[int]int{1: 32, 32: 32, 33: 64, 100: 128, 250: 256} {
		if got := HalfDepth(n); got != want {
			t.Errorf("%d terms became %d, want %d", n, got, want)
		}
	}
}

// TestEngines: the engine names itself and what it stands on, and the default comes back.
func TestEngines(t *testing.T) {
	before := Current()
	here, missing := Engines()
	if len(here) != 2 || len(missing) != 0 || here[0] != before {
		t.Errorf("engines %+v, missing %v", here, missing)
	}
	withOneDNN(t)
	b := Current()
	if b.Name != OneDNN || !strings.HasSuffix(b.Version, "+openblas "+before.Version) || !strings.HasSuffix(b.Core, "+"+before.Core) {
		t.Errorf("in use: %+v", b)
	}
	if err := UseEngine(OpenBLAS); err != nil || Current() != before {
		t.Errorf("back to %+v, %v", Current(), err)
	}
	if err := UseEngine("mkl"); err == nil || Current() != before {
		t.Errorf("mkl: %v", err)
	}
}

// withMatmuls uses oneDNN in a test that replaces what makes its primitives, and returns that.
func withMatmuls(t *testing.T) (create func(matmulKey) (*matmul, int)) {
	withOneDNN(t)
	if !engine.half {
		t.Skip("no instructions for bfloat16")
	}
	create = newMatmul
	t.Cleanup(func() { newMatmul = create })
	return create
}

// TestOneDNNHalfFails: a product that the library refuses is one of widened operands, and
// one for which it has no memory ends with its code.
func TestOneDNNHalfFails(t *testing.T) {
	withMatmuls(t)
	a, b, got, want := halves(11, 23, 0, 1), halves(29, 23, 0, 2), New[float32](11, 29), New[float32](11, 29)
	Gemm(NoTrans, Trans, 1, numbers[float32](a), numbers[float32](b), 0, want)

	asked := 0
	newMatmul = func(matmulKey) (*matmul, int) { asked++; return nil, 3 }
	for range 3 {
		GemmHalf(NoTrans, Trans, a, b, 0, got)
	}
	if asked != 1 || !slices.Equal(got.Data, want.Data) {
		t.Errorf("asked %d times, want once, and the bits of Gemm", asked)
	}
	newMatmul = func(matmulKey) (*matmul, int) { return nil, 1 }
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), "(status 1)") {
			t.Errorf("panicked with %v", err)
		}
	}()
	GemmHalf(Trans, Trans, halves(23, 12, 0, 1), b, 0, New[float32](12, 29))
}

// TestOneDNNHalfFailsBeside: what a part of a product panics with on another goroutine, whose
// process it would end, its caller does.
func TestOneDNNHalfFailsBeside(t *testing.T) {
	create := withMatmuls(t)
	const columns = 331
	newMatmul = func(k matmulKey) (*matmul, int) {
		if k.n > columns/2 { // the second half is the larger one
			return nil, 1
		}
		return create(k)
	}
	a, b := rounded[float32](halves(64, 100, 0, 1)), rounded[float32](halves(100, columns, 0, 2))
	p := product[float32]{NoTrans, NoTrans, 1, 0, a, b, New[float32](64, columns)}
	failed := func() (err error) {
		defer func() { err = Failure(recover()) }()
		p.runParts(partition{parts: 2, columns: true, step: 1})
		return nil
	}()
	if !errors.Is(failed, ErrFailed) {
		t.Errorf("failed with %v", failed)
	}
}

// TestOneDNNHalfKeeps: however many shapes there are, few primitives are kept.
func TestOneDNNHalfKeeps(t *testing.T) {
	withOneDNN(t)
	if !engine.half {
		t.Skip("no instructions for bfloat16")
	}
	a, c := halves(9, 700, 0, 1), New[float32](9, 700)
	var all sync.WaitGroup
	for from := range 2 {
		all.Go(func() {
			c := New[float32](9, 700)
			for n := 1 + from; n < 700; n += 2 {
				GemmHalf(NoTrans, NoTrans, a.ColBlock(0, 9), a.ColBlock(0, n), 0, c.ColBlock(0, n))
			}
		})
	}
	all.Wait()
	GemmHalf(NoTrans, NoTrans, a.ColBlock(0, 9), a, 0, c)
	idle := 0
	for _, of := range engine.idle {
		idle += len(of)
	}
	if idle != engine.count || idle > mostKept || idle == 0 {
		t.Errorf("%d idle, %d counted, want at most %d", idle, engine.count, mostKept)
	}
}
