package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/question"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// BenchmarkTrials: what the commands around the training take for 1000, 10 000 and
// 100 000 trials of which no two read the same mini-batches: ten times as many
// should take ten times as long, and in the report a group of 100 000 as well as
// 100 000 groups. cpu-s is the time on the cores, which the load of the machine
// changes little, and MB the most memory that the process had. 100 000 are left out
// with -short.
func BenchmarkTrials(b *testing.B) {
	for _, trials := range []int{1000, 10_000, 100_000} {
		if trials > 10_000 && testing.Short() {
			continue
		}
		b.Run(strconv.Itoa(trials), func(b *testing.B) {
			data := few()
			before := dataset.Synthetic
			dataset.Synthetic = func() cifar.Data { return data }
			defer func() { dataset.Synthetic = before }()
			b.Run("seeds", func(b *testing.B) {
				dir := b.TempDir()
				plan := "sweep plan compare --depth 3 --dataset synthetic --train-size 400 --val 100 --test-size 100 --order-seed 0 --seeds " + strconv.Itoa(trials/2)
				timed(b, "plan", append(strings.Fields(plan), "--out", dir)...)
				done(b, dir)
				timed(b, "status", "sweep", "status", dir)
				timed(b, "collect", "sweep", "collect", dir)
				timed(b, "csv", "sweep", "collect", "--csv", dir)
				timed(b, "report", "report", dir)
			})
			for kind, plan := range map[string]func() []experiment.Trial{
				"lambda": func() []experiment.Trial {
					s, err := question.Ask("search", train.Default(), 1, []study.Change{{Experiment: "search", Path: "search.coarse", Value: values(trials)}})
					return trialsOf(b, s, err)
				},
				"sigma": func() []experiment.Trial {
					s, err := question.Ask("sigma", train.Default(), 1, []study.Change{{Experiment: "sigma", Path: "vary.sigma", Value: values(trials / 2)}})
					return trialsOf(b, s, err)
				},
			} {
				b.Run(kind, func(b *testing.B) {
					dir := b.TempDir()
					plan := &experiment.Plan{Format: experiment.Format, Experiment: kind, Dataset: experiment.Dataset{Name: "synthetic"}, Trials: plan()}
					plan.Fuse(experiment.MaxFuse, 2)
					if _, err := experiment.Create(dir, plan); err != nil {
						b.Fatal(err)
					}
					done(b, dir)
					timed(b, "collect", "sweep", "collect", dir)
					timed(b, "report", "report", dir)
				})
			}
		})
	}
}

func trialsOf(b *testing.B, s *study.Study, err error) []experiment.Trial {
	if err != nil {
		b.Fatal(err)
	}
	return s.Experiments[0].Trials()
}

// values returns n different numbers from 0.001 on.
func values(n int) []float64 {
	all := make([]float64, n)
	for i := range all {
		all[i] = 1e-3 + 1e-6*float64(i)
	}
	return all
}

// timed measures a command line, which must end well.
func timed(b *testing.B, name string, args ...string) {
	b.Run(name, func(b *testing.B) {
		debug.FreeOSMemory()
		os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // forgets the most so far
		before := cpuSeconds()
		for b.Loop() {
			if r := call(b.Context(), args...); r.code != exitDone {
				b.Fatalf("exit code %d; stderr: %.1000s", r.code, r.stderr)
			}
		}
		b.ReportMetric((cpuSeconds()-before)/float64(b.N), "cpu-s")
		b.ReportMetric(peak(), "MB")
	})
}

// cpuSeconds returns the time that the process had on the cores so far.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// peak returns the most memory that the process had, in MB; 0 where it is not known.
func peak() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kB float64
	fmt.Sscan(after, &kB)
	return kB / 1000
}

// done gives every trial of a run folder a record and a curve, without waiting for
// the disk.
func done(b *testing.B, dir string) {
	b.Helper()
	folder, err := experiment.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range folder.Plan.Trials {
		r := experiment.Record{Format: experiment.Format}
		r.Origin, r.Trial = experiment.StartNow("v1", folder.Plan.Dataset, train.F32), t
		steps := t.Config.Steps()
		var curve bytes.Buffer
		lines := json.NewEncoder(&curve)
		var m train.Metrics
		for i := range 21 {
			loss := 2.3 - 0.08*float64(i) + 1e-6*float64(t.Config.Seed)
			m = train.Metrics{TrainLoss: loss, TrainCost: loss, TrainAcc: 0.5, ValLoss: loss, ValCost: loss, ValAcc: 0.5}
			lines.Encode(train.Point{Step: max(1, i*steps/20), Epoch: 1, Eta: 0.1, Metrics: m})
		}
		r.Result = train.Result{Steps: steps, TrainSeconds: 1, EvalSeconds: 1, Final: &train.Final{Metrics: m, TestMetrics: &train.TestMetrics{TestAcc: 0.5}}}
		at := folder.TrialDir(t)
		if err := os.MkdirAll(at, 0o777); err != nil {
			b.Fatal(err)
		}
		for name, text := range map[string][]byte{"curve.jsonl": curve.Bytes(), "result.json": sealed(r, curve.Bytes())} {
			if err := os.WriteFile(filepath.Join(at, name), text, 0o666); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// sealed returns the text of result.json, with its checksum.
func sealed(r experiment.Record, curve []byte) []byte {
	with := func(sum string) []byte {
		text, err := json.MarshalIndent(struct {
			experiment.Record
			Sum string `json:"sha256"`
		}{r, sum}, "", " ")
		if err != nil {
			panic(err)
		}
		return append(text, '\n')
	}
	blank := with(strings.Repeat("0", 64))
	return with(fmt.Sprintf("%x", sha256.Sum256(append(blank, curve...))))
}
