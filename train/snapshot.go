package train

import "io"

// Snapshot is a net at the end of a cycle of its learning rate, where it stands in a
// minimum: an ensemble of them costs one training (Huang et al. 2017).
type Snapshot struct {
	Trial int // by its configuration's index in Fit
	Cycle int // that has ended, from 1
	Steps int // updates done

	// Save writes the net as model.Network.Save does, and leaves the training its bits.
	Save func(w io.Writer, metadata map[string]string) error
}

// Snapshotter is a Recorder that keeps snapshots. A training that resumes may pass one
// again, with the same bits. An error ends the training.
type Snapshotter interface {
	Snapshot(Snapshot) error
}

// maxSnapshots is how many networks a training may keep.
const maxSnapshots = 1000

func (c Config) checkSnapshots() error {
	switch {
	case !c.Snapshots:
		return nil
	case c.Schedule != cyclical:
		return badf("{snapshots}: {schedule} %s has no cycles, at whose ends the network is kept; leave one of the two out", c.Schedule)
	case c.Cycles > maxSnapshots:
		return badf("{snapshots}: a network for each of {cycles} %d; give at most %d", c.Cycles, maxSnapshots)
	}
	return nil
}

// snapshot passes on the nets that want it, if a cycle has just ended. It comes before the
// checkpoint of this step, so that a training that resumes there has its snapshot.
func (f *fit[T]) snapshot() error {
	keeper, ok := f.rec.(Snapshotter)
	c := f.configs[0]
	update := f.done - 1 - c.Warmup
	if !ok || update < 0 {
		return nil
	}
	cycle, in, ns := c.cycle(update)
	if in+1 != 2*ns {
		return nil
	}
	for k, i := range f.trial {
		if !f.configs[i].Snapshots || f.results[i].Diverged {
			continue
		}
		save := func(w io.Writer, metadata map[string]string) error { return f.net.Snapshot(w, k, metadata) }
		if err := keeper.Snapshot(Snapshot{Trial: i, Cycle: cycle + 1, Steps: f.done, Save: save}); err != nil {
			return err
		}
	}
	return nil
}
