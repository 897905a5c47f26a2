package cifar

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSplit(t *testing.T) {
	d := Data{Name: "some", Digest: "of it", Classes: ClassNames(), Train: noise(30, 1), Test: noise(20, 2)}
	rapid.Check(t, func(t *rapid.T) {
		val := rapid.IntRange(1, 29).Draw(t, "val")
		train := rapid.IntRange(0, 30-val).Draw(t, "train")
		test := rapid.IntRange(0, 20).Draw(t, "test")
		got, err := d.Split(val, train, test)
		if err != nil {
			t.Fatal(err)
		}
		all := func(n, size int) int {
			if n == 0 {
				return size
			}
			return n
		}
		if got.Name != "some" || got.Digest != "of it" || !cmp.Equal(got.Classes, ClassNames()) {
			t.Errorf("%q, %q, %v", got.Name, got.Digest, got.Classes)
		}
		for _, part := range []struct {
			name      string
			got, want Set
		}{
			{"train", got.Train, d.Train.Slice(0, all(train, 30-val))},
			{"val", got.Val, d.Train.Slice(30-val, 30)},
			{"test", got.Test, d.Test.Slice(0, all(test, 20))},
		} {
			if !equal(part.got, part.want) {
				t.Errorf("%s: %d images, want %d", part.name, part.got.Len(), part.want.Len())
			}
		}
	})
}

func TestSplitImpossible(t *testing.T) {
	d := Data{Train: noise(30, 1), Test: noise(20, 2)}
	for _, c := range []struct {
		val, train, test int
		where, problem   string
	}{
		{0, 0, 0, "val 0", "cannot split 30 images into training and validation"},
		{-1, 0, 0, "val -1", "cannot split 30 images into training and validation"},
		{30, 0, 0, "val 30", "cannot split 30 images into training and validation"},
		{10, 21, 0, "train_size 21", "there are 20 training images"},
		{10, -1, 0, "train_size -1", "there are 20 training images"},
		{10, 0, 21, "test_size 21", "there are 20 test images"},
		{10, 0, -1, "test_size -1", "there are 20 test images"},
	} {
		_, err := d.Split(c.val, c.train, c.test)
		wantInputError(t, err, c.where, c.problem)
	}
}
