package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/report/figure"
	"bnlab/train/vary"
)

// Tables returns the tables of published figures beside ours, of what studies claim, of
// each run and its contrasts, of the gradient check, of the configurations and of the
// origin of the records.
func (s *Study) Tables() (all []Table) {
	if len(s.Claims) > 0 {
		all = append(all, s.ClaimTable())
	}
	for _, q := range s.Questions {
		if len(q.Result.Claims) > 0 {
			all = append(all, q.judgedTable())
		}
	}
	for _, r := range s.Runs {
		all = append(all, groupTable(r, s.Claims))
		for _, q := range s.Questions {
			if q.runs[len(q.runs)-1] == r && len(q.Result.Contrasts) > 0 {
				all = append(all, q.contrastTable())
			}
		}
	}
	if s.Gradients != nil {
		all = append(all, gradientTable(s.Gradients))
	}
	return append(all, configTable(s.Runs), originTable(s.Runs))
}

// ClaimTable returns the published figures beside ours, with Rule in its note.
func (s *Study) ClaimTable() Table {
	t := Table{
		Title:  "Published figures beside ours",
		Align:  "llrrlrrrl",
		Header: []string{"group", "metric", "published", "ours", "agrees?", "n", "difference", "tolerance", "experiment"},
		Note:   Rule + " Differences and tolerances are in points, those of λ in decades.",
	}
	metrics := map[Metric]string{TestAccuracy: "test accuracy", ValAccuracy: "val accuracy", BestLambda: "best λ"}
	for _, c := range s.Claims {
		t.Rows = append(t.Rows, []string{
			c.Group, metrics[c.Metric], c.publishedText(), c.oursText(), c.verdictText() + t.mark(c.Note), fmt.Sprint(c.N),
			c.differenceText(), c.toleranceText(), c.Run,
		})
	}
	return t
}

// publishedText has as many digits as were published.
func (c Claim) publishedText() string {
	if c.Metric == BestLambda {
		return powerText(c.Published)
	}
	return fmt.Sprintf("%g %%", math.Round(1e4*c.Published)/100)
}

func (c Claim) oursText() string {
	switch {
	case c.Ours == nil:
		return "–"
	case c.Metric == BestLambda:
		return powerText(*c.Ours)
	case c.Std == nil:
		return fmt.Sprintf("%.2f %%", 100**c.Ours)
	}
	return fmt.Sprintf("%.2f ± %.2f %%", 100**c.Ours, 100**c.Std)
}

func (c Claim) differenceText() string {
	switch {
	case c.Difference == nil:
		return "–"
	case c.Metric == BestLambda:
		return figure.Minus(fmt.Sprintf("%+.3f", *c.Difference))
	}
	return figure.Minus(fmt.Sprintf("%+.2f", 100**c.Difference))
}

func (c Claim) toleranceText() string {
	switch {
	case c.Low != nil:
		return powerText(*c.Low) + " … " + powerText(*c.High)
	case c.Tolerance == nil:
		return "–"
	}
	return fmt.Sprintf("± %.2f", 100**c.Tolerance)
}

func (c Claim) verdictText() string {
	return map[Verdict]string{Agrees: "yes", Differs: "no", Undecided: "undecided"}[c.Verdict]
}

// groupTable is the results of one run, with the claims that belong to them.
func groupTable(r *Run, claims []Claim) Table {
	t := Table{
		Title: "Experiment " + r.Name, Align: "lrrrrrrr",
		Header: []string{"group", "n", "diverged", "failed", "test accuracy", "val accuracy", "train loss", "val loss"},
		Note:   "Mean ± standard deviation over n trials.",
	}
	groups := slices.Clone(r.Summary.Groups)
	ranks := r.ranks()
	if ranks != nil {
		slices.SortStableFunc(groups, func(a, b experiment.Group) int {
			return cmp.Compare(vary.Number(a.Config, r.field), vary.Number(b.Config, r.field))
		})
		t.Header, t.Align = append(t.Header, "rank"), t.Align+"r"
		t.Note += " Ranked by " + quantities[r.choose].axis.Name + "."
	}
	claimed := slices.ContainsFunc(claims, func(c Claim) bool { return c.Run == r.Name && c.Metric == TestAccuracy })
	if claimed {
		t.Header, t.Align = append(t.Header, "published", "difference", "agrees?"), t.Align+"rrl"
		t.Note += " Published and difference are of test accuracy, the difference in points."
	}
	others := othersIn(groups)
	for _, kind := range others {
		t.Header, t.Align = append(t.Header, "test, "+string(kind), "val, "+string(kind)), t.Align+"rr"
	}
	if others != nil {
		t.Note += " Accuracies are with running statistics of batch normalisation, and with those named."
	}
	for _, g := range groups {
		row := []string{
			g.Name, fmt.Sprint(g.N), fmt.Sprint(g.Diverged), fmt.Sprint(g.Failed),
			g.TestAcc.Percent(), valText(g), g.TrainLoss.Number(), g.ValLoss.Number(),
		}
		if ranks != nil {
			row = append(row, cmp.Or(ranks[g.Name], "–"))
		}
		if claimed {
			row = append(row, t.claimCells(r, g, claims)...)
		}
		for _, kind := range others {
			row = append(row, g.Others["test_acc_"+string(kind)].Percent(), g.Others["val_acc_"+string(kind)].Percent())
		}
		t.Rows = append(t.Rows, row)
	}
	if len(groups) == 0 {
		t.Note = "No trial has a record yet."
	}
	if r.otherData() {
		t.Note += " " + r.Plan.Dataset.Title() + "."
	}
	return t
}

// othersIn returns the statistics beside the running ones with which groups were evaluated.
func othersIn(groups []experiment.Group) (kinds []model.Statistics) {
	for _, kind := range train.Kinds {
		if slices.ContainsFunc(groups, func(g experiment.Group) bool { return len(g.Others["val_acc_"+string(kind)].Values) > 0 }) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// claimCells are the published figure beside a group.
func (t *Table) claimCells(r *Run, g experiment.Group, claims []Claim) []string {
	for _, c := range claims {
		if c.Run == r.Name && c.Group == g.Name && c.Metric == TestAccuracy {
			return []string{c.publishedText(), c.differenceText(), c.verdictText() + t.mark(c.Note)}
		}
	}
	return []string{"–", "–", "–"}
}

// ranks returns the rank of each group of a search by what it chooses by, the best first;
// nil for a run that compares no values of one field.
func (r *Run) ranks() map[string]string {
	if !r.searched() || r.Stage == "final" {
		return nil
	}
	y := quantities[r.choose]
	groups := slices.DeleteFunc(slices.Clone(r.Summary.Groups), func(g experiment.Group) bool { return len(y.of(g)) == 0 })
	slices.SortStableFunc(groups, func(a, b experiment.Group) int {
		best := cmp.Compare(experiment.SpreadOf(y.of(b)).Mean, experiment.SpreadOf(y.of(a)).Mean)
		if strings.HasSuffix(r.choose, "-loss") {
			return -best
		}
		return best
	})
	ranks := map[string]string{}
	for i, g := range groups {
		if ranks[g.Name] = fmt.Sprint(i + 1); i > 0 && experiment.SpreadOf(y.of(g)).Mean == experiment.SpreadOf(y.of(groups[i-1])).Mean {
			ranks[g.Name] = ranks[groups[i-1].Name] // equal ones share it
		}
	}
	return ranks
}

// valText is the validation accuracy of a group, or what it was where a budget has stopped
// the group.
func valText(g experiment.Group) string {
	if p := g.Paused; p != nil && g.N == 0 {
		return fmt.Sprintf("paused after %s, %s there", message.Count(p.Epochs, "epoch"), p.ValAcc.Percent())
	}
	return g.ValAcc.Percent()
}

// originTable says what the records of each run were made with.
func originTable(runs []*Run) Table {
	t := Table{
		Title: "Origin of the records", Align: "lllrrllrrlrr", Note: "Seconds are summed over the trials.",
		Header: []string{"experiment", "data set", "digest", "trials", "with a record",
			"backend", "kernel", "BLAS threads", "side by side", "program", "training s", "evaluation s"},
	}
	for _, r := range runs {
		cells := []string{r.Name, r.Plan.Dataset.Title(), fmt.Sprintf("%.12s", r.Plan.Dataset.Digest), fmt.Sprint(len(r.Plan.Trials)), fmt.Sprint(r.Records)}
		for _, property := range []string{"backend", "kernel", "BLAS threads", "trials side by side", "program version"} {
			cells = append(cells, listed(r.Summary.Properties.Texts(property)))
		}
		t.Rows = append(t.Rows, append(cells, fmt.Sprintf("%.1f", r.Summary.TrainSeconds), fmt.Sprintf("%.1f", r.Summary.EvalSeconds)))
	}
	return t
}
