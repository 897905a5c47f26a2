package main

import (
	"slices"

	"bnlab/cifar"
	"bnlab/cmd/internal/machine"
	"bnlab/train"
	"bnlab/train/experiment"
)

// freeMemory returns how much more memory this process may take. Tests set another.
var freeMemory = machine.Free

// enoughMemory returns an error for what needs more memory than is free: the system
// would end the process, and all that trains beside.
func enoughMemory(what string, bytes float64, advice string) error {
	if free := freeMemory(); bytes > float64(free.Bytes) {
		return usagef("%s takes %.3g GB of memory, this process may take %.3g GB (free of %s); %s",
			what, 1e-9*bytes, 1e-9*float64(free.Bytes), free.Of, advice)
	}
	return nil
}

// enoughToTrain is enoughMemory for trainings.
func enoughToTrain(bytes float64) error {
	return enoughMemory("training", bytes, "give fewer units a layer, images a batch or networks at once")
}

// enoughMemory is that for one training on the images. A batch of more images than
// there are is left for the training to refuse.
func (im *images) enoughMemory(c train.Config) error {
	c.Batch = min(c.Batch, im.Train.Len())
	return enoughToTrain(train.Bytes([]train.Config{c}, cifar.Dim, cifar.Classes))
}

// enoughMemoryFor is enoughMemory for workers that train the units of the trials:
// the largest ones may meet.
func enoughMemoryFor(trials []experiment.Trial, workers int) error {
	units := map[int][]train.Config{}
	for _, t := range trials {
		units[t.Unit] = append(units[t.Unit], t.Config)
	}
	var sizes []float64
	for _, configs := range units {
		sizes = append(sizes, train.Bytes(configs, cifar.Dim, cifar.Classes))
	}
	slices.Sort(sizes)
	sum := 0.0
	for _, size := range sizes[max(0, len(sizes)-workers):] {
		sum += size
	}
	return enoughToTrain(sum)
}
