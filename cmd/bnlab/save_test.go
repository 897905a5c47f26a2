package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/screen"
)

// A saved network classifies as the trained one did, in either precision, and
// saving it twice gives the same file.
func TestSaveEval(t *testing.T) {
	cleanEnv(t)
	for _, options := range []string{"--hidden 6,5 --bn", "--hidden 6", "--hidden 6,5 --bn --precision f64 --bn-eps 1e-3"} {
		t.Run(options, func(t *testing.T) {
			dir := t.TempDir()
			first, second := filepath.Join(dir, "1.safetensors"), filepath.Join(dir, "2.safetensors")
			var trained results.Training
			want(t, exitDone, small("train --json", options, "--save", first)...).decode(t, &trained)
			want(t, exitDone, small("train --json", options, "--save", second)...)
			if !bytes.Equal(read(t, first), read(t, second)) {
				t.Error("the same training saved two different files")
			}
			if left, _ := os.ReadDir(dir); len(left) != 2 {
				t.Errorf("files left behind: %v", left)
			}
			f := trained.Final
			for _, set := range []struct {
				name      string
				images    int
				loss, acc float64
			}{{"test", 200, f.TestLoss, f.TestAcc}, {"val", 100, f.ValLoss, f.ValAcc}, {"train", 500, f.TrainLoss, f.TrainAcc}} {
				var eval results.Eval
				want(t, exitDone, "eval", "--json", "--dataset", "synthetic", "--set", set.name, first).decode(t, &eval)
				if eval.Images != set.images || eval.Loss != set.loss || eval.Accuracy != set.acc {
					t.Errorf("%s: eval finds %d images, loss %v, accuracy %v; train found %d, %v, %v",
						set.name, eval.Images, eval.Loss, eval.Accuracy, set.images, set.loss, set.acc)
				}
			}
		})
	}
}

// The confusion matrix adds up: its rows to the images of each class, its
// diagonal to the accuracy.
func TestConfusion(t *testing.T) {
	cleanEnv(t)
	file := filepath.Join(t.TempDir(), "m.safetensors")
	want(t, exitDone, small("train --bn --hidden 6 --save", file)...)
	var r results.Eval
	want(t, exitDone, "eval", "--json", "--dataset", "synthetic", file).decode(t, &r)
	images, right := 0, 0
	for y, row := range r.Confusion {
		for p, n := range row {
			images += n
			if y == p {
				right += n
			}
		}
	}
	if images != r.Images || float64(right)/float64(images) != r.Accuracy {
		t.Errorf("%d images, %d right in the matrix; report says %d, accuracy %v", images, right, r.Images, r.Accuracy)
	}
	table := want(t, exitDone, "eval", "--dataset", "synthetic", file).stdout
	if !strings.Contains(table, screen.Percent(r.Accuracy)) {
		t.Errorf("accuracy %s is not in\n%s", screen.Percent(r.Accuracy), table)
	}
}

// removing takes a folder away when the program first writes to it.
type removing struct {
	bytes.Buffer
	dir string
}

func (r *removing) Write(p []byte) (int, error) {
	os.RemoveAll(r.dir)
	return r.Buffer.Write(p)
}

// A folder that vanishes while the network trains is an error of one line.
func TestSaveIntoVanishedFolder(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	dir := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "m.safetensors")
	stderr := removing{dir: dir} // its first line is the note on the synthetic set
	args := append([]string{"bnlab", "train", "--hidden", "5", "--save", path}, tiny()...)
	if code := run(t.Context(), args, os.Stdin, new(bytes.Buffer), &stderr); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
	// Who sees it first says so: what writes checkpoints, or what saves the network.
	if len(lines) != 2 || !strings.HasPrefix(lines[1], "bnlab: "+dir+": no such file or directory: it has gone while training; ") && lines[1] != "bnlab: --save "+path+": no such file or directory" {
		t.Errorf("stderr:\n%s", &stderr)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
