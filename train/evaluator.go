package train

import (
	"context"

	"bnlab/blas"
	"bnlab/model"
)

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
