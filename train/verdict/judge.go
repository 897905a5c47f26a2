package verdict

import (
	"fmt"
	"strings"

	"bnlab/train/contrast"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// significant is the level at which a claim is decided, after Holm's correction over all
// tests of the experiment's claims.
const significant = 0.05

// Judge judges the claims of an experiment by its Trials and their outcomes, in the same
// order.
func Judge(e *study.Experiment, trials []experiment.Trial, outcomes []experiment.Outcome) []Judged {
	results := resultsOf(trials, outcomes)
	parts := make([][]part, len(e.Claims))
	var ps []float64
	for i, c := range e.Claims {
		parts[i] = partsOf(e, c, results)
		for _, p := range parts[i] {
			if p.p != nil {
				ps = append(ps, *p.p)
			}
		}
	}
	corrected := contrast.Holm(ps)
	judged := []Judged{}
	for i, c := range e.Claims {
		for j := range parts[i] {
			if p := &parts[i][j]; p.p != nil {
				p.says += ", p" + relation(corrected[0])
				if corrected[0] >= significant {
					p.verdict = Undecided
				}
				corrected = corrected[1:]
			}
		}
		judged = append(judged, sumUp(c, parts[i]))
	}
	return judged
}

func partsOf(e *study.Experiment, c study.Claim, results []result) []part {
	switch c.Kind {
	case study.PublishedValue:
		return published(e, c, results)
	case study.Difference:
		return differences(e, c, results)
	}
	return overAxis(e, c, results)
}

// sumUp sums up the parts of a claim: those that decide it are named.
func sumUp(c study.Claim, parts []part) Judged {
	j := Judged{Name: c.Name, Kind: c.Kind, Verdict: Undecided, Because: "no results"}
	for i, p := range parts {
		if i == 0 || p.n < j.N {
			j.N = p.n
		}
	}
	for _, v := range []Verdict{No, Undecided, Yes} { // the first of these that a part has
		var says []string
		for _, p := range parts {
			if p.verdict == v {
				says = append(says, p.says)
			}
		}
		if len(says) == 0 {
			continue
		}
		j.Verdict, j.Because = v, strings.Join(says[:min(len(says), mostParts)], "; ")
		if more := len(says) - mostParts; more > 0 {
			j.Because += fmt.Sprintf("; and %d more", more)
		}
		break
	}
	return j
}

// mostParts is how many parts of a claim its reason names.
const mostParts = 3
