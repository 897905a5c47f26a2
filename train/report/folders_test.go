package report

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// One run is counted once, however it is given, and a note says so.
func TestOneRunByTwoNames(t *testing.T) {
	study := studyDir(t)
	dir := t.TempDir()
	run, link, chain := filepath.Join(study, "compare"), filepath.Join(dir, "link"), filepath.Join(dir, "chain")
	whole, copied := filepath.Join(dir, "whole"), filepath.Join(dir, "copied")
	plan, err := os.ReadFile(filepath.Join(run, planFile))
	if err := errors.Join(err, os.Symlink(run, link), os.Symlink("link", chain), os.Symlink(study, whole),
		os.Mkdir(copied, 0o755), os.WriteFile(filepath.Join(copied, planFile), plan, 0o644),
		os.Symlink(filepath.Join(run, "trials"), filepath.Join(copied, "trials"))); err != nil {
		t.Fatal(err)
	}
	once := read(t, run)
	for name, v := range map[string]struct {
		dirs []string
		note string
	}{
		"a link":               {[]string{link}, ""},
		"a link to a link":     {[]string{chain + "/"}, ""},
		"twice":                {[]string{run, run}, run + " is given twice: it is counted once"},
		"another spelling":     {[]string{run, filepath.Join(study, "sigma") + "/../compare/"}, "/../compare/ is given twice: it is counted once"},
		"with a link":          {[]string{run, link}, link + " is the same folder as " + run + ": it is counted once"},
		"a link first":         {[]string{chain, run}, run + " is the same folder as " + chain + ": it is counted once"},
		"a link to its trials": {[]string{run, copied}, copied + " is the same folder as " + run + ": it is counted once"},
		"a folder of links":    {[]string{dir + "/link/../.", run}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "a folder of links" {
				few := t.TempDir() // what leads elsewhere is passed over
				if err := errors.Join(os.Symlink(run, few+"/a"), os.Symlink(run, few+"/b"), os.Symlink("..", few+"/up"), os.Symlink("none", few+"/none")); err != nil {
					t.Fatal(err)
				}
				v.dirs, v.note = []string{few}, few+"/b is the same folder as "+few+"/a: it is counted once"
			}
			s := read(t, v.dirs...)
			if len(s.Runs) != 1 {
				t.Fatalf("%d runs", len(s.Runs))
			}
			if diff := cmp.Diff(once.Runs[0].Summary, s.Runs[0].Summary); diff != "" {
				t.Errorf("counted once and again (-want +got):\n%s", diff)
			}
			if v.note == "" && len(s.Notes) > 0 || v.note != "" && (len(s.Notes) != 1 || !strings.HasSuffix(s.Notes[0], v.note)) {
				t.Errorf("notes %q, want %q", s.Notes, v.note)
			}
		})
	}
	if s := read(t, study, whole); len(s.Runs) != 5 || len(s.Notes) != 1 {
		t.Errorf("a study and a link to it: %d runs, notes %q", len(s.Runs), s.Notes)
	}
	if s := read(t, filepath.Join(study, "search"), whole); len(s.Runs) != 5 || len(s.Notes) != 3 {
		t.Errorf("a part of a study and all of it: %d runs, notes %q", len(s.Runs), s.Notes)
	}
}

// A folder that is mounted at two places is one.
func TestOneRunMountedTwice(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("mounts as Linux does")
	}
	run, at := filepath.Join(studyDir(t), "compare"), t.TempDir()
	if err := syscall.Mount(run, at, "", syscall.MS_BIND, ""); err != nil {
		t.Skipf("cannot mount a folder, which takes root: %v", err)
	}
	defer syscall.Unmount(at, 0)
	if s := read(t, run, at); len(s.Runs) != 1 || len(s.Notes) != 1 {
		t.Errorf("%d runs, notes %q", len(s.Runs), s.Notes)
	}
}

// The stage of a search is that of its folder, by whatever name it is given.
func TestStageByLink(t *testing.T) {
	coarse, link := filepath.Join(studyDir(t), "search", "coarse"), filepath.Join(t.TempDir(), "mine")
	if err := os.Symlink(coarse, link); err != nil {
		t.Fatal(err)
	}
	if s := read(t, link); s.Runs[0].Stage != "coarse" {
		t.Errorf("stage %q through a link", s.Runs[0].Stage)
	}
	t.Chdir(coarse)
	if s := read(t, "."); s.Runs[0].Stage != "coarse" {
		t.Errorf("stage %q of the working folder", s.Runs[0].Stage)
	}
}

// The name of a folder does no more on a terminal or a page than be shown.
func TestNameOfFolder(t *testing.T) {
	link := filepath.Join(t.TempDir(), "a\x1b[2J\u202eb|`<script>")
	if err := os.Symlink(filepath.Join(studyDir(t), "compare"), link); err != nil {
		t.Fatal(err)
	}
	s := read(t, link, filepath.Join(studyDir(t), "sigma"))
	if !slices.ContainsFunc(s.Runs, func(r *Run) bool { return r.Name == "a\\x1b[2J\\u202eb|`<script>" }) {
		t.Errorf("names %q, %q", s.Runs[0].Name, s.Runs[1].Name)
	}
}
