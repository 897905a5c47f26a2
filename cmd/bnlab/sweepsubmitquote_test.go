package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bnlab/cmd/internal/slurm"
	"bnlab/train/experiment"
)

// hostile are strings that a shell, or sbatch, might take for more than a word. What
// they would run makes a file called ran.
var hostile = []string{
	"$(touch ran) `touch ran` ${x:=$(touch ran)} a[$(touch ran)] ; touch ran | touch ran & touch ran > ran #",
	`'; touch ran; '`, `'\''; touch ran; '\''`, `"; touch ran; "`, "x\ntouch ran\n\r\ntouch ran\r\n", `\`, `--help`, `%j {{.Program}} * ~ é`, "\x1b[2J",
}

// texts calls use for every string in v, which is addressable, with the way to it.
func texts(v reflect.Value, way string, use func(way string, text reflect.Value)) {
	switch v.Kind() {
	case reflect.String:
		use(way, v)
	case reflect.Struct:
		for i := range v.NumField() {
			texts(v.Field(i), way+"."+v.Type().Field(i).Name, use)
		}
	case reflect.Slice:
		for i := range v.Len() {
			texts(v.Index(i), way, use)
		}
	case reflect.Pointer:
		texts(v.Elem(), way, use)
	}
}

// runScripts runs the job scripts of a folder in an empty folder, with programs that
// do nothing but tell their arguments, and returns what these were.
func runScripts(t *testing.T, scripts string) (calls string) {
	t.Helper()
	here := t.TempDir()
	for _, name := range []string{"train.sh", "gather.sh"} {
		path := filepath.Join(scripts, name)
		cmd := exec.CommandContext(t.Context(), "bash", path)
		cmd.Dir = here
		cmd.Env = append(os.Environ(), "SLURM_ARRAY_JOB_ID=7", "SLURM_ARRAY_TASK_ID=0", "SLURM_CPUS_PER_TASK=1", "CALLS="+filepath.Join(here, "calls"))
		if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), ": line ") {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
	if _, err := os.Stat(filepath.Join(here, "ran")); err == nil {
		t.Error("the scripts run what the value says")
	}
	text, err := os.ReadFile(filepath.Join(here, "calls"))
	if err != nil {
		t.Error("the scripts do not run bnlab")
	}
	return string(text)
}

// tells is a program that appends its arguments to $CALLS, a line each.
const tells = `printf '<%s>\n' "$@" >>"$CALLS"`

// TestSubmitForeignPlan: whatever a plan from elsewhere says, in whichever of its
// fields, the scripts hand on as it is, or the plan is refused.
func TestSubmitForeignPlan(t *testing.T) {
	dir := planned(t)
	t.Setenv("BNLAB", filepath.Join(fakes(t, map[string]string{"program": tells, "scontrol": ":"}), "program"))
	folder, err := experiment.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	calm := want(t, exitDone, "sweep", "submit", "--dry-run", dir)
	handed, refused := 0, 0
	texts(reflect.ValueOf(folder.Plan), "plan", func(way string, text reflect.Value) {
		before := text.String()
		defer text.SetString(before)
		for _, value := range hostile {
			text.SetString(value)
			raw, err := json.Marshal(folder.Plan)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "plan.json"), raw, 0o666); err != nil {
				t.Fatal(err)
			}
			r := call(t.Context(), "sweep", "submit", "--dry-run", dir)
			if r.code == exitUsage && strings.Count(r.stderr, "\n") == 1 {
				refused++
				continue
			}
			if r.code != exitDone {
				t.Errorf("%s = %q: exit code %d: %s", way, value, r.code, r.stderr)
				continue
			}
			if r.stdout == calm.stdout {
				continue // the scripts know nothing of this field
			}
			handed++
			if calls := runScripts(t, filepath.Join(dir, "slurm")); way == "plan.Dataset.Name" && !strings.Contains(calls, "<--dataset="+value+">\n") {
				t.Errorf("%s = %q: bnlab is called with %s", way, value, calls)
			}
		}
	})
	if handed == 0 || refused == 0 {
		t.Errorf("%d values handed on, %d refused", handed, refused)
	}
}

// TestSubmitForeignJob: the same for everything that the scripts are made of, be it
// from the plan, from flags or the name of a folder.
func TestSubmitForeignJob(t *testing.T) {
	bin := fakes(t, map[string]string{"program": tells, "scontrol": ":"})
	root := t.TempDir()
	var job slurm.Job
	texts(reflect.ValueOf(&job), "job", func(way string, text reflect.Value) {
		for i, value := range slices.Concat(hostile, []string{"a/b"}) {
			job = slurm.Job{Program: filepath.Join(bin, "program"), Run: filepath.Join(root, "run"), Dataset: "synthetic", Options: slurm.Options{Shards: 1, CPUs: 1}, Tasks: []int{0}}
			switch way {
			case "job.Run":
				job.Run = filepath.Join(root, strings.ReplaceAll(value, "/", "_"), string(rune('a'+i)))
			case "job.Program":
				job.Program = filepath.Join(bin, value)
				os.MkdirAll(filepath.Dir(job.Program), 0o777)
				if os.Symlink(filepath.Join(bin, "program"), job.Program) != nil {
					continue // no name of a file
				}
			default:
				text.SetString(value)
			}
			if job.Check() != nil {
				continue
			}
			if err := os.MkdirAll(job.Run, 0o777); err != nil {
				t.Fatal(err)
			}
			if _, err := job.Write(); err != nil {
				t.Fatal(err)
			}
			calls := runScripts(t, filepath.Join(job.Run, "slurm"))
			for _, want := range []string{"<--dataset=" + job.Dataset + ">\n", "<" + job.Run + ">\n"} {
				if !strings.Contains(calls, want) {
					t.Errorf("%s = %q: no %q in %s", way, value, want, calls)
				}
			}
			if job.Data != "" && !strings.Contains(calls, "<--data="+job.Data+">\n") {
				t.Errorf("--data %q: bnlab is called with %s", job.Data, calls)
			}
		}
	})
}

// TestSubmitDirectives: what sbatch reads is of directives alone, one a line, and a
// value with no place there is refused.
func TestSubmitDirectives(t *testing.T) {
	for _, job := range []slurm.Job{
		{Run: "/a\nb"}, {Run: `/a"b`}, {Run: `/a\b`}, {Run: "/a\rb"}, {Run: "/a\x1bb"},
		{Run: "/r", Options: slurm.Options{Partition: "a b"}}, {Run: "/r", Options: slurm.Options{Partition: "a\nb"}}, {Run: "/r", Options: slurm.Options{Partition: "a#b"}},
		{Run: "/r", Options: slurm.Options{Time: "30\n#SBATCH --uid=0"}}, {Run: "/r", Options: slurm.Options{Sbatch: "--mem=1\ntouch ran"}}, {Run: "/r", Options: slurm.Options{Sbatch: "touch ran"}},
	} {
		if job.Check() == nil {
			t.Errorf("%+v is taken", job)
		}
	}
	job := slurm.Job{Run: "/tmp/it's $(x) `y` 5%j #é;"}
	if got := job.Name(); job.Check() != nil || got != "bnlab-it-s---x---y--5-j--é-" {
		t.Errorf("named %q, %v", got, job.Check())
	}
	if got := job.Log("%A.log"); got != "/tmp/it's $(x) `y` 5%%j #é;/slurm/%A.log" {
		t.Errorf("logs to %s", got)
	}
}
