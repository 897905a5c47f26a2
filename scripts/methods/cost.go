package main

import (
	"context"
	"runtime"
	"slices"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/train"
	"bnlab/train/study"
)

// A measured training is short, and an epoch longer than it, so that it is steps alone.
const (
	costSteps  = 60
	costImages = 8000
)

// measureCosts trains each network of the study for a moment, in turn, and compares the
// medians over the rounds with those of the first, the plain one: alone, and eight side
// by side.
func measureCosts(rounds int, r *Records) error {
	runtime.LockOSThread()
	blas.SetThreads(1)
	data, err := syntheticData()
	if err != nil {
		return err
	}
	rows := settings()
	seconds := map[string]map[int][]float64{}
	for range rounds {
		for _, row := range rows {
			for _, nets := range []int{1, 8} {
				s, err := secondsOf(row.Config, nets, data)
				if err != nil {
					return err
				}
				if seconds[row.Name] == nil {
					seconds[row.Name] = map[int][]float64{}
				}
				seconds[row.Name][nets] = append(seconds[row.Name][nets], s)
			}
		}
	}
	plain := seconds[rows[0].Name]
	r.Cost = map[string]Cost{}
	for _, row := range rows[1:] {
		s := seconds[row.Name]
		r.Cost[row.Name] = Cost{Alone: median(s[1]) / median(plain[1]), Eight: median(s[8]) / median(plain[8])}
	}
	r.Measured = Origin{Backend: blas.Current(), Dataset: "synthetic"}
	return nil
}

// secondsOf returns the seconds that the updates of so many networks take.
func secondsOf(c train.Config, nets int, data train.Data[float32]) (seconds float64, err error) {
	c.NS, c.Cycles, c.Evals, c.NoTest, c.EvalTrain = costSteps/2, 1, 1, true, 100
	c.Warmup, c.CycleGrowth, c.Statistics = 0, 1, ""
	c.StepEvery = min(c.StepEvery, costSteps/2)
	configs := make([]train.Config, nets)
	for i := range configs {
		configs[i] = c
		configs[i].Seed = uint64(i + 1)
	}
	results, _, err := train.Fit(context.Background(), configs, data, quiet{})
	for _, result := range results {
		seconds += result.TrainSeconds
	}
	return seconds, err
}

// syntheticData is a small data set with the sizes of CIFAR-10's images.
func syntheticData() (train.Data[float32], error) {
	split, err := cifar.Synthetic().Split(500, costImages, 100)
	if err != nil {
		return train.Data[float32]{}, err
	}
	s := cifar.Standardize(split.Train)
	return train.Data[float32]{
		Dim: cifar.Dim, Classes: cifar.Classes,
		Train: cifar.NewImages[float32](split.Train, s), Val: cifar.NewImages[float32](split.Val, s), Test: cifar.NewImages[float32](split.Test, s),
	}, nil
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// Setting is one of the study's, by its name.
type Setting struct {
	Name string
	train.Config
}

// settings returns those of the study, the plain network first.
func settings() (all []Setting) {
	for _, t := range study.BuiltIn("methods").Experiments[0].Trials() {
		if len(all) == 0 || all[len(all)-1].Name != t.Group {
			all = append(all, Setting{t.Group, t.Config})
		}
	}
	return all
}

// quiet hears of a training, and says nothing.
type quiet struct{}

func (quiet) Progress(int)           {}
func (quiet) Point(int, train.Point) {}
