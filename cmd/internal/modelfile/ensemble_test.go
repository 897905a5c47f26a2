package modelfile

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bnlab/cifar"
	"bnlab/model"
	"bnlab/train"
)

// member makes predictions of logits.
func member(logits [][]float64) *Predictions {
	p := &Predictions{Logits: logits}
	for _, l := range logits {
		best := 0
		for j := range l {
			if l[j] > l[best] {
				best = j
			}
		}
		p.Classes = append(p.Classes, best)
	}
	return p
}

// softmaxOf returns probabilities by the formula.
func softmaxOf(logits []float64) []float64 {
	p, sum := make([]float64, len(logits)), 0.0
	for j, l := range logits {
		p[j] = math.Exp(l)
		sum += p[j]
	}
	for j := range p {
		p[j] /= sum
	}
	return p
}

// TestAverage: probabilities are the mean of the members', the loss is that of them, and the
// logits have them as their softmax, whatever the order of the members.
func TestAverage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		images, classes := rapid.IntRange(1, 5).Draw(t, "images"), rapid.IntRange(2, 6).Draw(t, "classes")
		var members []*Predictions
		for range rapid.IntRange(1, 4).Draw(t, "members") {
			var logits [][]float64
			for range images {
				logits = append(logits, rapid.SliceOfN(rapid.Float64Range(-30, 30), classes, classes).Draw(t, "logits"))
			}
			members = append(members, member(logits))
		}
		labels := make([]uint8, images)
		got := Average(model.Softmax, members, labels)
		loss, right := 0.0, 0
		for i := range images {
			mean := make([]float64, classes)
			for _, m := range members {
				for j, p := range softmaxOf(m.Logits[i]) {
					mean[j] += p / float64(len(members))
				}
			}
			loss -= math.Log(mean[0])
			for j, p := range softmaxOf(got.Logits[i]) {
				if math.Abs(got.Probabilities[i][j]-mean[j]) > 1e-12 || math.Abs(p-mean[j]) > 1e-12 {
					t.Fatalf("image %d: probabilities %v, want %v", i, got.Probabilities[i], mean)
				}
			}
			if mean[got.Classes[i]] < slices.Max(mean)-1e-12 {
				t.Fatalf("class %d of %v", got.Classes[i], mean)
			}
			if got.Classes[i] == 0 {
				right++
			}
		}
		if math.Abs(got.Score.Loss-loss) > 1e-9*max(1, loss) || got.Score.Correct != right || got.Score.Images != images {
			t.Fatalf("score %+v, want loss %g, %d right", got.Score, loss, right)
		}
		slices.Reverse(members)
		if again := Average(model.Softmax, members, labels); math.Abs(again.Score.Loss-got.Score.Loss) > 1e-12*max(1, loss) {
			t.Fatal("the order of the members tells")
		}
	})
}

// TestAverageOfExtremes: what one network is sure of to the last bit, and wrong, is no
// infinite loss.
func TestAverageOfExtremes(t *testing.T) {
	p := Average(model.Softmax, []*Predictions{member([][]float64{{-5000, 5000}}), member([][]float64{{-3000, 3000}})}, []uint8{0})
	if want := 6000 + math.Log(2); math.Abs(p.Score.Loss-want) > 1e-9*want {
		t.Errorf("loss %g, want %g", p.Score.Loss, want)
	}
}

// TestVote: the class of most members, and of equally many the one that is more probable.
func TestVote(t *testing.T) {
	members := []*Predictions{
		member([][]float64{{1, 0, 0}, {0, 9, 0}, {0, 2, 0}}), member([][]float64{{1, 0, 0}, {1, 0, 0}, {0, 2, 0}}), member([][]float64{{0, 0, 9}, {0, 0, 1}, {0, 2, 0}}),
	}
	if got := Vote(members, Average(model.Softmax, members, make([]uint8, 3))); !slices.Equal(got, []int{0, 1, 1}) {
		t.Errorf("votes %v", got)
	}
	if got := Average(model.Softmax, members, make([]uint8, 3)).Classes; got[0] != 2 {
		t.Errorf("classes %v: choose members whose mean and vote differ", got)
	}
}

// TestFits: what cannot be averaged is refused with why.
func TestFits(t *testing.T) {
	first := &File{Saved: &model.Saved{}, Path: "a", Classes: cifar.ClassNames(), Config: train.Default()}
	other := *first
	other.Path = "b"
	if err := other.Fits(first, "val"); err != nil {
		t.Error(err)
	}
	other.Config.Val = 1000
	if err := other.Fits(first, "test"); err != nil {
		t.Error(err)
	}
	const images = "b: bad saved network: it was trained on other images than a: val 1000, train_size 0, not 5000, 0; use --set test"
	if err := other.Fits(first, "val"); err == nil || err.Error() != images {
		t.Errorf("got %v\nwant %s", err, images)
	}
	other.Classes = []string{"cat", "dog"}
	if err := other.Fits(first, "test"); err == nil || err.Error() != "b: bad saved network: it tells other classes apart than a: cat, dog" {
		t.Error(err)
	}
}

// TestAverageOfLosses: the mean is that of the sigmoids of bce, and of the scores of hinge; the loss
// is that of its logits, of any size.
func TestAverageOfLosses(t *testing.T) {
	sigmoid := func(s float64) float64 { return 1 / (1 + math.Exp(-s)) }
	a, b := member([][]float64{{2, -1, 0}, {1000, -1000, -800}}), member([][]float64{{-0.5, 3, 0}, {2000, -1000, 600}})
	labels := []uint8{1, 2}
	hinge := Average(model.Hinge, []*Predictions{a, b}, labels)
	for j, want := range []float64{0.75, 1, 0} {
		if hinge.Logits[0][j] != want || hinge.Probabilities[0][j] != want {
			t.Errorf("hinge: class %d: %g, want the mean score %g", j, hinge.Logits[0][j], want)
		}
	}
	if want := 0.75 + (1500 + 100 + 1.); math.Abs(hinge.Score.Loss-want) > 1e-12 || hinge.Classes[0] != 1 || hinge.Score.Correct != 1 {
		t.Errorf("hinge: %+v, classes %v, want loss %g", hinge.Score, hinge.Classes, want)
	}
	bce := Average(model.BCE, []*Predictions{a, b}, labels)
	for j := range 3 {
		want := (sigmoid(a.Logits[0][j]) + sigmoid(b.Logits[0][j])) / 2
		if got := bce.Probabilities[0][j]; math.Abs(got-want) > 1e-12 || math.Abs(sigmoid(bce.Logits[0][j])-want) > 1e-12 {
			t.Errorf("bce: class %d: %g, want the mean probability %g", j, got, want)
		}
	}
	if got := bce.Score.Loss; math.IsNaN(got) || math.IsInf(got, 0) || got < 1000/3 {
		t.Errorf("bce: loss %g", got)
	}
}
