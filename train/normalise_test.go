package train

import (
	"testing"

	"bnlab/model"
)

// TestSetNorm: a configuration has one form of each normalisation, whatever it was before.
func TestSetNorm(t *testing.T) {
	for _, before := range []model.Norm{model.NoNorm, model.BatchNorm, model.LayerNorm} {
		for norm, want := range map[model.Norm]struct {
			bn   bool
			norm model.Norm
		}{
			model.NoNorm:    {false, model.NoNorm},
			model.BatchNorm: {true, model.NoNorm},
			model.LayerNorm: {false, model.LayerNorm},
		} {
			c := Default()
			c.SetNorm(before)
			c.SetNorm(norm)
			if c.BN != want.bn || c.Norm != want.norm || c.Normalised() != norm || c.Validate() != nil {
				t.Errorf("%s after %s: bn %v, norm %s, %v", norm, before, c.BN, c.Norm, c.Validate())
			}
		}
	}
}
