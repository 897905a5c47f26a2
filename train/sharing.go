package train

import "fmt"

// CanShareBatches tells whether trainings of a and b can run side by side: they read the
// same mini-batches, take the same number of steps and have nets of one shape.
func CanShareBatches(a, b Config) bool { return a.BatchKey() == b.BatchKey() }

// BatchKey returns a text that is the same for trainings that share batches and for no
// others, so that many are grouped without comparing each with each.
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
