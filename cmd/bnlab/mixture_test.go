package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bnlab/train/experiment"
)

// mixed returns a finished run whose records were changed one by one, and the flags
// of the compare that made it.
func mixed(t *testing.T, change func(i int, r *experiment.Record)) (dir string, flags []string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	flags = small("compare --quiet --depth 2 --seeds 2", "--train-size 400 --test-size 100 --out", dir)
	want(t, exitDone, flags...)
	folder, err := experiment.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, trial := range folder.Plan.Trials {
		r, _, err := folder.Read(trial)
		if err != nil {
			t.Fatal(err)
		}
		change(i, &r)
		replaceRecord(t, folder, r)
	}
	return dir, flags
}

// replaceRecord puts a record in the place of the one that is there.
func replaceRecord(t *testing.T, folder *experiment.Folder, r experiment.Record) {
	t.Helper()
	if err := errors.Join(os.RemoveAll(folder.TrialDir(r.Trial)), folder.Save(r)); err != nil {
		t.Fatal(err)
	}
}

// TestMixture: records of two kernels, libraries, programs or numbers of threads are
// told by every command that reads them, in text, in JSON and in the CSV.
func TestMixture(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	dir, flags := mixed(t, func(i int, r *experiment.Record) {
		r.Program, r.Backend.Name, r.Backend.Version, r.Backend.Core, r.Backend.Threads = "v1", "openblas", "0.3.21", "Cooperlake", 1
		if i == 3 {
			r.Program, r.Backend.Name, r.Backend.Version, r.Backend.Core, r.Backend.Threads = "v2", "gonum", "v0.16", "amd64", 8
		}
	})
	differences := []string{
		"The records differ in backend: openblas 0.3.21 (trials: 3), gonum v0.16 (trials: 1).",
		"The records differ in kernel: Cooperlake (trials: 3), amd64 (trials: 1).",
		"The records differ in BLAS threads: 1 (trials: 3), 8 (trials: 1).",
		"The records differ in program version: v1 (trials: 3), v2 (trials: 1).",
	}
	for _, args := range [][]string{{"sweep", "collect", dir}, {"sweep", "status", dir}, {"sweep", "run", "--quiet", dir}, flags, {"report", dir}, {"sweep", "collect", "--csv", dir}} {
		r := want(t, exitDone, args...)
		for _, line := range differences {
			if strings.Count(r.stderr, "WARNING: "+line+"\n") != 1 {
				t.Errorf("%s: no %q in\n%s", args, line, r.stderr)
			}
		}
		if len(r.stdout) > 0 && (args[0] == "compare" || args[1] == "collect") && !strings.Contains(r.stdout, "gonum") {
			t.Errorf("%s names one backend:\n%s", args, r.stdout)
		}
		if slices.Contains(args, "--csv") {
			continue
		}
		var s struct {
			Warnings []string
			Backend  struct{ Core string }
		}
		want(t, exitDone, append([]string{args[0]}, append(slices.Clone(args[1:]), "--json")...)...).decode(t, &s)
		for _, line := range differences {
			if !slices.Contains(s.Warnings, line) {
				t.Errorf("%s --json: no %q in %q", args, line, s.Warnings)
			}
		}
		if args[0] != "report" && s.Backend.Core != "Cooperlake" {
			t.Errorf("%s: backend %+v is not that of the first record", args, s.Backend)
		}
	}
	lines := strings.Split(want(t, exitDone, "sweep", "collect", "--csv", dir).stdout, "\n")
	if !strings.Contains(lines[1], ",synthetic,few,") || !strings.Contains(lines[1], ",openblas,0.3.21,Cooperlake,1,v1,") || !strings.Contains(lines[4], ",gonum,v0.16,amd64,8,v2,") {
		t.Errorf("CSV:\n%s", strings.Join(lines, "\n"))
	}
}

// TestRecordsNameTheirBackend: of records of another machine, none but theirs is
// named, and where there are none, no backend is.
func TestRecordsNameTheirBackend(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	dir, flags := mixed(t, func(_ int, r *experiment.Record) { r.Backend.Name, r.Backend.Core = "other", "Z80" })
	for _, args := range [][]string{{"sweep", "collect", dir}, flags} {
		if r := want(t, exitDone, args...); !strings.Contains(r.stdout, "(Z80)") || strings.Contains(r.stderr, "WARNING") {
			t.Errorf("%s: %s%s", args, r.stdout, r.stderr)
		}
	}
	for _, args := range [][]string{{"sweep", "collect", "--json", dir}, {"sweep", "status", "--json", dir}, append(slices.Clone(flags), "--json")} {
		var s struct{ Backend struct{ Name, Core string } }
		if want(t, exitDone, args...).decode(t, &s); s.Backend.Name != "other" || s.Backend.Core != "Z80" {
			t.Errorf("%s: backend %+v is not that of the records", args, s.Backend)
		}
	}
	empty := filepath.Join(t.TempDir(), "empty")
	want(t, exitDone, append([]string{"sweep", "plan"}, append(slices.DeleteFunc(slices.Clone(flags[:len(flags)-2]), func(f string) bool { return f == "--quiet" }), "--out", empty)...)...)
	if r := want(t, exitFailed, "sweep", "collect", empty); !strings.Contains(r.stdout, ", no record\n") {
		t.Errorf("stdout %s", r.stdout)
	}
	if r := want(t, exitFailed, "sweep", "collect", "--json", empty); !strings.Contains(r.stdout, `"backend": null,`) || !strings.Contains(r.stdout, `"groups": [],`) {
		t.Errorf("stdout %s", r.stdout)
	}
}
