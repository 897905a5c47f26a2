package model

import (
	"strconv"
	"strings"
)

// lastLinear returns the greatest index in PyTorch's Sequential of a module whose weights are a
// matrix.
func (r *reader) lastLinear() (last int) {
	for name, info := range r.tensors {
		module, isWeight := strings.CutSuffix(name, ".weight")
		if m, err := strconv.Atoi(module); err == nil && isWeight && len(info.Shape) == 2 && strconv.Itoa(m) == module {
			last = max(last, m)
		}
	}
	return last
}

// norm takes the normalisation, if any, that follows the Linear m of out units, in front of
// the activation or behind it as in all layers, and returns the index of the next Linear.
func (r *reader) norm(s *Saved, m, out int) (next int) {
	normalised := len(s.NormLayers) > 0
	at := 0
	switch {
	case r.has(m+1) && !(normalised && s.NormAfter):
		at = m + 1
	case r.isNorm(m+2) && !(normalised && !s.NormAfter):
		at = m + 2
	default:
		s.tracked = append(s.tracked, 0)
		return m + 2
	}
	if !normalised {
		s.NormAfter, s.BatchNorm = at == m+2, r.hasStatistics(at)
		s.LayerNorm = !s.BatchNorm
	}
	s.NormLayers = append(s.NormLayers, len(s.Hidden))
	s.values = append(s.values, r.floats(at, "weight", out), r.floats(at, "bias", out))
	count := int64(0)
	if s.BatchNorm {
		s.values = append(s.values, r.floats(at, "running_mean", out), r.floats(at, "running_var", out))
		count = r.count(at, "num_batches_tracked")
	}
	s.tracked = append(s.tracked, count)
	return m + 3
}

// has reports whether module m has a tensor that is not yet taken.
func (r *reader) has(m int) bool {
	for _, kind := range []string{"weight", "bias"} {
		if r.tensors[strconv.Itoa(m)+"."+kind] != nil {
			return true
		}
	}
	return r.hasStatistics(m)
}

// hasStatistics reports whether module m has one of the tensors of a BatchNorm1d that a
// LayerNorm lacks.
func (r *reader) hasStatistics(m int) bool {
	for _, kind := range []string{"running_mean", "running_var", "num_batches_tracked"} {
		if r.tensors[strconv.Itoa(m)+"."+kind] != nil {
			return true
		}
	}
	return false
}

// isNorm reports whether module m is a normalisation, not a Linear.
func (r *reader) isNorm(m int) bool {
	weight := r.tensors[strconv.Itoa(m)+".weight"]
	return r.hasStatistics(m) || weight != nil && len(weight.Shape) == 1
}
