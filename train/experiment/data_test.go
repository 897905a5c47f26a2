package experiment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/train"
)

const (
	dim       = 8
	classes   = 3
	trainSize = 60
	valSize   = 20
	testSize  = 24
)

// memory is a set of a few images that tells what is read of it.
type memory[T blas.Float] struct {
	rows   [][]T
	labels []uint8
	onRead func() // called by each Gather where set
}

func (m *memory[T]) Len() int { return len(m.rows) }

func (m *memory[T]) Gather(x blas.Matrix[T], labels []uint8, index []int32) {
	if m.onRead != nil {
		m.onRead()
	}
	for i, n := range index {
		copy(x.Row(i), m.rows[n])
		labels[i] = m.labels[n]
	}
}

// draw makes n images: their class in some dimensions, and noise.
func draw[T blas.Float](seed uint64, n int) *memory[T] {
	m, random := &memory[T]{}, rand.New(rand.NewPCG(seed, dim))
	for range n {
		class, row := random.IntN(classes), make([]T, dim)
		for j := range row {
			row[j] = T(random.NormFloat64())
			if j%classes == class {
				row[j]++
			}
		}
		m.rows, m.labels = append(m.rows, row), append(m.labels, uint8(class))
	}
	return m
}

// sets are a training's data and what to call when its sets are read.
type sets struct {
	onTrain, onTest func()
	other           uint64 // other data, where not 0
}

func (s sets) data() Data {
	return Data{F32: drawSets[float32](s), F64: drawSets[float64](s)}
}

func drawSets[T blas.Float](s sets) func() train.Data[T] {
	return sync.OnceValue(func() train.Data[T] {
		learn, val, test := draw[T](1+100*s.other, trainSize), draw[T](2, valSize), draw[T](3, testSize)
		learn.onRead, test.onRead = s.onTrain, s.onTest
		return train.Data[T]{Dim: dim, Classes: classes, Train: learn, Val: val, Test: test}
	})
}

// small is a training of 24 steps.
func small() train.Config {
	c := train.Default()
	c.Hidden, c.BN, c.Lambda = []int{6, 5}, true, 0.01
	c.EtaMin, c.EtaMax, c.NS, c.Cycles, c.Batch = 1e-3, 0.3, 6, 2, 10
	c.Val, c.Evals, c.EvalTrain = valSize, 2, 25
	return c
}

var testData = Dataset{Original, OriginalDigest}

// planOf returns a plan of the trials in units of at most size trials.
func planOf(trials []Trial, size int) *Plan {
	p := &Plan{Format: Format, Experiment: "test", Dataset: testData, Program: "v1", Trials: trials}
	p.Fuse(size, 2)
	return p
}

// smallPlan has 8 trials in 4 units of 2: two λ, and a net of another shape.
func smallPlan() *Plan {
	other := small()
	other.Hidden = []int{7}
	return planOf(append(ofLambdas(small(), []float64{0.001, 0.01}, 2), seeded("2-layer", other, 4)...), 2)
}

// observer is an Observer that calls what of it is set.
type observer struct {
	Silent
	start    func([]Trial)
	progress func(steps int)
	point    func(Trial, train.Point)
	done     func([]Outcome)
	taken    func([]Trial)
	waiting  func([]Claim)
}

func (o observer) Start(trials []Trial) {
	if o.start != nil {
		o.start(trials)
	}
}

func (o observer) Progress(_ []Trial, steps int) {
	if o.progress != nil {
		o.progress(steps)
	}
}

func (o observer) Point(trial Trial, p train.Point) {
	if o.point != nil {
		o.point(trial, p)
	}
}

func (o observer) Done(outcomes []Outcome) {
	if o.done != nil {
		o.done(outcomes)
	}
}

func (o observer) Taken(trials []Trial) {
	if o.taken != nil {
		o.taken(trials)
	}
}

func (o observer) Waiting(claims []Claim) {
	if o.waiting != nil {
		o.waiting(claims)
	}
}
func (observer) Reached([]Trial) {}
func (observer) Paused([]Trial)  {}

// atCall returns a function that calls do when it is called for the nth time. Several
// workers may call it.
func atCall(n int, do func()) func() {
	var calls atomic.Int64
	return func() {
		if calls.Add(1) == int64(n) {
			do()
		}
	}
}

// runner trains on two workers and takes warnings for errors of the test, unless
// another process has come to the same.
func runner(t *testing.T, f *Folder) Runner {
	return Runner{
		Workers: 2, Data: sets{}.data(), Observer: observer{}, Program: "v1", Folder: f,
		Warn: func(err error) {
			if other := new(SecondError); !errors.As(err, &other) || !other.Equal {
				t.Errorf("warned: %v", err)
			}
		},
	}
}

// failer is a test, be it of testing or of rapid.
type failer interface {
	Helper()
	Fatal(...any)
}

// must ends the test at the first error.
func must(t failer, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// readsBack checks that what parse has made of a text is the same when written and read
// again.
func readsBack[V any](t failer, v V, parse func([]byte) (V, error)) {
	t.Helper()
	text, err := json.Marshal(v)
	must(t, err)
	again, err := parse(text)
	if diff := cmp.Diff(v, again); err != nil || diff != "" {
		t.Fatal("read again:", err, "(-first +second):\n", diff)
	}
}

// same fails the test where the two differ.
func same(t *testing.T, want, got any, format string, args ...any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", fmt.Sprintf(format, args...), diff)
	}
}

// create returns a folder with the plan in it.
func create(t *testing.T, dir string, p *Plan) *Folder {
	t.Helper()
	f, err := Create(dir, p)
	must(t, err)
	return f
}

// createSmall returns a folder with smallPlan in it, and its first trial.
func createSmall(t *testing.T) (*Folder, Trial) {
	t.Helper()
	f := create(t, t.TempDir(), smallPlan())
	return f, f.Plan.Trials[0]
}

// runAll runs the plan to its end, which must be a good one. Curves that are not held
// are read from the folder.
func runAll(t *testing.T, r Runner, p *Plan) []Outcome {
	t.Helper()
	outcomes, err := r.Run(context.Background(), p)
	must(t, err)
	return withCurves(t, r, outcomes)
}

// runAgain is runAll, and tells which trials are trained.
func runAgain(t *testing.T, r Runner, p *Plan) (outcomes []Outcome, trained []string) {
	t.Helper()
	var mu sync.Mutex
	r.Observer = observer{start: func(trials []Trial) {
		mu.Lock()
		defer mu.Unlock()
		trained = append(trained, ids(trials)...)
	}}
	outcomes = runAll(t, r, p)
	return outcomes, trained
}

// withCurves returns the outcomes of a run, their curves read from its folder, if
// it has one: the run holds none of them.
func withCurves(t *testing.T, r Runner, outcomes []Outcome) []Outcome {
	t.Helper()
	if r.Folder == nil {
		return outcomes
	}
	full := slices.Clone(outcomes)
	for i, o := range outcomes {
		if o.Curve != nil {
			t.Errorf("%s: %d points held", o.Trial.ID, len(o.Curve))
		}
		if o.Done() {
			record, found, err := r.Folder.Read(o.Trial)
			if !found || err != nil {
				t.Errorf("%s: found %v, error %v", o.Trial.ID, found, err)
			}
			full[i].Curve = record.Curve
		}
	}
	return full
}

// timeless returns the outcomes without the times, which differ each run.
func timeless(outcomes []Outcome) []Outcome {
	same := make([]Outcome, len(outcomes))
	for i, o := range outcomes {
		o.Result.TrainSeconds, o.Result.EvalSeconds, o.Start, o.End = 0, 0, Moment{}, Moment{}
		same[i] = o
	}
	return same
}

// finished is the outcome of a trial that ended with these validation and test
// accuracies.
func finished(t Trial, val, test float64) Outcome {
	final := &train.Final{Metrics: train.Metrics{TrainLoss: val / 2, TrainCost: 2, TrainAcc: val / 3, ValLoss: 1 - val, ValCost: 3, ValAcc: val}}
	if !t.Config.NoTest {
		final.TestMetrics = &train.TestMetrics{TestLoss: 4, TestCost: 5, TestAcc: test}
	}
	steps := t.Config.Steps()
	return Outcome{Trial: t, Result: train.Result{Steps: steps, Final: final, TrainSeconds: 3, EvalSeconds: 1}, Curve: []train.Point{{Step: steps}}}
}

func diverged(t Trial) Outcome {
	return Outcome{Trial: t, Result: train.Result{Steps: 3, Diverged: true, TrainSeconds: 2}}
}

func failed(t Trial) Outcome { return Outcome{Trial: t, Error: "no luck"} }

// ids returns the names of the trials.
func ids(trials []Trial) []string {
	var names []string
	for _, t := range trials {
		names = append(names, t.ID)
	}
	return names
}
