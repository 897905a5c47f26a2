package train

import (
	"context"
	"slices"

	"bnlab/blas"
	"bnlab/model"
)

// evaluate returns the score of each net on the first limit images of set (all for 0),
// in evaluation mode.
func (f *fit[T]) evaluate(set Source[T], limit int) []model.Score {
	for k := range f.scores {
		f.scores[k] = model.Score{}
	}
	Evaluate(f.ctx, f.net, set, limit, f.x, f.labels, f.scores)
	return f.scores
}

// Evaluate scores net, in evaluation mode, on the first limit images of set (all for
// 0), and adds the results to scores, one per net. x (rows×d) and labels (rows) are
// workspace; rows is the number of images evaluated at a time. If ctx ends, it stops
// early.
func Evaluate[T blas.Float](ctx context.Context, net *model.Network[T], set Source[T], limit int, x blas.Matrix[T], labels []uint8, scores []model.Score) {
	n := set.Len()
	if limit > 0 {
		n = min(n, limit)
	}
	index := make([]int32, 0, x.Rows)
	for from := 0; from < n && ctx.Err() == nil; from += x.Rows {
		index = index[:0]
		for i := from; i < min(from+x.Rows, n); i++ {
			index = append(index, int32(i))
		}
		rows, y := x.RowBlock(0, len(index)), labels[:len(index)]
		set.Gather(rows, y, index)
		for k, s := range net.Score(rows, y, model.Eval) {
			scores[k].Add(s)
		}
	}
}

// point evaluates and tells the recorder.
func (f *fit[T]) point() {
	f.lap(&f.training)
	metrics, others := f.metrics(f.configs[0].EvalTrain), f.byStatistics(f.configs[0].EvalTrain, false)
	if f.ctx.Err() != nil {
		return // not all images were evaluated
	}
	for k, i := range f.trial {
		if f.results[i].Diverged = f.results[i].Diverged || !metrics[k].finite(); f.results[i].Diverged {
			continue
		}
		p := Point{
			Step:    f.done,
			Epoch:   float64(f.done) / float64(f.order.perEpoch()),
			Eta:     f.configs[i].Eta(f.done - 1),
			Metrics: metrics[k], ByStatistics: others[k],
		}
		f.curves[i] = append(f.curves[i], p)
		f.rec.Point(i, p)
	}
	f.lap(&f.evals)
}

// metrics returns those of each net, of the first limit training images and all
// of the validation set.
func (f *fit[T]) metrics(limit int) []Metrics {
	ms := make([]Metrics, len(f.trial))
	for k, s := range f.evaluate(f.data.Train, limit) {
		m := &ms[k]
		m.TrainLoss, m.TrainAcc = s.MeanLoss(), s.Accuracy()
		m.TrainCost = s.MeanCost() + f.penalty(k)
	}
	for k, s := range f.evaluate(f.data.Val, 0) {
		m := &ms[k]
		m.ValLoss, m.ValAcc = s.MeanLoss(), s.Accuracy()
		m.ValCost = s.MeanCost() + f.penalty(k)
	}
	return ms
}

// penalty returns the L2 term of net k's cost.
func (f *fit[T]) penalty(k int) float64 { return f.lambda[k] * f.net.Penalty(k) }

// finite reports whether the numbers are; accuracies always are.
func (m Metrics) finite() bool { return finite(m.TrainCost) && finite(m.ValCost) }

// finish evaluates the trained nets and fills in the results.
func (f *fit[T]) finish() {
	f.lap(&f.training)
	metrics := make([]Metrics, len(f.trial))
	test, others := make([]*TestMetrics, len(f.trial)), make([]ByStatistics, len(f.trial))
	if !f.allDiverged() {
		metrics, others = f.metrics(0), f.byStatistics(0, !f.configs[0].NoTest)
	}
	if !f.allDiverged() && !f.configs[0].NoTest {
		for k, s := range f.evaluate(f.data.Test, 0) {
			test[k] = &TestMetrics{TestLoss: s.MeanLoss(), TestCost: s.MeanCost() + f.penalty(k), TestAcc: s.Accuracy()}
		}
	}
	f.lap(&f.evals)
	f.tellSeconds()
	for k, i := range f.trial {
		r := &f.results[i]
		r.Mixed = f.net.Mixed(f.configs[0].Batch)
		sound := metrics[k].finite() && f.net.Finite(k) && (test[k] == nil || finite(test[k].TestCost))
		if r.Diverged = r.Diverged || !sound; !r.Diverged {
			r.Final = &Final{metrics[k], test[k], others[k]}
		}
	}
}

// byStatistics returns the results of each net with the statistics that its configuration
// asks for, of the first limit training images, the validation images and, in the end, the
// test images. Those of one kind are taken of all nets side by side.
func (f *fit[T]) byStatistics(limit int, test bool) []ByStatistics {
	all := make([]ByStatistics, len(f.trial))
	for _, m := range f.measures {
		f.evaluator.By(f.ctx, m, func(pass Pass[T]) {
			score := func(set Source[T], limit int) []model.Score {
				scores := make([]model.Score, len(f.trial))
				pass(set, limit, func(logits blas.Matrix[T], labels []uint8) {
					for k, s := range f.net.ScoreLogits(logits, labels) {
						scores[k].Add(s)
					}
				})
				return scores
			}
			sets := [][]model.Score{score(f.data.Train, limit), score(f.data.Val, 0)}
			if test {
				sets = append(sets, score(f.data.Test, 0))
			}
			for k, i := range f.trial {
				if slices.Contains(f.configs[i].measures(), m) {
					*all[k].place(m.Kind) = measuredOf(k, sets...)
				}
			}
		})
	}
	return all
}

// measuredOf returns the results of net k on each set; nil where a loss is not finite.
func measuredOf(k int, sets ...[]model.Score) *Measured {
	for _, set := range sets {
		if !finite(set[k].Loss) {
			return nil
		}
	}
	train, val := sets[0][k], sets[1][k]
	m := &Measured{TrainLoss: train.MeanLoss(), TrainAcc: train.Accuracy(), ValLoss: val.MeanLoss(), ValAcc: val.Accuracy()}
	if len(sets) > 2 {
		m.MeasuredTest = &MeasuredTest{sets[2][k].MeanLoss(), sets[2][k].Accuracy()}
	}
	return m
}
