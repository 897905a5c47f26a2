package experiment

import (
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

// published lists the test accuracies of the study by group.
var published = map[string]float64{
	"3-layer BN":      0.5345,
	"3-layer":         0.529,
	"9-layer BN":      0.5142,
	"9-layer":         0.4286,
	"sigma=0.1 BN":    0.52,
	"sigma=0.1":       0.52,
	"sigma=0.001 BN":  0.52,
	"sigma=0.0001 BN": 0.52,
	"sigma=0.001":     0.10,
	"sigma=0.0001":    0.10,
}

// publishedFor returns the study's figure for a group of that name; nil if it has none,
// or if c does not train as the study did.
func publishedFor(group string, c train.Config) *Published {
	accuracy, ok := published[group]
	if !ok || !asPublished(c) {
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
	return train.CanShareBatches(d, c) && d.Lambda == c.Lambda &&
		d.EtaMin == c.EtaMin && d.EtaMax == c.EtaMax && d.Init == c.Init && d.Sigma == c.Sigma
}
