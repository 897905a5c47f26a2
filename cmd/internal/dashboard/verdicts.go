package dashboard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"bnlab/cmd/internal/results"
	"bnlab/train/answer"
	"bnlab/train/message"
	"bnlab/train/monitor"
	"bnlab/train/study"
	"bnlab/train/verdict"
)

// verdicts are what the trials of an experiment say so far to what its study asks.
type verdicts struct {
	best   string // what a search has found; empty for none
	tables []table
	asked  *study.Experiment
	of     []int // revisions of the plans that they follow from
	cost   time.Duration
	next   time.Time // when they may be found anew: finding them takes no more of the time than looking
	old    bool      // trials have ended since
}

// overdue reports whether verdicts that are old may be found anew.
func (d *Dashboard) overdue() bool {
	for _, v := range d.found {
		if v.old && time.Now().After(v.next) {
			return true
		}
	}
	return false
}

// judge adds the verdicts of each experiment to the view of its last stage that has begun.
func (d *Dashboard) judge(plans []monitor.Plan, views []planView) {
	for first := 0; first < len(plans); {
		end := first + 1
		for end < len(plans) && plans[first].Of != nil && plans[end].Of == plans[first].Of {
			end++
		}
		stages := plans[first:end]
		begun := slices.DeleteFunc(slices.Clone(stages), func(p monitor.Plan) bool { return p.Waiting })
		if stages[0].Of != nil && len(begun) > 0 {
			at := first + len(begun) - 1 // a stage follows those before it
			found := d.verdicts(begun, len(begun) < len(stages))
			views[at].Best, views[at].Verdicts = found.best, found.tables
		}
		first = end
	}
}

// verdicts returns the verdicts of an experiment by its stages that have begun. Those of
// before are kept while nothing has changed, and, until the last trial is done, while
// finding them anew would take more than its share.
func (d *Dashboard) verdicts(stages []monitor.Plan, waiting bool) verdicts {
	key, of, missing := stages[0].Dir, []int(nil), 0
	for _, p := range stages {
		of = append(of, p.Revision)
		missing += len(d.summary(p).Missing)
	}
	was := d.found[key]
	if was.asked == stages[0].Of {
		same := slices.Equal(was.of, of)
		if same || missing > 0 && time.Now().Before(was.next) {
			was.old = !same
			d.found[key] = was
			return was
		}
	}
	start := time.Now()
	now := verdictsOf(stages, waiting)
	now.of = of
	took := time.Since(start)
	now.cost = min(took, max(2*was.cost, refresh/sparing)) // what others make it wait for is not its own
	now.next = start.Add(sparing * now.cost)
	d.judging += took
	d.found[key] = now
	return now
}

// verdictsOf returns what has been found, claims held and differences, of these none that has
// no row. All of it is said to be provisional until the last trial of the last stage is done.
func verdictsOf(stages []monitor.Plan, waiting bool) verdicts {
	v := verdicts{asked: stages[0].Of}
	var trained []answer.Trained
	for _, p := range stages {
		trained = append(trained, answer.Trained{Stage: p.Stage, Plan: p.Folder.Plan, Outcomes: p.Outcomes})
	}
	r, err := answer.Conclude(v.asked, trained)
	if err != nil { // as a plan that is not of this question
		v.best = err.Error()
		return v
	}
	so := ""
	switch missing := len(r.Missing); {
	case missing > 0:
		so = fmt.Sprintf("; provisional, %s missing", message.Count(missing, "trial"))
	case waiting:
		so = "; provisional, a stage is missing"
	}
	if r.Found != nil {
		v.best = results.BestText(*r.Found) + so
	}
	for _, t := range []table{claimTable(r.Claims), differenceTable(r.Contrasts)} {
		if len(t.Rows) > 0 {
			t.Caption += so
			v.tables = append(v.tables, t.cut())
		}
	}
	return v
}

// claimTable has a row for each claim.
func claimTable(claims []verdict.Judged) table {
	t := table{Caption: "Claims", Header: []string{"claim", "holds?", "because"}, Wraps: true}
	for _, c := range claims {
		t.Rows = append(t.Rows, row{Cells: []string{c.Name, string(c.Verdict), c.Because}, Share: -1})
	}
	return t
}

// differenceTable has a row for each difference that is known.
func differenceTable(contrasts []verdict.Contrast) table {
	t := table{Header: []string{"difference", "at", "of", "seeds", "mean", "95 % interval", "p"}}
	tests := 0
	for _, c := range contrasts {
		if c.Diff == nil {
			continue
		}
		if c.P != nil {
			tests++
		}
		cells := c.Cells()[:len(t.Header)]
		for i := range cells[4:] {
			cells[4+i] = strings.ReplaceAll(cells[4+i], "-", "−")
		}
		t.Rows = append(t.Rows, row{Cells: cells, Share: -1})
	}
	comparisons := message.Count(len(contrasts), "comparison")
	if tests < len(contrasts) {
		comparisons = fmt.Sprintf("%d of %s", tests, comparisons)
	}
	t.Caption = "Differences, paired by seed; p corrected for " + comparisons
	if !slices.ContainsFunc(contrasts, func(c verdict.Contrast) bool { return c.At != "" }) {
		t = t.without(1)
	}
	return t
}
