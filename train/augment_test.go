package train

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bnlab/blas"
)

// picture draws an image of three square planes.
func picture(t *rapid.T) (image []float64, side int) {
	side = rapid.IntRange(1, 7).Draw(t, "side")
	image = rapid.SliceOfN(rapid.Float64Range(-3, 3), 3*side*side, 3*side*side).Draw(t, "image")
	return image, side
}

// TestFlip: mirrored twice is as it was, and once is each line backwards.
func TestFlip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		image, side := picture(t)
		got := slices.Clone(image)
		flip(got, side)
		for at, v := range got {
			if x := at % side; v != image[at-x+side-1-x] {
				t.Fatalf("number %d is %v", at, v)
			}
		}
		flip(got, side)
		if !slices.Equal(got, image) {
			t.Fatal("mirrored twice, another image")
		}
	})
}

// TestShift: a pixel has the one from which it is moved, and what comes in is 0.
func TestShift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		image, side := picture(t)
		right, down := rapid.IntRange(1-side, side-1).Draw(t, "right"), rapid.IntRange(1-side, side-1).Draw(t, "down")
		got := slices.Clone(image)
		shift(got, side, right, down)
		for at, v := range got {
			plane, y, x := at/(side*side), at/side%side-down, at%side-right
			want := 0.0
			if y >= 0 && y < side && x >= 0 && x < side {
				want = image[plane*side*side+y*side+x]
			}
			if v != want {
				t.Fatalf("moved by %d, %d: number %d is %v, want %v", right, down, at, v, want)
			}
		}
	})
}

// TestAugmentDraws: over many images each is mirrored half of the time and moved to each
// place alike, noise has mean 0 and its deviation, and all of it follows from seed, epoch and image.
func TestAugmentDraws(t *testing.T) {
	const images, side = 4000, 4
	index := make([]int32, images)
	x := blas.New[float64](images, 3*side*side)
	for i := range index {
		index[i] = int32(i)
		x.Set(i, 0, 1) // one pixel in the corner
	}
	augment(Augmentation{Flip: true}, 1, 0, index, x)
	kept := 0
	for i := range images {
		kept += int(x.At(i, 0))
	}
	if math.Abs(float64(kept)/images-0.5) > 0.04 { // five standard deviations
		t.Errorf("%d of %d images were not mirrored", kept, images)
	}
	// In an epoch of its own each image is moved anew, and in the same one the same way.
	run := func(epoch int) []float64 {
		y := blas.New[float64](images, 3*side*side)
		for i := range images {
			y.Set(i, side+1, 1) // in the middle
		}
		augment(Augmentation{Shift: 1, Noise: 0.1}, 1, epoch, index, y)
		return y.Data
	}
	if first := run(3); !slices.Equal(first, run(3)) || slices.Equal(first, run(4)) {
		t.Error("draws do not follow from the epoch")
	}
	noise := blas.New[float64](images, 3*side*side)
	augment(Augmentation{Noise: 0.1}, 1, 0, index, noise)
	sum, square := 0.0, 0.0
	for _, v := range noise.Data {
		sum, square = sum+v, square+v*v
	}
	n := float64(len(noise.Data))
	if mean, deviation := sum/n, math.Sqrt(square/n); math.Abs(mean) > 1.2e-3 || math.Abs(deviation-0.1) > 1e-3 {
		t.Errorf("noise has mean %g and deviation %g", mean, deviation)
	}
	places := map[int]int{}
	moved := blas.New[float64](images, 3*side*side)
	for i := range images {
		moved.Set(i, side+1, 1)
	}
	augment(Augmentation{Shift: 1}, 1, 0, index, moved)
	for i := range images {
		places[slices.Index(moved.Row(i), 1)]++
	}
	for place, n := range places {
		if math.Abs(float64(n)/images-1./9) > 0.025 {
			t.Errorf("%d of %d images are at %d", n, images, place)
		}
	}
	if len(places) != 9 {
		t.Errorf("%d places", len(places))
	}
}

// TestAugmentImages: what is no picture is neither mirrored nor moved.
func TestAugmentImages(t *testing.T) {
	for _, a := range []Augmentation{{Flip: true}, {Shift: 1}} {
		if err := a.checkImages(13); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v of 13 numbers: %v", a, err)
		}
		if err := a.checkImages(12); err != nil {
			t.Errorf("%+v of 2×2 pixels: %v", a, err)
		}
	}
	if err := (Augmentation{Shift: 2}).checkImages(12); !errors.Is(err, ErrConfig) {
		t.Errorf("by 2 of 2 pixels: %v", err)
	}
	if err := (Augmentation{Noise: 1}).checkImages(13); err != nil {
		t.Error(err)
	}
}
