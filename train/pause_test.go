package train

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
)

// TestPause: trainings that pause at the end of any epoch, and go on from there alone, in
// other company, and after another pause, end with the bits of those that did not, in both
// precisions, with and without batch normalisation, and beside one that diverges.
func TestPause(t *testing.T) {
	for name, configs := range groups() {
		t.Run(name+" f64", func(t *testing.T) { pauseEverywhere[float64](t, configs) })
		t.Run(name+" f32", func(t *testing.T) {
			if len(configs) > 1 {
				skipIfMixes(t)
			}
			for i := range configs {
				configs[i].Precision = F32
			}
			pauseEverywhere[float32](t, configs)
		})
	}
}

func pauseEverywhere[T blas.Float](t *testing.T, configs []Config) {
	for epochs := 1; epochs < 9; epochs++ {
		paused, points := pausedFit[T](t, configs, &shelf{}, epochs)
		for i, c := range configs {
			want := keptFit[T](t, []Config{c}, Discard)
			p := paused[i]
			if p.Result.Diverged != (want.results[0].Diverged && want.results[0].Steps <= 6*epochs) {
				t.Errorf("%d epochs, trial %d: %+v", epochs, i, p.Result)
			}
			if p.Result.Diverged {
				p.Result.TrainSeconds, p.Result.EvalSeconds, want.results[0].TrainSeconds, want.results[0].EvalSeconds = 0, 0, 0, 0
				if diff := cmp.Diff(want.results[0], p.Result) + cmp.Diff(want.points[0], points[i]); diff != "" {
					t.Errorf("%d epochs, trial %d, which diverges: −want +got\n%s", epochs, i, diff)
				}
				continue
			}
			again := &shelf{states: []State{p.State}}
			if epochs < 8 {
				next, _ := pausedFit[T](t, []Config{c}, again, epochs+1)
				if diff := cmp.Diff(want.results[0].Diverged && want.results[0].Steps <= 6*(epochs+1), next[0].Result.Diverged); diff != "" {
					t.Errorf("%d epochs and one more, trial %d: %s", epochs, i, diff)
				}
			}
			if got := tracesOf(keptFit[T](t, []Config{c}, &shelf{states: []State{p.State}})); got != tracesOf(want) {
				t.Errorf("%d epochs, trial %d, alone:\n%s", epochs, i, cmp.Diff(tracesOf(want), got))
			}
		}
		// In other company: those that go on, the last first.
		var on []Config
		var states []State
		for i := len(configs) - 1; i >= 0; i-- {
			if !paused[i].Result.Diverged {
				on, states = append(on, configs[i]), append(states, paused[i].State)
			}
		}
		want := tracesOf(keptFit[T](t, on, Discard))
		keep := &shelf{states: []State{Join(states)}}
		if got := tracesOf(keptFit[T](t, on, keep)); got != want || keep.refused != nil {
			t.Errorf("%d epochs, in other company (refused %v):\n%s", epochs, keep.refused, cmp.Diff(want, got))
		}
	}
}

// pausedFit trains up to a pause.
func pausedFit[T blas.Float](t *testing.T, configs []Config, keep Checkpointer, epochs int) ([]Paused, map[int][]Point) {
	t.Helper()
	data, _ := draw[T]()
	rec := &notes{}
	paused, err := Pause(t.Context(), configs, data, rec, keep, epochs)
	if err != nil {
		t.Fatal(err)
	}
	return paused, rec.points
}

// TestPauseAcc: the validation accuracy at a pause is that which a curve holds where it
// has a point there, and the curve has no more points than without the pause.
func TestPauseAcc(t *testing.T) {
	c := small()
	c.NS, c.Evals = 12, 4 // every 6 steps: at the end of each epoch
	want := keptFit[float64](t, []Config{c}, Discard).points[0]
	for epochs := 1; epochs < 8; epochs++ {
		paused, points := pausedFit[float64](t, []Config{c}, Discard, epochs)
		if at := want[epochs]; at.Step != 6*epochs || paused[0].ValAcc != at.ValAcc || paused[0].State.Steps != at.Step {
			t.Errorf("%d epochs: accuracy %g at step %d, want that of %+v", epochs, paused[0].ValAcc, paused[0].State.Steps, at)
		}
		if diff := cmp.Diff(want[:epochs], points[0]); diff != "" {
			t.Errorf("%d epochs: curve\n%s", epochs, diff)
		}
	}
}

// TestPauseLate: a pause at the end, or before the start, is an error, and a state from
// beyond the pause is not used.
func TestPauseLate(t *testing.T) {
	c := small()
	c.NS = 12 // 8 epochs
	data, _ := draw[float64]()
	for epochs, says := range map[int]string{0: "0 epochs", -1: "-1 epochs", 8: "a rung at 8 epochs of a training of 8", 9: "9 epochs"} {
		if _, err := Pause(t.Context(), []Config{c}, data, Discard, Discard, epochs); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%d epochs: error %v", epochs, err)
		}
	}
	calm := &shelf{}
	keptFit[float64](t, []Config{c}, calm)
	want, _ := pausedFit[float64](t, []Config{c}, Discard, 2)
	got, _ := pausedFit[float64](t, []Config{c}, &shelf{states: calm.states[3:4]}, 2)
	if diff := cmp.Diff(want[0].State, got[0].State, alike); diff != "" {
		t.Errorf("from a later state:\n%s", diff)
	}
}
