package cifar

import "fmt"

// Split is a data set divided for an experiment. The sets are views of Data.
type Split struct {
	Name, Digest     string // of the whole data, whatever part of it is used
	Classes          []string
	Train, Val, Test Set
}

// Split divides the training images: the last val of them are for validation, the
// rest for training. A trainSize or testSize above 0 keeps only that many of the
// first training or test images; 0 keeps all. val must leave at least one image on
// either side.
func (d Data) Split(val, trainSize, testSize int) (Split, error) {
	n := d.Train.Len()
	if val < 1 || val >= n {
		return Split{}, settingErrorf("val", val, fmt.Sprintf("choose 1 to %d", n-1),
			"cannot split %d images into training and validation", n)
	}
	train, err := first(d.Train.Slice(0, n-val), "train_size", trainSize, "training")
	if err != nil {
		return Split{}, err
	}
	test, err := first(d.Test, "test_size", testSize, "test")
	if err != nil {
		return Split{}, err
	}
	return Split{Name: d.Name, Digest: d.Digest, Classes: d.Classes,
		Train: train, Val: d.Train.Slice(n-val, n), Test: test}, nil
}

// first returns the first size images of s, or all of them when size is 0.
func first(s Set, field string, size int, what string) (Set, error) {
	if size < 0 || size > s.Len() {
		return Set{}, settingErrorf(field, size, fmt.Sprintf("choose 1 to %d, or 0 for all", s.Len()),
			"there are %d %s images", s.Len(), what)
	}
	if size == 0 {
		return s, nil
	}
	return s.Slice(0, size), nil
}
