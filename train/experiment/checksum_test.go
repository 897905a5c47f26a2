package experiment

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestChecksum: a record with any one byte changed is damaged, but for the name of the
// field of the sum; so is a curve. One of a version without a sum is read.
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
