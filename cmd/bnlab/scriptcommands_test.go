package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"bnlab/train"
	"bnlab/train/experiment"
)

// Commands of scripts that disturb the program, or what it has written:
//
//	when TEXT ACTION CODE bnlab ARG…
//	                        run the program and, as soon as TEXT is on its stderr, interrupt it if
//	                        ACTION is so, or run ACTION by the shell; it must end with exit code CODE
//	unchanged bnlab ARG…    it must end with exit code 0 and write nothing
//	record RUN TRIALS JSON  change the records of the trials that a pattern names, or make them
//	alike RUN RUN           the records below two folders must be the same to the last digit, their times aside

func when(ts *testscript.TestScript, _ bool, args []string) {
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	code, err := strconv.Atoi(args[2])
	ts.Check(err)
	dir := ts.MkAbs(".")
	w := &watcher{Writer: ts.Stderr(), text: args[0], act: func() {
		cmd := exec.Command("sh", "-c", args[1])
		cmd.Dir = dir
		cmd.Run()
	}}
	if args[1] == "interrupt" {
		w.act = interrupt
	}
	if w.text == "" {
		w.Write(nil)
	}
	inScriptWith(ts, ctx, w, code, args[4:])
}

// watcher does something once it has seen a text.
type watcher struct {
	io.Writer
	text string
	act  func()
	seen strings.Builder
	once sync.Once
}

func (w *watcher) Write(p []byte) (int, error) {
	w.seen.Write(p)
	if strings.Contains(w.seen.String(), w.text) {
		w.once.Do(w.act)
	}
	return w.Writer.Write(p)
}

func unchanged(ts *testscript.TestScript, _ bool, args []string) { keepsFiles(ts, exitDone, args) }

// keepsFiles runs the program, which must end with that code and change no file.
func keepsFiles(ts *testscript.TestScript, code int, args []string) {
	before := listing(ts, ts.MkAbs("."))
	inScript(ts, code, args[1:])
	if diff := cmp.Diff(before, listing(ts, ts.MkAbs("."))); diff != "" {
		ts.Fatalf("the folder has changed:\n%s", diff)
	}
}

// listing returns size and time of every file below dir.
func listing(ts *testscript.TestScript, dir string) map[string]string {
	files := map[string]string{}
	ts.Check(filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			files[path] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime())
		}
		return err
	}))
	return files
}

func record(ts *testscript.TestScript, _ bool, args []string) {
	folder, err := experiment.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	n := 0
	for _, trial := range folder.Plan.Trials {
		if named, err := path.Match(args[1], trial.ID); err != nil || !named {
			continue
		}
		n++
		r, found, err := folder.Read(trial)
		ts.Check(err)
		if !found {
			r = experiment.Record{Format: experiment.Format, Outcome: experiment.Outcome{Origin: experiment.StartNow("test", folder.Plan.Dataset, train.F32), Trial: trial}}
			r.Result.Steps = trial.Config.Steps()
		}
		ts.Check(json.Unmarshal([]byte(args[2]), &r))
		if r.Result.Final != nil && len(r.Curve) == 0 {
			r.Curve = []train.Point{{Step: r.Result.Steps, Metrics: r.Result.Final.Metrics}}
		}
		ts.Check(errors.Join(os.RemoveAll(folder.TrialDir(trial)), folder.Save(r)))
	}
	if n == 0 {
		ts.Fatalf("%s: no trial %s", args[0], args[1])
	}
}

func alike(ts *testscript.TestScript, _ bool, args []string) {
	one, err := recordsBelow(ts.MkAbs(args[0]))
	ts.Check(err)
	other, err := recordsBelow(ts.MkAbs(args[1]))
	ts.Check(err)
	if diff := cmp.Diff(one, other); diff != "" || len(one) == 0 {
		ts.Fatalf("%d files, %s − %s +\n%s", len(one), args[0], args[1], diff)
	}
}
