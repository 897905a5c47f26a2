package train

// Augmentation is what training changes of the images of a mini-batch, the same for all
// nets side by side. Evaluation sees them as they are.
type Augmentation struct {
	InputDropout float64 `json:"input_dropout" off:"0" group:"Methods" help:"probability with which a number of an image is dropped in training"`
}

func (a Augmentation) check() error {
	if !inRange(a.InputDropout, 0, 1) || a.InputDropout == 1 {
		return badf("{input_dropout} %g: give a probability from 0 up to, not including, 1", a.InputDropout)
	}
	return nil
}
