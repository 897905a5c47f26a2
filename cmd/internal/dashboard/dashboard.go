// Package dashboard shows a run folder, or a study's, as a page that follows it: what is
// done, what trains where and how far, the curves, and the tables as they stand.
package dashboard

import (
	"context"
	"sync"
	"time"

	"bnlab/train/experiment"
	"bnlab/train/monitor"
)

// Dashboard is the page of a folder.
type Dashboard struct {
	dir       string
	monitor   *monitor.Monitor
	slots     slots
	summaries map[string]summed   // by the folder of the plan
	found     map[string]verdicts // by the folder of the experiment's first plan

	mu      sync.Mutex
	current snapshot
	spent   time.Duration // on drawing since the last look
	judging time.Duration // of the last look, which has a share of its own
}

// snapshot is what was seen last, as the page shows it.
type snapshot struct {
	page   page
	charts map[chartKey]chart
	drawn  map[drawing][]byte // those that were asked for
}

const (
	// refresh is the least time between two looks at the folder, and sparing how many times
	// what the last one took, with its charts: about a hundredth of a core.
	refresh = time.Second
	sparing = 100
)

// New returns the page of the folder dir, or the error of its first look at it.
func New(dir string) (*Dashboard, error) {
	d := &Dashboard{dir: dir, monitor: monitor.New(dir), slots: slots{}, summaries: map[string]summed{}, found: map[string]verdicts{}}
	return d, d.look()
}

// follow looks at the folder again and again until ctx ends.
func (d *Dashboard) follow(ctx context.Context) {
	for wait := refresh; ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		begun := time.Now()
		_ = d.look() // which the page tells
		wait = max(refresh, sparing*d.since(begun))
	}
}

// since returns the time since a look began, but for judging, and that of drawing since the
// one before.
func (d *Dashboard) since(begun time.Time) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	spent := d.spent + time.Since(begun) - d.judging
	d.spent, d.judging = 0, 0
	return spent
}

// look looks at the folder once. What it has shown before stays beside an error.
func (d *Dashboard) look() error {
	state, err := d.monitor.Look()
	d.mu.Lock()
	defer d.mu.Unlock()
	was := d.current.page
	switch {
	case err != nil && was.Problem == err.Error():
	case err != nil:
		d.current.page.Problem = err.Error()
		d.current.page.Version++
	case state.Changed || was.Version == 0 || was.Problem != "" || d.overdue():
		d.current = d.show(state)
		d.current.page.Version = was.Version + 1
	}
	return err
}

// now returns the page as it is.
func (d *Dashboard) now() page {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.current.page
}

// svg draws a chart of the page; false if there is none.
func (d *Dashboard) svg(of drawing) ([]byte, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.current.charts[of.chartKey]
	if !ok {
		return nil, false, nil
	}
	if svg := d.current.drawn[of]; svg != nil {
		return svg, true, nil
	}
	begun := time.Now()
	defer func() { d.spent += time.Since(begun) }()
	c.Narrow = of.narrow
	draw := c.SVG
	if of.dark {
		draw = c.DarkSVG
	}
	svg, err := draw()
	d.current.drawn[of] = svg
	return svg, true, err
}

// summed is the summary of a plan's outcomes at a revision of them.
type summed struct {
	experiment.Summary
	revision int
}
