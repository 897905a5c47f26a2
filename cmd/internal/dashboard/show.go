package dashboard

import (
	"fmt"
	"strings"

	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/monitor"
)

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
