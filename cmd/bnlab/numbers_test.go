package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/checkpoint"
	"bnlab/train/experiment"
)

// What --logits writes are logits: no probabilities, but the softmax makes them
// those that the mistakes show.
func TestLogitsAreLogits(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	t.Chdir(t.TempDir())
	want(t, exitDone, small("train --quiet --hidden 6 --save m.safetensors --train-size 400 --test-size 100")...)
	var r results.Eval
	want(t, exitDone, strings.Fields("eval --json --dataset synthetic --logits l.npy m.safetensors")...).decode(t, &r)
	file := read(t, "l.npy")
	header := 10 + int(file[8]) + int(file[9])<<8
	if len(file) != header+r.Images*cifar.Classes*4 {
		t.Fatalf("%d bytes of %d images", len(file), r.Images)
	}
	logit := func(image, class int) float64 {
		b := file[header+4*(image*cifar.Classes+class):]
		return float64(math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24))
	}
	for _, m := range r.Mistakes {
		sum, plain := 0.0, 0.0
		for class := range cifar.Classes {
			sum += math.Exp(logit(m.Image, class))
			plain += logit(m.Image, class)
		}
		p := math.Exp(logit(m.Image, slices.Index(r.Classes, m.Predicted))) / sum
		if math.Abs(p-m.Probability) > 1e-5 {
			t.Errorf("image %d: softmax of the logits %g, probability %g", m.Image, p, m.Probability)
		}
		if math.Abs(plain-1) < 1e-4 {
			t.Errorf("image %d: the logits add up to 1, as probabilities do", m.Image)
		}
	}
}

// The fine stage of a search is drawn from --seed, not from the order's; each stage
// is called by its name; and the test accuracy of the best λ is that of the final
// networks.
func TestSearchStages(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	var s experiment.Summary
	line := small("search --json --quiet --points 3 --seeds 2 --seed 3 --order-seed 5 --train-size 400 --test-size 100 --val 93") // no fraction of 93 is one of 100
	want(t, exitDone, line...).decode(t, &s)
	stages := map[string][]experiment.Group{}
	for _, g := range s.Groups {
		stages[g.Stage] = append(stages[g.Stage], g)
	}
	if len(stages["coarse"]) != 8 || len(stages["fine"]) != 3 || len(stages["final"]) != 1 {
		t.Fatalf("stages %v", stages)
	}
	low, high, err := experiment.ReportRange(stages["coarse"])
	if err != nil {
		t.Fatal(err)
	}
	var drawn []float64
	for _, g := range stages["fine"] {
		drawn = append(drawn, g.Config.Lambda)
	}
	if want := experiment.FineLambdas(low, high, 3, 3); !slices.Equal(drawn, want) {
		t.Errorf("fine λ %v, want %v", drawn, want)
	}
	final := stages["final"][0]
	if s.Best.TestAcc == nil || *s.Best.TestAcc != final.TestAcc.Mean || *s.Best.TestAcc == final.ValAcc.Mean || final.N != 2 {
		t.Errorf("best %+v, final %+v", s.Best, final)
	}
	if s.Trials != 8+3+2 {
		t.Errorf("%d trials", s.Trials)
	}
}

// --fuse off trains every trial alone.
func TestFuseOff(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "run")
	for _, v := range []struct {
		fuse string
		most int
	}{{"off", 1}, {"2", 2}, {"auto", experiment.MaxFuse}} {
		dir := dir + v.fuse
		want(t, exitDone, small("sweep plan compare --depth 3 --seeds 8 --workers 1 --fuse", v.fuse, "--out", dir)...)
		var plan experiment.Plan
		if err := json.Unmarshal(read(t, filepath.Join(dir, "plan.json")), &plan); err != nil {
			t.Fatal(err)
		}
		largest := 0
		for _, unit := range plan.Units() {
			largest = max(largest, len(unit))
		}
		if largest != v.most {
			t.Errorf("--fuse %s: %d side by side, want %d", v.fuse, largest, v.most)
		}
	}
}

// Images are standardised by those that train, and by no image set aside.
func TestStandardOfTrainingSplit(t *testing.T) {
	data := few()
	const val = 200
	for i := len(data.Train.Labels) - val; i < len(data.Train.Labels); i++ {
		picture := data.Train.Pixels[i*cifar.Dim : (i+1)*cifar.Dim]
		for j := range picture {
			picture[j] = 255 // a validation set unlike all else
		}
	}
	cleanEnv(t)
	give(t, data)
	path := filepath.Join(t.TempDir(), "m.safetensors")
	args := small("train --quiet --hidden 5 --save", path, "--train-size 0 --test-size 100")
	want(t, exitDone, append(args, "--val", "200")...)
	m, err := modelfile.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	n := len(data.Train.Labels) - val
	for _, dim := range []int{0, 1000, cifar.Dim - 1} {
		mean := 0.0
		for i := range n {
			mean += float64(data.Train.Pixels[i*cifar.Dim+dim]) / float64(n)
		}
		if got := m.Standard.Mean[dim]; math.Abs(got-mean) > 1e-9*(1+mean) {
			t.Errorf("dimension %d: mean %g, that of the %d training images is %g", dim, got, n, mean)
		}
	}
}

// The job that gathers ends with the exit code of what failed.
func TestGatherExitCode(t *testing.T) {
	dir := planned(t)
	want(t, exitDone, "sweep", "submit", "--dry-run", dir)
	for _, v := range []struct {
		program string
		code    int
	}{
		{`exit 0`, 0},
		{`[ "$1" = sweep ] && exit 1; exit 0`, 1},
		{`[ "$1" = report ] && exit 2; exit 0`, 2},
	} {
		bin := fakes(t, map[string]string{"program": v.program})
		cmd := shellCommand(t, "bash "+shell.SingleQuote(filepath.Join(dir, "slurm", "gather.sh")))
		cmd.Env = append(os.Environ(), "BNLAB="+filepath.Join(bin, "program"))
		cmd.Run()
		if code := cmd.ProcessState.ExitCode(); code != v.code {
			t.Errorf("%s: exit code %d, want %d", v.program, code, v.code)
		}
	}
}

// A failed trial is to be trained again, and so gets a task when its plan is
// submitted again.
func TestFailedTrialGetsTask(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "run")
	bad := few()
	bad.Train.Labels[7] = 200 // of no class
	give(t, bad)
	want(t, exitFailed, small("compare --quiet --depth 2 --fuse 1 --workers 1 --train-size 400 --test-size 100 --out", dir)...)
	r := want(t, exitDone, "sweep", "submit", "--dry-run", "--shards", "2", dir)
	if array := regexp.MustCompile(`--array=(\S+)`).FindStringSubmatch(r.stdout); array == nil || array[1] != "0-1" {
		t.Errorf("tasks %q, want 0-1:\n%s", array, r.stdout)
	}
}

// A finished network with a checkpoint of its own training beside it was to be
// replaced, and that was interrupted: --resume goes on with it, and does not take the
// file for its result.
func TestResumeOfInterruptedReplacement(t *testing.T) {
	cleanEnv(t)
	data := few()
	give(t, data)
	t.Chdir(t.TempDir())
	line := small("train --quiet --train-size 400 --test-size 100 --resume --save net")
	want(t, exitDone, line...)
	if r := want(t, exitDone, line...); !strings.Contains(r.stderr, "is complete, nothing is trained") {
		t.Fatalf("a finished network: %s", r.stderr)
	}
	m, err := modelfile.Read("net")
	if err != nil {
		t.Fatal(err)
	}
	store := checkpoint.Open(checkpoint.Beside("net"), checkpoint.Training{Program: build.Version(), Dataset: data.Digest, Backend: blas.Current(), Trials: []train.Config{m.Config}}, true,
		checkpoint.Callbacks{Warn: func(err error) { t.Error(err) }})
	store.Keep(train.State{Steps: 5}) // tells that there is one; with nothing in it, it is of no use
	store.Close()
	if r := want(t, exitDone, line...); strings.Contains(r.stderr, "is complete") || !strings.Contains(r.stderr, "checkpoint of no use") {
		t.Errorf("the interrupted replacement is not gone on with: %s", r.stderr)
	}
}

// A shard is every N-th unit, not a block of them: so the shards that are submitted
// again are those that lack something, whatever their number was.
func TestShardsTakeTurns(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	dir := filepath.Join(t.TempDir(), "run")
	want(t, exitDone, small("sweep plan compare --depth 2 --seeds 3 --fuse off --train-size 400 --test-size 100 --out", dir)...)
	want(t, exitDone, "sweep", "run", "--quiet", "--dataset", "synthetic", "--shard", "2/3", dir)
	var plan experiment.Plan
	if err := json.Unmarshal(read(t, filepath.Join(dir, "plan.json")), &plan); err != nil {
		t.Fatal(err)
	}
	for i, trial := range plan.Trials {
		_, err := os.Stat(filepath.Join(dir, "trials", trial.ID, "result.json"))
		if done := err == nil; done != (i%3 == 1) {
			t.Errorf("trial %d of shard 2/3: done %v", i, done)
		}
	}
}
