package model

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"bnlab/blas"
)

// save returns net k as a file.
func save[T blas.Float](t testing.TB, net *Network[T], k int, metadata map[string]string) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := net.Save(&file, k, metadata); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// restore reads a file back into a network.
func restore[T blas.Float](t testing.TB, file []byte, spec Spec) *Network[T] {
	t.Helper()
	s, err := ReadSaved(bytes.NewReader(file), anyNet)
	if err != nil {
		t.Fatal(err)
	}
	net, err := Restore[T](s, spec)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// tiny returns a net that has made three steps.
func tiny[T blas.Float](t testing.TB, hidden ...int) *Network[T] {
	t.Helper()
	spec := Spec{In: 4, Hidden: hidden, Out: 2, Nets: 1, BatchNorm: 1, Eps: 1e-5, Alpha: 0.9, MaxRows: 6}
	net := newNet[T](t, spec, 1)
	walk(net, 3)
	return net
}

// walk makes steps of descent on random numbers, the same in every call.
func walk[T blas.Float](net *Network[T], steps int) {
	random := rand.New(rand.NewPCG(3, 4))
	eta, lambda := make([]float64, net.Spec.Nets), make([]float64, net.Spec.Nets)
	for k := range eta {
		eta[k], lambda[k] = 0.01*float64(k+1), 0.1
	}
	for range steps {
		x, labels := randomBatch[T](random, net.Spec.MaxRows, net.Spec.In, net.Spec.Out)
		net.Step(x, labels, eta, lambda)
	}
}

func TestSavedRoundTrip(t *testing.T) {
	t.Run("float32", rapid.MakeCheck(roundTrip[float32]))
	t.Run("float64", rapid.MakeCheck(roundTrip[float64]))
}

// roundTrip saves one net of several and holds what comes back against it: the
// shape, every number, and the bytes of the restored net saved again.
func roundTrip[T blas.Float](rt *rapid.T) {
	spec := Spec{
		In:      rapid.IntRange(1, 5).Draw(rt, "in"),
		Hidden:  rapid.SliceOfN(rapid.IntRange(1, 5), 0, 6).Draw(rt, "hidden"),
		Out:     rapid.IntRange(1, 4).Draw(rt, "out"),
		Nets:    rapid.IntRange(1, 3).Draw(rt, "nets"),
		Eps:     1e-5,
		Alpha:   0.9,
		MaxRows: 4,
	}
	if spec.LayerNorm = rapid.Bool().Draw(rt, "layer"); !spec.LayerNorm {
		spec.BatchNorm = rapid.IntRange(0, spec.Nets).Draw(rt, "normalising")
	}
	spec.NormAfter = rapid.Bool().Draw(rt, "after")
	for l := range spec.Hidden {
		if rapid.Bool().Draw(rt, "normalises") {
			spec.NormLayers = append(spec.NormLayers, l+1)
		}
	}
	if len(spec.NormLayers) == len(spec.Hidden) {
		spec.NormLayers = nil
	}
	k := rapid.IntRange(0, spec.Nets-1).Draw(rt, "k")
	metadata := rapid.MapOf(rapid.String(), rapid.String()).Draw(rt, "metadata")
	net, err := New[T](spec)
	if err != nil {
		rt.Fatal(err)
	}
	for i := range spec.Nets {
		if err := net.Init(i, He, 0, uint64(i)); err != nil {
			rt.Fatal(err)
		}
	}
	walk(net, rapid.IntRange(0, 3).Draw(rt, "steps"))

	var file, again bytes.Buffer
	if err := net.Save(&file, k, metadata); err != nil {
		rt.Fatal(err)
	}
	s, err := ReadSaved(bytes.NewReader(file.Bytes()), anyNet)
	if err != nil {
		rt.Fatal(err)
	}
	want := Saved{In: spec.In, Hidden: spec.Hidden, Out: spec.Out, Metadata: metadata,
		BatchNorm: net.BatchNorm(k) && len(spec.Hidden) > 0, LayerNorm: spec.LayerNorm && len(spec.Hidden) > 0, Bits: bitsOf[T]()}
	if want.BatchNorm || want.LayerNorm {
		want.NormAfter, want.NormLayers = spec.NormAfter, spec.NormLayers
	}
	if diff := cmp.Diff(want, *s, cmpopts.IgnoreUnexported(Saved{}), cmpopts.EquateEmpty()); diff != "" {
		rt.Fatal(diff)
	}
	with := spec // whose normalisation the tensors tell
	with.BatchNorm, with.LayerNorm, with.NormAfter, with.NormLayers = 0, false, false, nil
	alone, err := Restore[T](s, with)
	if err != nil {
		rt.Fatal(err)
	}
	for i, p := range net.Tensors(k) {
		if q := alone.Tensors(0)[i]; p.Name != q.Name || !cmp.Equal(p.Data, q.Data) {
			rt.Fatalf("%s %v comes back as %s %v", p.Name, p.Data, q.Name, q.Data)
		}
	}
	if err := alone.Save(&again, 0, metadata); err != nil {
		rt.Fatal(err)
	}
	if !bytes.Equal(file.Bytes(), again.Bytes()) {
		rt.Fatal("saved again, the restored net gives other bytes")
	}
}

func bitsOf[T blas.Float]() int {
	if T(1)+T(1e-12) == 1 {
		return 32
	}
	return 64
}

// TestRestoredGoesOn: training continues after a restore without a difference: the
// count of batches is restored, so the running statistics continue too.
func TestRestoredGoesOn(t *testing.T) {
	for _, before := range []int{0, 3} {
		net := newNet[float64](t, tiny[float64](t, 5, 3).Spec, 7)
		walk(net, before)
		back := restore[float64](t, save(t, net, 0, nil), net.Spec)
		walk(net, 2)
		walk(back, 2)
		for l, ly := range back.layers[:2] {
			if ly.bn.tracked != int64(before+2) {
				t.Errorf("layer %d counts %d batches, want %d", l+1, ly.bn.tracked, before+2)
			}
		}
		if !bytes.Equal(save(t, net, 0, nil), save(t, back, 0, nil)) {
			t.Errorf("restored after %d steps and trained on, the net is another", before)
		}
	}
}

// TestLargeFile reads a file longer than a header may be, and a truncated one.
func TestLargeFile(t *testing.T) {
	net := newNet[float64](t, Spec{In: 400, Hidden: []int{400}, Out: 1, Nets: 1, MaxRows: 1}, 1)
	file := save(t, net, 0, nil)
	if back := restore[float64](t, file, net.Spec); !cmp.Equal(net.Params(), back.Params()) {
		t.Error("parameters come back as others")
	}
	gone := errors.New("disk gone")
	for _, n := range []int{0, 100, len(file) - 1} {
		_, err := ReadSaved(io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(gone)), anyNet)
		if !errors.Is(err, gone) || errors.Is(err, ErrFile) {
			t.Errorf("after %d bytes: %v, want that the disk is gone and no word on the file", n, err)
		}
	}
}

// TestOtherPrecision reads files in the precision they were not written in.
func TestOtherPrecision(t *testing.T) {
	net := tiny[float64](t, 3)
	narrow := restore[float32](t, save(t, net, 0, nil), net.Spec)
	wide := restore[float64](t, save(t, narrow, 0, nil), net.Spec)
	for i, p := range net.Tensors(0) {
		for j, v := range p.Data {
			if got := wide.Tensors(0)[i].Data[j]; got != float64(float32(v)) {
				t.Errorf("%s: %v comes back as %v", p.Name, v, got)
			}
		}
	}

	net.Tensors(0)[0].Data[1] = -1e300
	s, err := ReadSaved(bytes.NewReader(save(t, net, 0, nil)), anyNet)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Restore[float32](s, Spec{MaxRows: 1})
	want := `bad saved network: tensor "0.weight": element 1, -1e+300, is too large for float32: load it as float64`
	if !errors.Is(err, ErrFile) || err.Error() != want {
		t.Errorf("got  %v\nwant %v", err, want)
	}
}

func TestSaveRefuses(t *testing.T) {
	diverged := tiny[float32](t, 3)
	diverged.Tensors(0)[1].Data[0] = float32(math.NaN())
	for _, c := range []struct {
		net      *Network[float32]
		metadata map[string]string
		want     string
	}{
		{diverged, nil, `model: net cannot be saved: tensor "0.bias" element 0 is NaN, want a finite number`},
		{tiny[float32](t, 3), map[string]string{"a": "\xff"}, "model: net cannot be saved: metadata is not UTF-8"},
		{tiny[float32](t, 3), map[string]string{"a": string(make([]byte, maxHeader))}, "model: net cannot be saved: header of 6292064 bytes, at most 1048576 are allowed"},
	} {
		var out bytes.Buffer
		err := c.net.Save(&out, 0, c.metadata)
		if err == nil || err.Error() != c.want || errors.Is(err, ErrFile) {
			t.Errorf("got  %v\nwant %v", err, c.want)
		}
		if out.Len() > 0 {
			t.Errorf("%d bytes written all the same", out.Len())
		}
	}
}

// TestFromPython reads the header that Python's safetensors 0.8 writes for
// Sequential(Linear(2, 1), BatchNorm1d(1), ReLU(), Linear(1, 2)), in its order.
func TestFromPython(t *testing.T) {
	header := `{"__metadata__":{"format":"pt"},"1.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[0,8]},` +
		`"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[12,20]},` +
		`"1.bias":{"dtype":"F32","shape":[1],"data_offsets":[20,24]},"1.running_mean":{"dtype":"F32","shape":[1],"data_offsets":[24,28]},` +
		`"1.running_var":{"dtype":"F32","shape":[1],"data_offsets":[28,32]},"1.weight":{"dtype":"F32","shape":[1],"data_offsets":[32,36]},` +
		`"3.bias":{"dtype":"F32","shape":[2],"data_offsets":[36,44]},"3.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[44,52]}}   `
	data := newTensorView(0, int64(9)).data
	data = append(data, newTensorView(0, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}).data...)
	s, err := ReadSaved(bytes.NewReader(assemble(header, data)), anyNet)
	if err != nil {
		t.Fatal(err)
	}
	want := &Saved{In: 2, Hidden: []int{1}, Out: 2, BatchNorm: true, Bits: 32, Metadata: map[string]string{"format": "pt"},
		values: [][]float64{{2, 3}, {1}, {7}, {4}, {5}, {6}, {10, 11}, {8, 9}}, tracked: []int64{9}}
	if diff := cmp.Diff(want, s, cmp.AllowUnexported(Saved{})); diff != "" {
		t.Error(diff)
	}
}

// FuzzReadSaved: no input makes ReadSaved panic or take much more memory than it
// is long, every refusal is one short line, and what is read can be restored,
// saved and read as the same.
func FuzzReadSaved(f *testing.F) {
	f.Add(save(f, tiny[float32](f, 2), 0, map[string]string{"seed": "1"}))
	f.Add(save(f, tiny[float64](f), 0, nil))
	f.Add(save(f, tiny[float64](f, 1, 2), 0, nil))
	for _, d := range damages {
		f.Add(d.make(save(f, tiny[float32](f, 3), 0, nil)))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := readThriftily(t, file)
		if err != nil {
			oneLine(t, err)
			return
		}
		if len(file) > maxHeader/8 {
			return // saved again, escapes may make the header longer than allowed
		}
		var again []byte
		if s.Bits == 32 {
			again = save(t, restoreOne[float32](t, s), 0, s.Metadata)
		} else {
			again = save(t, restoreOne[float64](t, s), 0, s.Metadata)
		}
		back, err := ReadSaved(bytes.NewReader(again), anyNet)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, back, cmp.AllowUnexported(Saved{}), cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	})
}

func restoreOne[T blas.Float](t *testing.T, s *Saved) *Network[T] {
	net, err := Restore[T](s, Spec{Eps: 1e-5, Alpha: 0.9, MaxRows: 1})
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// TestAdmit: of a large file only the header is read until its net is admitted, whose
// shape and memory are known by then.
func TestAdmit(t *testing.T) {
	header := `{"0.bias":{"dtype":"F32","shape":[300000],"data_offsets":[0,1200000]},"0.weight":{"dtype":"F32","shape":[300000,3072],"data_offsets":[1200000,3687600000]},` +
		`"2.bias":{"dtype":"F32","shape":[10],"data_offsets":[3687600000,3687600040]},"2.weight":{"dtype":"F32","shape":[10,300000],"data_offsets":[3687600040,3699600040]}}`
	file := append(assemble(header, nil), make([]byte, maxHeader)...)
	full, read := errors.New("no room"), iotest.ErrReader(errors.New("reads on"))
	_, err := ReadSaved(io.MultiReader(bytes.NewReader(file[:8+maxHeader]), read), func(s *Saved) error {
		if s.In != 3072 || s.Out != 10 || !slices.Equal(s.Hidden, []int{300000}) || s.BatchNorm || s.Bits != 32 {
			t.Errorf("asked about %d×%d×%d", s.In, s.Hidden, s.Out)
		}
		const parameters, perImage = 300000*3072 + 300000 + 10*300000 + 10, 3*300000 + 2*10
		if got, want := s.Bytes(500), float64(16*parameters+4*(2*parameters+500*perImage)); got != want {
			t.Errorf("takes %g bytes, want %g", got, want)
		}
		return full
	})
	if err != full {
		t.Errorf("got %v, want what admit says", err)
	}
	if _, err := ReadSaved(bytes.NewReader(save(t, tiny[float32](t, 3), 0, nil)), func(*Saved) error { return full }); err != full {
		t.Errorf("of a small file: %v", err)
	}
}

// anyNet admits every net.
func anyNet(*Saved) error { return nil }
