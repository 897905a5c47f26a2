package train

import "bnlab/model"

// Methods are what a network computes beyond the study. A tag off holds the value with
// which a method is off: then nothing is computed differently, and no record names it.
type Methods struct {
	Activation model.Activation `json:"activation" off:"relu" group:"Methods" values:"relu,leaky,gelu,tanh,sigmoid" help:"function between the layers"`
	Dropout    float64          `json:"dropout" fuse:"own" off:"0" group:"Methods" help:"probability with which a hidden unit is dropped in training, for each image"`
	Loss       model.Loss       `json:"loss" fuse:"own" off:"softmax" group:"Methods" values:"softmax,bce,hinge" help:"what is minimised: cross-entropy of the softmax or of a sigmoid for each class, or the multi-class hinge loss"`
	Smoothing  float64          `json:"smoothing" fuse:"own" off:"0" group:"Methods" help:"label smoothing ε: the target is (1−ε)·onehot + ε/K"`
	Decay      string           `json:"decay" fuse:"own" off:"weights" group:"Methods" values:"weights,all" help:"what λ applies to: weights alone, or all parameters"`
	Frozen     model.Frozen     `json:"frozen" off:"none" group:"Methods" help:"tensors that no step changes: none, W, b, gamma or beta of all layers, or as 1.W of one; several as W+1.b"`
	Skip       int              `json:"skip" off:"0" group:"Methods" help:"add to the input of a hidden layer the output of the one 1 or 2 layers below, where the widths are equal; 0 for no skips"`
}

// Normalisation is how the hidden layers normalise, beyond the study's batch normalisation.
type Normalisation struct {
	Norm       model.Norm `json:"norm" off:"none" group:"Methods" values:"none,batch,layer" help:"normalisation of the hidden layers; batch is the same as bn"`
	NormAfter  bool       `json:"norm_after" off:"false" group:"Methods" help:"normalise after the activation, not before"`
	NormLayers []int      `json:"norm_layers" off:"null" group:"Methods" help:"hidden layers that normalise, 1 for the first; all if empty"`
	Ghost      int        `json:"ghost" fuse:"own" off:"0" group:"Methods" help:"images of a group, of which batch normalisation takes its statistics instead of the mini-batch"`
	Noisy      bool       `json:"noisy" fuse:"own" off:"false" group:"Methods" help:"after batch normalisation, scale and shift by noise that changes with every update"`
}

// Optimisation is what turns gradients into steps, beyond the study's descent.
type Optimisation struct {
	Optimiser model.Optimiser `json:"optimiser" off:"sgd" group:"Methods" values:"sgd,adam,adamw" help:"what turns gradients into steps; λ of adamw shrinks by λ·η, apart from the gradient"`
	Momentum  float64         `json:"momentum" fuse:"on" off:"0" group:"Methods" help:"momentum of sgd"`
	Nesterov  bool            `json:"nesterov" fuse:"own" off:"false" group:"Methods" help:"Nesterov's momentum"`
	Beta1     float64         `json:"beta1" fuse:"own" off:"0.9" group:"Methods" help:"β₁ of adam and adamw"`
	Beta2     float64         `json:"beta2" fuse:"own" off:"0.999" group:"Methods" help:"β₂ of adam and adamw"`
	AdamEps   float64         `json:"adam_eps" fuse:"own" off:"1e-8" group:"Methods" help:"ε of adam and adamw, outside the root"`
}

// Scheduling says how the learning rate goes through a training, beyond the study's
// cycles.
type Scheduling struct {
	Schedule    string  `json:"schedule" fuse:"own" off:"cyclical" group:"Methods" values:"cyclical,cosine,linear,step,constant,range" help:"how the learning rate goes; but for cycles down from the maximum, range up to it in a log scale"`
	Warmup      int     `json:"warmup" off:"0" group:"Methods" help:"steps before the schedule, in which the learning rate rises linearly to its first"`
	CycleGrowth float64 `json:"cycle_growth" off:"1" group:"Methods" help:"factor by which each cycle is longer than the one before"`
	CycleDecay  float64 `json:"cycle_decay" fuse:"own" off:"1" group:"Methods" help:"factor of what the maximum learning rate has above the minimum, from cycle to cycle"`
	StepEvery   int     `json:"step_every" fuse:"own" off:"0" group:"Methods" help:"steps after which schedule step multiplies the learning rate"`
	StepFactor  float64 `json:"step_factor" fuse:"own" off:"0.1" group:"Methods" help:"factor by which it does"`
}

// Augmentation is what training changes of the images of a mini-batch, the same for all
// nets side by side, in this order. Evaluation sees them as they are. What happens to an image is
// a function of the shuffling seed, the epoch and the image; input dropout's is of the place in
// the mini-batch.
type Augmentation struct {
	Flip         bool    `json:"flip" off:"false" group:"Methods" help:"mirror each training image, left to right, with probability 1/2"`
	Shift        int     `json:"shift" off:"0" group:"Methods" help:"move each training image by up to so many pixels, across and down; the training mean comes in"`
	Noise        float64 `json:"noise" off:"0" group:"Methods" help:"standard deviation of Gaussian noise added to each number of a training image, after standardisation"`
	InputDropout float64 `json:"input_dropout" off:"0" group:"Methods" help:"probability with which a number of an image is dropped in training"`
}

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
