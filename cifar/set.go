// Package cifar reads CIFAR-10, binary or as Python pickles, checks it, splits it
// and standardises it. It also draws a synthetic set of the same shape for use when
// the real one is not at hand.
//
// Images stay bytes, a quarter of the memory of float32. [Images] turns a mini-batch
// of them into standardised rows of a matrix when needed.
package cifar

import "gonum.org/v1/gonum/stat"

// Shape of the data set. A record is one label byte and then Dim pixel bytes:
// Side×Side of red, the same of green, the same of blue, each row by row.
const (
	Side        = 32              // width and height of an image in pixels
	Dim         = 3 * Side * Side // values of an image
	Classes     = 10              // labels are 0 … Classes−1
	RecordSize  = 1 + Dim         // bytes of a record in a file
	FileRecords = 10000           // records in each of the six files
)

// ClassNames returns the names of CIFAR-10's classes in the order of their labels.
func ClassNames() []string {
	return []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}
}

// Set is n labelled images. It is a view: copying the struct does not copy them.
type Set struct {
	Pixels []byte  // n×Dim, one image per row, in file order (red, green, blue plane)
	Labels []uint8 // n, each below Classes
}

// newSet returns a set of n black images of class 0.
func newSet(n int) Set {
	return Set{Pixels: make([]byte, n*Dim), Labels: make([]uint8, n)}
}

// Len returns the number of images.
func (s Set) Len() int { return len(s.Labels) }

// Slice returns the view of images i … j−1.
func (s Set) Slice(i, j int) Set {
	return Set{Pixels: s.Pixels[i*Dim : j*Dim : j*Dim], Labels: s.Labels[i:j:j]}
}

// Image returns the Dim pixels of image i as a view.
func (s Set) Image(i int) []byte { return s.Pixels[i*Dim : (i+1)*Dim : (i+1)*Dim] }

// PerClass returns the number of images of each class.
func (s Set) PerClass() []int {
	counts := make([]int, Classes)
	for _, y := range s.Labels {
		counts[y]++
	}
	return counts
}

// Brightness returns the mean and the standard deviation of all pixel values, 0
// to 255.
func (s Set) Brightness() (mean, std float64) {
	var counts [256]float64
	for _, p := range s.Pixels {
		counts[p]++
	}
	values := make([]float64, len(counts))
	for v := range values {
		values[v] = float64(v)
	}
	return stat.PopMeanStdDev(values, counts[:])
}

// Mirrored returns the images with left and right exchanged.
func (s Set) Mirrored() Set {
	m := Set{Pixels: make([]byte, len(s.Pixels)), Labels: s.Labels}
	for from := 0; from < len(s.Pixels); from += Side {
		row, mirrored := s.Pixels[from:from+Side], m.Pixels[from:from+Side]
		for i, p := range row {
			mirrored[Side-1-i] = p
		}
	}
	return m
}
