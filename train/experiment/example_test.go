package experiment_test

import (
	"context"
	"fmt"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/experiment"
)

// points are images of two values, of a class for each sign of their sum.
type points[T blas.Float] int

func (n points[T]) Len() int { return int(n) }

func (n points[T]) Gather(x blas.Matrix[T], labels []uint8, index []int32) {
	for i, j := range index {
		a, b := T(j%7)-3, T(j%5)-2
		copy(x.Row(i), []T{a, b})
		labels[i] = 0
		if a+b > 0 {
			labels[i] = 1
		}
	}
}

func data[T blas.Float]() train.Data[T] {
	return train.Data[T]{Dim: 2, Classes: 2, Train: points[T](70), Val: points[T](35), Test: points[T](35)}
}

// A search for λ: the coarse grid, two values of the fine draw, and three networks with
// the best λ.
func ExampleLab_Search() {
	lab := experiment.Lab{
		Data:    experiment.Data{F32: data[float32], F64: data[float64]},
		Dataset: experiment.DatasetOf("points", ""), Dim: 2, Classes: 2,
		Workers: 1, Cores: 1, Fuse: experiment.MaxFuse,
		Watch: func([]experiment.Trial, string) (experiment.Observer, func(), error) {
			return experiment.Silent{}, func() {}, nil
		},
		Say:  func(format string, args ...any) { fmt.Printf(format+"\n", args...) },
		Warn: func(err error) { fmt.Println(err) },
	}
	base := train.Default()
	base.Hidden, base.Batch, base.NS, base.Cycles, base.Evals = []int{4}, 10, 10, 1, 1
	rules := experiment.Rules{Range: "report", Points: 2, Seeds: 1, FinalSeeds: 3}
	summary, err := lab.Search(context.Background(), base, rules, "final", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	final := summary.Groups[len(summary.Groups)-1]
	fmt.Println("the final networks have the best λ:", final.Config.Lambda == summary.Best.Lambda, final.N)
	// Output:
	// search, coarse stage: 8 trials
	// search, fine stage: 2 trials
	// search, final stage: 3 trials
	// the final networks have the best λ: true 3
}
