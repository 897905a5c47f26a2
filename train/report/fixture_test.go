package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"bnlab/blas"
	"bnlab/train"
	doc "bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// The records of these tests are made up: curves that fall like real ones, with
// noise from a seeded generator.

var (
	realData  = experiment.Dataset{Name: experiment.Original, Digest: experiment.OriginalDigest}
	otherData = experiment.Dataset{Name: "synthetic", Digest: "made up for a test"}
	backend   = blas.Backend{Name: "openblas", Version: "0.3.21", Core: "Haswell", Threads: 1}
)

// TestMain writes one whole study for all tests that only read one.
func TestMain(m *testing.M) {
	code := func() int {
		dir, err := os.MkdirTemp("", "report")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		wholeStudy = dir
		return m.Run()
	}()
	os.Exit(code)
}

var (
	wholeStudy string // where it lies
	writeWhole sync.Once
)

// studyDir returns a folder with the 71 trials of a whole study with 3 seeds,
// which the test must leave as it is.
func studyDir(t testing.TB) string {
	t.Helper()
	writeWhole.Do(func() { writeStudy(t, wholeStudy, realData) })
	return wholeStudy
}

func writeStudy(t testing.TB, dir string, data experiment.Dataset) {
	t.Helper()
	base := train.Default()
	search := base
	search.BN, search.NoTest = true, true
	final := search
	final.NoTest = false
	sigma := base
	sigma.NS = 900
	var fine []float64
	for i := range 30 {
		fine = append(fine, 1e-5*math.Pow(1e3, (float64(i)+0.5)/30))
	}
	writeRun(t, filepath.Join(dir, "compare"), "compare", data, depths(t, base, 3, 3, 9))
	writeRun(t, filepath.Join(dir, "search", "coarse"), "search", data, lambdas(t, search, []float64{1e-5, 3.162e-5, 1e-4, 3.162e-4, 1e-3, 3.162e-3, 1e-2, 3.162e-2}, 1))
	writeRun(t, filepath.Join(dir, "search", "fine"), "search", data, lambdas(t, search, fine, 1))
	writeRun(t, filepath.Join(dir, "search", "final"), "search", data, lambdas(t, final, []float64{0.005}, 3))
	writeRun(t, filepath.Join(dir, "sigma"), "sigma", data, sigmas(t, sigma, []float64{1e-1, 1e-3, 1e-4}, 3))
}

// varied returns the trials of a study of these axes over a base, with seeds from its own on.
func varied(t testing.TB, base train.Config, seeds int, axes ...doc.Key) []experiment.Trial {
	t.Helper()
	s, err := study.Parse("test.yaml", []byte("experiments: [{name: test}]"))
	if err == nil {
		s, err = s.With(
			study.Change{Path: "base", Value: study.BaseOf(base)},
			study.Change{Path: "seeds", Value: study.SeedsFrom(base.Seed, seeds).Value()},
			study.Change{Experiment: "test", Path: "vary", Value: doc.Value{Kind: doc.Table, Keys: axes}})
	}
	if err != nil {
		t.Fatal(err)
	}
	trials := s.Experiments[0].Trials()
	for i := range trials {
		trials[i].Config.NoTest = base.NoTest
	}
	return trials
}

// withAndWithout is the axis of batch normalisation.
func withAndWithout() doc.Key {
	return doc.Key{Name: "bn", Value: doc.Value{}.With("BN", doc.Of(true)).With("", doc.Of(false))}
}

// depths returns trials of networks with so many layers, with and without batch normalisation.
func depths(t testing.TB, base train.Config, seeds int, layers ...int) []experiment.Trial {
	t.Helper()
	networks := doc.Value{}
	for _, n := range layers {
		hidden, err := train.HiddenOf(n)
		if err != nil {
			t.Fatal(err)
		}
		networks = networks.With(fmt.Sprintf("%d-layer", n), doc.Of(hidden))
	}
	return varied(t, base, seeds, doc.Key{Name: "hidden", Value: networks}, withAndWithout())
}

func lambdas(t testing.TB, base train.Config, values []float64, seeds int) []experiment.Trial {
	t.Helper()
	return varied(t, base, seeds, doc.Key{Name: "lambda", Value: doc.Of(values)})
}

func sigmas(t testing.TB, base train.Config, values []float64, seeds int) []experiment.Trial {
	t.Helper()
	return varied(t, base, seeds, doc.Key{Name: "sigma", Value: doc.Of(values)}, withAndWithout())
}

// writeRun writes one run folder with a record for each trial and returns it.
func writeRun(t testing.TB, dir, name string, data experiment.Dataset, trials []experiment.Trial) *experiment.Folder {
	t.Helper()
	for i := range trials {
		trials[i].Unit = i
	}
	plan := &experiment.Plan{Format: experiment.Format, Experiment: name, Dataset: data, Program: "test", Trials: trials}
	folder, err := experiment.Create(dir, plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range trials {
		save(t, folder, madeUp(trial, data))
	}
	return folder
}

// save puts a record in the place of any that is there.
func save(t testing.TB, folder *experiment.Folder, r experiment.Record) {
	t.Helper()
	if err := os.RemoveAll(folder.TrialDir(r.Trial)); err != nil {
		t.Fatal(err)
	}
	if err := folder.Save(r); err != nil {
		t.Fatal(err)
	}
}

// madeUp invents the record of a trial.
func madeUp(trial experiment.Trial, data experiment.Dataset) experiment.Record {
	random := rand.New(rand.NewPCG(trial.Config.Seed, uint64(len(trial.ID))+math.Float64bits(trial.Config.Lambda)))
	noise := func(size float64) float64 { return size * random.NormFloat64() }
	acc := accuracyOf(trial.Config)
	o := experiment.Outcome{Trial: trial, Result: train.Result{Steps: trial.Config.Steps(), TrainSeconds: 5, EvalSeconds: 1}}
	last := trial.Config.Steps()
	for i := range 21 {
		step := max(1, i*last/20)
		loss := 2.303 - 2*(acc-0.1)*(1-math.Exp(-float64(i)/4)) + noise(0.02)
		o.Curve = append(o.Curve, train.Point{
			Step: step, Epoch: float64(step) / 450, Eta: trial.Config.Eta(step - 1),
			Metrics: train.Metrics{TrainLoss: loss, TrainCost: loss + 0.1, TrainAcc: acc, ValLoss: loss + 0.06, ValCost: loss + 0.16, ValAcc: acc},
		})
	}
	o.Result.Final = &train.Final{Metrics: o.Curve[20].Metrics}
	o.Result.Final.ValAcc = acc + noise(0.002)
	if !trial.Config.NoTest {
		o.Result.Final.TestMetrics = &train.TestMetrics{TestLoss: 1.4, TestCost: 1.5, TestAcc: acc + noise(0.003)}
	}
	o.Origin = experiment.Origin{Program: "test", Dataset: data, Backend: backend}
	return experiment.Record{Format: experiment.Format, Outcome: o}
}

// accuracyOf is about what the study found.
func accuracyOf(c train.Config) float64 {
	switch {
	case c.Sigma != 0 && c.Sigma < 0.01 && !c.BN:
		return 0.1
	case len(c.Hidden) == 8 && !c.BN:
		return 0.43
	case len(c.Hidden) == 8:
		return 0.515
	}
	return 0.535 - 0.01*math.Pow(math.Log10(max(1e-5, min(c.Lambda, 1)))+2.3, 2)
}
