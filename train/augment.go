package train

import (
	"math"

	"bnlab/blas"
	"bnlab/model"
)

// maxShift moves all of an image of CIFAR-10 but one row out of sight.
const maxShift = 31

func (a Augmentation) check() error {
	switch {
	case a.Shift < 0 || a.Shift > maxShift:
		return badf("{shift} %d: give a number of pixels from 0 to %d", a.Shift, maxShift)
	case !inRange(a.Noise, 0, math.MaxFloat32):
		return badf("{noise} %g: give a finite standard deviation of 0 or above", a.Noise)
	case !inRange(a.InputDropout, 0, 1) || a.InputDropout == 1:
		return badf("{input_dropout} %g: give a probability from 0 up to, not including, 1", a.InputDropout)
	}
	return nil
}

// checkImages returns an error if images of dim numbers are nothing that can be moved: these are
// three square planes of pixels, row by row.
func (a Augmentation) checkImages(dim int) error {
	side := sideOf(dim)
	switch {
	case side == 0 && a.Flip:
		return badf("{flip}: images of %d numbers are not three square planes of pixels; leave it out", dim)
	case side == 0 && a.Shift > 0:
		return badf("{shift} %d: images of %d numbers are not three square planes of pixels; leave it out", a.Shift, dim)
	case a.Shift > 0 && a.Shift >= side:
		return badf("{shift} %d: images are %d pixels wide; give less", a.Shift, side)
	}
	return nil
}

// sideOf returns the width of images of dim numbers, three square planes; 0 if they are not.
func sideOf(dim int) int {
	if side := int(math.Round(math.Sqrt(float64(dim) / 3))); 3*side*side == dim {
		return side
	}
	return 0
}

// on reports whether anything but input dropout changes.
func (a Augmentation) on() bool { return a.Flip || a.Shift > 0 || a.Noise > 0 }

// augmentPlace sets the random numbers of an image apart from the masks of dropout.
const augmentPlace = 1 << 30

// augment changes the images index of an epoch, the rows of x (n×d).
func augment[T blas.Float](a Augmentation, seed uint64, epoch int, index []int32, x blas.Matrix[T]) {
	side := sideOf(x.Cols)
	for i, image := range index {
		row, key := x.Row(i), model.MaskKey(seed, int64(epoch), augmentPlace+int(image))
		if a.Flip && model.Uniform(key, 0) < 0.5 {
			flip(row, side)
		}
		if a.Shift > 0 {
			width := float64(2*a.Shift + 1)
			across, down := int(model.Uniform(key, 1)*width), int(model.Uniform(key, 2)*width)
			shift(row, side, across-a.Shift, down-a.Shift)
		}
		if a.Noise > 0 {
			addNoise(row, a.Noise, key)
		}
	}
}

// flip mirrors an image (3·side²) left to right.
func flip[T blas.Float](image []T, side int) {
	for from := 0; from < len(image); from += side {
		line := image[from : from+side]
		for i, j := 0, side-1; i < j; i, j = i+1, j-1 {
			line[i], line[j] = line[j], line[i]
		}
	}
}

// shift moves an image (3·side²) to the right and down, by less than side; what comes in is 0,
// the mean of the training images.
func shift[T blas.Float](image []T, side, right, down int) {
	for from := 0; from < len(image); from += side * side {
		plane := image[from : from+side*side]
		if by := down * side; by >= 0 {
			copy(plane[by:], plane)
			clear(plane[:by])
		} else {
			copy(plane, plane[-by:])
			clear(plane[len(plane)+by:])
		}
		for y := 0; y < len(plane); y += side {
			line := plane[y : y+side]
			if right >= 0 {
				copy(line[right:], line)
				clear(line[:right])
			} else {
				copy(line, line[-right:])
				clear(line[side+right:])
			}
		}
	}
}

// addNoise adds noise of N(0, sigma²) to each number of an image.
func addNoise[T blas.Float](image []T, sigma float64, key uint64) {
	for j := range image {
		bits := model.Bits(key, uint64(noiseFrom+j/2)) >> (j % 2 * 24)
		image[j] += T(sigma * model.Gaussian(bits))
	}
}

// noiseFrom is the first random number of noise; those before are of flip and shift.
const noiseFrom = 3
