package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/train/claim"
)

// fewVariable names the environment variable that says what a program started by a
// test takes for the synthetic set, which takes longer to draw than a test should.
const fewVariable = "BNLAB_TEST_FEW"

// testSets are the sets by the values of the variable.
var testSets = map[string]func() cifar.Data{
	"1": few, "several": several, "mislabelled": mislabelled,
	"never": func() cifar.Data { // for a program that is busy and looks at nothing
		fmt.Fprintln(os.Stderr, "busy")
		time.Sleep(time.Minute)
		return few()
	},
}

func init() {
	if set := testSets[os.Getenv(fewVariable)]; set != nil {
		dataset.Synthetic = set
	}
	if beat, err := time.ParseDuration(os.Getenv(beatVariable)); err == nil {
		claim.Beat, claim.Patience = beat, 50*beat
	}
}

// beatVariable names the environment variable that says how often a program started by a
// test beats while it trains.
const beatVariable = "BNLAB_TEST_BEAT"

// mislabelled returns images of which one has a label of no class, as no reader lets
// through: a mistake of the program.
func mislabelled() cifar.Data {
	bad := few()
	bad.Train.Labels[7] = 200
	return bad
}

// few returns noise, lighter the higher the class.
func few() cifar.Data {
	random := rand.New(rand.NewPCG(1, 2))
	set := func(n int) cifar.Set {
		s := cifar.Set{Pixels: make([]byte, n*cifar.Dim), Labels: make([]uint8, n)}
		for i := range s.Labels {
			s.Labels[i] = uint8(i % cifar.Classes)
			for j := range s.Image(i) {
				s.Image(i)[j] = byte(random.IntN(160)) + 5*s.Labels[i]
			}
		}
		return s
	}
	return cifar.Data{Name: "synthetic", Digest: "few", Classes: cifar.ClassNames(), Train: set(500), Test: set(100)}
}

// several returns noise, more of it than few.
func several() cifar.Data {
	d := few()
	n := len(d.Train.Labels)
	for range 10 { // a gradient check takes the first images of all but 5000
		d.Train.Pixels = append(d.Train.Pixels, d.Train.Pixels[:n*cifar.Dim]...)
		d.Train.Labels = append(d.Train.Labels, d.Train.Labels[:n]...)
	}
	return d
}

// give makes data what the program in this process takes for the synthetic set.
func give(t *testing.T, data cifar.Data) {
	before := dataset.Synthetic
	dataset.Synthetic = func() cifar.Data { return data }
	t.Cleanup(func() { dataset.Synthetic = before })
}
