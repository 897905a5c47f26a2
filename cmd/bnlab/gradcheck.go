package main

import (
	"context"
	"errors"
	"fmt"

	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

type gradcheckOptions struct {
	Depth  []int      `flag:"depth" help:"network depths in layers: 2, 3 or 9"`
	Hidden []int      `flag:"hidden" help:"hidden layer sizes of one network, instead of --depth"`
	BN     bool       `flag:"bn" help:"use batch normalisation in the hidden layers"`
	All    bool       `flag:"all" help:"check every element"`
	Each   bool       `flag:"all-options" help:"check each network of bnlab study methods that has a gradient of its own, in place of one that flags describe"`
	Sample int        `flag:"sample" help:"elements checked per tensor, chosen at random"`
	Images int        `flag:"images" help:"images in the batch"`
	Lambda float64    `flag:"lambda" group:"Hyper-parameters" help:"λ of the L2 penalty"`
	BNEps  float64    `flag:"bn-eps" group:"Hyper-parameters" help:"ε of batch normalisation"`
	Seed   uint64     `flag:"seed" group:"Seeds, precision, evaluation" help:"seed of the weights and the sample"`
	Break  model.Kind `flag:"break" arg:"TENSOR" values:"W,b,gamma,beta" help:"make the analytic gradient of TENSOR (W, b, gamma, beta) wrong by 1 % to see the check fail"`
	train.Methods
	train.Normalisation
	shell.Format
	dataset.Options
}

func gradcheckCommand() *shell.Command {
	d := train.Default()
	return shell.New(shell.Command{
		Name:  "gradcheck",
		Usage: "compare the analytic gradients with central differences",
		Description: `Experiment 1 of the study: prints, for each tensor of each layer, the relative error
‖ga−gn‖/max(1e-6, ‖ga‖+‖gn‖) and the largest absolute difference between the analytic
gradient ga and the numerical gradient gn, in double precision, with batch statistics.
A tensor passes within 1e-6 relative or 1.5e-8 absolute. If the input of a ReLU (or
leaky ReLU) changes sign within the difference step, a smaller step is tried; if none
helps, the element is left out and counted as a kink. So is a frozen tensor, which has
no gradient.

Examples:
  bnlab gradcheck --depth 2,3 --bn
  bnlab gradcheck --depth 9 --bn --sample 50
  bnlab gradcheck --depth 2 --all
  bnlab gradcheck --all-options --images 50 --sample 10
  bnlab gradcheck --depth 3 --bn --activation gelu
  bnlab gradcheck --depth 3 --norm layer --skip 1
  bnlab gradcheck --depth 3 --bn --frozen W+b
  bnlab gradcheck --depth 2 --break gamma --bn     see it fail: exit code 3`,
	}, gradcheckOptions{
		Depth: []int{2, 3}, Sample: sweep.GradientSample, Images: 100,
		Lambda: d.Lambda, BNEps: d.BNEps, Seed: d.Seed, Methods: d.Methods, Normalisation: d.Normalisation, Options: dataset.Default(),
	}, "", gradcheck)
}

func gradcheck(ctx context.Context, call *shell.Call, o gradcheckOptions) error {
	configs, err := o.configs(call)
	if err != nil {
		return err
	}
	data, err := o.Open(configs[0], call.Note)
	if err != nil {
		return err
	}
	sample := o.Sample
	if o.All {
		sample = 0
	}
	sets := dataset.In[float64](data)
	report := experiment.GradientRecord{Format: experiment.Format, Origin: experiment.StartNow(build.Version(), data.Dataset(), train.F64)}
	for _, c := range configs {
		check, err := experiment.CheckNet(ctx, c, sets, sample, o.Break, machine.RoomToTrain)
		if errors.Is(err, model.ErrNotFinite) {
			err = fmt.Errorf("%w; try a smaller --lambda, or a larger --bn-eps", err)
		}
		if err != nil {
			return err
		}
		report.Add(check)
		if !o.JSON && !o.Each {
			results.PrintNetCheck(call.Out, data.Title(), c, check)
		}
	}
	report.EndNow()
	if o.Each && !o.JSON {
		results.PrintMethodChecks(call.Out, report.Gradients)
	}
	if o.JSON {
		if err := screen.JSON(call.Out, report); err != nil {
			return err
		}
	}
	if !report.OK {
		return fmt.Errorf("gradient %w: see the tensors marked FAIL", shell.ErrCheck)
	}
	return nil
}

// Check returns an error if flags are invalid or contradict each other.
func (o *gradcheckOptions) Check(call *shell.Call) error {
	for _, pair := range [][2]string{{"hidden", "depth"}, {"all", "sample"}} {
		if call.OnCommandLine(pair[0]) && call.OnCommandLine(pair[1]) {
			return shell.Usagef("--%s and --%s: give one of the two", pair[0], pair[1])
		}
	}
	for _, other := range []string{"hidden", "depth", "bn", "break", "lambda"} {
		if o.Each && call.OnCommandLine(other) {
			return shell.Usagef("--all-options and --%s: its networks are those of bnlab study methods; give one of the two", other)
		}
	}
	switch {
	case o.Sample < 1:
		return call.Bad("sample", "give at least 1, or --all")
	case o.Images < 1 || (o.BN || o.Norm == model.BatchNorm) && o.Images < 2:
		return call.Bad("images", "give at least 1, with --bn 2")
	case !o.BN && o.Norm == model.NoNorm && (o.Break == model.Gamma || o.Break == model.Beta):
		return call.Bad("break", "only networks with --bn have one")
	case o.Frozen.Has(0, o.Break):
		return call.Bad("break", "--frozen leaves it out")
	}
	return nil
}

// configs returns the configuration of each network selected by the flags.
func (o gradcheckOptions) configs(call *shell.Call) ([]train.Config, error) {
	if o.Each {
		var all []train.Config
		for _, c := range study.WithGradients() {
			c.BNEps, c.Batch, c.Seed, c.Precision = o.BNEps, o.Images, o.Seed, train.F64
			if err := c.Validate(); err != nil {
				return nil, err
			}
			all = append(all, c)
		}
		return all, nil
	}
	c := train.Default()
	c.BN, c.Lambda, c.BNEps, c.Methods, c.Normalisation = o.BN, o.Lambda, o.BNEps, o.Methods, o.Normalisation
	if err := sweep.Canonical(call, &c); err != nil {
		return nil, err
	}
	c.Batch, c.Seed, c.Precision = o.Images, o.Seed, train.F64
	hiddens := [][]int{o.Hidden}
	if !call.IsSet("hidden") {
		hiddens = nil
		for _, depth := range o.Depth {
			hidden, err := train.HiddenOf(depth)
			if err != nil {
				return nil, err
			}
			hiddens = append(hiddens, hidden)
		}
	}
	if len(hiddens) == 0 {
		return nil, call.Bad("depth", "give one or more of 2, 3, 9")
	}
	var all []train.Config
	for _, c.Hidden = range hiddens {
		if err := c.Validate(); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}
