package experiment

import (
	"reflect"
	"slices"

	"bnlab/model"
	"bnlab/train"
)

// Published holds the figures of the study that this project repeats (report for KTH's
// course DD2424, 6 May 2022), from one seed. A figure that the report does not give is
// nil.
type Published struct {
	TestAcc *float64 `json:"test_acc"`
	ValAcc  *float64 `json:"val_acc"`
}

// figures are test accuracies with and without batch normalisation.
type figures struct{ bn, plain float64 }

// publishedDepths and publishedSigmas are the figures of the study by the layers of a
// network and by σ of the initial weights.
var (
	publishedDepths = map[int]figures{3: {0.5345, 0.529}, 9: {0.5142, 0.4286}}
	publishedSigmas = map[float64]figures{0.1: {0.52, 0.52}, 0.001: {0.52, 0.10}, 0.0001: {0.52, 0.10}}
)

// publishedFor returns the study's figure for a configuration; nil if the study has not
// trained such networks.
func publishedFor(c train.Config) *Published {
	if !asPublished(c) {
		return nil
	}
	found, ok := publishedSigmas[c.Sigma]
	if c.Init != model.Normal {
		layers := len(c.Hidden) + 1
		hidden, err := train.HiddenOf(layers)
		found, ok = publishedDepths[layers]
		ok = ok && err == nil && slices.Equal(hidden, c.Hidden)
	}
	accuracy := found.plain
	if c.BN {
		accuracy = found.bn
	}
	if !ok {
		return nil
	}
	return &Published{TestAcc: &accuracy}
}

// asPublished reports whether c trains as the study did, apart from depth, batch
// normalisation, seed, precision and the number of evaluations.
func asPublished(c train.Config) bool {
	d := train.Default()
	d.BN, d.Seed, d.OrderSeed = c.BN, c.Seed, c.OrderSeed
	d.Precision, d.Evals, d.EvalTrain = c.Precision, c.Evals, c.EvalTrain
	if c.Init == model.Normal {
		d.Init, d.Sigma, d.NS = c.Init, c.Sigma, 900 // of 3-layer networks alone
	} else {
		d.Hidden = c.Hidden
	}
	return reflect.DeepEqual(d, c)
}
