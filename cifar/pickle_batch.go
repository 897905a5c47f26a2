package cifar

import (
	"errors"
	"fmt"
	"io"
)

// readBatch fills s from a batch of CIFAR-10's Python version: a pickle of a
// dictionary with "data", an array of s.Len()×Dim bytes, and "labels", a list.
// Its memory is bounded however long the input is, and nothing in the input is
// executed.
func readBatch(r io.Reader, name string, s Set) error {
	value, err := unpickle(r, name, s.Pixels)
	if err != nil {
		return err
	}
	batch, ok := value.(dict)
	if !ok {
		return inputErrorf(name, advicePickle, "the pickle holds no dictionary")
	}
	if err := batch.pixelsInto(s); err != nil {
		return inputErrorf(name, advicePickle, `"data" %v`, err)
	}
	if err := batch.labelsInto(s); err != nil {
		return inputErrorf(name, advicePickle, `"labels" %v`, err)
	}
	return nil
}

// pixelsInto checks the array and copies its bytes to s, unless they are already there.
func (batch dict) pixelsInto(s Set) error {
	a, ok := batch["data"].(*array)
	switch {
	case !ok:
		return errors.New("is not a NumPy array")
	case a.dtype == nil || a.dtype.name != "u1" && a.dtype.name != "uint8":
		return errors.New("is not an array of bytes (uint8)")
	case len(a.shape) != 2 || a.shape[0] != s.Len() || a.shape[1] != Dim:
		return fmt.Errorf("is not of shape %d×%d", s.Len(), Dim)
	}
	switch data := a.data.(type) {
	case inPixels:
	case text:
		if len(data) != len(s.Pixels) {
			return fmt.Errorf("has %d bytes, expected %d", len(data), len(s.Pixels))
		}
		copy(s.Pixels, data)
	default:
		return errors.New("is an array without its bytes")
	}
	if a.columns {
		transpose(s)
	}
	return nil
}

// transpose turns pixels stored by column into rows.
func transpose(s Set) {
	columns, n := append([]byte(nil), s.Pixels...), s.Len()
	for i := range n {
		for j, image := 0, s.Image(i); j < Dim; j++ {
			image[j] = columns[j*n+i]
		}
	}
}

// labelsInto checks the labels and copies them to s.
func (batch dict) labelsInto(s Set) error {
	labels, ok := batch["labels"].(*list)
	if !ok {
		return errors.New("is not a list")
	}
	if len(labels.items) != s.Len() {
		return fmt.Errorf("has %d elements, expected %d", len(labels.items), s.Len())
	}
	for i, item := range labels.items {
		label, ok := item.(int)
		if !ok || label < 0 || label >= Classes {
			return fmt.Errorf("element %d is not a number from 0 to %d", i, Classes-1)
		}
		s.Labels[i] = uint8(label)
	}
	return nil
}
