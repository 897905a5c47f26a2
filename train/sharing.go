package train

import "fmt"

// CanShareBatches reports whether trainings of a and b can run side by side: with the
// same mini-batches, number of steps and shape of the nets.
func CanShareBatches(a, b Config) bool { return a.BatchKey() == b.BatchKey() }

// BatchKey returns a text that is equal for trainings that share batches and only for
// them, to group many without pairwise comparison.
func (c Config) BatchKey() string {
	c.OrderSeed = c.orderSeed()
	c.BN, c.Lambda, c.EtaMin, c.EtaMax, c.Init, c.Sigma, c.Seed = false, 0, 0, 0, "", 0, 0
	return fmt.Sprintf("%v", c)
}

func (c Config) orderSeed() uint64 {
	if c.OrderSeed == 0 {
		return c.Seed
	}
	return c.OrderSeed
}
