package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bnlab/blas"
)

// withOneDNN has oneDNN compute the products of a test that are worth it.
func withOneDNN(t *testing.T) {
	if err := blas.UseEngine(blas.OneDNN); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { blas.UseEngine("") })
}

// TestOneDNNBeside: with products of the study's sizes by oneDNN, in float32 and of operands
// in bfloat16, nets have the bits that each has alone, on one thread and on two, or say that they have not.
func TestOneDNNBeside(t *testing.T) {
	withOneDNN(t)
	defer blas.SetThreads(1)
	for _, hidden := range [][]int{{50, 50}, {50, 30, 20, 20, 10, 10, 10, 10}, {13}, {300, 100}} {
		for _, half := range []bool{false, true} {
			for _, threads := range []int{1, 2} {
				t.Run(fmt.Sprintf("%v half %v threads %d", hidden, half, threads), func(t *testing.T) { oneDNNBeside(t, hidden, half, threads) })
			}
		}
	}
}

func oneDNNBeside(t *testing.T, hidden []int, half bool, threads int) {
	spec := Spec{In: 3072, Hidden: hidden, Out: 10, Nets: 3, BatchNorm: 2, Eps: 2.2e-16, Alpha: 0.9, MaxRows: 500, Half: half}
	x, labels := randomBatch[float32](rand.New(rand.NewPCG(9, 9)), 500, 3072, 10)
	eta, lambda := each(3, 0.05, 0.05), each(3, 0.01, 0.01)
	train := func(net *Network[float32], from, to int) (scores []Score) {
		for range 3 {
			net.Step(x.RowBlock(0, 100), labels[:100], eta[from:to], lambda[from:to])
		}
		return slices.Clone(net.Score(x, labels, Eval))
	}
	blas.SetThreads(threads)
	together := newNet[float32](t, spec, 1)
	scores := train(together, 0, 3)
	blas.SetThreads(1)
	if together.Mixed(100) { // as float32 may be with AVX2 kernels
		if core := blas.Current().Core; half || strings.HasPrefix(core, "avx512") {
			t.Errorf("said to be mixed under %s", core)
		}
		return
	}
	for k := range 3 {
		own := spec
		own.Nets, own.BatchNorm = 1, min(1, max(0, spec.BatchNorm-k))
		alone := newNet[float32](t, own, 1)
		start := newNet[float32](t, spec, 1)
		for i, tensor := range alone.Tensors(0) {
			copy(tensor.Data, start.Tensors(k)[i].Data)
		}
		if score := train(alone, k, k+1)[0]; score != scores[k] {
			t.Errorf("net %d: score %+v, alone %+v", k, scores[k], score)
		}
		for i, tensor := range alone.Tensors(0) {
			if !slices.Equal(together.Tensors(k)[i].Data, tensor.Data) {
				t.Errorf("net %d: %s differs beside others", k, tensor.Name)
			}
		}
	}
}

// TestOneDNNZeros: where an evaluation of more images has been, infinite ones here, the next
// step has zeros.
func TestOneDNNZeros(t *testing.T) {
	withOneDNN(t)
	spec := Spec{In: 12, Hidden: []int{9, 8}, Out: 4, Nets: 2, BatchNorm: 1, Eps: 1e-5, Alpha: 0.9, MaxRows: 75, Half: true}
	x, labels := randomBatch[float32](rand.New(rand.NewPCG(5, 5)), 75, 12, 4)
	for i := 20; i < 75; i++ {
		x.Set(i, 0, float32(math.Inf(1)))
	}
	trained := func(evaluated bool) []float32 {
		net := newNet[float32](t, spec, 1)
		for range 3 {
			net.Step(x.RowBlock(0, 20), labels[:20], each(2, 0.1, 0.1), each(2, 0.01, 0))
			if evaluated {
				net.Score(x, labels, EvalBatch)
			}
		}
		return net.Params()
	}
	if !slices.Equal(trained(true), trained(false)) {
		t.Error("an evaluation changes the training")
	}
}

// TestOneDNNMemory: trainings of ever other shapes, one after the other in one process,
// leave nothing behind, however many: 10 000 where it may take its time.
func TestOneDNNMemory(t *testing.T) {
	withOneDNN(t)
	trainings, x, labels := 400, blas.Matrix[float32]{}, []uint8(nil)
	if os.Getenv("BNLAB_TEST_TORTURE") != "" {
		trainings = 10_000
	}
	x, labels = randomBatch[float32](rand.New(rand.NewPCG(9, 9)), 60, 300, 10)
	var early, last int
	for i := range trainings {
		rows := 20 + i%37
		spec := Spec{In: 300, Hidden: []int{20 + i%71, 10 + i%13}, Out: 10, Nets: 1 + i%2, Eps: 1e-5, Alpha: 0.9, MaxRows: rows, Half: i%4 > 0}
		net := newNet[float32](t, spec, uint64(i))
		for range 3 {
			net.Step(x.RowBlock(0, rows), labels[:rows], each(spec.Nets, 0.01, 0), each(spec.Nets, 0.01, 0))
		}
		if last = resident(t); i == trainings/2 {
			early = last
		}
	}
	t.Logf("%d MB after %d trainings, %d MB after %d", early>>20, trainings/2, last>>20, trainings)
	if last > early+early/4+32<<20 {
		t.Errorf("%d MB after %d trainings, %d MB after %d", early>>20, trainings/2, last>>20, trainings)
	}
}

// resident returns the memory that this process holds, in bytes.
func resident(t *testing.T) int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}
