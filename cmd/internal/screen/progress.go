package screen

import (
	"fmt"
	"io"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Progress shows a run on stderr, as an experiment.Observer: on a terminal a bar for each
// running unit and one for all.
type Progress struct {
	board
	work    work
	ended   int
	last    string    // the last evaluation, for a line
	waiting string    // for which other processes; empty while units train here
	tell    time.Time // when that is told next
	advised bool

	all   *mpb.Bar
	units map[string]*mpb.Bar // by their first trials
	texts map[string]string   // behind the bars
}

// NewProgress returns the progress of a run that will train todo.
func NewProgress(w io.Writer, quiet bool, todo []experiment.Trial) *Progress {
	return newProgress(w, quiet || len(todo) == 0, IsTerminal(w), todo)
}

func newProgress(w io.Writer, quiet, bars bool, todo []experiment.Trial) *Progress {
	p := &Progress{work: newWork(todo), units: map[string]*mpb.Bar{}, texts: map[string]string{}}
	p.open(w, quiet, bars)
	if p.pool != nil {
		p.advise()
	}
	p.all = p.add(message.Count(len(todo), "trial"), int64(p.work.total), func(s decor.Statistics) string {
		return fmt.Sprintf("%3.0f %%  %v left  %s", 100*float64(s.Current)/float64(s.Total), p.work.left(), p.waiting)
	}, mpb.BarPriority(1<<30))
	return p
}

// Note writes a line as the function Note does, above the bars where there are any.
// Several goroutines may call it at once.
func (p *Progress) Note(format string, args ...any) { Note(p, format, args...) }

// advise reports once what slows a run down.
func (p *Progress) advise() {
	if p.advised {
		return
	}
	p.advised = true
	for _, line := range blas.Advice() {
		Note(p.w, "NOTE: %s", line)
	}
}

// Start is called when a unit begins.
func (p *Progress) Start(trials []experiment.Trial) {
	unit := trials[0].ID
	bar := p.add(p.layout.unit(unit, len(trials)), int64(trials[0].Config.Steps()), func(s decor.Statistics) string {
		return p.layout.progress(s.Current, s.Total) + p.texts[unit]
	}, mpb.BarRemoveOnComplete())
	p.mu.Lock()
	defer p.mu.Unlock()
	p.units[unit], p.waiting = bar, ""
}

// Progress is called with how many steps a unit has done.
func (p *Progress) Progress(trials []experiment.Trial, steps int) {
	p.mu.Lock()
	p.work.at(trials, steps)
	if p.lineDue() {
		p.advise() // not earlier: a short run needs no advice
		done := fmt.Sprintf("%d of %s", p.ended, message.Count(len(p.work.reached), "trial"))
		if len(p.work.reached) == 1 {
			done = fmt.Sprintf("step %d of %d", steps, p.work.total)
		}
		percent := 100 * float64(p.work.now()) / float64(p.work.total)
		fmt.Fprintf(p.w, "%s, %.0f %%, %v left%s\n", done, percent, p.work.left(), p.last)
	}
	bar := p.units[trials[0].ID]
	p.mu.Unlock()
	if bar != nil {
		bar.SetCurrent(int64(steps))
		p.drawAll()
	}
}

// drawAll brings the bar of all trials up to date.
func (p *Progress) drawAll() {
	p.mu.Lock()
	now := p.work.now()
	p.mu.Unlock()
	p.all.SetCurrent(int64(now))
}

// Point is called with an evaluation of a trial.
func (p *Progress) Point(t experiment.Trial, at train.Point) {
	text := p.layout.evaluation(at)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.texts[p.work.first[t.ID]], p.last = "  "+text, "; "+text
	if len(p.work.reached) > 1 {
		p.last = fmt.Sprintf("; %s step %d: %s", t.ID, at.Step, text)
	}
}

// Done is called when a unit has ended.
func (p *Progress) Done(outcomes []experiment.Outcome) {
	p.mu.Lock()
	p.work.finish(outcomes)
	p.ended += len(outcomes)
	p.mu.Unlock()
	p.remove(outcomes[0].Trial.ID)
}

// Taken is called when another process has taken over a unit.
func (p *Progress) Taken(trials []experiment.Trial) { p.remove(trials[0].ID) }

// Reached is called when a unit has come to a rung of a budget.
func (p *Progress) Reached(trials []experiment.Trial) { p.remove(trials[0].ID) }

// Paused is called when a budget has stopped trials: what they had left to do is none of
// this run's work.
func (p *Progress) Paused(trials []experiment.Trial) {
	p.mu.Lock()
	p.work.spare(trials)
	p.ended += len(trials)
	total := int64(p.work.total)
	p.mu.Unlock()
	if p.all != nil {
		p.all.SetTotal(total, false)
		p.drawAll()
	}
}

// remove takes the bar of a unit away.
func (p *Progress) remove(unit string) {
	p.mu.Lock()
	bar := p.units[unit]
	delete(p.units, unit)
	delete(p.texts, unit)
	p.mu.Unlock()
	if bar != nil {
		bar.Abort(true)
	}
	if p.all != nil {
		p.drawAll()
	}
}

// waitingEvery is the time between two lines about what is waited for.
const waitingEvery = 30 * time.Second

// Waiting is called again and again while a worker waits for other processes. The first
// line comes after a while: most waiting is short.
func (p *Progress) Waiting(claims []experiment.Claim) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.units) > 0 {
		return // others of this process still train
	}
	now := time.Now()
	if p.waiting == "" {
		p.tell = now.Add(lineEvery)
	}
	p.waiting = waitingFor(claims)
	if !p.quiet && p.pool == nil && !now.Before(p.tell) {
		p.tell = now.Add(waitingEvery)
		fmt.Fprintln(p.w, message.Text(p.waiting))
	}
}

// waitingFor says which units are waited for, and who trains them.
func waitingFor(claims []experiment.Claim) string {
	units := make([]string, len(claims))
	for i, c := range claims {
		units[i] = fmt.Sprintf("%s (%s, %.0f %%", c.Trial, c.Holder(), 100*c.Share())
		if left := c.Left().Round(time.Second); left > 0 {
			units[i] += fmt.Sprintf(", %v left", left)
		}
		units[i] += ")"
	}
	return fmt.Sprintf("waiting for %s of other processes: %s", message.Count(len(claims), "unit"), message.List(units))
}
