package dashboard

import (
	"fmt"
	"strings"
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

// BenchmarkVerdicts is the time that the differences and claims of 2000 trials take, of which a
// quarter is missing.
func BenchmarkVerdicts(b *testing.B) {
	f := asked(b, strings.NewReplacer("seeds: 3", "seeds: 20", "[0.01, 0.001]", "{from: 0.0001, to: 0.1, points: 50, scale: log}").Replace(question), 1500, 8)
	d, err := New(f.Dir)
	must(b, err)
	state, err := d.monitor.Look()
	must(b, err)
	for b.Loop() {
		clear(d.found)
		d.judge(state.Plans, make([]planView, len(state.Plans)))
	}
}
