package report

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// TestStagesWaiting: a search whose later stages have no plan yet is unfinished, whatever
// folder of it is given; one that has all is not.
func TestStagesWaiting(t *testing.T) {
	dir := t.TempDir()
	askedRun(t, dir, "experiments:\n- name: best\n  search: {over: eta-max, coarse: [0.01, 0.1, 1], fine: {draw: 2}, final: {seeds: 2}}", all)
	for _, given := range []string{dir, filepath.Join(dir, "coarse")} {
		if ws := read(t, given).Warnings; len(ws) > 0 {
			t.Errorf("%s: warnings %q", given, ws)
		}
	}
	for _, c := range []struct{ gone, want string }{
		{"final", "best: the final stage has not begun: the run is unfinished."},
		{"fine", "best: the stages fine and final have not begun: the run is unfinished."},
	} {
		if err := os.RemoveAll(filepath.Join(dir, c.gone)); err != nil {
			t.Fatal(err)
		}
		if ws := read(t, dir).Warnings; !slices.Equal(ws, []string{c.want}) {
			t.Errorf("warnings %q, want %q", ws, c.want)
		}
	}
}

// TestOneTraining: what is of one training is named by its network, and has its curves.
func TestOneTraining(t *testing.T) {
	dir := t.TempDir()
	c := train.Default()
	c.BN = true
	writeRun(t, dir, "train", realData, []experiment.Trial{{ID: "train", Group: "train", Config: c}})
	s := read(t, dir)
	if title, _ := s.title(); title != "3-layer network with batch normalisation" {
		t.Errorf("title %q", title)
	}
	var titles []string
	for _, chart := range s.Charts() {
		titles = append(titles, chart.Title)
	}
	if got, want := strings.Join(titles, "; "), "Loss against update step, 3-layer network; Accuracy against update step, 3-layer network; "+
		"Cost against update step, 3-layer network; Learning rate against update step"; got != want {
		t.Errorf("figures %q, want %q", got, want)
	}
}

// TestEqualRanks: values of a search that do equally well have the same rank.
func TestEqualRanks(t *testing.T) {
	dir := t.TempDir()
	askedRun(t, dir, "experiments:\n- name: best\n  search: {over: lambda, coarse: [0.1, 0.01, 0.001, 0.0001]}", all)
	r := read(t, dir).Runs[0]
	for i, v := range []float64{0.3, 0.5, 0.5, 0.4} {
		r.Summary.Groups[i].ValAcc = experiment.SpreadOf([]float64{v})
	}
	var ranks []string
	for _, g := range r.Summary.Groups {
		ranks = append(ranks, r.ranks()[g.Name])
	}
	if got := message.List(ranks); got != "4, 1, 1, 3" {
		t.Errorf("ranks %s", got)
	}
}
