package verdict

import (
	"fmt"
	"math"
	"strings"

	"bnlab/train/contrast"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// location is where on a numeric axis something lies, as far as the results say.
type location struct {
	low, high float64 // between these; NaN where nothing is known
	says      string
}

// unknown is a location of which nothing is known, for a reason.
func unknown(format string, args ...any) location {
	return location{math.NaN(), math.NaN(), fmt.Sprintf(format, args...)}
}

// overAxis judges a claim about the best or the largest stable value of an axis: the
// value itself, or how many times that of the baseline it is.
func overAxis(e *study.Experiment, c study.Claim, results []result) (parts []part) {
	g := gridOf(e, c, results)
	find := g.bestOver
	if c.Kind == study.LargestStable {
		find = g.stable
	}
	for _, point := range g.points {
		if g.of < 0 {
			here := find(c, point)
			parts = append(parts, decide(c, here, e.Vary.Others(g.axis, point), len(e.Seeds)))
			continue
		}
		baseline := e.Vary.Axes[g.of].Baseline()
		for value := range e.Vary.Axes[g.of].Points {
			if value == baseline {
				continue
			}
			at := func(v int) (int, string) {
				point := point + v*e.Vary.Stride(g.of)
				return point, e.Vary.Others(g.axis, point)
			}
			pointA, nameA := at(value)
			pointB, nameB := at(baseline)
			a, b := find(c, pointA), find(c, pointB)
			both := location{a.low / b.high, a.high / b.low, a.says + ", " + nameB + ": " + b.says}
			if !math.IsNaN(both.low) && !math.IsNaN(both.high) {
				both.says += ": " + ratio(both.low, both.high)
			}
			parts = append(parts, decide(c, both, nameA, len(e.Seeds)))
		}
	}
	return parts
}

// decide judges a quantity that is known to lie at a location.
func decide(c study.Claim, at location, name string, n int) part {
	p := part{verdict: Undecided, n: n, says: fmt.Sprintf("%s, n=%d", at.says, n)}
	if name != "" {
		p.says = name + ": " + p.says
	}
	if math.IsNaN(at.low) || math.IsNaN(at.high) {
		return p
	}
	low, high, r := c.Holds(at.low), c.Holds(at.high), c.Region()
	switch {
	case low && high:
		p.verdict = Yes
	case !low && !high && !(at.low < r[0] && at.high > r[1]):
		p.verdict = No
	}
	return p
}

// ratio writes a ratio that lies between two numbers.
func ratio(low, high float64) string {
	switch {
	case math.IsInf(high, 1) && low == 0:
		return "any ratio"
	case math.IsInf(high, 1):
		return fmt.Sprintf("ratio %.4g or more", low)
	case low == 0:
		return fmt.Sprintf("ratio %.4g or less", high)
	case low == high:
		return fmt.Sprintf("ratio %.4g", low)
	}
	return fmt.Sprintf("ratio %.4g to %.4g", low, high)
}

// stable returns the largest value of the axis at which, as at all smaller ones, no trial
// diverges. If none does anywhere it may be any larger one, too; if one diverges at the
// smallest value, it is below that.
func (g grid) stable(_ study.Claim, point int) location {
	axis := g.e.Vary.Axes[g.axis]
	largest := math.NaN()
	for _, i := range axis.ByNumber() {
		diverged, without := fates(g.along(point, i))
		v := axis.Number(i)
		switch {
		case len(diverged) > 0 && math.IsNaN(largest):
			return location{0, v, fmt.Sprintf("below %g (%s there)", v, diverge(diverged))}
		case len(diverged) > 0:
			return location{largest, largest, fmt.Sprintf("%g (%s at %g)", largest, diverge(diverged), v)}
		case len(without) > 0:
			return unknown("at %g %s has no result", v, without[0])
		}
		largest = v
	}
	return location{largest, math.Inf(1), fmt.Sprintf("%g (the largest tried)", largest)}
}

func diverge(ids []string) string {
	if len(ids) == 1 {
		return "1 trial diverges"
	}
	return fmt.Sprintf("%d trials diverge", len(ids))
}

// fates names the trials that diverged, and those that failed or are missing.
func fates(results []result) (diverged, without []string) {
	for _, r := range results {
		switch {
		case !r.Done() || r.Error != "":
			without = append(without, r.trial.ID)
		case r.Result.Diverged:
			diverged = append(diverged, r.trial.ID)
		}
	}
	return diverged, without
}

// bestOver returns the values of the axis that have the best mean, or cannot be told from it
// by the paired t test with Holm's correction. A value at which a trial diverged is not
// among them.
func (g grid) bestOver(c study.Claim, point int) location {
	axis := g.e.Vary.Axes[g.axis]
	sign := 1.0
	if strings.HasSuffix(c.Metric, "-loss") {
		sign = -1
	}
	best, most := -1, 0.0
	values := make([][]float64, len(axis.Points)) // nil where a trial diverged
	for i := range axis.Points {
		diverged, without := fates(g.along(point, i))
		if len(diverged) > 0 {
			continue
		}
		values[i] = numbersOf(g.along(point, i), c.Metric)
		if len(values[i]) < len(g.e.Seeds) {
			return unknown("at %g a result is missing%s", axis.Number(i), strings.Join(append([]string{""}, without...), " "))
		}
		if mean := sign * experiment.SpreadOf(values[i]).Mean; best < 0 || mean > most {
			best, most = i, mean
		}
	}
	switch {
	case best < 0:
		return unknown("trials diverge at every value")
	case len(g.e.Seeds) < 2:
		return unknown("best at %g, which one seed cannot tell from the others", axis.Number(best))
	}
	at := location{low: axis.Number(best), high: axis.Number(best)}
	for _, i := range likeBest(values, best) {
		at.low, at.high = min(at.low, axis.Number(i)), max(at.high, axis.Number(i))
	}
	at.says = fmt.Sprintf("best at %g", axis.Number(best))
	if at.low < at.high {
		at.says += fmt.Sprintf(" (%g to %g cannot be told from it)", at.low, at.high)
	}
	return at
}

// likeBest returns which values cannot be told from the best.
func likeBest(values [][]float64, best int) (alike []int) {
	var others []int
	var ps []float64
	for i, v := range values {
		if i == best || v == nil {
			continue
		}
		diffs := make([]float64, len(v))
		for j := range v {
			diffs[j] = values[best][j] - v[j]
		}
		others, ps = append(others, i), append(ps, contrast.Of(diffs).P)
	}
	for j, p := range contrast.Holm(ps) {
		if p >= significant {
			alike = append(alike, others[j])
		}
	}
	return alike
}
