package dashboard

import (
	"fmt"
	"testing"
)

// BenchmarkLook is the time of a look at a folder of many trials: the first one, one that
// finds nothing new, one that finds a point; and of drawing the charts.
func BenchmarkLook(b *testing.B) {
	for _, n := range []int{40, 2000} {
		f := folder(b, trialsOf(n, "bn"), n*3/4, 8)
		at := f.Plan.Trials[n*3/4]
		b.Run(fmt.Sprint("first/", n), func(b *testing.B) {
			for b.Loop() {
				_, err := New(f.Dir)
				must(b, err)
			}
		})
		d, err := New(f.Dir)
		must(b, err)
		b.Run(fmt.Sprint("nothing/", n), func(b *testing.B) {
			for b.Loop() {
				must(b, d.look())
			}
		})
		b.Run(fmt.Sprint("point/", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				grow(b, f, at, 0.2+0.1*float64(i%2))
				must(b, d.look())
			}
		})
		b.Run(fmt.Sprint("charts/", n), func(b *testing.B) {
			for b.Loop() {
				clear(d.current.drawn)
				for chart := range 2 {
					_, found, err := d.svg(drawing{chartKey: chartKey{0, chart}})
					must(b, err)
					if !found {
						b.Fatal("no chart")
					}
				}
			}
		})
	}
}
