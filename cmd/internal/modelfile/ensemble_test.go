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
		got := Average(members, labels)
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
		if again := Average(members, labels); math.Abs(again.Score.Loss-got.Score.Loss) > 1e-12*max(1, loss) {
			t.Fatal("the order of the members tells")
		}
	})
}

// TestAverageOfExtremes: what one network is sure of to the last bit, and wrong, is no
// infinite loss.
func TestAverageOfExtremes(t *testing.T) {
	p := Average([]*Predictions{member([][]float64{{-5000, 5000}}), member([][]float64{{-3000, 3000}})}, []uint8{0})
	if want := 6000 + math.Log(2); math.Abs(p.Score.Loss-want) > 1e-9*want {
		t.Errorf("loss %g, want %g", p.Score.Loss, want)
	}
}

// TestVote: the class of most members, and of equally many the one that is more probable.
func TestVote(t *testing.T) {
	members := []*Predictions{
		member([][]float64{{1, 0, 0}, {9, 0, 0}, {0, 2, 0}}), member([][]float64{{1, 0, 0}, {0, 1, 0}, {0, 2, 0}}), member([][]float64{{0, 0, 9}, {0, 0, 1}, {0, 2, 0}}),
	}
	if got := Vote(members, Average(members, make([]uint8, 3))); !slices.Equal(got, []int{0, 0, 1}) {
		t.Errorf("votes %v", got)
	}
	if got := Average(members, make([]uint8, 3)).Classes; got[0] != 2 {
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
