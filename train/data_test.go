package train

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"bnlab/blas"
	"bnlab/model"
)

const (
	dim       = 12
	classes   = 3
	trainSize = 60
	valSize   = 20
	testSize  = 24
)

// memory is a Source of a few images that keeps account of what is read.
type memory[T blas.Float] struct {
	name   string
	rows   [][]float64
	labels []uint8
	log    *readings
}

// reading is one call of Gather.
type reading struct {
	set   string
	index []int32
}

// readings are all calls of Gather on the sets of a training, in order.
type readings struct {
	sync.Mutex
	all []reading
}

func (m *memory[T]) Len() int { return len(m.rows) }

func (m *memory[T]) Gather(x blas.Matrix[T], labels []uint8, index []int32) {
	for i, n := range index {
		for j, v := range m.rows[n] {
			x.Row(i)[j] = T(v)
		}
		labels[i] = m.labels[n]
	}
	m.log.Lock()
	defer m.log.Unlock()
	m.log.all = append(m.log.all, reading{m.name, slices.Clone(index)})
}

// images returns how many images of set were read, over all calls.
func (r *readings) images(set string) (n int) {
	for _, call := range r.all {
		if call.set == set {
			n += len(call.index)
		}
	}
	return n
}

// draw makes the three sets: class means and noise, and one label in three wrong,
// so that no net gets everything right.
func draw[T blas.Float]() (Data[T], *readings) {
	random, log := rand.New(rand.NewPCG(60, 12)), &readings{}
	set := func(name string, n int) Source[T] {
		m := &memory[T]{name: name, log: log}
		for range n {
			class := random.IntN(classes)
			row := make([]float64, dim)
			for j := range row {
				row[j] = random.NormFloat64()
				if j%classes == class {
					row[j]++
				}
			}
			if random.IntN(3) == 0 {
				class = random.IntN(classes)
			}
			m.rows, m.labels = append(m.rows, row), append(m.labels, uint8(class))
		}
		return m
	}
	return Data[T]{Dim: dim, Classes: classes, Train: set("train", trainSize), Val: set("val", valSize), Test: set("test", testSize)}, log
}

// whole returns all images of a set as one matrix.
func whole[T blas.Float](set Source[T]) (blas.Matrix[T], []uint8) {
	index := make([]int32, set.Len())
	for i := range index {
		index[i] = int32(i)
	}
	return gather(set, index)
}

func gather[T blas.Float](set Source[T], index []int32) (blas.Matrix[T], []uint8) {
	x, labels := blas.New[T](len(index), dim), make([]uint8, len(index))
	set.Gather(x, labels, index)
	return x, labels
}

// small is a training of 48 steps, 6 an epoch and 24 a cycle.
func small() Config {
	c := Default()
	c.Hidden, c.BN, c.Lambda = []int{8, 6}, true, 0.01
	c.EtaMin, c.EtaMax, c.NS, c.Cycles, c.Batch = 1e-3, 0.3, 12, 2, 10
	c.Val, c.Evals, c.EvalTrain = valSize, 4, 25
	c.Precision, c.Seed, c.OrderSeed = F64, 10, 5
	return c
}

// notes is a Recorder that keeps the points of every trial.
type notes struct {
	points map[int][]Point
	steps  []int        // as Progress told
	onStep func(int)    // called by Progress where set
	on     func(*notes) // called by Point where set
}

func (n *notes) Progress(steps int) {
	n.steps = append(n.steps, steps)
	if n.onStep != nil {
		n.onStep(steps)
	}
}

func (n *notes) Point(trial int, p Point) {
	if n.points == nil {
		n.points = map[int][]Point{}
	}
	n.points[trial] = append(n.points[trial], p)
	if n.on != nil {
		n.on(n)
	}
}

// outcome is all that a training leaves.
type outcome[T blas.Float] struct {
	results []Result
	nets    Fitted[T]
	points  map[int][]Point
	log     *readings
}

// fitAll trains on fresh sets and forgets the times, which differ each time.
func fitAll[T blas.Float](t *testing.T, configs ...Config) outcome[T] {
	t.Helper()
	data, log := draw[T]()
	rec := &notes{}
	results, nets, err := Fit(context.Background(), configs, data, rec)
	if err != nil {
		t.Fatal(err)
	}
	for i := range results {
		results[i].TrainSeconds, results[i].EvalSeconds = 0, 0
	}
	return outcome[T]{results, nets, rec.points, log}
}

// fitOn trains on the data, and looks at the end alone; no trial may diverge.
func fitOn[T blas.Float](t *testing.T, data Data[T], configs ...Config) outcome[T] {
	t.Helper()
	results, nets, err := Fit(t.Context(), configs, data, Discard)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if r.Diverged {
			t.Fatalf("trial %d diverged", i)
		}
	}
	return outcome[T]{results: results, nets: nets}
}

// tensors returns parameters and running statistics of trial i.
func (o outcome[T]) tensors(i int) []model.Tensor[T] { return o.nets.Network.Tensors(o.nets.Net(i)) }
