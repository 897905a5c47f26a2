package experiment

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"bnlab/model"
	"bnlab/train"
	"bnlab/train/message"
)

// Compare plans the k-layer nets of each depth with and without batch normalisation,
// seeds trials each: experiments 2 and 3 of the study.
func Compare(base train.Config, depths []int, seeds int) ([]Trial, error) {
	if len(depths) == 0 {
		return nil, message.Fieldf("{depth}: give one or more of 2, 3, 9")
	}
	var trials []Trial
	for _, depth := range depths {
		hidden, err := train.HiddenOf(depth)
		if err != nil {
			return nil, err
		}
		for _, bn := range []bool{true, false} {
			c := base
			c.Hidden, c.BN = hidden, bn
			trials = append(trials, seeded(withBN(fmt.Sprintf("%d-layer", depth), bn), c, seeds)...)
		}
	}
	return trials, nil
}

// CoarseLambdas are the λ of the coarse search: 10^−5, 10^−4.5, … 10^−1.5.
func CoarseLambdas() []float64 {
	var lambdas []float64
	for e := -5.0; e <= -1.5; e += 0.5 {
		lambdas = append(lambdas, FourDigits(math.Pow(10, e)))
	}
	return lambdas
}

// FineLambdas draws n values between low and high, uniformly in their logarithm, and
// rounds them to four digits. A value that would then equal an earlier one keeps all
// its digits.
func FineLambdas(low, high float64, n int, seed uint64) []float64 {
	random := rand.New(rand.NewPCG(seed, 0x6c616d626461))
	lambdas, drawn := make([]float64, n), map[float64]bool{}
	for i := range lambdas {
		e := math.Log10(low) + random.Float64()*(math.Log10(high)-math.Log10(low))
		lambda := math.Pow(10, e)
		if short := FourDigits(lambda); !drawn[short] {
			lambda = short
		}
		lambdas[i], drawn[lambda] = lambda, true
	}
	return lambdas
}

// Search plans one group for each λ: experiment 4 of the study.
func Search(base train.Config, lambdas []float64, seeds int) []Trial {
	var trials []Trial
	for _, lambda := range lambdas {
		c := base
		c.Lambda = lambda
		trials = append(trials, seeded("lambda="+number(lambda), c, seeds)...)
	}
	return trials
}

// Sigma plans weights drawn from N(0, σ²) for each σ, with and without batch
// normalisation, seeds trials each: experiment 5 of the study.
func Sigma(base train.Config, sigmas []float64, seeds int) []Trial {
	var trials []Trial
	for _, sigma := range sigmas {
		for _, bn := range []bool{true, false} {
			c := base
			c.Init, c.Sigma, c.BN = model.Normal, sigma, bn
			trials = append(trials, seeded(withBN("sigma="+number(sigma), bn), c, seeds)...)
		}
	}
	return trials
}

// seeded returns a trial of the group for each of the seeds c.Seed, c.Seed+1, ….
func seeded(group string, c train.Config, seeds int) []Trial {
	trials := make([]Trial, seeds)
	first := c.Seed
	id := strings.NewReplacer("=", "-", " ", "-").Replace(strings.ToLower(group))
	for i := range trials {
		c.Seed = first + uint64(i)
		trials[i] = Trial{ID: fmt.Sprintf("%s-seed%d", id, c.Seed), Group: group, Config: c}
	}
	return trials
}

func withBN(name string, bn bool) string {
	if bn {
		return name + " BN"
	}
	return name
}

// number writes v in the shortest form that can be read back.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// FourDigits rounds v to four significant digits, so that names stay short.
func FourDigits(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	if err != nil {
		panic("experiment: number that cannot be read back")
	}
	return r
}
