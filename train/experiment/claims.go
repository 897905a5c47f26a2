package experiment

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"bnlab/train/claim"
)

// Claim is a unit in training, as its claim file says.
type Claim struct {
	Trial          string  `json:"trial"`   // the first of the unit
	Trials         int     `json:"trials"`  // of the unit
	Host           string  `json:"host"`    // empty if unknown
	Process        int     `json:"process"` // its number on that host; 0 if unknown
	Since          Moment  `json:"since"`   // by the clock of that host
	Steps          int     `json:"steps"`
	Of             int     `json:"of"`
	StepsPerSecond float64 `json:"steps_per_second"` // 0 if unknown
	Stalled        bool    `json:"stalled"`
}

// Share returns the share of the steps that are done, from 0 to 1.
func (c Claim) Share() float64 { return float64(c.Steps) / float64(max(1, c.Of)) }

// Left returns the time that the rest takes at the rate so far; 0 if unknown.
func (c Claim) Left() time.Duration {
	if c.StepsPerSecond == 0 {
		return 0
	}
	return time.Duration(float64(c.Of-c.Steps) / c.StepsPerSecond * float64(time.Second))
}

// Holder returns who trains the unit.
func (c Claim) Holder() string { return claim.Holder{Host: c.Host, Process: c.Process}.String() }

// claimOf returns the claim of a unit, whose file said c.
func claimOf(unit []Trial, c claim.Claim) Claim {
	of := unit[0].Config.Steps()
	return Claim{
		Trial: unit[0].ID, Trials: len(unit), Host: c.Host, Process: c.Process, Since: Moment{c.Since},
		Steps: min(c.Steps, of), Of: of, StepsPerSecond: c.StepsPerSecond,
	}
}

func claimsOf(plan *Plan, busy []*pendingUnit) []Claim {
	claims := make([]Claim, len(busy))
	for i, u := range busy {
		claims[i] = claimOf(trialsOf(plan, u.unit), u.watch.Claim())
	}
	return claims
}

// Claims returns the claims of the units of which a trial is not among the outcomes, or not
// at the next rung, in the plan's order. A claim is stalled if its process has ended. If watch is set, it also
// is if it does not change while it is watched for a few beats; there is no waiting if all
// have changed recently.
func (f *Folder) Claims(ctx context.Context, outcomes []Outcome, watch bool) ([]Claim, error) {
	var watches []*claim.Watch
	claims := []Claim{}
	for _, unit := range f.Plan.underWay(outcomes) {
		trials := trialsOf(f.Plan, unit)
		w := &claim.Watch{Path: filepath.Join(f.TrialDir(trials[0]), claimFile)}
		state, err := w.Look()
		if err != nil {
			return nil, err
		}
		if state != claim.None {
			c := claimOf(trials, w.Claim())
			c.Stalled = state == claim.Abandoned
			claims, watches = append(claims, c), append(watches, w)
		}
	}
	if watch {
		return claims, stalled(ctx, claims, watches)
	}
	return claims, nil
}

// stalled sets which claims are stalled, by watching those that have not changed
// recently.
func stalled(ctx context.Context, claims []Claim, watches []*claim.Watch) error {
	const looks, perBeat = 6, 2
	var quiet []int
	for i, w := range watches {
		if !claims[i].Stalled && !recent(w.Path) {
			quiet = append(quiet, i)
		}
	}
	for range looks {
		if len(quiet) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(claim.Beat / perBeat):
		}
		still := quiet[:0]
		for _, i := range quiet {
			state, err := watches[i].Look()
			if err != nil {
				return err
			}
			if state != claim.None && watches[i].Unchanged() > 0 {
				still = append(still, i)
			}
		}
		quiet = still
	}
	for _, i := range quiet {
		claims[i].Stalled = true
	}
	return nil
}

// recent reports whether the file was changed a few beats ago, by this machine's clock. If
// another's differs, watching it takes longer and tells the same.
func recent(path string) bool {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true // it has just ended
	}
	return err == nil && time.Since(info.ModTime()).Abs() < 3*claim.Beat
}
