package cifar

import (
	"math"
	"math/rand/v2"
	"testing"

	"bnlab/blas"

	"pgregory.net/rapid"
)

// noise returns n images of random pixels and labels.
func noise(n int, seed uint64) Set {
	r := rand.New(rand.NewPCG(seed, 0))
	s := newSet(n)
	for i := range s.Pixels {
		s.Pixels[i] = byte(r.Uint32())
	}
	for i := range s.Labels {
		s.Labels[i] = uint8(r.IntN(Classes))
	}
	return s
}

// TestStandardize compares the statistics with two passes in float64.
func TestStandardize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := sets.Draw(t, "set")
		st := Standardize(s)
		n := float64(s.Len())
		for j := range Dim {
			var mean, variance float64
			for i := range s.Len() {
				mean += float64(s.Image(i)[j]) / n
			}
			for i := range s.Len() {
				d := float64(s.Image(i)[j]) - mean
				variance += d * d / n
			}
			std := math.Sqrt(variance)
			if std == 0 {
				std = 1
			}
			if math.Abs(st.Mean[j]-mean) > 1e-10 || math.Abs(st.Std[j]-std) > 1e-10 {
				t.Fatalf("dimension %d: %v ± %v, want %v ± %v", j, st.Mean[j], st.Std[j], mean, std)
			}
		}
	})
}

// TestTrainingStatistics asserts that the training images get mean 0 and
// standard deviation 1, and that other images take the training images'
// statistics: brighter and more varied ones stay so, which their own would hide.
func TestTrainingStatistics(t *testing.T) {
	train, val := noise(400, 1), noise(400, 2)
	for i, p := range train.Pixels {
		train.Pixels[i] = 50 + p/2
	}
	for i, p := range val.Pixels {
		val.Pixels[i] = p / 2 * 2
	}
	st := Standardize(train)
	mean, std := columnMeans(NewImages[float64](train, st))
	if math.Abs(mean) > 1e-12 || math.Abs(std-1) > 1e-12 {
		t.Errorf("training images have %v ± %v, want 0 ± 1", mean, std)
	}
	mean, std = columnMeans(NewImages[float64](val, st))
	if math.Abs(mean-0.4) > 0.1 || math.Abs(std-2) > 0.1 {
		t.Errorf("other images have %v ± %v, want about 0.4 ± 2", mean, std)
	}
}

// columnMeans returns the mean over all columns of their means and standard deviations.
func columnMeans(m *Images[float64]) (mean, std float64) {
	x, _ := gatherAll(m)
	n := float64(x.Rows)
	for j := range Dim {
		var sum, square float64
		for i := range x.Rows {
			sum += x.At(i, j)
			square += x.At(i, j) * x.At(i, j)
		}
		mean += sum / n / Dim
		std += math.Sqrt(square/n-sum*sum/n/n) / Dim
	}
	return mean, std
}

// gatherAll gathers every image in order.
func gatherAll[T blas.Float](m *Images[T]) (blas.Matrix[T], []uint8) {
	x, labels, index := blas.New[T](m.Len(), Dim), make([]uint8, m.Len()), make([]int32, m.Len())
	for i := range index {
		index[i] = int32(i)
	}
	m.Gather(x, labels, index)
	return x, labels
}

// TestConstantPixel asserts that a dimension without spread becomes 0.
func TestConstantPixel(t *testing.T) {
	s := noise(5, 1)
	for i := range s.Len() {
		s.Image(i)[7] = 201
	}
	x, _ := gatherAll(NewImages[float32](s, Standardize(s)))
	for i := range s.Len() {
		if x.At(i, 7) != 0 {
			t.Errorf("row %d: %v", i, x.At(i, 7))
		}
	}
	for j, v := range x.Data {
		if v != v || math.IsInf(float64(v), 0) {
			t.Fatalf("element %d is %v", j, v)
		}
	}
}

func TestGather(t *testing.T) {
	t.Run("f32", func(t *testing.T) { testGather[float32](t, 1e-6) })
	t.Run("f64", func(t *testing.T) { testGather[float64](t, 1e-14) })
}

// testGather gathers random images, with repeats, into rows of a wider matrix,
// and holds each element against (x−mean)/std.
func testGather[T blas.Float](t *testing.T, tol float64) {
	s := noise(30, 3)
	st := Standardize(s)
	m := NewImages[T](s, st)
	rapid.Check(t, func(t *rapid.T) {
		index := rapid.SliceOfN(rapid.Int32Range(0, 29), 1, 40).Draw(t, "index")
		wide := blas.New[T](len(index), Dim+2)
		x, labels := wide.ColBlock(1, Dim+1), make([]uint8, len(index))
		m.Gather(x, labels, index)
		for i, k := range index {
			if labels[i] != s.Labels[k] {
				t.Fatalf("row %d: label %d, want %d", i, labels[i], s.Labels[k])
			}
			for j, p := range s.Image(int(k)) {
				want := (float64(p) - st.Mean[j]) / st.Std[j]
				if math.Abs(float64(x.At(i, j))-want) > tol*(1+255/st.Std[j]) {
					t.Fatalf("row %d, dimension %d: %v, want %v", i, j, x.At(i, j), want)
				}
			}
			if wide.At(i, 0) != 0 || wide.At(i, Dim+1) != 0 {
				t.Fatalf("row %d: wrote beside the view", i)
			}
		}
	})
}

func TestGatherPanics(t *testing.T) {
	m := NewImages[float32](noise(3, 1), Standardize(noise(3, 1)))
	for name, f := range map[string]func(){
		"rows":   func() { m.Gather(blas.New[float32](2, Dim), make([]uint8, 1), make([]int32, 1)) },
		"labels": func() { m.Gather(blas.New[float32](1, Dim), make([]uint8, 2), make([]int32, 1)) },
		"cols":   func() { m.Gather(blas.New[float32](1, Dim-1), make([]uint8, 1), make([]int32, 1)) },
		"index":  func() { m.Gather(blas.New[float32](1, Dim), make([]uint8, 1), []int32{3}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestGatherAllocatesNothing(t *testing.T) {
	m := NewImages[float32](noise(3, 1), Standardize(noise(3, 1)))
	x, labels, index := blas.New[float32](2, Dim), make([]uint8, 2), []int32{2, 0}
	if n := testing.AllocsPerRun(10, func() { m.Gather(x, labels, index) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkGather(b *testing.B) {
	b.Run("f32", benchmarkGather[float32])
	b.Run("f64", benchmarkGather[float64])
}

// benchmarkGather gathers 100 of 45000 images in a random order.
func benchmarkGather[T blas.Float](b *testing.B) {
	const n, batch = 45000, 100
	s := newSet(n)
	for i := range n { // touch every page, as after reading a file
		s.Image(i)[0] = byte(i)
	}
	m := NewImages[T](s, Standardize(noise(100, 1)))
	x, labels := blas.New[T](batch, Dim), make([]uint8, batch)
	index := make([]int32, n)
	for i, k := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		index[i] = int32(k)
	}
	at := 0
	for b.Loop() {
		m.Gather(x, labels, index[at:at+batch])
		at = (at + batch) % n
	}
}

func BenchmarkStandardize(b *testing.B) {
	s := newSet(45000)
	for b.Loop() {
		Standardize(s)
	}
}
