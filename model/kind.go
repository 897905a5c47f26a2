package model

// Kind is the role of a tensor in its layer, named as in the formulas.
type Kind string

// The tensors of a layer in order; the last two are not parameters.
const (
	Weight  Kind = "W"
	Bias    Kind = "b"
	Gamma   Kind = "gamma"
	Beta    Kind = "beta"
	RunMean Kind = "running_mean"
	RunVar  Kind = "running_var"
)
