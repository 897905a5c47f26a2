// Package verdict says what the results of a study mean: how groups differ, paired by seed,
// and whether what the study claims holds.
package verdict

// Judged is what the results say of a claim.
type Judged struct {
	Name    string  `json:"name"`
	Kind    string  `json:"kind"`
	Verdict Verdict `json:"verdict"`
	Because string  `json:"because"` // n, the quantity and its interval, in a line
	N       int     `json:"n"`       // seeds behind it, the fewest of what was looked at
}

// Verdict says whether a claim holds.
type Verdict string

// A claim of several parts, such as one about each value of another axis, holds if all do,
// and does not if one does not.
const (
	Yes       Verdict = "yes"
	No        Verdict = "no"
	Undecided Verdict = "undecided"
)

// part is one of the statements that a claim consists of.
type part struct {
	verdict Verdict
	n       int
	says    string
	p       *float64 // of the quantity's being at the nearest bound; nil where there is no test
}

func verdictOf(holds bool) Verdict {
	if holds {
		return Yes
	}
	return No
}
