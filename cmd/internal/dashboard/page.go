package dashboard

import (
	"fmt"
	"strings"
	"time"

	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/monitor"
)

// page is what the browser shows, as /state sends it: texts, which it shows as they are.
type page struct {
	Version int        `json:"version"` // of what is shown
	Title   string     `json:"title"`
	Dir     string     `json:"dir"`
	Problem string     `json:"problem"` // why the folder cannot be read now; empty if it can
	Over    bool       `json:"over"`    // nothing is missing
	Plans   []planView `json:"plans"`
}

// planView is a plan of the study, or the only one.
type planView struct {
	Name     string      `json:"name"` // empty for the only one
	Dir      string      `json:"dir"`
	Line     string      `json:"line"` // what is done, in training, missing
	Left     string      `json:"left"`
	Share    float64     `json:"share"` // of the steps of all trials that are done, from 0 to 1; negative if unknown
	Training table       `json:"training"`
	Charts   []chartView `json:"charts"`
	Groups   table       `json:"groups"`
	Best     string      `json:"best"`     // what a search has found
	Verdicts []table     `json:"verdicts"` // both of the experiment, beside its last stage that has begun
	Notes    []string    `json:"notes"`
}

// table is a table of texts.
type table struct {
	Caption string   `json:"caption"`
	Header  []string `json:"header"`
	Rows    []row    `json:"rows"`
	More    string   `json:"more"`  // what is left out
	Wraps   bool     `json:"wraps"` // cells are sentences
}

type row struct {
	Cells []string `json:"cells"`
	Share float64  `json:"share"` // done, from 0 to 1, beside the second cell; negative for none
	Alert bool     `json:"alert"`
}

// show returns the state as the page shows it.
func (d *Dashboard) show(s monitor.State) snapshot {
	shot := snapshot{page: page{Title: s.Title, Dir: d.dir, Over: true}, charts: map[chartKey]chart{}, drawn: map[drawing][]byte{}}
	for i, p := range s.Plans {
		if p.Waiting {
			shot.page.Over = false
			shot.page.Plans = append(shot.page.Plans, planView{
				Name: p.Name, Dir: p.Dir, Line: "not planned yet: it follows from the results before", Share: -1,
			})
			continue
		}
		view, charts := d.plan(p)
		shot.page.Over = shot.page.Over && view.Share == 1
		for j, c := range charts {
			shot.charts[chartKey{i, j}] = c
		}
		shot.page.Plans = append(shot.page.Plans, view)
	}
	d.judge(s.Plans, shot.page.Plans)
	return shot
}

func (d *Dashboard) plan(p monitor.Plan) (view planView, charts []chart) {
	summary := d.summary(p)
	view = planView{
		Name: p.Name, Dir: p.Dir, Share: p.Share(),
		Training: trainingTable(p.Training), Groups: groupTable(summary),
	}
	view.Line = line(summary, p.Look)
	if left, known := p.Left(); known && len(summary.Missing) > 0 {
		view.Left = "about " + duration(left) + " left"
	}
	for _, c := range chartsOf(p.Look, d.slots.of(p)) {
		charts = append(charts, c)
		view.Charts = append(view.Charts, c.view())
	}
	for _, list := range []struct {
		what string
		ids  []string
	}{{"diverged", summary.Diverged}, {"failed", summary.Failed}} {
		if len(list.ids) > 0 {
			view.Notes = append(view.Notes, list.what+": "+message.List(list.ids))
		}
	}
	for i, damaged := range p.Damaged {
		if i == message.MostListed {
			view.Notes = append(view.Notes, fmt.Sprintf("%d more damaged records, which count as missing", len(p.Damaged)-i))
			break
		}
		view.Notes = append(view.Notes, damaged.Error()+"; it counts as missing")
	}
	return view, charts
}

// summed is the summary of a plan's outcomes at a revision of them.
type summed struct {
	experiment.Summary
	revision int
}

// summary summarises the outcomes of a plan if they have changed.
func (d *Dashboard) summary(p monitor.Plan) experiment.Summary {
	s, known := d.summaries[p.Dir]
	if !known || s.revision != p.Revision {
		s = summed{experiment.Summarize(p.Folder.Plan, p.Outcomes), p.Revision}
		d.summaries[p.Dir] = s
	}
	return s.Summary
}

// line says in words how far the plan is.
func line(s experiment.Summary, l experiment.Look) string {
	training, stalled := 0, 0
	for _, t := range l.Training {
		if t.Stalled {
			stalled += len(t.Curves)
		} else {
			training += len(t.Curves)
		}
	}
	parts := []string{fmt.Sprintf("%d of %s done", s.Trials, message.Count(len(l.Outcomes), "trial"))}
	for _, n := range []struct {
		n    int
		what string
	}{
		{training, "in training"}, {stalled, "stalled"}, {len(s.Paused), "paused"},
		{len(s.Missing) - training - stalled, "missing"}, {len(s.Diverged), "diverged"}, {len(s.Failed), "failed"},
	} {
		if n.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n.n, n.what))
		}
	}
	return strings.Join(parts, ", ")
}

// duration says how long something takes, as coarsely as it is known.
func duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(1, int(d.Seconds())))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Round(time.Hour).Hours()))
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}
