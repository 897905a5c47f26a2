package slurm

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
)

// hostile are strings that a shell, or sbatch, might take for more than a word. What
// they would run makes a file called ran.
var hostile = []string{
	"$(touch ran) `touch ran` ${x:=$(touch ran)} a[$(touch ran)] ; touch ran | touch ran & touch ran > ran #",
	`'; touch ran; '`, `'\''; touch ran; '\''`, `"; touch ran; "`, "x\ntouch ran\n\r\ntouch ran\r\n", `\`, `--help`, `%j {{.Program}} * ~ é`, "\x1b[2J", "a/b",
}

// eachText puts each hostile string in the place of each string in v, which is
// addressable, and calls use with the way to it.
func eachText(v reflect.Value, way string, use func(way, value string)) {
	switch v.Kind() {
	case reflect.String:
		before := v.String()
		for _, value := range hostile {
			v.SetString(value)
			use(way, value)
		}
		v.SetString(before)
	case reflect.Struct:
		for i := range v.NumField() {
			eachText(v.Field(i), way+"."+v.Type().Field(i).Name, use)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), way, use)
		}
	}
}

// harmless runs the scripts of a job in an empty folder, with a program that does
// nothing but tell its arguments: these must be the job's, and nothing else may run.
func harmless(t *testing.T, way string, job Job) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	training, err := job.WriteTraining()
	gathering, err2 := job.WriteGathering()
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	scripts := []string{training, gathering}
	here := t.TempDir()
	for _, script := range scripts {
		cmd := exec.CommandContext(t.Context(), "bash", script)
		cmd.Dir = here
		cmd.Env = append(os.Environ(), "SLURM_ARRAY_JOB_ID=7", "SLURM_ARRAY_TASK_ID=0", "SLURM_CPUS_PER_TASK=1")
		if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), ": line ") {
			t.Errorf("%s: %s: %v: %s", way, script, err, out)
		}
	}
	calls, err := os.ReadFile(filepath.Join(here, "calls"))
	if entries, _ := os.ReadDir(here); err != nil || len(entries) != 1 {
		t.Errorf("%s: the scripts run what the value says, or do not run bnlab: %v, %v", way, entries, err)
	}
	for _, arg := range []string{"--dataset=" + job.Dataset, "--data=" + job.Data, job.Run} {
		if arg != "--data=" && !strings.Contains(string(calls), "<"+arg+">\n") {
			t.Errorf("%s: no %q in %s", way, arg, calls)
		}
	}
}

// program writes a program that appends its arguments to the file calls, a line each.
func program(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+`printf '<%s>\n' "$@" >>calls`), 0o777); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestForeignPlan: whatever a plan from elsewhere says, in whichever of its fields,
// the scripts hand on as it is, or the plan is refused.
func TestForeignPlan(t *testing.T) {
	data := experiment.Dataset{Name: "synthetic", Digest: "few"}
	plan := &experiment.Plan{Format: experiment.Format, Experiment: "lambda", Dataset: data, Program: "v1", Trials: []experiment.Trial{
		{ID: "lambda-0.1-seed1", Group: "lambda=0.1", Config: train.Default()}, {ID: "lambda-0.2-seed1", Group: "lambda=0.2", Config: train.Default()},
	}}
	dir := filepath.Join(t.TempDir(), "it's 5%j $HOME")
	if _, err := experiment.Create(dir, plan); err != nil {
		t.Fatal(err)
	}
	job := func() (Job, error) {
		text, err := json.Marshal(plan)
		if err := errors.Join(err, os.WriteFile(filepath.Join(dir, "plan.json"), text, 0o666)); err != nil {
			t.Fatal(err)
		}
		folder, err := experiment.Open(dir)
		if err != nil {
			return Job{}, err
		}
		return New(folder, Options{CPUs: 1}, "", func(err error) { t.Error(err) })
	}
	calm, err := job()
	if err != nil {
		t.Fatal(err)
	}
	exe, handed, refused := program(t), 0, 0
	eachText(reflect.ValueOf(plan).Elem(), "plan", func(way, value string) {
		switch j, err := job(); {
		case err != nil:
			refused++
		case !reflect.DeepEqual(j, calm): // else the scripts know nothing of this field
			handed++
			j.Program = exe
			harmless(t, way+" = "+value, j)
			if way == "plan.Dataset.Name" && j.Dataset != value {
				t.Errorf("%q becomes %q", value, j.Dataset)
			}
		}
	})
	if handed == 0 || refused == 0 {
		t.Errorf("%d values handed on, %d refused", handed, refused)
	}
}

// TestForeignJob: the same for everything that the scripts are made of, be it from
// the plan, from flags or the name of a folder.
func TestForeignJob(t *testing.T) {
	exe := program(t)
	var fields, job Job
	eachText(reflect.ValueOf(&fields).Elem(), "job", func(way, value string) {
		job = fields
		job.Shards, job.CPUs, job.Tasks = 1, 1, []int{0}
		root := t.TempDir()
		job.Run, job.Program = filepath.Join(root, strings.ReplaceAll(fields.Run, "/", "_"), "run"), exe
		if fields.Program != "" {
			job.Program = filepath.Join(root, "bin", value)
			os.MkdirAll(filepath.Dir(job.Program), 0o777)
			if os.Symlink(exe, job.Program) != nil {
				return // no name of a file
			}
		}
		if job.Check() != nil {
			return
		}
		if err := os.MkdirAll(job.Run, 0o777); err != nil {
			t.Fatal(err)
		}
		harmless(t, way+" = "+value, job)
	})
}

// TestDirectives: what sbatch reads is of directives alone, one per line, and a value
// with no place there is refused.
func TestDirectives(t *testing.T) {
	for _, job := range []Job{
		{Run: "/a\nb"}, {Run: `/a"b`}, {Run: `/a\b`}, {Run: "/a\rb"}, {Run: "/a\x1bb"},
		{Run: "/r", Options: Options{Partition: "a b"}}, {Run: "/r", Options: Options{Partition: "a\nb"}}, {Run: "/r", Options: Options{Partition: "a#b"}},
		{Run: "/r", Options: Options{Time: "30\n#SBATCH --uid=0"}}, {Run: "/r", Options: Options{Sbatch: "--mem=1\ntouch ran"}}, {Run: "/r", Options: Options{Sbatch: "touch ran"}},
	} {
		if job.Check() == nil {
			t.Errorf("%+v is taken", job)
		}
	}
	job := Job{Run: "/tmp/it's $(x) `y` 5%j #é;"}
	if got := job.Name(); job.Check() != nil || got != "bnlab-it-s---x---y--5-j--é-" {
		t.Errorf("named %q, %v", got, job.Check())
	}
	if got := job.Log("%A.log"); got != "/tmp/it's $(x) `y` 5%%j #é;/slurm/%A.log" {
		t.Errorf("logs to %s", got)
	}
}
