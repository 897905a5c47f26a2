package verdict

import (
	"fmt"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// judged judges the claims of a study whose trials have the numbers that of gives: a
// negative one is of a training that diverged, NaN of one that is missing.
func judgedBy(t *testing.T, text string, of func(c train.Config) float64) []Judged {
	t.Helper()
	s, err := study.Parse("my.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	trials := s.Experiments[0].Trials()
	outcomes := make([]experiment.Outcome, len(trials))
	for i, trial := range trials {
		v := of(trial.Config)
		if v != v {
			continue
		}
		o := &outcomes[i]
		o.Trial = trial
		if o.Result.Diverged = v < 0; !o.Result.Diverged {
			o.Result.Final = &train.Final{Metrics: train.Metrics{ValAcc: v, TrainLoss: 1 - v}, TestMetrics: &train.TestMetrics{TestAcc: v}}
		}
	}
	return Judge(&s.Experiments[0], trials, outcomes)
}

// noise is a little that differs from seed to seed, and not in the same way for all.
func noise(c train.Config) float64 {
	x := float64(c.Seed*7919%13) - 6
	if c.BN {
		x = float64(c.Seed*104729%11) - 5
	}
	return x * 1e-3
}

func TestClaims(t *testing.T) {
	nan := 0.0
	nan /= nan
	const head = "seeds: 5\nexperiments:\n- vary: {bn: [true, false], eta-max: [0.01, 1, 0.1]}\n  published: [{where: {bn: true, eta-max: 0.1}, test-acc: 0.53}]\n  claims:\n  - {name: it, %s}\n"
	// BN gains 4 points at every rate, 0.1 is the best by 10; without BN the rate of 1 diverges.
	usual := func(c train.Config) float64 {
		v := 0.4 + noise(c)
		if c.BN {
			v += 0.04
		}
		if c.EtaMax == 0.1 {
			v += 0.1
		}
		if c.EtaMax == 1 && !c.BN {
			return -1
		}
		return v
	}
	equal := func(c train.Config) float64 { return 0.5 + noise(c) }
	for _, c := range []struct {
		claim   string
		of      func(train.Config) float64
		want    Verdict
		because string
	}{
		{"kind: difference, of: bn, where: {eta-max: 0.1}, above: 0", usual, Yes, "bn=true eta-max=0.1 − bn=false eta-max=0.1: +4.00 (+3.2"},
		{"kind: difference, of: bn, where: {eta-max: 0.1}, above: 0.1", usual, No, "n=5, p<0.0001"},
		{"kind: difference, of: bn, where: {eta-max: 0.1}, below: 0", usual, No, "n=5, p"},
		{"kind: difference, of: bn, where: {eta-max: 0.1}, at-least: 0.02, below: 0.06", usual, Yes, "n=5, p"},
		{"kind: difference, of: bn, where: {eta-max: 0.1}, above: 0", equal, Undecided, "n=5, p"},
		{"kind: difference, of: bn, where: {eta-max: 0.1}, within: 0.03", equal, Yes, "n=5, p"},
		{"kind: difference, of: bn, where: {eta-max: 0.1}, within: 0.02", usual, No, "n=5, p"},
		{"kind: difference, of: bn, metric: train-loss, where: {eta-max: 0.1}, below: 0", usual, Yes, ": -0.0400 (-0.04"},
		{"kind: difference, of: bn, above: 0", usual, Undecided, "bn=true eta-max=1 − bn=false eta-max=1, n=0, 5 lost: bn-false-eta-max-1-seed1, "},
		{"kind: difference, of: bn, at: best, above: 0", usual, Yes, "bn=true eta-max=0.1 − bn=false eta-max=0.1: +4.00 (+3.2"},
		{"kind: difference, of: bn, at: best, above: 0", func(c train.Config) float64 {
			if c.Seed == 3 && !c.BN {
				return -1
			}
			return usual(c)
		}, Undecided, "no point of the other axes has results of all seeds"},
		{"kind: difference, of: bn, where: {eta-max: 0.1}, above: 0", func(c train.Config) float64 {
			if c.Seed == 3 && !c.BN {
				return -1
			}
			return usual(c)
		}, Undecided, "n=4, 1 lost: bn-false-eta-max-0.1-seed3"},
		{"kind: difference, of: bn, above: 0", func(c train.Config) float64 {
			if c.EtaMax == 1 && c.BN {
				return 0.2 + noise(c)
			}
			return 0.4 + noise(train.Config{Seed: c.Seed + 1, BN: c.BN})
		}, No, "bn=true eta-max=1 − bn=false eta-max=1: -"},

		{"kind: largest-stable, axis: eta-max, of: bn, at-least: 3", usual, Yes, "bn=true: 1 (the largest tried), bn=false: 0.1 (5 trials diverge at 1): ratio 10 or more, n=5"},
		{"kind: largest-stable, axis: eta-max, of: bn, at-least: 20", usual, Undecided, "ratio 10 or more"},
		{"kind: largest-stable, axis: eta-max, of: bn, below: 3", usual, No, "ratio 10 or more"},
		{"kind: largest-stable, axis: eta-max, of: bn, at-least: 3", equal, Undecided, "any ratio"},
		{"kind: largest-stable, axis: eta-max, where: {bn: false}, below: 1", usual, Yes, "bn=false: 0.1 (5 trials diverge at 1), n=5"},
		{"kind: largest-stable, axis: eta-max, where: {bn: false}, above: 0.1", usual, No, "bn=false: 0.1 ("},
		{"kind: largest-stable, axis: eta-max, where: {bn: false}, at-least: 0.1", usual, Yes, "bn=false: 0.1 ("},
		{"kind: largest-stable, axis: eta-max, where: {bn: false}, at-least: 1", func(c train.Config) float64 {
			if c.EtaMax == 1 && c.Seed != 2 {
				return -1
			}
			return 0.5
		}, No, "0.1 (4 trials diverge at 1)"},
		{"kind: largest-stable, axis: eta-max, below: 0.01", func(c train.Config) float64 { return -1 }, Undecided, "below 0.01 (5 trials diverge there)"},
		{"kind: largest-stable, axis: eta-max, where: {bn: true}, at-least: 1", func(c train.Config) float64 {
			if c.EtaMax == 0.1 && c.Seed == 2 {
				return nan
			}
			return 0.5
		}, Undecided, "at 0.1 bn-true-eta-max-0.1-seed2 has no result"},

		{"kind: best-over-axis, axis: eta-max, where: {bn: true}, above: 0.05, below: 0.5", usual, Yes, "bn=true: best at 0.1, n=5"},
		{"kind: best-over-axis, axis: eta-max, where: {bn: true}, above: 0.5", usual, No, "best at 0.1"},
		{"kind: best-over-axis, axis: eta-max, where: {bn: true}, above: 0.05", equal, Undecided, "(0.01 to 1 cannot be told from it)"},
		{"kind: best-over-axis, axis: eta-max, metric: train-loss, where: {bn: true}, above: 0.05, below: 0.5", usual, Yes, "best at 0.1"},
		{"kind: best-over-axis, axis: eta-max, of: bn, at-least: 5", func(c train.Config) float64 {
			if c.EtaMax == 1 && c.BN || c.EtaMax == 0.1 && !c.BN {
				return 0.6 + noise(c)
			}
			return 0.4 + noise(train.Config{Seed: c.Seed + 3, BN: c.BN})
		}, Yes, "bn=true: best at 1, bn=false: best at 0.1: ratio 10"},

		{"kind: published-value", usual, No, "published 53.00 %, here 54.00 ± 0.32 %, n=5, tolerance 0.96"},
		{"kind: published-value, within: 0.02", usual, Yes, "tolerance 2.00"},
		{"kind: published-value", func(c train.Config) float64 {
			if c.Seed == 1 {
				return -1
			}
			return 0.53
		}, Undecided, "n=4, 1 without a result"},
	} {
		got := judgedBy(t, fmt.Sprintf(head, c.claim), c.of)[0]
		if got.Verdict != c.want || !strings.Contains(got.Because, c.because) {
			t.Errorf("%s:\n got %s because %s\nwant %s because %s", c.claim, got.Verdict, got.Because, c.want, c.because)
		}
	}
}

// TestOneSeed: single trials decide nothing but what diverges.
func TestOneSeed(t *testing.T) {
	const text = "experiments:\n- vary: {bn: [true, false], eta-max: [0.1, 1]}\n  published: [{where: {bn: true, eta-max: 0.1}, test-acc: 0.5}]\n  claims: [" +
		"{kind: difference, of: bn, where: {eta-max: 1}, above: 0}, {kind: best-over-axis, axis: eta-max, above: 0}, {kind: published-value}]"
	for _, j := range judgedBy(t, text, func(c train.Config) float64 { return c.EtaMax / 2 }) {
		if j.Verdict != Undecided || j.N != 1 || !strings.Contains(j.Because, "n=1") {
			t.Errorf("%+v", j)
		}
	}
}

// TestClaimsCorrected: a claim is judged by what is left of its p after Holm's correction
// over all claims of the experiment.
func TestClaimsCorrected(t *testing.T) {
	of := func(c train.Config) float64 { return 0.5 + noise(c) + map[bool]float64{true: 0.012}[c.BN] }
	const one = "{kind: difference, of: bn, above: 0}"
	const text = "seeds: 5\nexperiments:\n- vary: {bn: [true, false]}\n  claims: [%s]"
	if j := judgedBy(t, fmt.Sprintf(text, one), of)[0]; j.Verdict != Yes {
		t.Errorf("alone: %+v", j)
	}
	four := strings.Repeat(one+", ", 3) + "{kind: difference, of: bn, metric: val-acc, above: 0}"
	for _, j := range judgedBy(t, fmt.Sprintf(text, four), of) {
		if j.Verdict != Undecided {
			t.Errorf("among four: %+v", j)
		}
	}
}
