package bench

import (
	"bnlab/blas"
	"bnlab/train"
)

// Cost is what trainings cost here, on one core, in seconds.
type Cost struct {
	Step  float64 // of a network, side by side with others
	Image float64 // evaluated by such a network
}

// CostOf measures the cost of a configuration for some 0.1 s, with so many networks side
// by side, on images of dim values that are made up.
func CostOf(c train.Config, nets, dim, classes int) (Cost, error) {
	return train.Choose(c.Precision,
		func() costs { return costOf[float32](c, nets, dim, classes) },
		func() costs { return costOf[float64](c, nets, dim, classes) }).both()
}

// costs are a cost or an error.
type costs struct {
	Cost
	err error
}

func (c costs) both() (Cost, error) { return c.Cost, c.err }

func costOf[T blas.Float](c train.Config, nets, dim, classes int) costs {
	s, err := newStepper(c, train.Data[T]{Dim: dim, Classes: classes, Train: ramp[T](max(c.Batch, train.EvalRows))}, nets)
	if err != nil {
		return costs{err: err}
	}
	gather, step, _ := s.parts()
	us := 1e-6 / float64(nets)
	return costs{Cost: Cost{Step: us * (gather + step), Image: us * s.evaluation.us() / float64(s.evaluated)}}
}

// ramp is so many images, of no meaning, of values of the size of standardised ones.
type ramp[T blas.Float] int

func (r ramp[T]) Len() int { return int(r) }

// Gather fills x with images that differ.
func (r ramp[T]) Gather(x blas.Matrix[T], labels []uint8, index []int32) {
	for i, j := range index {
		row := x.Row(i)
		for k := range row {
			row[k] = T((k+int(j))%101)/50 - 1
		}
		labels[i] = uint8(j % 10)
	}
}
