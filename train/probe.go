package train

import (
	"encoding/json"
	"math"
)

// Probe is what a net meets along its gradient before one update, on its mini-batch and at
// distances up to LandscapeTo·η times the gradient.
type Probe struct {
	Step       int    `json:"step"`       // updates done
	LossMin    Number `json:"loss_min"`   // of the mean loss
	LossMax    Number `json:"loss_max"`   //
	ChangeMin  Number `json:"change_min"` // of ‖g(θ − aηg) − g(θ)‖
	ChangeMax  Number `json:"change_max"` //
	Smoothness Number `json:"smoothness"` // the largest ‖g(θ − aηg) − g(θ)‖/‖aηg‖
}

// Number is one that JSON has as null where it is infinite, or none: along the gradient of
// a net that is about to diverge, a loss may overflow. Then it reads +Inf.
type Number float64

// MarshalJSON writes the number, or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if !finite(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (n *Number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*n = Number(math.Inf(1))
		return nil
	}
	return json.Unmarshal(text, (*float64)(n))
}

// number is v, or +Inf for what is no number.
func number(v float64) Number {
	if math.IsNaN(v) {
		return Number(math.Inf(1))
	}
	return Number(v)
}

// maxProbes is how many probes a record holds.
const maxProbes = 2000

// soundProbes reports whether a training can have them.
func soundProbes(probes []Probe) bool {
	last := -1
	for _, p := range probes {
		for _, v := range []Number{p.LossMin, p.LossMax, p.ChangeMin, p.ChangeMax, p.Smoothness} {
			if !(v >= 0) {
				return false
			}
		}
		if p.Step <= last || p.LossMin > p.LossMax || p.ChangeMin > p.ChangeMax {
			return false
		}
		last = p.Step
	}
	return len(probes) <= maxProbes
}
