package screen

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Progress shows a run on stderr: bars on a terminal, a plain line every few
// seconds elsewhere, nothing with --quiet.
type Progress interface {
	experiment.Observer
	Close()
}

// NewProgress returns the progress of a run that is about to train todo.
func NewProgress(w io.Writer, quiet bool, todo []experiment.Trial) Progress {
	switch {
	case quiet || len(todo) == 0:
		return silent{}
	case IsTerminal(w):
		advise(w)
		return newBars(w, todo)
	}
	return newLines(w, todo)
}

// Notices returns what writes such lines to w while p shows its progress there, above
// the bars where there are any. Several goroutines may call it at once.
func Notices(w io.Writer, p Progress) func(format string, args ...any) {
	if bars, ok := p.(io.Writer); ok {
		w = bars
	}
	var one sync.Mutex
	return func(format string, args ...any) {
		one.Lock()
		defer one.Unlock()
		Note(w, format, args...)
	}
}

// advise tells of what makes a run slower than it need be.
func advise(w io.Writer) {
	for _, line := range blas.Advice() {
		Note(w, "NOTE: %s", line)
	}
}

// silent shows nothing.
type silent struct{ experiment.Silent }

func (silent) Close() {}

// lines writes a line every few seconds.
type lines struct {
	mu     sync.Mutex
	w      io.Writer
	work   work
	trials int
	ended  int
	last   train.Point
	lastID string
	next   time.Time

	advised bool
}

// lineEvery is the time between two lines.
const lineEvery = 5 * time.Second

func newLines(w io.Writer, todo []experiment.Trial) *lines {
	return &lines{w: w, work: newWork(todo), trials: len(todo), next: time.Now().Add(lineEvery)}
}

func (l *lines) Start([]experiment.Trial) {}

func (l *lines) Progress(trials []experiment.Trial, steps int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.work.at(trials, steps)
	if time.Now().Before(l.next) {
		return
	}
	l.next = time.Now().Add(lineEvery)
	if !l.advised { // not before: a run that is over at once needs no advice
		l.advised = true
		advise(l.w)
	}
	done := fmt.Sprintf("%d of %s", l.ended, message.Count(l.trials, "trial"))
	if l.trials == 1 {
		done = fmt.Sprintf("step %d of %d", steps, l.work.total)
	}
	fmt.Fprintf(l.w, "%s, %.0f %%, %v left", done, 100*float64(l.work.now())/float64(l.work.total), l.work.left())
	if l.lastID != "" && l.trials == 1 {
		fmt.Fprintf(l.w, "; %s", pointText(l.last))
	} else if l.lastID != "" {
		fmt.Fprintf(l.w, "; %s step %d: %s", l.lastID, l.last.Step, pointText(l.last))
	}
	fmt.Fprintln(l.w)
}

func (l *lines) Point(t experiment.Trial, p train.Point) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last, l.lastID = p, t.ID
}

func (l *lines) Done(outcomes []experiment.Outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.work.finish(outcomes)
	l.ended += len(outcomes)
}

func (l *lines) Close() {}

// Write writes other lines between those of the progress.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func pointText(p train.Point) string {
	return fmt.Sprintf("loss %.3f, val %.1f %%", p.TrainLoss, 100*p.ValAcc)
}

// bars draws a bar for each running unit and one for all.
type bars struct {
	mu    sync.Mutex
	pool  *mpb.Progress
	all   *mpb.Bar
	work  work
	units map[int]*unitBar
}

type unitBar struct {
	bar  *mpb.Bar
	text string
}

func newBars(w io.Writer, todo []experiment.Trial) *bars {
	b := &bars{pool: mpb.New(mpb.WithOutput(w), mpb.WithWidth(40)), work: newWork(todo), units: map[int]*unitBar{}}
	b.all = b.pool.AddBar(int64(b.work.total),
		mpb.BarPriority(1<<30),
		mpb.PrependDecorators(decor.Name(message.Count(len(todo), "trial"), decor.WCSyncSpaceR)),
		mpb.AppendDecorators(decor.Percentage(decor.WC{W: 5}), decor.Any(func(decor.Statistics) string {
			b.mu.Lock()
			defer b.mu.Unlock()
			return fmt.Sprintf("  %v left", b.work.left())
		})))
	return b
}

func (b *bars) Start(trials []experiment.Trial) {
	u := &unitBar{}
	name := trials[0].ID
	if len(trials) > 1 {
		name += fmt.Sprintf(" and %d more", len(trials)-1)
	}
	u.bar = b.pool.AddBar(int64(trials[0].Config.Steps()),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(name, decor.WCSyncSpaceR)),
		mpb.AppendDecorators(decor.CurrentNoUnit("step %d", decor.WC{W: 11}), decor.Any(func(decor.Statistics) string {
			b.mu.Lock()
			defer b.mu.Unlock()
			return u.text
		})))
	b.mu.Lock()
	defer b.mu.Unlock()
	b.units[trials[0].Unit] = u
}

func (b *bars) Progress(trials []experiment.Trial, steps int) {
	b.mu.Lock()
	b.work.at(trials, steps)
	bar, all := b.units[trials[0].Unit].bar, int64(b.work.now())
	b.mu.Unlock()
	bar.SetCurrent(int64(steps))
	b.all.SetCurrent(all)
}

func (b *bars) Point(t experiment.Trial, p train.Point) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.units[t.Unit].text = "  " + pointText(p)
}

func (b *bars) Done(outcomes []experiment.Outcome) {
	b.mu.Lock()
	unit := outcomes[0].Trial.Unit
	bar := b.units[unit].bar
	delete(b.units, unit)
	b.work.finish(outcomes)
	all := int64(b.work.now())
	b.mu.Unlock()
	bar.Abort(true)
	b.all.SetCurrent(all)
}

// Write writes lines above the bars.
func (b *bars) Write(p []byte) (int, error) { return b.pool.Write(p) }

func (b *bars) Close() {
	b.mu.Lock()
	units := slices.Collect(maps.Values(b.units))
	b.mu.Unlock() // before Abort, which waits for texts that are made under it
	for _, u := range units {
		u.bar.Abort(true)
	}
	b.all.Abort(true)
	b.pool.Wait()
}
