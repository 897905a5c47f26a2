package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
)

// record returns what is on disk of a finished trial.
func record(o Outcome) Record {
	bits := o.BitsFollow
	o.Origin = StartNow("v1", testData, train.F32)
	o.BitsFollow = bits
	return Record{Format: Format, Outcome: o}
}

// TestSave: what is saved reads back the same, to the last bit; nothing else is
// left in the folder of the trial.
func TestSave(t *testing.T) {
	f := create(t, t.TempDir(), smallPlan())
	r := runner(t, nil)
	for i, o := range runAll(t, r, f.Plan) {
		switch i {
		case 1:
			o = diverged(o.Trial)
		case 2:
			o = failed(o.Trial)
			o.Error = "panic: a\nb\n\tc \"d\""
		}
		want := record(o)
		want.Backend.Config, want.Backend.OpenMP = "", false // not in the record
		must(t, f.Save(want))
		got, found, err := f.Read(o.Trial)
		if diff := cmp.Diff(want, got); err != nil || !found || diff != "" {
			t.Errorf("%s, found %v, error %v (-saved +read):\n%s", o.Trial.ID, found, err, diff)
		}
		if files := snapshot(t, f.TrialDir(o.Trial)); len(files) != 2 {
			t.Errorf("%s: %d files, want %s and %s", o.Trial.ID, len(files), resultFile, curveFile)
		}
	}
}

// TestSaveOverflow: a number that JSON cannot hold is an error, and no record.
func TestSaveOverflow(t *testing.T) {
	f := create(t, t.TempDir(), smallPlan())
	o := finished(f.Plan.Trials[0], 0.5, 0.5)
	zero := 0.0
	o.Result.Final.TrainLoss = 1 / zero
	if err := f.Save(record(o)); err == nil {
		t.Error("an infinite loss is written")
	}
	if _, found, err := f.Read(o.Trial); found || err != nil {
		t.Errorf("found %v, error %v", found, err)
	}
}

// damages change the files of a finished trial. Each must be seen.
var damages = []struct {
	name   string
	damage func(result, curve []byte) (newResult, newCurve []byte)
	says   string
}{
	{"empty", func(r, c []byte) ([]byte, []byte) { return nil, c }, "unexpected end"},
	{"cut off", func(r, c []byte) ([]byte, []byte) { return r[:len(r)/2], c }, "unexpected end"},
	{"last bytes missing", func(r, c []byte) ([]byte, []byte) { return r[:len(r)-2], c }, "unexpected end"},
	{"zeros", func(r, c []byte) ([]byte, []byte) { return make([]byte, len(r)), c }, "not a record"},
	{"garbage", func(r, c []byte) ([]byte, []byte) { return []byte("\x7fELF\x02\x01"), c }, "not a record"},
	{"two records", func(r, c []byte) ([]byte, []byte) { return append(bytes.Clone(r), r...), c }, "not a record"},
	{"other JSON", func(r, c []byte) ([]byte, []byte) { return []byte("{}"), c }, "format 0"},
	{"other format", replace(`"format": 1`, `"format": 9`), "record of format 9"},
	{"other trial", replace(`"id": "lambda-0.001-seed1"`, `"id": "lambda-0.001-seed2"`), `another trial ("lambda-0.001-seed2")`},
	{"other group", replace(`"group": "lambda=0.001"`, `"group": "lambda=0.002"`), "another trial"},
	{"other seed", replace(`"seed": 1`, `"seed": 2`), "another configuration: seed is 2, here 1"},
	{"other layers", replace(`"hidden": [`, `"hidden": [4,`), "another configuration: hidden is [4,"},
	{"other data", replace(`"digest": "5`, `"digest": "1`), `another data set ("cifar10-altered")`},
	{"NaN", replace(`"train_loss": `, `"train_loss": NaN, "x": `), "not a record"},
	{"out of range", replace(`"train_loss": `, `"train_loss": 1e999, "x": `), "not a record"},
	{"text for a number", replace(`"steps": `, `"steps": "many", "x": `), "not a record"},
	{"no final metrics", replace(`"final": {`, `"x": {`), "without a result"},
	{"curve cut off", func(r, c []byte) ([]byte, []byte) { return r, c[:len(c)-5] }, "curve.jsonl: line 5"},
	{"curve of garbage", func(r, c []byte) ([]byte, []byte) { return r, []byte("step 1\n") }, "curve.jsonl: line 1"},
	{"curve with an empty line", func(r, c []byte) ([]byte, []byte) { return r, append([]byte("\n"), c...) }, "curve.jsonl: line 1"},
	{"curve with NaN", func(r, c []byte) ([]byte, []byte) { return r, []byte(`{"step":1,"train_loss":NaN}` + "\n") }, "curve.jsonl: line 1"},
	{"curve of one long line", func(r, c []byte) ([]byte, []byte) { return r, bytes.Repeat([]byte(" "), 1<<20) }, "too long"},
	{"an accuracy of 2", replace(`"val_acc": `, `"val_acc": 2, "x": `), "numbers that no training produces"},
	{"a loss below 0", replace(`"test_loss": `, `"test_loss": -1, "x": `), "numbers that no training produces"},
	{"years without number", replace(`"train_seconds": `, `"train_seconds": 1e300, "x": `), "numbers that no training produces"},
	{"colours", replace(`"program": "`, `"program": "\u001b[31m`), `name "\x1b[31m`},
	{"colours in a host", replace(`"host": "`, `"host": "\u001b[2J`), `name "\x1b[2J`},
	{"curve without steps", func(r, c []byte) ([]byte, []byte) { return r, []byte("{}\n{}\n") }, "curve.jsonl: line 1: not an evaluation"},
	{"curve backwards", func(r, c []byte) ([]byte, []byte) { return r, append(bytes.Clone(c), c...) }, "curve.jsonl: line 6: not an evaluation"},
	{"curve of accuracies of 2", func(r, c []byte) ([]byte, []byte) { return r, []byte(`{"step":1,"val_acc":2}`) }, "curve.jsonl: line 1: not an evaluation"},
	{"curve without its last line", func(r, c []byte) ([]byte, []byte) { return r, c[:bytes.LastIndexByte(c[:len(c)-1], '\n')+1] }, "curve.jsonl: ends at step 18 of 24"},
	{"an accuracy changed", replace(`"test_acc": 0.`, `"test_acc": 0.9`), "checksum"},
	{"another program", replace(`"program": "v`, `"program": "w`), "checksum"},
	{"another sum", replace(`"sha256": "`, `"sha256": "0`), "checksum"},
	{"no digits of a sum", replace(`"sha256": "`, `"sha256": "", "x": "`), "checksum"},
	{"written in another way", replace(`"steps": `, `"steps":  `), "checksum"},
	{"a line more", func(r, c []byte) ([]byte, []byte) { return append(bytes.Clone(r), '\n'), c }, "checksum"},
	{"curve of another loss", func(r, c []byte) ([]byte, []byte) {
		return r, bytes.Replace(c, []byte(`_loss":`), []byte(`_loss":1`), 1)
	}, "checksum"},
	{"curve without a line", func(r, c []byte) ([]byte, []byte) { return r, append(bytes.Clone(line(c, 1)), after(c, 2)...) }, "checksum"},
	{"curve emptied", func(r, c []byte) ([]byte, []byte) { return r, []byte{} }, "curve.jsonl: ends at step 0 of 24"},
	{"curve emptied, of an old record", func(r, c []byte) ([]byte, []byte) { return withoutSum(r), []byte{} }, "curve.jsonl: ends at step 0 of 24"},
	{"no curve", func(r, c []byte) ([]byte, []byte) { return r, nil }, "curve.jsonl"},
}

// line returns the first n lines of a curve, after what follows them.
func line(c []byte, n int) []byte  { return bytes.Join(bytes.SplitAfter(c, []byte("\n"))[:n], nil) }
func after(c []byte, n int) []byte { return bytes.Join(bytes.SplitAfter(c, []byte("\n"))[n:], nil) }

// withoutSum returns a record as versions before the checksum wrote it.
func withoutSum(r []byte) []byte {
	return append(bytes.Clone(r[:bytes.LastIndex(r, []byte(",\n \"sha256\": "))]), "\n}\n"...)
}

func replace(old, new string) func(r, c []byte) ([]byte, []byte) {
	return func(r, c []byte) ([]byte, []byte) {
		changed := bytes.Replace(r, []byte(old), []byte(new), 1)
		if bytes.Equal(changed, r) {
			panic("no " + old)
		}
		return changed, c
	}
}

// TestDamaged: reading a damaged record reports what is wrong and changes nothing. A
// run warns, sets it aside, trains the trial again and ends with the same record.
func TestDamaged(t *testing.T) {
	f := create(t, t.TempDir(), smallPlan())
	first := runAll(t, runner(t, f), f.Plan)
	hurt := f.Plan.Trials[0]
	result, curve := filepath.Join(f.TrialDir(hurt), resultFile), filepath.Join(f.TrialDir(hurt), curveFile)
	good, goodCurve := read(t, result), read(t, curve)
	for _, v := range damages {
		badResult, badCurve := v.damage(good, goodCurve)
		write(t, result, badResult)
		if write(t, curve, badCurve); badCurve == nil {
			must(t, os.Remove(curve))
		}
		before := snapshot(t, f.Dir)
		r, found, err := f.Read(hurt)
		var damaged *DamagedError
		if found || !errors.As(err, &damaged) || damaged.Path != result || !strings.Contains(err.Error(), v.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: found %v, error %v, want %q", v.name, found, err, v.says)
		}
		same(t, Record{}, r, "%s: a record all the same", v.name)
		var told []error
		outcomes, err := f.Outcomes(func(err error) { told = append(told, err) })
		if err != nil || outcomes[0].Done() || !outcomes[1].Done() || len(told) != 1 || !errors.As(told[0], &damaged) {
			t.Errorf("%s: outcomes of a folder with a damaged record: %v, told %v", v.name, err, told)
		}
		same(t, before, snapshot(t, f.Dir), "%s: reading changes the folder", v.name)
		var warnings []error
		again := runner(t, f)
		again.Warn = func(err error) { warnings = append(warnings, err) }
		same(t, timeless(first), timeless(runAll(t, again, f.Plan)), "%s: trained again", v.name)
		if len(warnings) != 1 || !errors.As(warnings[0], &damaged) {
			t.Errorf("%s: warnings %v", v.name, warnings)
		}
		if !bytes.Equal(read(t, result+".bad"), badResult) {
			t.Errorf("%s: the damaged record is not kept", v.name)
		}
	}
}

// TestDamagedAtOnce: several processes that meet a damaged record all continue.
func TestDamagedAtOnce(t *testing.T) {
	f, hurt := createSmall(t)
	must(t, f.Save(record(finished(hurt, 0.5, 0.5))))
	path := filepath.Join(f.TrialDir(hurt), resultFile)
	for range 50 {
		write(t, path, []byte("{"))
		errs := make(chan error)
		for range 4 {
			go func() {
				_, _, err := f.Load(hurt)
				errs <- err
			}()
		}
		for range 4 {
			var damaged *DamagedError
			if err := <-errs; err != nil && !errors.As(err, &damaged) {
				t.Errorf("error %v", err)
			}
		}
	}
}

// TestRecordOfOtherVersion: fields that a later version may add do not matter, nor that
// an earlier one stated neither host nor time.
func TestRecordOfOtherVersion(t *testing.T) {
	p := smallPlan()
	text, err := json.Marshal(record(finished(p.Trials[0], 0.5, 0.25)))
	must(t, err)
	host, after, _ := strings.Cut(string(text), `"host"`)
	older := host + after[strings.Index(after, `"trial"`):]
	newer := strings.Replace(string(text), `"program"`, `"machine":{"cores":4},"program"`, 1)
	for _, text := range []string{older, newer} {
		r, err := parseRecord([]byte(text), p, p.Trials[0])
		if err != nil || r.Result.Final.TestAcc != 0.25 || r.Start.IsZero() != (text == older) || text == older && r.Host != "" {
			t.Errorf("%+v, error %v", r, err)
		}
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	return content
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	must(t, os.WriteFile(path, content, 0o666))
}
