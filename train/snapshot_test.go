package train

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"bnlab/blas"
	"bnlab/model"
)

// album is a Recorder that keeps snapshots, by trial and cycle.
type album struct {
	notes
	pictures map[string][]byte
	steps    []int
	full     error // what it answers
}

func (a *album) Snapshot(s Snapshot) error {
	if a.full != nil {
		return a.full
	}
	var file bytes.Buffer
	if err := s.Save(&file, nil); err != nil {
		return err
	}
	if a.pictures == nil {
		a.pictures = map[string][]byte{}
	}
	a.pictures[fmt.Sprintf("trial %d, cycle %d", s.Trial, s.Cycle)] = file.Bytes()
	a.steps = append(a.steps, s.Steps)
	return nil
}

// pictured trains with snapshots.
func pictured[T blas.Float](t *testing.T, keep Checkpointer, configs ...Config) (*album, outcome[T]) {
	t.Helper()
	data, log := draw[T]()
	a := &album{}
	results, nets, err := Resume(t.Context(), configs, data, a, keep)
	if err != nil {
		t.Fatal(err)
	}
	return a, outcome[T]{results, nets, a.points, log}
}

// TestSnapshots: the network at the end of a cycle is that of a training of so many cycles,
// side by side with one without, after a warm-up, with cycles that grow, in both
// precisions; and the training has the bits of one without snapshots.
func TestSnapshots(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"plain": func(*Config) {}, "no BN": func(c *Config) { c.BN = false },
		"warm-up": func(c *Config) { c.Warmup = 5 }, "growing": func(c *Config) { c.CycleGrowth, c.CycleDecay = 1.5, 0.5 },
	} {
		c := small()
		c.NS, c.Cycles, c.Snapshots = 5, 3, true
		change(&c)
		t.Run(name+" f64", func(t *testing.T) { snapshots[float64](t, c) })
		t.Run(name+" f32", func(t *testing.T) {
			skipIfMixes(t)
			snapshots[float32](t, f32(c))
		})
	}
}

func snapshots[T blas.Float](t *testing.T, c Config) {
	other := c
	other.Snapshots, other.Seed = false, 3
	a, with := pictured[T](t, Discard, other, c)
	if len(a.pictures) != 3 {
		t.Fatalf("%d snapshots, want those of 3 cycles", len(a.pictures))
	}
	for cycles := 1; cycles <= 3; cycles++ {
		short := c
		short.Cycles = cycles
		o := fitAll[T](t, short)
		var file bytes.Buffer
		if err := o.nets.Network.Save(&file, 0, nil); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.pictures[fmt.Sprintf("trial 1, cycle %d", cycles)], file.Bytes()) {
			t.Errorf("the snapshot of cycle %d is not the network of %d cycles", cycles, cycles)
		}
		if a.steps[cycles-1] != short.Steps() {
			t.Errorf("cycle %d ends after %d steps, want %d", cycles, a.steps[cycles-1], short.Steps())
		}
	}
	c.Snapshots = false
	without := fitAll[T](t, other, c)
	for i := range 2 {
		for j, p := range with.tensors(i) {
			if !slices.Equal(p.Data, without.tensors(i)[j].Data) {
				t.Errorf("trial %d: %s is another with snapshots", i, p.Name)
			}
		}
	}
}

// TestSnapshotsResume: from the end of every epoch, a training passes on the snapshots that
// are still to come, with the same bits.
func TestSnapshotsResume(t *testing.T) {
	c := small()
	c.NS, c.Cycles, c.Snapshots = 8, 3, true // 16 steps a cycle, 6 an epoch
	shelf0 := &shelf{}
	whole, _ := pictured[float64](t, shelf0, c)
	for i, state := range shelf0.states {
		a, _ := pictured[float64](t, &shelf{states: shelf0.states[:i+1]}, c)
		for cycle := 1; cycle <= 3; cycle++ {
			key := fmt.Sprintf("trial 0, cycle %d", cycle)
			if due := 16*cycle > state.Steps; due != (a.pictures[key] != nil) || due && !bytes.Equal(a.pictures[key], whole.pictures[key]) {
				t.Errorf("from step %d: the snapshot of cycle %d is another", state.Steps, cycle)
			}
		}
	}
}

// TestSnapshotsFail: a training whose snapshot cannot be kept ends with why; one that has
// diverged has none.
func TestSnapshotsFail(t *testing.T) {
	c := small()
	c.Snapshots = true
	data, _ := draw[float64]()
	full := errors.New("disk full")
	if _, _, err := Fit(t.Context(), []Config{c}, data, &album{full: full}); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	wild := c
	wild.BN, wild.EtaMax = false, 1e150
	if a, _ := pictured[float64](t, Discard, wild, c); len(a.pictures) != 2 || a.pictures["trial 0, cycle 1"] != nil {
		t.Errorf("%d snapshots beside a training that diverges", len(a.pictures))
	}
}

// snapshotIs compares a snapshot of net k with the parameters of a golden file.
func snapshotIs(t *testing.T, net *model.Network[float64], k int, want map[string][]float64) {
	t.Helper()
	var file bytes.Buffer
	if err := net.Snapshot(&file, k, nil); err != nil {
		t.Fatal(err)
	}
	saved, err := model.ReadSaved(&file, func(*model.Saved) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	back, err := model.Restore[float64](saved, model.Spec{MaxRows: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range back.Tensors(0) {
		for i, v := range p.Data {
			if p.Grad != nil && !close10(v, want[p.Name][i]) {
				t.Fatalf("snapshot: element %d of %s is %.15g, want %.15g", i, p.Name, v, want[p.Name][i])
			}
		}
	}
}
