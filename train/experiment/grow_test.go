package experiment

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bnlab/blas/blastest"
	"bnlab/train"
)

// grown returns the folder dir with the plan of the trials in it, as a lab makes it that
// trains at most fuse trials side by side.
func grown(t *testing.T, dir string, trials []Trial, fuse int) (*Folder, *Plan) {
	t.Helper()
	l := &Lab{Dataset: testData, Dir: dir, Program: "v1", Workers: 2, Fuse: fuse}
	plan, err := l.Plan("test", trials)
	must(t, err)
	f, err := l.Create(plan, "")
	must(t, err)
	return f, plan
}

// unitless returns trials without their units.
func unitless(trials []Trial) []Trial {
	trials = slices.Clone(trials)
	for i := range trials {
		trials[i].Unit = 0
	}
	return trials
}

// TestGrown: a folder that grows from 2 to 5 seeds, and then by a value between the
// others, has the trials of one made at once, in its order, and its records to the bit;
// what was there before is not written again.
func TestGrown(t *testing.T) {
	for _, precision := range []train.Precision{train.F32, train.F64} {
		if precision == train.F32 && blastest.Mixes() {
			continue
		}
		for _, fuse := range []int{1, 8} {
			c := small()
			c.Precision = precision
			dir := t.TempDir()
			var f *Folder
			before := map[string]string{}
			for _, trials := range [][]Trial{
				ofLambdas(c, []float64{0.001, 0.1}, 2), ofLambdas(c, []float64{0.001, 0.1}, 5), ofLambdas(c, []float64{0.001, 0.01, 0.1}, 5),
			} {
				f, _ = grown(t, dir, trials, fuse)
				runAll(t, runner(t, f), f.Plan)
				delete(before, filepath.Join(dir, planFile))
				now := snapshot(t, dir)
				for path, file := range before {
					if now[path] != file {
						t.Errorf("%s, fuse %d: %s has changed", precision, fuse, path)
					}
				}
				before = now
			}
			whole, _ := grown(t, t.TempDir(), ofLambdas(c, []float64{0.001, 0.01, 0.1}, 5), fuse)
			same(t, unitless(whole.Plan.Trials), unitless(f.Plan.Trials), "the plan")
			want, got := runAll(t, runner(t, whole), whole.Plan), runAll(t, runner(t, f), f.Plan)
			a, b := timeless(want), timeless(got)
			for i := range a {
				a[i].Trial.Unit, b[i].Trial.Unit = 0, 0
			}
			same(t, a, b, "%s, fuse %d: the records", precision, fuse)
			x, y := Summarize(whole.Plan, a), Summarize(f.Plan, b)
			x.Properties, y.Properties = nil, nil // how many trained side by side
			same(t, x, y, "%s, fuse %d: the summary", precision, fuse)
		}
	}
}

// TestGrowUnits: trials keep their units when others join them, before or after them,
// and these are fused among themselves and follow, so that shards stay what they are.
func TestGrowUnits(t *testing.T) {
	dir := t.TempDir()
	old, _ := grown(t, dir, ofLambdas(small(), []float64{0.01}, 3), 2)
	f, _ := grown(t, dir, ofLambdas(small(), []float64{0.001, 0.01}, 5), 4)
	units := func(p *Plan) (names [][]string) {
		for _, unit := range p.Units() {
			names = append(names, ids(trialsOf(p, unit)))
		}
		return names
	}
	same(t, units(old.Plan), units(f.Plan)[:2], "what was there")
	want := [][]string{
		{"lambda-0.01-seed1", "lambda-0.01-seed2"}, {"lambda-0.01-seed3"},
		{"lambda-0.001-seed1", "lambda-0.001-seed2", "lambda-0.001-seed3", "lambda-0.001-seed4"},
		{"lambda-0.001-seed5", "lambda-0.01-seed4", "lambda-0.01-seed5"},
	}
	same(t, want, units(f.Plan), "units")
	must(t, f.Plan.Check())
}

// TestGrowOrder: the trials of the new question come first, in its order; one that asks
// for nothing new, in whatever order, leaves the plan as it is.
func TestGrowOrder(t *testing.T) {
	dir := t.TempDir()
	all := ofLambdas(small(), []float64{0.001, 0.01, 0.1}, 1)
	grown(t, dir, all[:2], 1)
	f, _ := grown(t, dir, []Trial{all[2], all[0]}, 1)
	want := []string{all[2].ID, all[0].ID, all[1].ID}
	same(t, want, ids(f.Plan.Trials), "the plan")
	before := snapshot(t, dir)
	for _, asked := range [][]Trial{all, all[:1], {all[1], all[0]}} {
		f, plan := grown(t, dir, asked, 1)
		part, places := f.Plan.Select(plan)
		same(t, ids(asked), ids(part.Trials), "what is asked for")
		for i, at := range places {
			same(t, f.Plan.Trials[at], part.Trials[i], "where it stands")
		}
	}
	same(t, before, snapshot(t, dir), "the folder has changed")
}

// TestLabAsked: a run is of what it asks for, whatever else its folder holds, and the
// one line says that it holds more.
func TestLabAsked(t *testing.T) {
	dir := t.TempDir()
	var said []string
	l := &Lab{
		Data: sets{}.data(), Dataset: testData, Dir: dir, Program: "v1", Workers: 2, Fuse: 8,
		Watch: func([]Trial, string) (Observer, func(), error) { return Silent{}, func() {}, nil },
		Say:   func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) },
		Warn:  func(err error) { t.Error(err) },
	}
	run := func(lambdas []float64, seeds int) Summary {
		s, err := l.Run(t.Context(), "test", "", ofLambdas(small(), lambdas, seeds))
		must(t, err)
		return s
	}
	five := run([]float64{0.001, 0.01}, 5)
	if len(said) > 0 {
		t.Errorf("said %q", said)
	}
	before := snapshot(t, dir)
	two := run([]float64{0.01}, 2)
	if len(two.Groups) != 1 || two.Trials != 2 || !slices.Equal(two.Groups[0].ValAcc.Values, five.Groups[1].ValAcc.Values[:2]) {
		t.Errorf("of 2 seeds: %+v", two)
	}
	want := dir + " holds 8 more trials that are not asked for; `bnlab sweep collect` and `bnlab report` show all"
	same(t, []string{want}, said, "said")
	same(t, before, snapshot(t, dir), "the folder has changed")
}

// TestGrowRefuses what cannot be joined to the plan on disk, and names the first
// difference; the folder stays as it is.
func TestGrowRefuses(t *testing.T) {
	dir := t.TempDir()
	create(t, dir, smallPlan())
	before := snapshot(t, dir)
	more := func(p *Plan, change func(*train.Config)) { // a seed more of the last group
		last := p.Trials[7]
		last.ID, last.Config.Seed = "2-layer-seed5", 5
		change(&last.Config)
		p.Trials = append(p.Trials, last)
		p.Fuse(2, 1)
	}
	for _, v := range []struct {
		name   string
		change func(*Plan)
		says   string
	}{
		{"experiment", func(p *Plan) { p.Experiment = "sigma" }, "experiment test, not sigma"},
		{"data set", func(p *Plan) { p.Dataset.Name = "synthetic" }, "data set cifar10 5fdcf57d170b, not synthetic 5fdcf57d170b"},
		{"data", func(p *Plan) { p.Dataset = DatasetOf("cifar10", "fedcba9876543210") }, "cifar10 5fdcf57d170b, not cifar10-altered fedcba987654"},
		{"group", func(p *Plan) { p.Trials[7].Group = "two" }, `trial 2-layer-seed4 is of group "2-layer", not "two"`},
		{"λ", func(p *Plan) { p.Trials[1].Config.Lambda = 0.5 }, "trial lambda-0.001-seed2 has lambda 0.001, not 0.5"},
		{"seed", func(p *Plan) { p.Trials[1].Config.Seed = 5 }, "has seed 2, not 5"},
		{"hidden layers", func(p *Plan) { p.Trials[7].Config.Hidden = []int{8}; p.Fuse(2, 1) }, "2-layer-seed4 has hidden [7], not [8]"},
		{"no test", func(p *Plan) { p.Trials[7].Config.NoTest = true; p.Fuse(2, 1) }, "2-layer-seed4 has no_test false, not true"},
		{"two fields", func(p *Plan) {
			more(p, func(c *train.Config) {})
			p.Trials[7].Config.NS, p.Trials[7].Config.Evals = 3, 1
			p.Fuse(2, 1)
		}, "2-layer-seed4 has ns 6, not 3"},
		{"group that goes on otherwise", func(p *Plan) { more(p, func(c *train.Config) { c.OrderSeed, c.Lambda = 7, 0.5 }) }, `group "2-layer" has lambda 0.01, not 0.5`},
		{"nothing in common", func(p *Plan) { p.Trials = ofLambdas(small(), []float64{0.1, 0.2}, 1) },
			"8 trials (lambda-0.001-seed1 to 2-layer-seed4) and none of the 2 asked for (lambda-0.1-seed1 to lambda-0.2-seed1); use"},
		{"one other trial", func(p *Plan) { p.Trials = ofLambdas(small(), []float64{0.1}, 1) }, "and none of the 1 asked for (lambda-0.1-seed1); use"},
	} {
		p := smallPlan()
		v.change(p)
		must(t, p.Check())
		_, err := Create(dir, p)
		if !errors.Is(err, ErrPlan) || !strings.Contains(err.Error(), v.says) || !strings.HasPrefix(err.Error(), dir+" holds another plan: ") {
			t.Errorf("%s: error %v, want %q", v.name, err, v.says)
		}
	}
	many := planOf(append(smallPlan().Trials[:1], seeded("x", small(), maxTrials-1)...), 8)
	must(t, many.Check())
	if _, err := Create(dir, many); !errors.Is(err, ErrPlan) || !strings.HasPrefix(err.Error(), dir+" holds 8 trials, with those asked for 100007: a plan has at most 100000; ") {
		t.Errorf("too many: error %v", err)
	}
	same(t, before, snapshot(t, dir), "the folder has changed")
	// Too long, in a folder that grows and in a new one, which is not made.
	defer func(most int64) { maxPlan = most }(maxPlan)
	maxPlan = 8000
	long := planOf(append(smallPlan().Trials[:1], seeded("x", small(), 20)...), 8)
	for _, dir := range []string{dir, filepath.Join(dir, "new")} {
		if _, err := Create(dir, long); !errors.Is(err, ErrPlan) || !strings.Contains(err.Error(), "trials: more than a plan holds; give fewer") {
			t.Errorf("too long: error %v", err)
		}
	}
	same(t, before, snapshot(t, dir), "the folder has changed")
	if _, err := os.Stat(filepath.Join(dir, "new")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("too long: the folder is there: %v", err)
	}
}

// TestGrowBudget: trials that compete for a budget stay among themselves, since others
// would change who goes on.
func TestGrowBudget(t *testing.T) {
	dir := t.TempDir()
	plan := func(lambdas []float64, seeds int) *Plan {
		p := planOf(ofLambdas(small(), lambdas, seeds), 2)
		p.Budget = &Budget{Rungs: []int{1}, Keep: 0.5, Fuse: 2, Workers: 2}
		return p
	}
	create(t, dir, plan([]float64{0.001, 0.01}, 2))
	before := snapshot(t, dir)
	create(t, dir, plan([]float64{0.001, 0.01}, 2))
	for says, other := range map[string]*Plan{
		"4 trials that compete for a budget, not 6":                       plan([]float64{0.001, 0.01}, 3),
		"4 trials that compete for a budget, not 2":                       plan([]float64{0.001}, 2),
		"no trial lambda-0.1-seed1, and those there compete for a budget": plan([]float64{0.001, 0.1}, 2),
		"a budget, not none":                                              planOf(ofLambdas(small(), []float64{0.001, 0.01}, 2), 2),
	} {
		if _, err := Create(dir, other); !errors.Is(err, ErrPlan) || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want %s", err, says)
		}
	}
	same(t, before, snapshot(t, dir), "the folder has changed")
}

// TestGrowKeep: networks are kept from when a question first asks for it.
func TestGrowKeep(t *testing.T) {
	dir := t.TempDir()
	create(t, dir, smallPlan())
	for _, keep := range []string{KeepModels, ""} {
		p := smallPlan()
		p.Keep = keep
		if f := create(t, dir, p); f.Plan.Keep != KeepModels || len(f.Plan.Trials) != 8 {
			t.Errorf("asked to keep %q: keeps %q of %d trials", keep, f.Plan.Keep, len(f.Plan.Trials))
		}
	}
}

// TestGrowMeanwhile: a run of the plan as it was ends as ever while the folder grows, and
// the next one trains what is new and nothing else.
func TestGrowMeanwhile(t *testing.T) {
	dir := t.TempDir()
	f, plan := grown(t, dir, ofLambdas(small(), []float64{0.001}, 4), 2)
	want := timeless(runAll(t, runner(t, nil), f.Plan))
	r := runner(t, f)
	r.Observer = observer{start: func([]Trial) { grown(t, dir, ofLambdas(small(), []float64{0.001}, 7), 2) }}
	same(t, want, timeless(runAll(t, r, plan)), "of the plan as it was")
	larger, err := Open(dir)
	must(t, err)
	_, trained := runAgain(t, runner(t, larger), larger.Plan)
	slices.Sort(trained)
	same(t, ids(larger.Plan.Trials[4:]), trained, "trained then")
}

// TestGrowKnown: what Grow returns is what is on disk, whether it has just written that,
// which is not parsed again, or another process has.
func TestGrowKnown(t *testing.T) {
	dir := t.TempDir()
	trials := append(ofLambdas(small(), []float64{0.001, 1e-300}, 3), ofSigmas(small(), 0.1)...)
	for _, n := range []int{4, 5, len(trials), 3} {
		plan := planOf(trials[:n], 2)
		f := create(t, dir, plan)
		there, err := Open(dir)
		must(t, err)
		same(t, there.Plan, f.Plan, "of %d trials", n)
		last := f.Plan.Trials[n-1].Config.Hidden
		if parsed := &last[0] != &trials[n-1].Config.Hidden[0]; parsed != (n == 3) { // which asks for nothing new
			t.Errorf("of %d trials: parsed: %v", n, parsed)
		}
	}
	write(t, filepath.Join(dir, planFile), nil)
	if _, err := Create(dir, planOf(trials, 2)); !errors.Is(err, ErrPlan) || !strings.Contains(err.Error(), "the file is empty") {
		t.Errorf("empty: error %v", err)
	}
}

// TestGrowAtOnce: many that grow one folder at the same time, each by seeds of its own,
// all end with their trials in the plan.
func TestGrowAtOnce(t *testing.T) {
	const growers = 12
	for range 4 {
		dir := t.TempDir()
		var wait sync.WaitGroup
		for who := range growers {
			wait.Go(func() {
				c := small()
				trials := seeded("g", c, 1)
				c.Seed = uint64(100 * (who + 1))
				trials = append(trials, seeded("g", c, 3)...)
				f, err := Create(dir, planOf(trials, 2))
				if err != nil {
					t.Error(err)
					return
				}
				f.Plan.Select(planOf(trials, 2)) // panics where one is missing
			})
		}
		wait.Wait()
		f, err := Open(dir)
		must(t, err)
		if n := len(f.Plan.Trials); n != 1+3*growers {
			t.Errorf("%d trials, want %d: %v", n, 1+3*growers, ids(f.Plan.Trials))
		}
		if files := snapshot(t, dir); len(files) != 1 {
			t.Errorf("%d files, want the plan alone", len(files))
		}
	}
}

// TestGrowWaits: one that reads the plan while another is about to replace it waits, so
// that both end with their trials in it; and who has the old file open reads it whole.
func TestGrowWaits(t *testing.T) {
	dir := t.TempDir()
	trials := seeded("g", small(), 3)
	create(t, dir, planOf(trials[:1], 1))
	before := read(t, filepath.Join(dir, planFile))
	open, err := os.Open(filepath.Join(dir, planFile))
	must(t, err)
	defer open.Close()
	second := make(chan error, 1)
	_, err = Grow(dir, planOf(trials[:2], 1), func(added *Plan) { // between reading and writing
		go func() {
			_, err := Create(dir, planOf([]Trial{trials[0], trials[2]}, 1))
			second <- err
		}()
		select {
		case err := <-second:
			second <- err
		case <-time.After(100 * time.Millisecond):
		}
		added.renumber()
	})
	must(t, err, <-second)
	f, err := Open(dir)
	must(t, err)
	if len(f.Plan.Trials) != 3 {
		t.Errorf("the plan has %v", ids(f.Plan.Trials))
	}
	old, err := io.ReadAll(open)
	must(t, err)
	same(t, string(before), string(old), "the old file")
}

// TestGrowKilled: two processes grow one folder, seed after seed of their own; wherever
// they are killed, the plan is whole and holds each seed that they have told of, and the
// next one clears what they left.
func TestGrowKilled(t *testing.T) {
	if line := os.Getenv("BNLAB_TEST_GROWER"); line != "" {
		grower(t, line)
		return
	}
	exe, err := os.Executable()
	must(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	dir := t.TempDir()
	create(t, dir, planOf(seeded("g", small(), 1), 1))
	told := map[string]bool{}
	for round := range 5 {
		var both sync.WaitGroup
		var lock sync.Mutex
		for who := range 2 {
			cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestGrowKilled$", "-test.count=1")
			cmd.Env = append(os.Environ(), fmt.Sprintf("BNLAB_TEST_GROWER=%s %d", dir, 1000*(2*round+who+1)))
			out, err := cmd.StdoutPipe()
			must(t, err)
			must(t, cmd.Start())
			after, pause := 1+random.IntN(10), time.Duration(random.IntN(2000))*time.Microsecond
			both.Go(func() {
				lines := bufio.NewScanner(out)
				for n := 0; lines.Scan(); {
					if id, ok := strings.CutPrefix(lines.Text(), "grown by "); ok {
						lock.Lock()
						told[id] = true
						lock.Unlock()
						if n++; n == after {
							time.Sleep(pause)
							cmd.Process.Kill()
						}
					}
				}
				_ = cmd.Wait() // killed
			})
		}
		both.Wait()
		f, err := Open(dir)
		must(t, err)
		there := f.Plan.places()
		for id := range told {
			if _, ok := there[id]; !ok {
				t.Errorf("round %d: %s is lost", round, id)
			}
		}
	}
	if len(told) < 10 {
		t.Errorf("grown by %d trials only", len(told))
	}
	create(t, dir, planOf(seeded("g", small(), 1), 1))
	if files := snapshot(t, dir); len(files) != 1 {
		t.Errorf("left: %v", files)
	}
}

// grower grows a folder by one seed after the other, and tells of each.
func grower(t *testing.T, line string) {
	var dir string
	var seed uint64
	fmt.Sscan(line, &dir, &seed)
	trials := seeded("g", small(), 1)
	for ; ; seed++ {
		c := small()
		c.Seed = seed
		trials = append(trials, seeded("g", c, 1)...)
		_, err := Create(dir, planOf(trials, 1))
		must(t, err)
		fmt.Printf("grown by %s\n", trials[len(trials)-1].ID)
	}
}
