package train

import (
	"fmt"
	"reflect"
)

// CanShareBatches reports whether trainings of a and b can run side by side: with the
// same mini-batches, number of steps and shape of the nets.
func CanShareBatches(a, b Config) bool { return a.BatchKey() == b.BatchKey() }

// BatchKey returns a text that is equal for trainings that share batches and only for
// them, to group many without pairwise comparison. They may differ in the fields with a
// tag fuse, which are a number or a choice of each net; where it is "on", all nets have
// the option on or all have it off.
func (c Config) BatchKey() string {
	c.OrderSeed = c.orderSeed()
	v, on := reflect.ValueOf(&c).Elem(), ""
	for _, f := range fields() {
		switch {
		case f.fuse == "":
			continue
		case f.fuse == "on" && !f.isOff(v):
			on += " " + f.name
		}
		v.FieldByIndex(f.Index).SetZero()
	}
	return fmt.Sprintf("%v%s", c, on)
}

func (c Config) orderSeed() uint64 {
	if c.OrderSeed == 0 {
		return c.Seed
	}
	return c.OrderSeed
}
