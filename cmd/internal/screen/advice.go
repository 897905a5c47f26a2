package screen

import (
	"strings"

	"bnlab/train"
)

// Advice says what to try after trainings of an experiment, empty for a single one,
// have diverged, in terms of its flags.
func Advice(experiment string, causes ...train.Cause) string {
	lambda, weights := "--lambda", "--sigma, or --init he"
	switch experiment {
	case "lambda":
		lambda = "--lambdas"
	case "sigma":
		weights = "--sigmas"
	}
	var advice []string
	for _, cause := range causes {
		switch cause {
		case train.DecayDiverges:
			advice = append(advice, "2λη is above 2: try a smaller "+lambda+", or a smaller --eta-max")
		case train.WeightsTooWide:
			advice = append(advice, "the initial weights are too large: try a smaller "+weights)
		case train.RateTooHigh:
			advice = append(advice, "try a smaller --eta-max")
		}
	}
	return strings.Join(advice, "; ")
}
