package results

import (
	"fmt"
	"io"
	"math"
	"time"

	"bnlab/cifar"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/screen"
	"bnlab/train/bench"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// Studies is what study --list prints.
type Studies []ListedStudy

// ListedStudy is a study that comes with the program.
type ListedStudy struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Source   string   `json:"source"`
	Trials   int      `json:"trials"`
	Seconds  *float64 `json:"seconds_here"` // on all cores, estimated; null where that fails
	Verdicts []string `json:"verdicts"`     // what it tells
}

// NewStudies returns the studies that come with the program. It measures how long they
// take; trials of later stages take as long as those of the first one.
func NewStudies() (list Studies) {
	estimates := &bench.Estimates{Nets: experiment.MaxFuse, Dim: cifar.Dim, Classes: cifar.Classes, TrainSize: 50_000, TestSize: 10_000}
	for _, name := range study.BuiltIns {
		s := study.BuiltIn(name)
		l := ListedStudy{Name: name, Title: s.Title, Source: s.Source, Verdicts: []string{}}
		seconds := 0.0
		for i := range s.Experiments {
			e := &s.Experiments[i]
			l.Trials += e.Size()
			l.Verdicts = append(l.Verdicts, e.Questions()...)
			seconds += secondsOf(e.Trials(), estimates) * float64(e.Size()) / float64(len(e.Trials()))
		}
		if seconds /= float64(machine.Cores()); !math.IsNaN(seconds) {
			l.Seconds = &seconds
		}
		list = append(list, l)
	}
	return list
}

// secondsOf returns the time of trials on one core.
func secondsOf(trials []experiment.Trial, estimates *bench.Estimates) (seconds float64) {
	for _, t := range trials {
		seconds += estimates.Seconds(t.Config)
	}
	return seconds
}

// Table writes one row per study.
func (l Studies) Table(w io.Writer) {
	t := screen.Table(w, 3, "study", "what it asks", "trials", "here")
	for _, s := range l {
		here := "–"
		if s.Seconds != nil {
			here = "about " + time.Duration(*s.Seconds*float64(time.Second)).Round(time.Second).String()
		}
		t.AppendRow(screen.Cells([]string{s.Name, s.Title, fmt.Sprint(s.Trials), here}))
	}
	t.Render()
}
