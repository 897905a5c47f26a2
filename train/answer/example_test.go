package answer_test

import (
	"context"
	"fmt"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/study"
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
func ExampleRun() {
	lab := experiment.Lab{
		Data:    experiment.Data{F32: data[float32], F64: data[float64]},
		Dataset: experiment.DatasetOf("points", ""), Dim: 2, Classes: 2,
		Workers: 1, Fuse: experiment.MaxFuse,
		Watch: func([]experiment.Trial, string) (experiment.Observer, func(), error) {
			return experiment.Silent{}, func() {}, nil
		},
		Say:  func(format string, args ...any) { fmt.Printf(format+"\n", args...) },
		Warn: func(err error) { fmt.Println(err) },
	}
	search, err := study.Parse("my.yaml", []byte(`
base: {hidden: [4], bn: true, batch: 10, ns: 10, cycles: 1, evals: 1}
experiments:
  - name: search
    search: {over: lambda, coarse: [1e-4, 1e-3, 1e-2], fine: {draw: 2, between: best-worst}, final: {seeds: 3}}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	results, err := answer.Run(context.Background(), &lab, search, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	groups, best := results[0].Groups, results[0].Found
	final := groups[len(groups)-1]
	fmt.Println("the final networks have the best", best.Over, final.Config.Lambda == best.Value, final.N)
	// Output:
	// search, coarse stage: 3 trials
	// search, fine stage: 2 trials
	// search, final stage: 3 trials
	// the final networks have the best lambda true 3
}
