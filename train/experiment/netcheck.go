package experiment

import (
	"context"

	"bnlab/blas"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/message"
)

// CheckNet checks the gradients of the network of c, in double precision, on the first
// c.Batch training images: sample elements of each tensor, 0 for all. Gradients of the
// kind corrupt, if any, are first made wrong by 1 %, to see the check fail. room
// returns an error if so many bytes are not free; nil to skip this check.
func CheckNet(ctx context.Context, c train.Config, data train.Data[float64], sample int, corrupt model.Kind, room func(bytes float64) error) (check NetCheck, err error) {
	if n := data.Train.Len(); n < c.Batch {
		return check, message.Fieldf("{images} %d: only %s", c.Batch, message.Count(n, "training image"))
	}
	spec := train.Spec([]train.Config{c}, data.Dim, data.Classes)
	spec.MaxRows = c.Batch
	if room != nil {
		if err := room(8 * (spec.Elements() + float64(c.Batch)*float64(data.Dim))); err != nil {
			return check, err
		}
	}
	net, err := model.New[float64](spec)
	if err != nil {
		return check, err
	}
	if err := net.Init(0, c.Init, c.Sigma, c.Seed); err != nil {
		return check, err
	}
	x, labels, index := blas.New[float64](c.Batch, data.Dim), make([]uint8, c.Batch), make([]int32, c.Batch)
	for i := range index {
		index[i] = int32(i)
	}
	data.Train.Gather(x, labels, index)
	net.Gradient(x, labels, []float64{c.Lambda})
	corruptGradients(net, corrupt)

	check = NetCheck{Depth: len(c.Hidden) + 1, BN: c.BN, Methods: c.Options(), OK: true}
	check.Tensors, err = model.CheckGradient(ctx, net, 0, x, labels, c.Lambda, sample, c.Seed)
	for _, t := range check.Tensors {
		check.OK = check.OK && t.OK
	}
	return check, err
}

// corruptGradients makes the analytic gradients of one kind of tensor wrong by 1 %.
func corruptGradients(net *model.Network[float64], kind model.Kind) {
	for _, t := range net.Tensors(0) {
		if t.Kind == kind && t.Grad != nil {
			for i := range t.Grad {
				t.Grad[i] = 1.01*t.Grad[i] + 1e-6
			}
		}
	}
}
