package train

import (
	"math"

	"bnlab/model"
)

// ByStatistics are results with other statistics of batch normalisation than the running
// ones: nil for those that are not asked for, or with which a loss is not finite.
type ByStatistics struct {
	Precise  *Measured `json:"precise,omitempty"`
	Adaptive *Measured `json:"adaptive,omitempty"`
	Batch    *Measured `json:"batch,omitempty"`
}

// Measured are the results of a net with one kind of statistics, of the same images as its
// Metrics.
type Measured struct {
	TrainLoss float64 `json:"train_loss"`
	TrainAcc  float64 `json:"train_acc"`
	ValLoss   float64 `json:"val_loss"`
	ValAcc    float64 `json:"val_acc"`
	*MeasuredTest
}

// MeasuredTest are those of the test images: nil during the training, as TestMetrics.
type MeasuredTest struct {
	TestLoss float64 `json:"test_loss"`
	TestAcc  float64 `json:"test_acc"`
}

// Of returns the results with statistics of that kind, nil where there are none.
func (b ByStatistics) Of(kind model.Statistics) *Measured { return *b.place(kind) }

func (b *ByStatistics) place(kind model.Statistics) **Measured {
	return map[model.Statistics]**Measured{model.Precise: &b.Precise, model.Adaptive: &b.Adaptive, model.OfBatch: &b.Batch}[kind]
}

// sound reports whether an evaluation can produce these numbers.
func (b ByStatistics) sound() bool {
	const most = math.MaxFloat64
	for _, kind := range Kinds {
		m := b.Of(kind)
		if m != nil && (!sound(most, m.TrainLoss, m.ValLoss) || !sound(1, m.TrainAcc, m.ValAcc)) {
			return false
		}
		if m != nil && m.MeasuredTest != nil && (!sound(most, m.TestLoss) || !sound(1, m.TestAcc)) {
			return false
		}
	}
	return true
}
