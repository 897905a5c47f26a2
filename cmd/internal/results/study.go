package results

import (
	"fmt"
	"io"
	"slices"

	"bnlab/blas"
	"bnlab/cmd/internal/screen"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
	"bnlab/train/verdict"
)

// Study is what study prints.
type Study struct {
	Study        string             `json:"study"` // its title
	Dataset      experiment.Dataset `json:"dataset"`
	Backend      *blas.Backend      `json:"backend"` // of the first record; nil without one
	Against      string             `json:"against"` // folder of earlier results to compare with; empty for none
	Experiments  []StudyExperiment  `json:"experiments"`
	Trials       int                `json:"trials"`
	TrainSeconds float64            `json:"train_seconds"` // summed over trials
	EvalSeconds  float64            `json:"eval_seconds"`  // summed over trials
	WallSeconds  float64            `json:"wall_seconds"`

	summaries []experiment.Summary
}

// StudyExperiment is one of its experiments.
type StudyExperiment struct {
	Name       string                `json:"name"`
	Groups     []experiment.Group    `json:"groups"`
	Contrasts  []verdict.Contrast    `json:"contrasts"`
	Claims     []verdict.Judged      `json:"claims"`
	Agreement  []answer.Agreement    `json:"agreement"`  // with the results in Against
	Best       *study.Best           `json:"best"`       // of a search; else nil
	Properties experiment.Properties `json:"properties"` // of the records
	Warnings   []string              `json:"warnings"`   // properties that differ
	Diverged   []string              `json:"diverged"`
	Failed     []string              `json:"failed"`
	Paused     []string              `json:"paused"` // stopped by a budget
	Missing    []string              `json:"missing"`
}

// NewStudy returns the results of a study's experiments, of which there is one or more.
func NewStudy(title string, experiments []answer.Result) Study {
	r := Study{Study: title, Dataset: experiments[0].Dataset}
	for _, e := range experiments {
		r.Experiments = append(r.Experiments, StudyExperiment{
			Name: e.Experiment, Groups: e.Groups, Contrasts: e.Contrasts, Claims: e.Claims, Agreement: e.Agreement, Best: e.Found,
			Properties: e.Properties, Warnings: e.Warnings, Diverged: e.Diverged, Failed: e.Failed, Paused: e.Paused, Missing: e.Missing,
		})
		if r.Backend == nil {
			r.Backend = e.Backend
		}
		r.Trials += e.Trials
		r.TrainSeconds += e.TrainSeconds
		r.EvalSeconds += e.EvalSeconds
		r.summaries = append(r.summaries, e.Summary)
	}
	return r
}

// Table writes the groups of each experiment and then its contrasts.
func (r Study) Table(w io.Writer) {
	if r.Study != "" {
		fmt.Fprintln(w, message.Text(r.Study))
	}
	for i, e := range r.Experiments {
		if len(r.Experiments) > 1 {
			fmt.Fprintf(w, "\n%s\n", screen.Colourise(w, screen.Strong, e.Name))
		}
		Summary{r.summaries[i]}.Table(w)
		if b := e.Best; b != nil && r.summaries[i].Best == nil { // of which the summary tells nothing
			fmt.Fprintln(w, BestText(*b))
		}
		if len(e.Contrasts) > 0 {
			contrastTable(w, e.Contrasts, e.Paused)
		}
		if len(e.Claims) > 0 {
			claimLines(w, e.Claims)
		}
		if len(e.Agreement) > 0 {
			agreementTable(w, r.Against, e.Agreement)
		}
	}
}

// BestText says what a search has found.
func BestText(b study.Best) string {
	score := fmt.Sprintf("%.4g", b.Score)
	if b.Choose == "val-acc" {
		score = screen.Percent(b.Score)
	}
	text := fmt.Sprintf("best %s %g by %s, %s", study.Symbol(b.Over), b.Value, b.Choose, score)
	if b.TestAcc != nil {
		text += "; test accuracy " + screen.Percent(*b.TestAcc)
	}
	return text
}

// contrastTable writes a row for each contrast, accuracies in points.
func contrastTable(w io.Writer, contrasts []verdict.Contrast, paused []string) {
	fmt.Fprintf(w, "\ndifferences, paired by seed; p corrected for %s\n", message.Count(len(contrasts), "comparison"))
	header := []string{"contrast", "at", "of", "n", "difference", "95 % interval", "p", "p exact", "n for ½ point"}
	var rows [][]string
	least := 0.0
	for _, c := range contrasts {
		row := c.Cells()
		if c.LostPairs > 0 {
			row[3] += fmt.Sprintf(" +%d lost", c.LostPairs)
		}
		if c.Least != nil {
			least = max(least, *c.Least)
		}
		rows = append(rows, row)
	}
	if !slices.ContainsFunc(contrasts, func(c verdict.Contrast) bool { return c.At != "" }) {
		header = slices.Delete(header, 1, 2)
		for i := range rows {
			rows[i] = slices.Delete(rows[i], 1, 2)
		}
	}
	screen.Narrow(w, screen.Width(w), header, rows, "n for ½ point", "p exact", "of")
	if least > 0.01 {
		fmt.Fprintf(w, "p exact cannot fall below %s with so few seeds\n", verdict.PValue(least))
	}
	lostLines(w, contrasts, paused)
}

// lostLines names the trials that have cost pairs, the paused ones as such.
func lostLines(w io.Writer, contrasts []verdict.Contrast, paused []string) {
	var stopped []string
	for _, c := range contrasts {
		lost := slices.DeleteFunc(slices.Clone(c.Lost), func(id string) bool { return slices.Contains(paused, id) })
		if len(lost) > 0 {
			fmt.Fprintf(w, "lost: %s\n", message.List(lost))
		}
		for _, id := range c.Lost {
			if !slices.Contains(lost, id) && !slices.Contains(stopped, id) {
				stopped = append(stopped, id)
			}
		}
	}
	if len(stopped) > 0 {
		fmt.Fprintf(w, "lost, paused: %s\n", message.List(stopped))
	}
}

// claimLines writes each claim's verdict, name and reason.
func claimLines(w io.Writer, claims []verdict.Judged) {
	fmt.Fprintln(w, "\nclaims")
	for _, c := range claims {
		fmt.Fprintf(w, " %-9s  %s\n %-9s  %s\n", c.Verdict, message.Text(c.Name), "", message.Text(c.Because))
	}
}
