package experiment

import (
	"context"
	"errors"
	"fmt"

	"bnlab/train"
	"bnlab/train/message"
)

// ErrGradients is the error of gradients that are wrong.
var ErrGradients = errors.New("wrong gradients")

// CheckGradients checks the gradients of the 2- and 3-layer networks with batch
// normalisation, whose initial weights are of that seed, at a sample of the elements of each
// tensor, and keeps the record in the run folder. What is there, and was right, is not
// checked again. If gradients are wrong, the error is ErrGradients.
func (l *Lab) CheckGradients(ctx context.Context, seed uint64, sample int) error {
	old, err := ReadGradients(l.Dir)
	if err != nil && !errors.As(err, new(*DamagedError)) {
		return err
	}
	if old != nil && old.Dataset != l.Dataset {
		return message.Fieldf("{out} %s: it holds a study of other data, %s %.12s; give another {out}", l.Dir, old.Dataset.Name, old.Dataset.Digest)
	}
	if old != nil && old.OK {
		return nil
	}
	data := l.Data.F64()
	c := train.Default()
	c.BN, c.Precision, c.Seed = true, train.F64, seed
	c.Batch = min(c.Batch, data.Train.Len())
	record := GradientRecord{Format: Format, Origin: StartNow(l.Program, l.Dataset, c.Precision)}
	for _, depth := range []int{2, 3} {
		l.Say("gradcheck: %d-layer network with batch normalisation", depth)
		if c.Hidden, err = train.HiddenOf(depth); err != nil {
			return err
		}
		check, err := CheckNet(ctx, c, data, sample, "", l.Room)
		if err != nil {
			return err
		}
		record.Add(check)
	}
	record.EndNow()
	if err := record.Keep(l.Dir); err != nil {
		return err
	}
	if !record.OK {
		return fmt.Errorf("%w: nothing is trained", ErrGradients)
	}
	return nil
}
