package experiment

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
)

// TestRunPart: units to train may be chosen, and two processes that share a
// folder do together what one does alone.
func TestRunPart(t *testing.T) {
	plan := smallPlan()
	want := timeless(runAll(t, runner(t, nil), plan))
	f := create(t, t.TempDir(), plan)
	var both sync.WaitGroup
	for part := range 2 {
		both.Go(func() {
			r := runner(t, f)
			r.Only = func(unit []Trial) bool { return unit[0].Unit%2 == part }
			outcomes, err := r.Run(context.Background(), plan)
			if err != nil {
				t.Error(err)
			}
			for i, o := range outcomes {
				if mine := plan.Trials[i].Unit%2 == part; mine && !o.Done() {
					t.Errorf("part %d has not trained %s", part, plan.Trials[i].ID)
				}
			}
		})
	}
	both.Wait()
	got, trained := runAgain(t, runner(t, f), plan)
	if diff := cmp.Diff(want, timeless(got)); diff != "" || trained != nil {
		t.Errorf("together; trained again: %v (-want +got):\n%s", trained, diff)
	}
}

// TestRunRestOfUnit: a trial that has lost its record is trained again beside the
// same neighbours and comes out the same to the last bit, in single precision
// too. Nothing is written of the neighbours.
func TestRunRestOfUnit(t *testing.T) {
	for _, precision := range []train.Precision{train.F32, train.F64} {
		c := small()
		c.Precision = precision
		f := create(t, t.TempDir(), planOf(Search(c, []float64{0.001, 0.01}, 3), 3))
		first := runAll(t, runner(t, f), f.Plan)
		for i, lost := range f.Plan.Trials {
			must(t, os.Remove(filepath.Join(f.TrialDir(lost), resultFile)))
			before := snapshot(t, f.Dir)
			second := runAll(t, runner(t, f), f.Plan)
			if diff := cmp.Diff(timeless(first), timeless(second)); diff != "" {
				t.Errorf("%s lost and trained again, %s (-first +second):\n%s", lost.ID, precision, diff)
			}
			for path, file := range snapshot(t, f.Dir) {
				if !strings.Contains(path, lost.ID) && file != before[path] {
					t.Errorf("%s is written again for %s", path, lost.ID)
				}
			}
			first[i] = second[i] // its times are new
		}
	}
}
