package model

// Loss names what a net minimises, besides the L2 term.
type Loss string

// The losses. With each a net answers with the class of its highest logit.
const (
	Softmax Loss = "softmax" // cross-entropy of the softmax, the study's
	BCE     Loss = "bce"     // binary cross-entropy of a sigmoid for each class
	Hinge   Loss = "hinge"   // of the margins by which the true class leads; it has no probabilities
)

// Known reports whether there is such a loss.
func (l Loss) Known() bool { return l == Softmax || l == BCE || l == Hinge }

// HasProbabilities reports whether logits have a meaning as probabilities.
func (l Loss) HasProbabilities() bool { return l != Hinge }
