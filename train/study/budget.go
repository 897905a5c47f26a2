package study

import (
	"strconv"

	"bnlab/train/document"
	"bnlab/train/message"
)

// Budget stops trials early.
type Budget struct {
	Stop  string  `json:"stop" values:"successive-halving" help:"how it is chosen which trials go on"`
	Rungs []int   `json:"rungs" help:"epochs after which the better groups go on and the others pause"`
	Keep  float64 `json:"keep" help:"share of the groups that goes on at each rung, rounded up; 0.5 if not given"`

	line int // of the rungs
}

const halving = "successive-halving"

// Decode reads a budget and checks what needs no training.
func (b *Budget) Decode(v document.Value) error {
	type plain Budget // without this method
	b.Keep, b.line = 0.5, v.Line
	if err := v.Decode((*plain)(b)); err != nil {
		return err
	}
	at := func(key string) document.Value {
		if value, ok := v.At(key); ok {
			return value
		}
		return v
	}
	b.line = at("rungs").Line
	if b.Stop != halving {
		return at("stop").Errorf("stop %.40q: give %s%s", b.Stop, halving, message.DidYouMean("", b.Stop, []string{halving}))
	}
	if len(b.Rungs) == 0 {
		return at("rungs").Errorf("no rungs; give epochs, as rungs: [1, 4]")
	}
	last := 0
	for _, rung := range b.Rungs {
		if rung <= last {
			return at("rungs").Errorf("rung %d after %s; give epochs from 1 on, each above the one before", rung, before(last))
		}
		last = rung
	}
	if !(b.Keep > 0 && b.Keep <= 1) {
		return at("keep").Errorf("keep %g: give a share above 0, up to 1", b.Keep)
	}
	return nil
}

func before(last int) string {
	if last == 0 {
		return "the start"
	}
	return strconv.Itoa(last)
}
