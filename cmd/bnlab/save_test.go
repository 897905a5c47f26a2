package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/screen"
	"bnlab/model"
)

// TestSaveEval: a saved network classifies as the trained one did, in any precision,
// and saving it twice gives the same file.
func TestSaveEval(t *testing.T) {
	cleanEnv(t)
	for _, options := range []string{"--hidden 20,5 --bn", "--hidden 20", "--hidden 20 --bn --precision f64 --bn-eps 1e-3",
		"--hidden 20,5 --bn --activation gelu --optimiser adam --eta-max 0.01 --smoothing 0.1", "--hidden 20 --activation sigmoid --momentum 0.5 --decay all",
		"--hidden 20 --loss bce --smoothing 0.1", "--hidden 20,5 --bn --precision bf16",
		"--hidden 20,6,6 --norm layer --skip 1", "--hidden 20,5 --bn --norm-after --norm-layers 1 --noisy --ghost 5"} {
		t.Run(options, func(t *testing.T) {
			t.Chdir(t.TempDir())
			var trained results.Training
			want(t, exitDone, small("train --json", options, "--save first")...).decode(t, &trained)
			want(t, exitDone, small("train --json", options, "--save second")...)
			if !bytes.Equal(read(t, "first"), read(t, "second")) {
				t.Error("the same training saved two different files")
			}
			if left, _ := os.ReadDir("."); len(left) != 2 {
				t.Errorf("files left behind: %v", left)
			}
			f := trained.Final
			for _, set := range []struct {
				name      string
				images    int
				loss, acc float64
			}{{"test", 200, f.TestLoss, f.TestAcc}, {"val", 100, f.ValLoss, f.ValAcc}, {"train", 500, f.TrainLoss, f.TrainAcc}} {
				var eval results.Eval
				want(t, exitDone, "eval", "--json", "--dataset", "synthetic", "--set", set.name, "first").decode(t, &eval)
				if eval.Images != set.images || eval.Loss != set.loss || eval.Accuracy != set.acc {
					t.Errorf("%s: eval finds %d images, loss %v, accuracy %v; train found %d, %v, %v",
						set.name, eval.Images, eval.Loss, eval.Accuracy, set.images, set.loss, set.acc)
				}
			}
			of := model.Softmax
			if strings.Contains(options, "bce") {
				of = model.BCE
			}
			checkEval(t, dataset.Synthetic().Test, of, "first")
		})
	}
	t.Run("cifar10", func(t *testing.T) {
		if realData == "" {
			t.Skip("set CIFAR10_DIR")
		}
		data, err := cifar.Load(realData)
		if err != nil {
			t.Fatal(err)
		}
		t.Chdir(t.TempDir())
		want(t, exitDone, append([]string{"train", "--bn", "--hidden", "20", "--data", realData, "--save", "m"}, tiny()...)...)
		checkEval(t, data.Test, model.Softmax, "m", "--data", realData)
	})
}

// TestSaveEvalStatistics: eval of a saved network finds to the bit what its training recorded
// with each kind of statistics.
func TestSaveEvalStatistics(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	var trained results.Training
	const options = "--hidden 20,5 --bn --dropout 0.1 --statistics precise+adaptive+batch --precise-images 100 --eval-batch 60"
	want(t, exitDone, small("train --json", options, "--save m")...).decode(t, &trained)
	var losses []float64
	for _, flags := range []string{"precise --precise-images 100", "adaptive", "batch --eval-batch 60"} {
		words := strings.Fields(flags)
		m := trained.Final.Of(model.Statistics(words[0]))
		for set, found := range map[string][2]float64{"test": {m.TestLoss, m.TestAcc}, "val": {m.ValLoss, m.ValAcc}, "train": {m.TrainLoss, m.TrainAcc}} {
			var eval results.Eval
			want(t, exitDone, append([]string{"eval", "--json", "--dataset", "synthetic", "--set", set, "m", "--statistics"}, words...)...).decode(t, &eval)
			if eval.Loss != found[0] || eval.Accuracy != found[1] || string(eval.Statistics) != words[0] {
				t.Errorf("%s, %s: eval finds loss %v, accuracy %v with %q; train found %v", flags, set, eval.Loss, eval.Accuracy, eval.Statistics, found)
			}
		}
		losses = append(losses, m.TestLoss)
	}
	if losses[0] == losses[1] || losses[1] == losses[2] || losses[0] == trained.Final.TestLoss {
		t.Errorf("losses %v: the statistics do not tell", losses)
	}
}

// checkEval asserts that the numbers of eval agree with one another, with the labels and
// the logits, and with what predict makes of the same images as pictures: the same class
// and, but for the rounding of another number of images at a time, the same probability.
func checkEval(t *testing.T, set cifar.Set, loss model.Loss, file string, flags ...string) {
	t.Helper()
	var e results.Eval
	want(t, exitDone, append([]string{"eval", "--json", "--logits", "l.npy", file}, flags...)...).decode(t, &e)
	images, right := 0, 0
	for y, row := range e.Confusion {
		for _, n := range row {
			images += n
		}
		right += row[y]
	}
	if images != e.Images || float64(right)/float64(images) != e.Accuracy {
		t.Errorf("%d images, %d right in the matrix; report says %d, accuracy %v", images, right, e.Images, e.Accuracy)
	}
	table := want(t, exitDone, append([]string{"eval", file}, flags...)...).stdout
	if !strings.Contains(table, screen.Percent(e.Accuracy)) {
		t.Errorf("accuracy %s is not in\n%s", screen.Percent(e.Accuracy), table)
	}
	if len(e.Mistakes) != results.WorstMistakes {
		t.Fatalf("%d mistakes named, want %d", len(e.Mistakes), results.WorstMistakes)
	}
	args := []string{"predict", "--json", "--top", "10", file}
	for _, format := range []string{"png", "jpg"} {
		for i, m := range e.Mistakes {
			args = append(args, fmt.Sprintf("%02d.%s", i, format))
			if err := writePicture(args[len(args)-1], set.Picture(m.Image)); err != nil {
				t.Fatal(err)
			}
		}
	}
	var predicted results.Predictions
	want(t, exitDone, args...).decode(t, &predicted)
	likePNG := 0
	for i, m := range e.Mistakes {
		if i > 0 && *m.Probability > *e.Mistakes[i-1].Probability {
			t.Errorf("mistake %d is worse than the one before it", i)
		}
		if want := e.Classes[set.Labels[m.Image]]; m.Class != want || m.Predicted == want {
			t.Errorf("image %d is a %s, the mistake says %s for %s", m.Image, want, m.Predicted, m.Class)
		}
		png, jpg := predicted.Images[i], predicted.Images[len(e.Mistakes)+i]
		total := 0.0
		for _, p := range png.Top {
			total += *p.Probability
		}
		if png.Class != m.Predicted || math.Abs(*png.Top[0].Probability-*m.Probability) > 1e-6 || len(png.Top) != cifar.Classes || loss == model.Softmax && math.Abs(total-1) > 1e-5 {
			t.Errorf("image %d: predict says %v, which sum to %v, eval %+v", m.Image, png.Top, total, m)
		}
		if jpg.Class == png.Class { // a JPEG is not quite the same image
			likePNG++
		}
	}
	if likePNG < results.WorstMistakes*9/10 {
		t.Errorf("of %d JPEGs only %d are classified as their PNG", results.WorstMistakes, likePNG)
	}
	checkLogits(t, read(t, "l.npy"), loss, e)
}

// checkLogits asserts that a file holds logits: no probabilities, but the softmax makes
// them those of the mistakes, or with the loss bce the sigmoid of each.
func checkLogits(t *testing.T, npy []byte, loss model.Loss, e results.Eval) {
	t.Helper()
	numbers := npy[10+int(npy[8])+int(npy[9])<<8:]
	size := len(numbers) / e.Images / cifar.Classes
	if len(numbers) != e.Images*cifar.Classes*size || size != 4 && size != 8 {
		t.Fatalf("%d bytes of %d images", len(numbers), e.Images)
	}
	for _, m := range e.Mistakes {
		exp, sum, plain := map[string]float64{}, 0.0, 0.0
		for i, class := range e.Classes {
			b := numbers[size*(m.Image*cifar.Classes+i):]
			v := float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
			if size == 8 {
				v = math.Float64frombits(binary.LittleEndian.Uint64(b))
			}
			exp[class] = math.Exp(v)
			if loss == model.BCE {
				exp[class] = 1 / (1 + math.Exp(-v))
			}
			sum += exp[class]
			plain += v
		}
		if loss == model.BCE {
			sum = 1
		}
		if p := exp[m.Predicted] / sum; math.Abs(p-*m.Probability) > 1e-5 {
			t.Errorf("image %d: the logits make %g, probability %g", m.Image, p, *m.Probability)
		}
		if math.Abs(plain-1) < 1e-4 {
			t.Errorf("image %d: the logits add up to 1, as probabilities do", m.Image)
		}
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
