package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bnlab/cifar"
	"bnlab/cmd/internal/results"
	"bnlab/train"
	"bnlab/train/bench"
	"bnlab/train/experiment"
)

// TestJSONPage: docs/json.md describes what the program prints and writes, key by key,
// and nothing else.
func TestJSONPage(t *testing.T) {
	cleanEnv(t)
	data := few()
	data.Train.Pixels, data.Train.Labels = bytes.Repeat(data.Train.Pixels, 11), bytes.Repeat(data.Train.Labels, 11)
	give(t, data) // enough for the gradient check, which sets 5000 images aside
	t.Chdir(t.TempDir())
	p := readJSONPage(t)
	prints := func(object string, code int, line string) {
		t.Helper()
		p.text("bnlab "+line, object, want(t, code, strings.Fields(line)...).stdout)
	}
	holds := func(object, path string) {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p.text(path, object, string(text))
	}
	tiny := " --dataset synthetic --train-size 400 --test-size 100 --val 100 --ns 5 --cycles 1 --batch 20"

	prints("bnlab-train", exitDone, "train --json --quiet --save m.safetensors --bn"+tiny)
	prints("bnlab-train", exitDone, "train --json --quiet --hidden= --seed 18446744073709551615"+tiny)
	p.text("diverged", "bnlab-train", call(t.Context(), strings.Fields("train --json --quiet --eta-max 1e30"+tiny)...).stdout)
	prints("bnlab-gradcheck", exitDone, "gradcheck --json --depth 2 --images 10 --sample 3 --dataset synthetic")
	var gradients experiment.GradientRecord
	want(t, exitDone, strings.Fields("gradcheck --json --depth 2 --images 10 --sample 3 --dataset synthetic")...).decode(t, &gradients)
	prints("bnlab-eval", exitDone, "eval --json m.safetensors --dataset synthetic")
	if err := writePicture("p.png", image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	prints("bnlab-predict", exitUsage, "predict --json m.safetensors p.png none.png")

	const summary = "bnlab-compare-search-sigma-reproduce-sweep-collect"
	prints(summary, exitDone, "compare --json --quiet --depth 2 --eta-max 1e30"+tiny)
	prints(summary, exitDone, "search --json --quiet --stage coarse --out study"+tiny)
	prints(summary, exitDone, "search --json --quiet --points 1 --seeds 1 --out study"+tiny)
	holds("planjson", "study/coarse/plan.json")
	holds("trialsIDresultjson", "study/coarse/trials/lambda-0.001-seed1/result.json")
	curve, err := os.ReadFile("study/coarse/trials/lambda-0.001-seed1/curve.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(curve)) {
		p.text("curve.jsonl", "trialsIDcurvejsonl", line)
	}

	const status = "bnlab-sweep-plan-sweep-run-sweep-status"
	prints(status, exitDone, "sweep plan sigma --json --sigmas 1e-1 --seeds 2 --fuse 2 --out run"+tiny)
	prints(summary, exitFailed, "sweep collect --json run")
	prints("bnlab-sweep-submit", exitDone, "sweep submit --json --dry-run run")
	fakes(t, map[string]string{"sbatch": "echo 7"})
	prints("bnlab-sweep-submit", exitDone, "sweep submit --json run")
	prints(status, exitDone, "sweep run --json --quiet --shard 1/2 run")
	badRecords(t, "run")
	prints(status, exitDone, "sweep status --json run")
	prints(summary, exitFailed, "sweep collect --json run")
	prints("bnlab-report", exitDone, "report --json run")
	published(t, "published")
	if err := gradients.Keep("published"); err != nil {
		t.Fatal(err)
	}
	holds("bnlab-gradcheck", "published/gradcheck.json")
	prints(summary, exitDone, "sweep collect --json published/compare")
	prints(status, exitDone, "sweep status --json published/compare")
	prints("bnlab-report", exitDone, "report --json published")
	holds("bnlab-report", "published/report/summary.json")
	old, _, _ := strings.Cut(string(read(t, "published/gradcheck.json")), `"host"`) // of a version that did not state it
	_, nets, _ := strings.Cut(string(read(t, "published/gradcheck.json")), `"nets"`)
	if err := os.WriteFile("published/gradcheck.json", []byte(old+`"nets"`+nets), 0o666); err != nil {
		t.Fatal(err)
	}
	prints("bnlab-report", exitDone, "report --json published")

	archive, _ := smallArchive(t)
	prints("bnlab-data-fetch", exitDone, "data fetch --json --quiet --data fetched --url "+serveFile(t, archive))
	prints("bnlab-data-info", exitDone, "data info --json --val 100 --dataset synthetic")
	t.Setenv("OPENBLAS_L2_SIZE", "1") // which is warned of
	prints("bnlab-info", exitDone, "info --json")
	if err := errors.Join(blackBatches("black"), os.Truncate("black/test_batch.bin", cifar.RecordSize)); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		os.Remove(fmt.Sprintf("black/data_batch_%d.bin", i+1))
	}
	prints("bnlab-data-verify", exitCheck, "data verify --json --data black")
	p.text("error", "error-line", want(t, exitUsage, "trian", "--json-errors").stderr)

	// Of bench only the form, with one of each: bench.txtar has its numbers.
	one := bench.Report{Shapes: make([]bench.Product, 1), Threads: make([]bench.Threads, 1), Scaling: make([]bench.Sweep, 1)}
	text, err := experiment.JSON(results.Bench{Report: one, Low: one, High: one, Features: []string{"avx"}, Warnings: []string{"slow"}})
	if err != nil {
		t.Fatal(err)
	}
	p.text("bench", "bnlab-bench", string(text))
	p.allSeen()
}

// badRecords makes of the records of a run one that has failed and one of another
// kernel, and damages a third.
func badRecords(t *testing.T, dir string) {
	t.Helper()
	folder, err := experiment.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, trial := range folder.Plan.Trials {
		r, found, err := folder.Read(trial)
		if err != nil || !found {
			continue
		}
		switch n++; n {
		case 1:
			r.Backend.Core = "Z80"
			r.Error = "no luck"
		case 2:
			r.Backend.Core = "6502"
		}
		replaceRecord(t, folder, r)
	}
	if n < 2 {
		t.Fatalf("%d records", n)
	}
	damaged := filepath.Join(folder.TrialDir(folder.Plan.Trials[len(folder.Plan.Trials)-1]))
	if err := os.MkdirAll(damaged, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(damaged, "result.json"), []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
}

// published writes made-up records of CIFAR-10 that have figures of the study beside
// them: of two trials, of one beside one that diverged, and of none; and a search.
func published(t *testing.T, dir string) {
	t.Helper()
	base := train.Default()
	compare, err := experiment.Compare(base, []int{3, 9}, 2)
	if err != nil {
		t.Fatal(err)
	}
	madeUp(t, filepath.Join(dir, "compare"), compare, func(i int) bool { return i >= 3 })
	base.BN = true
	madeUp(t, filepath.Join(dir, "final"), experiment.Search(base, []float64{0.005}, 3), func(int) bool { return false })
	base.NoTest = true
	madeUp(t, filepath.Join(dir, "coarse"), experiment.Search(base, experiment.CoarseLambdas(), 1), func(int) bool { return false })
}

// madeUp writes a run whose trials have an accuracy by their λ, but for those that
// diverge.
func madeUp(t *testing.T, dir string, trials []experiment.Trial, diverges func(i int) bool) {
	t.Helper()
	name := filepath.Base(dir)
	if name != "compare" {
		name = "search"
	}
	for i := range trials {
		trials[i].Unit = i
	}
	data := experiment.Dataset{Name: experiment.Original, Digest: experiment.OriginalDigest}
	folder, err := experiment.Create(dir, &experiment.Plan{Format: experiment.Format, Experiment: name, Dataset: data, Program: "test", Trials: trials})
	if err != nil {
		t.Fatal(err)
	}
	for i, trial := range trials {
		r := experiment.Record{Format: experiment.Format, Outcome: experiment.Outcome{Origin: experiment.StartNow("test", data), Trial: trial}}
		steps := trial.Config.Steps()
		r.Result = train.Result{Steps: steps, Diverged: diverges(i)}
		if !r.Result.Diverged {
			acc := 0.53 - 0.02*math.Pow(math.Log10(trial.Config.Lambda)+2.3, 2) + 1e-3*float64(trial.Config.Seed%3)
			r.Result.Final = &train.Final{Metrics: train.Metrics{ValAcc: acc}}
			if !trial.Config.NoTest {
				r.Result.Final.TestMetrics = &train.TestMetrics{TestAcc: acc}
			}
			r.Curve = []train.Point{{Step: steps, Metrics: r.Result.Final.Metrics}}
		}
		if err := folder.Save(r); err != nil {
			t.Fatal(err)
		}
	}
}
