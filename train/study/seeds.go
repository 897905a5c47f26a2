package study

import (
	"slices"

	"bnlab/train/document"
)

// Seeds are the seeds of an experiment's trials.
type Seeds []uint64

// maxSeeds is the most seeds of an experiment.
const maxSeeds = 100_000

// Decode reads a number of seeds, or a list of them.
func (s *Seeds) Decode(v document.Value) error {
	if v.Kind == document.List {
		var list []uint64
		if err := v.Decode(&list); err != nil {
			return err
		}
		*s = list
	} else {
		var n int
		if err := v.Decode(&n); err != nil || n < 1 || n > maxSeeds {
			return v.Errorf("seeds %.20q: give a number from 1 to %d, or a list of seeds", v.Text, maxSeeds)
		}
		*s = firstSeeds(n)
	}
	seen := map[uint64]bool{}
	for _, seed := range *s {
		if seen[seed] {
			return v.Errorf("seed %d is there twice", seed)
		}
		seen[seed] = true
	}
	if len(*s) == 0 {
		return v.Errorf("no seeds; give a number from 1 to %d, or a list of seeds", maxSeeds)
	}
	return nil
}

func firstSeeds(n int) Seeds { return SeedsFrom(1, n) }

// SeedsFrom returns n seeds, first and those that follow it.
func SeedsFrom(first uint64, n int) Seeds {
	seeds := make(Seeds, n)
	for i := range seeds {
		seeds[i] = first + uint64(i)
	}
	return seeds
}

// Value returns the seeds as a file says them: how many, where they are those from 1 on.
func (s Seeds) Value() document.Value {
	if slices.Equal(s, firstSeeds(len(s))) {
		return document.Of(len(s))
	}
	return document.Of([]uint64(s))
}
