package train

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"bnlab/blas"
	"bnlab/model"
)

// Evaluation is what is looked at beside the study's evaluations. It does not touch the
// training: no bit of a network depends on it.
type Evaluation struct {
	Statistics    string  `json:"statistics" fuse:"own" off:"" group:"Methods" help:"statistics of batch normalisation to evaluate with, beside the running ones: precise, adaptive, batch, or several as precise+adaptive"`
	PreciseImages int     `json:"precise_images" fuse:"own" off:"0" group:"Methods" help:"first training images over which precise statistics are taken (0 = all)"`
	EvalBatch     int     `json:"eval_batch" fuse:"own" off:"0" group:"Methods" help:"images that statistics batch normalises together (0 = those of a mini-batch)"`
	Snapshots     bool    `json:"snapshots" fuse:"own" off:"false" group:"Methods" help:"keep the network at the end of each cycle too, beside the trained one"`
	Landscape     int     `json:"landscape" fuse:"own" off:"0" group:"Methods" help:"updates between two probes of loss and gradient along the gradient (0 = none)"`
	LandscapeTo   float64 `json:"landscape_to" fuse:"own" off:"4" group:"Methods" help:"how far they look, in learning rates times the gradient"`
}

// Kinds are the statistics that an evaluation may use beside the running ones.
var Kinds = []model.Statistics{model.Precise, model.Adaptive, model.OfBatch}

// kinds returns the statistics to evaluate with beside the running ones.
func (e Evaluation) kinds() (kinds []model.Statistics) {
	if e.Statistics == "" {
		return nil
	}
	for _, word := range strings.Split(e.Statistics, "+") {
		kinds = append(kinds, model.Statistics(word))
	}
	return kinds
}

func (c Config) checkEvaluation() error {
	kinds := c.kinds()
	for i, kind := range kinds {
		switch {
		case kind == model.Running:
			return badf("{statistics} %s: running is always there; leave it out", c.Statistics)
		case !slices.Contains(Kinds, kind):
			return badf("{statistics} %q: give precise, adaptive, batch, or several as precise+adaptive", c.Statistics)
		case slices.Contains(kinds[:i], kind):
			return badf("{statistics} %s: %s is there twice", c.Statistics, kind)
		}
	}
	precise, ofBatch := slices.Contains(kinds, model.Precise), slices.Contains(kinds, model.OfBatch)
	switch {
	case len(kinds) > 0 && !c.BN:
		return badf("{statistics} %s: only batch normalisation has statistics; give {bn}", c.Statistics)
	case c.PreciseImages != 0 && !precise:
		return badf("{precise_images} %d: needs {statistics} precise", c.PreciseImages)
	case precise && c.PreciseImages != 0 && c.PreciseImages < c.Batch:
		return badf("{precise_images} %d: give at least the %d of a mini-batch, or 0 for all training images", c.PreciseImages, c.Batch)
	case c.EvalBatch != 0 && !ofBatch:
		return badf("{eval_batch} %d: needs {statistics} batch", c.EvalBatch)
	case ofBatch && c.EvalBatch != 0 && (c.EvalBatch < 2 || c.EvalBatch > maxEvalBatch):
		return badf("{eval_batch} %d: give 2 to %d images, or 0 for as many as in a mini-batch", c.EvalBatch, maxEvalBatch)
	}
	return nil
}

// maxEvalBatch is far above any use, and below what takes all memory.
const maxEvalBatch = 1 << 16

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

// Measure says how the statistics of an evaluation come about.
type Measure struct {
	Kind   model.Statistics
	Images int // precise: how many of the first training images, in whole batches; 0 for all
	Batch  int // precise: images of a mini-batch in training; batch: of one in the evaluation
}

// measures are those of a configuration beside the running statistics.
func (c Config) measures() (all []Measure) {
	for _, kind := range c.kinds() {
		all = append(all, c.MeasureOf(kind))
	}
	return all
}

// MeasureOf returns how statistics of a kind come about with a configuration.
func (c Config) MeasureOf(kind model.Statistics) Measure {
	switch kind {
	case model.Precise:
		return Measure{kind, c.PreciseImages, c.normBatch()}
	case model.OfBatch:
		return Measure{kind, 0, cmp.Or(c.EvalBatch, c.normBatch())}
	}
	return Measure{Kind: kind}
}

// Evaluator evaluates a network with statistics of any kind. Rows of X (rows×d) is at
// least EvalRows and the images of a batch; Labels (rows) likewise.
type Evaluator[T blas.Float] struct {
	Net    *model.Network[T]
	Train  Source[T] // for precise statistics
	X      blas.Matrix[T]
	Labels []uint8
}

// Pass evaluates the first limit images of set (all for 0) in order. It calls use with logits,
// in the shape of model.Network.Forward, and labels, which are valid until it returns.
type Pass[T blas.Float] func(set Source[T], limit int, use func(logits blas.Matrix[T], labels []uint8))

// By has the network use statistics as m says for the passes within during, and then the
// running ones again. Adaptive statistics, and those of a batch, are of the images of a
// pass. If ctx ends, it stops early.
func (e Evaluator[T]) By(ctx context.Context, m Measure, during func(Pass[T])) {
	population := model.NewPopulation(e.Net)
	defer population.Restore()
	if m.Kind == model.Precise {
		e.measure(ctx, population, m)
	}
	during(func(set Source[T], limit int, use func(blas.Matrix[T], []uint8)) {
		n := imagesIn(set, limit)
		switch m.Kind {
		case model.OfBatch:
			e.byBatch(ctx, set, n, m.Batch, use)
			return
		case model.Adaptive:
			defer population.Restore()
			e.adapt(ctx, population, set, n)
		}
		e.visit(ctx, set, 0, n, EvalRows, func(x blas.Matrix[T], labels []uint8) { use(e.Net.Forward(x, model.Eval), labels) })
	})
}

// imagesIn returns how many images there are among the first limit of a set, all for 0.
func imagesIn[T blas.Float](set Source[T], limit int) int {
	if limit > 0 {
		return min(set.Len(), limit)
	}
	return set.Len()
}

// visit calls use with the images from up to, not including, to, so many at a time.
func (e Evaluator[T]) visit(ctx context.Context, set Source[T], from, to, rows int, use func(x blas.Matrix[T], labels []uint8)) {
	index := make([]int32, 0, rows)
	for ; from < to && ctx.Err() == nil; from += rows {
		index = index[:0]
		for i := from; i < min(from+rows, to); i++ {
			index = append(index, int32(i))
		}
		x, labels := e.X.RowBlock(0, len(index)), e.Labels[:len(index)]
		set.Gather(x, labels, index)
		use(x, labels)
	}
}

// measure takes precise statistics: of all layers at once, over whole mini-batches of the
// first training images, each normalised by itself.
func (e Evaluator[T]) measure(ctx context.Context, p *model.Population[T], m Measure) {
	n := imagesIn(e.Train, m.Images)
	e.visit(ctx, e.Train, 0, n-n%m.Batch, m.Batch, func(x blas.Matrix[T], _ []uint8) { p.Add(x, 0, p.Layers()) })
	if ctx.Err() == nil {
		p.Use(0, p.Layers())
	}
}

// adapt takes adaptive statistics of the first n images of a set: layer by layer, with
// those below normalised by theirs, so that a layer's are of what it is given.
func (e Evaluator[T]) adapt(ctx context.Context, p *model.Population[T], set Source[T], n int) {
	for l := range p.Layers() {
		e.visit(ctx, set, 0, n, EvalRows, func(x blas.Matrix[T], _ []uint8) { p.Add(x, l, l+1) })
		if ctx.Err() == nil {
			p.Use(l, l+1)
		}
	}
}

// byBatch evaluates the first n images of a set in batches that are normalised each by
// itself. What remains at the end is evaluated together with images before it that fill
// up a batch, since fewer images would have other statistics.
func (e Evaluator[T]) byBatch(ctx context.Context, set Source[T], n, batch int, use func(blas.Matrix[T], []uint8)) {
	rest := n % batch
	e.visit(ctx, set, 0, n-rest, batch, func(x blas.Matrix[T], labels []uint8) { use(e.Net.Forward(x, model.EvalBatch), labels) })
	if rest > 0 {
		e.visit(ctx, set, max(0, n-batch), n, batch, func(x blas.Matrix[T], labels []uint8) {
			use(lastColumns(e.Net.Forward(x, model.EvalBatch), rest), labels[len(labels)-rest:])
		})
	}
}

// lastColumns returns a copy of the last n columns.
func lastColumns[T blas.Float](m blas.Matrix[T], n int) blas.Matrix[T] {
	last := blas.New[T](m.Rows, n)
	for i := range m.Rows {
		copy(last.Row(i), m.Row(i)[m.Cols-n:])
	}
	return last
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

// measuresOf returns those of all configurations, each once.
func measuresOf(configs []Config) (all []Measure) {
	for _, c := range configs {
		for _, m := range c.measures() {
			if !slices.Contains(all, m) {
				all = append(all, m)
			}
		}
	}
	return all
}

// measureRows returns how many images go through the nets at a time in evaluations with
// other statistics than the running ones; 0 without any.
func measureRows(configs []Config) (rows int) {
	for _, m := range measuresOf(configs) {
		rows = max(rows, m.Batch, EvalRows)
	}
	return rows
}
