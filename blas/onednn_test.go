//go:build cgo && onednn && linux

package blas

import (
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
		if text, _ := recover().(string); !strings.Contains(text, "status 1 (1 is out of memory)") {
			t.Errorf("panicked with %q", text)
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
