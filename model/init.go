package model

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Init is the weight initialisation; biases start at 0, γ at 1, β at 0.
type Init string

// The three weight initialisations.
const (
	He     Init = "he"     // N(0, 2/fan_in), He et al. 2015
	Xavier Init = "xavier" // N(0, 1/fan_in), as the assignment has it after Glorot and Bengio 2010
	Normal Init = "normal" // N(0, σ²), σ the same in every layer
)

// deviation returns the standard deviation of the weights of a layer with fanIn
// inputs; sigma (σ) is used only by Normal.
func (kind Init) deviation(fanIn int, sigma float64) (float64, error) {
	switch kind {
	case He:
		return math.Sqrt(2 / float64(fanIn)), nil
	case Xavier:
		return math.Sqrt(1 / float64(fanIn)), nil
	case Normal:
		return sigma, nil
	}
	return 0, fmt.Errorf("model: no initialisation called %q", kind)
}

// initStream separates the random numbers of the weights from any others drawn from the
// same seed.
const initStream = 0x77656967687473

// Init draws the weights of net k from seed, layer by layer, sets biases to 0, γ to 1
// and β to 0, and clears the running statistics and the moments of the optimiser. The numbers are drawn in double
// precision, so a seed gives the same net, rounded, in single precision, and the same
// net side by side with others as alone. The nets of a network begin together: running
// statistics are reset for all of them.
func (net *Network[T]) Init(k int, kind Init, sigma float64, seed uint64) error {
	random := rand.New(rand.NewPCG(seed, initStream))
	for _, t := range net.Tensors(k) {
		switch t.Kind {
		case Weight:
			deviation, err := kind.deviation(t.Shape[1], sigma)
			if err != nil {
				return err
			}
			for i := range t.Data {
				t.Data[i] = T(deviation * random.NormFloat64())
			}
		case Gamma:
			fill(t.Data, 1)
		default:
			fill(t.Data, 0)
		}
	}
	if net.optimiser != nil {
		net.optimiser.clear(k)
	}
	net.SetUpdates(0)
	return nil
}
