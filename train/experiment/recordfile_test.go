package experiment

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
	"bnlab/train/atomicfile"
)

// TestAbsurdRecord: files of 2 TB, and pipes, in place of a run's files are refused at
// once: a record counts as damaged, a plan as invalid.
func TestAbsurdRecord(t *testing.T) {
	huge := func(path string) error { return errors.Join(os.WriteFile(path, nil, 0o666), os.Truncate(path, 2<<40)) }
	pipe := func(path string) error { return syscall.Mkfifo(path, 0o666) }
	f, trial := createSmall(t)
	for _, absurd := range []func(string) error{huge, pipe} {
		for _, name := range []string{resultFile, curveFile} {
			must(t, f.Save(record(finished(trial, 0.5, 0.5))))
			path := filepath.Join(f.TrialDir(trial), name)
			must(t, os.Remove(path), absurd(path))
			if _, found, err := f.Read(trial); found || !errors.As(err, new(*DamagedError)) {
				t.Errorf("%s: found %v, error %v", name, found, err)
			}
			must(t, os.Remove(path))
		}
		path := filepath.Join(f.Dir, planFile)
		must(t, os.Remove(path), absurd(path))
		if _, err := Open(f.Dir); !errors.Is(err, ErrPlan) || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("plan: error %v", err)
		}
	}
}

// TestKeep: the record of a finished trial stays, whoever brings another; that of a
// failed one, and a damaged one, are replaced.
func TestKeep(t *testing.T) {
	f, trial := createSmall(t)
	first, second := record(finished(trial, 0.5, 0.5)), record(finished(trial, 0.6, 0.6))
	second.Curve = []train.Point{{Step: 6}, {Step: 24}}
	path := filepath.Join(f.TrialDir(trial), resultFile)
	keep := func(what string, r, want Record) {
		t.Helper()
		if got, err := f.Keep(r); err != nil || cmp.Diff(want.Outcome, got.Outcome) != "" {
			t.Errorf("%s: error %v, %s", what, err, cmp.Diff(want.Outcome, got.Outcome))
		}
	}
	bad := record(failed(trial))
	keep("failed", bad, bad)
	keep("the first", first, first)
	before := snapshot(t, f.Dir)
	keep("the second", second, first)
	keep("one that fails", record(failed(trial)), first)
	same(t, before, snapshot(t, f.Dir), "written again")
	// The record of one process, the curve of another.
	torn := read(t, path)
	must(t, os.Remove(path), f.Save(second), os.WriteFile(path, torn, 0o666))
	if _, found, err := f.Read(trial); found || !errors.As(err, new(*DamagedError)) || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("torn: found %v, error %v", found, err)
	}
	keep("after a torn one", second, second)
}

// TestKeepAtOnce: processes with different results for one trial at the same time leave
// one of them, complete, and all agree on it, even if one removes the hidden file of
// another once there is a record.
func TestKeepAtOnce(t *testing.T) {
	f, trial := createSmall(t)
	for round := range 40 {
		var all sync.WaitGroup
		var kept [4]Record
		for i := range kept {
			r := record(finished(trial, float64(i)/10, 0.5))
			r.Curve = []train.Point{{Step: 6 + i}, {Step: 24}}
			all.Go(func() {
				var err, cleared error
				kept[i], err = f.Keep(r)
				if round%2 == 1 {
					cleared = atomicfile.Clear(f.TrialDir(trial), resultFile, curveFile)
				}
				if err := errors.Join(err, cleared); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		there, found, err := f.Read(trial)
		for _, r := range kept {
			if diff := cmp.Diff(there, r); !found || err != nil || diff != "" {
				t.Errorf("found %v, error %v (-there +told):\n%s", found, err, diff)
			}
		}
		must(t, os.RemoveAll(f.TrialDir(trial)))
	}
}

// TestChecksum: a record with any one byte changed is damaged, except in the name of
// the checksum field; so is a curve. One from a version without checksums is read.
func TestChecksum(t *testing.T) {
	f, trial := createSmall(t)
	want := runAll(t, runner(t, f), f.Plan)[0]
	result, curve := filepath.Join(f.TrialDir(trial), resultFile), filepath.Join(f.TrialDir(trial), curveFile)
	good := map[string][]byte{result: read(t, result), curve: read(t, curve)}
	key := bytes.Index(good[result], []byte(`"sha256"`))
	for path, text := range good {
		for i := range text {
			if path == result && key < i && i < key+len(`"sha256"`)-1 {
				continue
			}
			changed := bytes.Clone(text)
			changed[i] ^= 1 << (i % 8)
			write(t, path, changed)
			if _, found, err := f.Read(trial); found || !errors.As(err, new(*DamagedError)) {
				t.Errorf("%s, byte %d: found %v, error %v", path, i, found, err)
			}
		}
		write(t, path, text)
	}
	write(t, result, withoutSum(good[result]))
	if r, found, err := f.Read(trial); !found || err != nil || cmp.Diff(want, r.Outcome) != "" {
		t.Errorf("without a sum: found %v, error %v", found, err)
	}
	t.Logf("%d bytes", len(good[result])+len(good[curve]))
}

// TestChecksumOfBytes: the sum is that of the files, as sha256sum makes it.
func TestChecksumOfBytes(t *testing.T) {
	f := create(t, t.TempDir(), smallPlan())
	o := finished(f.Plan.Trials[0], 0.5, 0.25)
	must(t, f.Save(record(o)))
	dir := f.TrialDir(o.Trial)
	const script = `sum=$(sed -n 's/^ "sha256": "\(.*\)"$/\1/p' result.json)
sed 's/^ "sha256": ".*"$/ "sha256": "'$(printf %064d 0)'"/' result.json | cat - curve.jsonl | sha256sum | grep -q "^$sum "`
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
