package main

import (
	"fmt"
	"io"
	"math"
	"time"

	"bnlab/cifar"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/bench"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// studyList is what study --list prints.
type studyList []listedStudy

type listedStudy struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Source   string   `json:"source"`
	Trials   int      `json:"trials"`
	Seconds  *float64 `json:"seconds_here"` // on all cores, estimated; null where that fails
	Verdicts []string `json:"verdicts"`     // what it tells
}

// listStudies prints the studies that come with the program.
func listStudies(call *shell.Call, asJSON bool) error {
	list, costs := studyList{}, costs{}
	for _, name := range study.BuiltIns {
		s := study.BuiltIn(name)
		l := listedStudy{Name: name, Title: s.Title, Source: s.Source, Verdicts: []string{}}
		seconds := 0.0
		for i := range s.Experiments {
			e := &s.Experiments[i]
			l.Trials += e.Size()
			l.Verdicts = append(l.Verdicts, e.Questions()...)
			seconds += costs.of(e)
		}
		if seconds /= float64(machine.Cores()); !math.IsNaN(seconds) {
			l.Seconds = &seconds
		}
		list = append(list, l)
	}
	return call.Print(asJSON, list)
}

// Table writes one row per study.
func (l studyList) Table(w io.Writer) {
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

// costs are those of configurations, by what they depend on.
type costs map[string]bench.Cost

// of returns the seconds that the trials of an experiment take on one core, NaN where
// they cannot be measured. Those of later stages take as long as the first ones.
func (known costs) of(e *study.Experiment) (seconds float64) {
	trials := e.Trials()
	for _, t := range trials {
		c := t.Config
		key := fmt.Sprint(c.Hidden, c.BN, c.Batch, c.Precision)
		if _, ok := known[key]; !ok {
			cost, err := bench.CostOf(c, experiment.MaxFuse, cifar.Dim, cifar.Classes)
			if err != nil {
				return math.NaN()
			}
			known[key] = cost
		}
		seconds += known[key].Step*float64(c.Steps()) + known[key].Image*evaluated(c)
	}
	return seconds * float64(e.Size()) / float64(len(trials))
}

// evaluated returns how many images of CIFAR-10 a training evaluates.
func evaluated(c train.Config) float64 {
	each := c.EvalTrain
	if each == 0 {
		each = 50_000 - c.Val
	}
	return float64(c.Evals*c.Cycles)*float64(each+c.Val) + 10_000
}
