package results

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"reflect"
	"testing"
	"time"

	"bnlab/blas"
	"bnlab/cmd/internal/machine"
	"bnlab/train"
	"bnlab/train/answer"
	"bnlab/train/bench"
	"bnlab/train/experiment"
)

var update = flag.Bool("update", false, "write the golden tables")

// filler fills values so that no two numbers and no two texts are the same: what a table
// shows in the wrong place is seen.
type filler struct{ n int }

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch v.Kind() {
	case reflect.Int:
		v.SetInt(int64(f.n))
	case reflect.Float64:
		v.SetFloat(float64(f.n*f.n) + 0.0625)
	case reflect.String:
		v.SetString(fmt.Sprintf("text%d", f.n))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			f.fill(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[train.Config]() { // which gets more fields, and no other numbers for it
			after := f.n + 100
			defer func() { f.n = after }()
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.fill(v.Field(i))
			}
		}
	}
}

// TestTables: tables of made-up results are, letter for letter, those of
// testdata/NAME.golden, which were read once by a person.
func TestTables(t *testing.T) {
	var b Bench
	f := &filler{}
	f.fill(reflect.ValueOf(&b).Elem())
	for _, r := range []*bench.Report{&b.Report, &b.Low, &b.High} {
		r.Step.Nets, r.Fused.Nets = 1, 8
		r.Shapes[0].Nets, r.Shapes[0].Layer = 8, 1 // which is shown, as the next one is not
		r.Backends[0].Precision, r.Backends[1].Precision = train.F32, train.BF16
		r.Backends[1].FusedUs = r.Backends[0].FusedUs - 1
	}
	one := b // as with one core and one net
	one.Sweep.Workers, one.Fused.Nets, one.Warnings, one.Low, one.High = 1, 1, nil, one.Report, one.Report

	var info Info
	f = &filler{}
	f.fill(reflect.ValueOf(&info).Elem())
	info.Cores = machine.FastThreads + 7
	bare := Info{Cores: 1, BitsFollow: Bits{F32: blas.Beside}}

	var eval Eval
	f = &filler{}
	f.fill(reflect.ValueOf(&eval).Elem())

	var p Predictions
	f = &filler{}
	f.fill(reflect.ValueOf(&p).Elem())
	p.Images[1].Top = p.Images[1].Top[:1]

	var s experiment.Summary
	f = &filler{}
	f.fill(reflect.ValueOf(&s).Elem())
	s.Best.Lambda = 0.001
	since := experiment.Moment{Time: time.Date(2026, 1, 31, 12, 0, 5, 0, time.Local)}
	claims := []experiment.Claim{
		{Trial: "a", Trials: 8, Host: "near", Process: 12, Since: since, Steps: 250, Of: 1000, StepsPerSecond: 12.5},
		{Trial: "b", Trials: 1, Host: "far", Process: 345, Since: since, Of: 2000, Stalled: true},
		{Trial: "c", Trials: 2, Of: 3000},
	}
	status := NewStatus(answer.Status{
		Folder: &experiment.Folder{Dir: "runs/x", Plan: &experiment.Plan{Trials: make([]experiment.Trial, 9)}}, Summary: s, Claims: claims,
	})

	for name, table := range map[string]func(io.Writer){
		"bench": b.Table, "bench-one": one.Table, "info": info.Table, "info-bare": bare.Table, "eval": eval.Table,
		"predict": p.Table, "summary": Summary{s}.Table, "status": status.Table,
	} {
		var got bytes.Buffer
		table(&got)
		path := "testdata/" + name + ".golden"
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s is\n%s\nwant\n%s", name, &got, want)
		}
	}
}
