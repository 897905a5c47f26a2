package train

import (
	"errors"

	"bnlab/train/message"
)

// ErrConfig is wrapped by every error of Validate.
var ErrConfig = errors.New("configuration")

// configError is a [message.FieldError] about a Config.
type configError struct{ error }

func (e configError) Unwrap() []error { return []error{e.error, ErrConfig} }

func badf(format string, args ...any) error { return configError{message.Fieldf(format, args...)} }

// Limits on units per layer, layers, weights between hidden layers (1 GB in f32),
// steps and evaluations: far above any use, far below overflow, and what a reader of
// a plan or a curve must be able to hold. Bytes reports whether a host has the memory.
const (
	maxUnits   = 1 << 16
	maxLayers  = 1 << 10
	maxWeights = 1 << 28
	maxSteps   = 1 << 30
	maxEvals   = 1 << 16
)
