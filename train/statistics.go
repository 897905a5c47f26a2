package train

import (
	"cmp"
	"slices"
	"strings"

	"bnlab/model"
)

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
