package train

import (
	"reflect"
	"slices"
)

// Alike tells whether trainings of a and b can run side by side: they read the
// same mini-batches, take the same number of steps and have nets of one shape.
func Alike(a, b Config) bool {
	return slices.Equal(a.Hidden, b.Hidden) && reflect.DeepEqual(a.shared(), b.shared())
}

// shared returns c without the hidden sizes and what may differ between nets
// side by side.
func (c Config) shared() Config {
	c.Hidden = nil
	c.OrderSeed = c.orderSeed()
	c.BN, c.Lambda, c.EtaMin, c.EtaMax, c.Init, c.Sigma, c.Seed = false, 0, 0, 0, "", 0, 0
	return c
}

func (c Config) orderSeed() uint64 {
	if c.OrderSeed == 0 {
		return c.Seed
	}
	return c.OrderSeed
}
