package shell

import "bnlab/blas"

// Options of many commands, which embed them in theirs.

// Format selects how a command prints its result.
type Format struct {
	JSON bool `flag:"json" group:"General" help:"print exactly one JSON object on stdout"`
}

// Backend selects what computes the products.
type Backend struct {
	Backend string `flag:"backend" values:"openblas,onednn" group:"General" help:"what computes the products in f32 and bf16: openblas, the default, or onednn, which is faster where bnlab info lists it; in f64 always openblas"`
}

// use makes that compute them.
func (b Backend) use(call *Call) error {
	if err := blas.UseEngine(b.Backend); err != nil {
		return call.Bad("backend", "%v", err)
	}
	return nil
}

// Progress selects whether a command shows progress.
type Progress struct {
	Quiet bool `flag:"quiet" group:"General" help:"print no progress on stderr"`
}
