package experiment

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"time"

	"bnlab/train/atomicfile"
	"bnlab/train/message"
)

// A plan only grows: one that asks for more seeds or values is joined to the one on
// disk, which is replaced whole. Whatever a process has read before stays true: no
// trial goes, and none changes its group, its configuration or its unit.

// growTries is how often Grow writes a plan that other processes replace or hinder,
// which takes a file system without locks.
const growTries = 100

// Create is Grow with the units of the given plan.
func Create(dir string, plan *Plan) (*Folder, error) {
	return Grow(dir, plan, (*Plan).renumber)
}

// Grow returns the folder dir, made if it does not exist, whose plan holds all trials of
// the given one, which must have been checked. It adds those that are missing, in units
// that fuse, called with a plan of these alone, forms; existing trials keep theirs. The
// program version stays as on disk. A plan of another experiment or other data, in which
// a trial or a group has another configuration, or which has no trial in common with the
// one on disk, is an error that wraps ErrPlan and names the difference.
func Grow(dir string, plan *Plan, fuse func(*Plan)) (*Folder, error) {
	last, err := plan.write(dir)
	if err != nil {
		return nil, err
	}
	// Another process may have been first, or be growing the plan too: what is on disk
	// counts, and is read again after a plan was written.
	for try := 1; ; try++ {
		f, grown, err := grow(dir, plan, fuse, &last)
		switch {
		case grown && try == growTries:
			return nil, errors.Join(fmt.Errorf("%s: other processes replace it all the time; run this again", planPath(dir)), err)
		case grown:
			time.Sleep(rand.N(time.Duration(try) * time.Millisecond))
		default:
			return f, err
		}
	}
}

// grow writes the plan in dir with the trials of plan that it lacks, and reports whether
// it lacked any. Processes of one host, and of several where the file system can, wait
// for each other. What this process has written last holds them all.
func grow(dir string, plan *Plan, fuse func(*Plan), last *written) (f *Folder, grown bool, err error) {
	path := planPath(dir)
	defer atomicfile.Lock(filepath.Dir(path))()
	if f, err = open(dir, *last); err != nil {
		return nil, false, err
	}
	whole := f.Plan
	if whole != last.plan {
		if difference := f.Plan.difference(plan); difference != "" {
			return nil, false, planErrorf("%s holds another plan: %s; use another folder, or the flags it was made with", dir, difference)
		}
		whole = f.Plan.join(plan, fuse)
	}
	_ = atomicfile.Clear(filepath.Dir(path), planFile) // error ignored: what killed writers have left is harmless
	if whole == f.Plan {
		return f, false, nil
	}
	if n := len(whole.Trials); n > maxTrials {
		return nil, false, planErrorf("%s holds %d trials, with those asked for %d: a plan has at most %d; use another folder", dir, len(f.Plan.Trials), n, maxTrials)
	}
	text, err := whole.encode()
	if err == nil {
		err = whole.checkTogether()
	}
	if err != nil {
		return nil, false, err
	}
	*last = written{whole, text}
	err = atomicfile.Write(path, text)
	return f, err == nil || errors.Is(err, fs.ErrNotExist), err // another process may have cleared what was being written
}

// encode returns the text of the plan.
func (p *Plan) encode() ([]byte, error) {
	text, err := json.MarshalIndent(p, "", " ")
	if err == nil && int64(len(text)) >= maxPlan {
		return nil, planErrorf("%s: more than a plan holds; give fewer", message.Count(len(p.Trials), "trial"))
	}
	return append(text, '\n'), err
}

// join returns a plan of the trials of both: those of other, in its order, and then the
// rest of p. Networks are kept if either has them kept. It returns p itself if that is all
// of it.
func (p *Plan) join(other *Plan, fuse func(*Plan)) *Plan {
	there := p.places()
	added := &Plan{}
	for _, t := range other.Trials {
		if _, ok := there[t.ID]; !ok {
			added.Trials = append(added.Trials, t)
		}
	}
	whole := *p
	whole.Keep = cmp.Or(p.Keep, other.Keep)
	if len(added.Trials) == 0 {
		if whole.Keep == p.Keep {
			return p
		}
		return &whole
	}
	fuse(added)
	unit := 0
	for _, t := range p.Trials {
		unit = max(unit, t.Unit+1)
	}
	whole.Trials = make([]Trial, 0, len(p.Trials)+len(added.Trials))
	asked := map[string]bool{}
	for _, t := range other.Trials {
		asked[t.ID] = true
		if at, ok := there[t.ID]; ok {
			t = p.Trials[at]
		} else {
			t, added.Trials = added.Trials[0], added.Trials[1:]
			t.Unit += unit
		}
		whole.Trials = append(whole.Trials, t)
	}
	for _, t := range p.Trials {
		if !asked[t.ID] {
			whole.Trials = append(whole.Trials, t)
		}
	}
	return &whole
}

// renumber numbers the units from 0, in the order in which they first appear.
func (p *Plan) renumber() {
	for unit, trials := range p.Units() {
		for _, i := range trials {
			p.Trials[i].Unit = unit
		}
	}
}

// places returns where each trial stands, by its ID.
func (p *Plan) places() map[string]int {
	at := make(map[string]int, len(p.Trials))
	for i, t := range p.Trials {
		at[t.ID] = i
	}
	return at
}

// Select returns the part of p that other asks for, in the order of other, as a plan with
// the units of p, and where its trials stand in p. All of them must be in p.
func (p *Plan) Select(other *Plan) (part *Plan, places []int) {
	there := p.places()
	selected := *p
	selected.Trials, places = make([]Trial, len(other.Trials)), make([]int, len(other.Trials))
	for i, t := range other.Trials {
		at, ok := there[t.ID]
		if !ok {
			panic("experiment: selection of a trial that is not in the plan: " + t.ID)
		}
		selected.Trials[i], places[i] = p.Trials[at], at
	}
	return &selected, places
}
