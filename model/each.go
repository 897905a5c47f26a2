package model

// Each holds the numbers of one net that nets side by side need not have in common, apart
// from η and λ, which a step is given. The zero value is the study's.
type Each struct {
	Loss      Loss    // what is minimised; empty for Softmax
	Smoothing float64 // ε of label smoothing; 0 with the loss Hinge
	Dropout   float64 // probability with which a unit is dropped, for each image
	Seed      uint64  // of what is dropped, and of noise

	Ghost int  // images of a group of which batch normalisation takes statistics; 0 for the mini-batch
	Noisy bool // batch normalisation has noise after it

	Momentum float64 // μ of SGD; positive in all nets or in none
	Nesterov bool    // look ahead along the velocity
	Beta1    float64 // β₁ of Adam
	Beta2    float64 // β₂ of Adam
	AdamEps  float64 // ε of Adam, outside the root
	DecayAll bool    // λ applies to γ, β and b too, not only to W
}
