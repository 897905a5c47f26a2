package experiment

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"bnlab/model"
)

func gradientRecord() GradientRecord {
	r := GradientRecord{Format: Format, Origin: Origin{Program: "test", Dataset: testData}}
	for _, depth := range []int{2, 3} {
		n := NetCheck{Depth: depth, BN: true, OK: true}
		for _, kind := range []model.Kind{model.Weight, model.Bias, model.Gamma, model.Beta} {
			n.Tensors = append(n.Tensors, model.TensorCheck{Layer: 1, Name: kind, Checked: 3, Of: 5, RelErr: 1e-9, MaxAbsDiff: 1e-10, OK: true})
		}
		r.Add(n)
	}
	return r
}

// TestGradientsKept: the first record of checks that pass stays; others are replaced.
func TestGradientsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "study")
	if r, err := ReadGradients(dir); r != nil || err != nil {
		t.Errorf("of no folder: %v, error %v", r, err)
	}
	bad, first, second := gradientRecord(), gradientRecord(), gradientRecord()
	bad.Nets[0].Tensors[0].OK, bad.Nets[0].OK, bad.OK = false, false, false
	first.Program, second.Program = "first", "second"
	for _, r := range []GradientRecord{bad, first, second, bad} {
		must(t, r.Keep(dir))
	}
	got, err := ReadGradients(dir)
	must(t, err)
	same(t, &first, got, "the record there")
	write(t, filepath.Join(dir, gradientFile), []byte("{"))
	must(t, second.Keep(dir))
	if got, err := ReadGradients(dir); err != nil || got.Program != "second" {
		t.Errorf("in the place of a damaged one: %+v, error %v", got, err)
	}
}

// A network that fails is not hidden by one that passes, in either order.
func TestGradientsAdd(t *testing.T) {
	for _, oks := range [][]bool{{true, false}, {false, true}, {true, true}} {
		var g Gradients
		for _, ok := range oks {
			g.Add(NetCheck{OK: ok})
		}
		if g.OK != (oks[0] && oks[1]) {
			t.Errorf("%v: %v", oks, g.OK)
		}
	}
}

func TestDamagedGradients(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, gradientFile)
	must(t, gradientRecord().Keep(dir))
	whole := string(read(t, path))
	for name, text := range map[string]string{
		"cut":         whole[:len(whole)/2],
		"format":      strings.Replace(whole, `"format": 1`, `"format": 2`, 1),
		"verdict":     strings.Replace(whole, `"ok": true`, `"ok": false`, 1),
		"tensor":      strings.Replace(whole, `"gamma"`, `"<b>"`, 1),
		"negative":    strings.Replace(whole, `"rel_err": 1e-9`, `"rel_err": -1`, 1),
		"more of few": strings.Replace(whole, `"checked": 3`, `"checked": 6`, 1),
		"empty":       "",
		"no networks": `{"format": 1, "ok": true}`,
	} {
		if text == whole {
			t.Errorf("%s: nothing is damaged", name)
		}
		write(t, path, []byte(text))
		if r, err := ReadGradients(dir); r != nil || !errors.As(err, new(*DamagedError)) {
			t.Errorf("%s: %v, error %v", name, r, err)
		}
	}
}

// FuzzParseGradients: a record that is accepted is the same when written and read
// again.
func FuzzParseGradients(f *testing.F) {
	good, err := json.Marshal(gradientRecord())
	must(f, err)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte(`{"format":1,"nets":[{}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if r, err := parseGradients(raw); err == nil {
			readsBack(t, r, parseGradients)
		}
	})
}
