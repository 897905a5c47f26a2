package report

import (
	"math"
	"reflect"
	"slices"

	"bnlab/train"
	"bnlab/train/contrast"
	"bnlab/train/experiment"
)

// Claim is a figure of the study with ours beside it. Accuracies are fractions.
type Claim struct {
	Run        string   `json:"run"`
	Group      string   `json:"group"`
	Metric     Metric   `json:"metric"`
	Published  float64  `json:"published"`
	N          int      `json:"n"`          // trials behind ours
	Ours       *float64 `json:"ours"`       // their mean; null if there are none
	Std        *float64 `json:"std"`        // their standard deviation; null for fewer than 2
	Difference *float64 `json:"difference"` // ours − published
	Tolerance  *float64 `json:"tolerance"`  // of the difference, by Rule; null if there is none
	Low        *float64 `json:"low"`        // of the best λ: between here …
	High       *float64 `json:"high"`       // … and here no λ can be told from the best
	Verdict    Verdict  `json:"verdict"`
	Note       string   `json:"note"`
}

// Metric names what a claim is about.
type Metric string

// The metrics of the published figures.
const (
	TestAccuracy Metric = "test accuracy"
	ValAccuracy  Metric = "validation accuracy"
	BestLambda   Metric = "log10 of the best lambda"
)

// Verdict is the outcome of comparing a claim.
type Verdict string

// Single trials decide nothing.
const (
	Agrees    Verdict = "agrees"
	Differs   Verdict = "differs"
	Undecided Verdict = "undecided"
)

// Rule says when our figure agrees with a published one.
const Rule = "Agreement within noise: the published figure is one seed, ours the mean of n seeds with standard " +
	"deviation s. They agree if |ours − published| ≤ max(t·s·√(1 + 1/n), 0.5 points), where t is the 97.5 % quantile of " +
	"Student's t with n − 1 degrees of freedom, that is, if the published figure lies within the 95 % prediction " +
	"interval for one more seed; half a point is the floor because some figures are published as whole percents. A tolerance of more than 5 points cannot tell that they agree. " +
	"A single seed (n = 1) has no spread and decides nothing. A λ can be told from the best one if its validation accuracy is more than " +
	"t·s·√(2/m) below, where m is the number of trials of each λ and s the standard deviation of the final trials. The best λ agrees if " +
	"the published one lies among those that cannot be told from it: between the next smaller and the next larger λ that can. " +
	"If that is every λ of the search, nothing is decided."

// Figures of experiment 4, which the groups of a search cannot carry.
const (
	publishedLog10Lambda = -2.298
	publishedBestVal     = 0.552
	publishedBestTest    = 0.5398
)

// claims returns a row for every published figure with trials.
func claims(runs []*Run) []Claim {
	var cs []Claim
	for _, r := range runs {
		for _, g := range r.Summary.Groups {
			if g.Published == nil || r.Stage != "" { // a search has figures of its own, below
				continue
			}
			if v := g.Published.TestAcc; v != nil {
				cs = append(cs, accuracyClaim(r, g.Name, TestAccuracy, *v, g.TestAcc))
			}
			if v := g.Published.ValAcc; v != nil {
				cs = append(cs, accuracyClaim(r, g.Name, ValAccuracy, *v, g.ValAcc))
			}
		}
	}
	for _, s := range searches(runs) {
		cs = append(cs, searchClaims(s)...)
	}
	return cs
}

// accuracyClaim compares an accuracy by Rule.
func accuracyClaim(r *Run, group string, metric Metric, published float64, ours experiment.Spread) Claim {
	c := Claim{Run: r.Name, Group: group, Metric: metric, Published: published, N: len(ours.Values), Verdict: Undecided}
	if c.N == 0 {
		c.Note = "no trial with a result"
		return c
	}
	c.Ours, c.Difference = new(ours.Mean), new(ours.Mean-published)
	if c.N == 1 {
		c.Note = "n = 1, no spread"
		return c
	}
	c.Std = new(ours.Std)
	c.Tolerance = new(max(contrast.Floor, contrast.Prediction(ours.Std, c.N)))
	c.Verdict = agreement(math.Abs(*c.Difference) <= *c.Tolerance)
	if c.Verdict == Agrees && *c.Tolerance > contrast.Wide {
		c.Verdict, c.Note = Undecided, "too wide a spread to tell"
	}
	return c
}

func agreement(agrees bool) Verdict {
	if agrees {
		return Agrees
	}
	return Differs
}

// searchClaims returns the rows of experiment 4; none for other networks or data than
// the study's.
func searchClaims(s search) []Claim {
	best, ok := s.best()
	if !ok || s[best.Stage].field != "lambda" || !asStudied(best.Config) || s[best.Stage].otherData() {
		return nil
	}
	chosen := accuracyClaim(s[best.Stage], best.Name, ValAccuracy, publishedBestVal, best.ValAcc)
	if chosen.N == 1 {
		chosen.Note += "; the best of the search, as published"
	}
	cs := []Claim{lambdaClaim(s, best), chosen}
	if final := s["final"]; final != nil {
		for _, g := range final.Summary.Groups {
			val := accuracyClaim(final, g.Name, ValAccuracy, publishedBestVal, g.ValAcc)
			if val.Note == "" {
				val.Note = "the published one is the best of 38 single trials, so it is biased upwards"
			}
			cs = append(cs, val, accuracyClaim(final, g.Name, TestAccuracy, publishedBestTest, g.TestAcc))
		}
	}
	return cs
}

// lambdaClaim compares the best λ with the published one. Only the final trials show
// how far below the best a validation accuracy must be to tell a λ from it.
func lambdaClaim(s search, best experiment.Group) Claim {
	at := math.Log10(best.Config.Lambda)
	c := Claim{
		Run: s[best.Stage].Name, Group: best.Name, Metric: BestLambda, Published: publishedLog10Lambda, N: best.N,
		Ours: new(at), Difference: new(at - publishedLog10Lambda), Verdict: Undecided,
	}
	final := s["final"]
	if final == nil || len(final.Summary.Groups) == 0 || final.Summary.Groups[0].N < 2 {
		c.Note = "no spread: the final stage has fewer than 2 trials"
		return c
	}
	spread := final.Summary.Groups[0].ValAcc
	margin := contrast.Quantile(len(spread.Values)) * spread.Std * math.Sqrt(2/float64(best.N))
	var all, like []float64 // log10 of the λ, and of those that cannot be told from the best
	for _, g := range s.groups() {
		all = append(all, math.Log10(g.Config.Lambda))
		if g.ValAcc.Mean >= best.ValAcc.Mean-margin {
			like = append(like, math.Log10(g.Config.Lambda))
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	first, last := slices.Index(all, slices.Min(like)), slices.Index(all, slices.Max(like))
	c.Low, c.High = new(all[max(first-1, 0)]), new(all[min(last+1, len(all)-1)]) // the search says nothing about values between two λ
	if first == 0 && last == len(all)-1 {
		c.Note = "no λ of the search can be told from the best"
		return c
	}
	c.Verdict = agreement(*c.Low <= publishedLog10Lambda && publishedLog10Lambda <= *c.High)
	return c
}

// asStudied reports whether c trains as the study's search did, apart from λ, seeds,
// precision and the number of evaluations.
func asStudied(c train.Config) bool {
	d := train.Default()
	d.BN, d.Lambda, d.Seed, d.OrderSeed, d.NoTest = true, c.Lambda, c.Seed, c.OrderSeed, c.NoTest
	d.Precision, d.Evals, d.EvalTrain = c.Precision, c.Evals, c.EvalTrain
	return reflect.DeepEqual(d, c)
}
