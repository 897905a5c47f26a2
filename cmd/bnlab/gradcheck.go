package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// gradcheckSample is how many elements of a tensor are checked. Tests of other things
// check fewer.
var gradcheckSample = 100

func gradcheckCommand() *cli.Command {
	d := train.Default()
	return &cli.Command{
		Name:  "gradcheck",
		Usage: "compare the analytic gradients with central differences",
		Description: `Experiment 1 of the study: for each tensor of each layer, the relative error
‖ga−gn‖/max(1e-6, ‖ga‖+‖gn‖) and the largest absolute difference between the
analytic gradient ga and the numeric one gn, in double precision, with the
statistics of the batch. A tensor holds within 1e-6 relative or 1.5e-8 absolute.
Where a ReLU changes sides within the difference, a smaller one is taken; an
element where none helps is left out and counted as a kink.

Examples:
  bnlab gradcheck --depth 2,3 --bn
  bnlab gradcheck --depth 9 --bn --sample 50
  bnlab gradcheck --depth 2 --all
  bnlab gradcheck --depth 2 --break gamma --bn     see it fail: exit code 3`,
		Flags: append([]cli.Flag{
			textFlag("depth", "2,3", "layers of the networks: of 2, 3, 9"),
			textFlag("hidden", "", "hidden layers of one network, in place of --depth"),
			boolFlag("bn", "batch normalisation of the hidden layers"),
			boolFlag("all", "check every element"),
			intFlag("sample", gradcheckSample, "elements checked a tensor, at random"),
			intFlag("images", 100, "images in the batch"),
			floatFlag("lambda", d.Lambda, "λ of the L2 term"),
			floatFlag("bn-eps", d.BNEps, "ε of batch normalisation"),
			seedFlag("seed", d.Seed, "seed of the weights and of the sample"),
			textFlag("break", "", "spoil the analytic gradient of `TENSOR` (W, b, gamma, beta) by 1 % to see the check fail"),
			jsonFlag(),
		}, dataFlags()...),
		Action: gradcheck,
	}
}

func gradcheck(ctx *cli.Context) error {
	if err := noArguments(ctx); err != nil {
		return err
	}
	c, err := gradcheckConfig(ctx)
	if err != nil {
		return err
	}
	hiddens, err := hiddensOf(ctx)
	if err != nil {
		return err
	}
	for _, hidden := range hiddens {
		c.Hidden = hidden
		if err := c.Validate(); err != nil {
			return err
		}
	}
	data, err := openData(ctx, c)
	if err != nil {
		return err
	}
	sample := ctx.Int("sample")
	if ctx.Bool("all") {
		sample = 0
	}
	report := experiment.GradientRecord{Format: experiment.Format, Origin: experiment.StartNow(programVersion(), data.dataset())}
	for _, c.Hidden = range hiddens {
		check, err := checkNet(ctx.Context, c, data, sample, model.Kind(ctx.String("break")))
		if err != nil {
			return err
		}
		report.Add(check)
		if !ctx.Bool("json") {
			printNetCheck(ctx.App.Writer, data, c, check)
		}
	}
	report.EndNow()
	if ctx.Bool("json") {
		if err := printJSON(ctx.App.Writer, report); err != nil {
			return err
		}
	}
	if !report.OK {
		return fmt.Errorf("gradient %w: see the tensors marked FAIL", errCheck)
	}
	return nil
}

func gradcheckConfig(ctx *cli.Context) (train.Config, error) {
	c := train.Default()
	c.BN, c.Lambda, c.BNEps = ctx.Bool("bn"), ctx.Float64("lambda"), ctx.Float64("bn-eps")
	c.Batch, c.Seed, c.Precision = ctx.Int("images"), ctx.Uint64("seed"), train.F64
	for _, pair := range [][2]string{{"hidden", "depth"}, {"all", "sample"}} {
		if onCommandLine(ctx, pair[0]) && onCommandLine(ctx, pair[1]) {
			return c, usagef("--%s and --%s: give one of the two", pair[0], pair[1])
		}
	}
	if n := ctx.Int("sample"); n < 1 {
		return c, usagef("--sample %d: give at least 1, or --all", n)
	}
	if c.Batch < 1 || c.BN && c.Batch < 2 {
		return c, usagef("--images %d: give at least 1, with --bn 2", c.Batch)
	}
	switch kind := model.Kind(ctx.String("break")); kind {
	case "", model.Weight, model.Bias:
	case model.Gamma, model.Beta:
		if !c.BN {
			return c, usagef("--break %s: only networks with --bn have one", kind)
		}
	default:
		return c, usagef("--break %q: give W, b, gamma or beta", kind)
	}
	return c, nil
}

// hiddensOf returns the hidden layers of each network that the flags name.
func hiddensOf(ctx *cli.Context) ([][]int, error) {
	if ctx.IsSet("hidden") {
		hidden, err := splitInts("--hidden", ctx.String("hidden"))
		return [][]int{hidden}, err
	}
	depths, err := splitInts("--depth", ctx.String("depth"))
	if err != nil {
		return nil, err
	}
	if len(depths) == 0 {
		return nil, usagef("--depth: give one or more of 2, 3, 9")
	}
	var hiddens [][]int
	for _, depth := range depths {
		hidden, err := train.HiddenOf(depth)
		if err != nil {
			return nil, usageError(err.Error())
		}
		hiddens = append(hiddens, hidden)
	}
	return hiddens, nil
}

// checkNet checks the gradients of one network on the first training images: sample
// elements of each tensor, 0 for all, those of the kind broken spoilt before.
func checkNet(ctx context.Context, c train.Config, data *images, sample int, broken model.Kind) (check experiment.NetCheck, err error) {
	set := trainData[float64](data).Train
	if set.Len() < c.Batch {
		return check, usagef("--images %d: only %s", c.Batch, message.Count(set.Len(), "training image"))
	}
	spec := model.Spec{
		In: cifar.Dim, Hidden: c.Hidden, Out: cifar.Classes, Nets: 1,
		Eps: c.BNEps, Alpha: c.BNAlpha, MaxRows: c.Batch,
	}
	if c.BN {
		spec.BatchNorm = 1
	}
	if err := enoughToTrain(8 * (spec.Elements() + float64(c.Batch)*cifar.Dim)); err != nil {
		return check, err
	}
	net, err := model.New[float64](spec)
	if err != nil {
		return check, err
	}
	if err := net.Init(0, c.Init, c.Sigma, c.Seed); err != nil {
		return check, err
	}
	x, labels, index := blas.New[float64](c.Batch, cifar.Dim), make([]uint8, c.Batch), make([]int32, c.Batch)
	for i := range index {
		index[i] = int32(i)
	}
	set.Gather(x, labels, index)
	net.Gradient(x, labels, []float64{c.Lambda})
	spoil(net, broken)

	check = experiment.NetCheck{Depth: len(c.Hidden) + 1, BN: c.BN, OK: true}
	check.Tensors, err = model.CheckGradient(ctx, net, 0, x, labels, c.Lambda, sample, c.Seed)
	for _, t := range check.Tensors {
		check.OK = check.OK && t.OK
	}
	if errors.Is(err, model.ErrNotFinite) {
		err = fmt.Errorf("%w; try a smaller --lambda, or a larger --bn-eps", err)
	}
	return check, err
}

// spoil makes the analytic gradients of one kind of tensor wrong by 1 %.
func spoil(net *model.Network[float64], kind model.Kind) {
	for _, t := range net.Tensors(0) {
		if t.Kind == kind && t.Grad != nil {
			for i := range t.Grad {
				t.Grad[i] = 1.01*t.Grad[i] + 1e-6
			}
		}
	}
}

func printNetCheck(w io.Writer, data *images, c train.Config, check experiment.NetCheck) {
	name := fmt.Sprintf("%d-layer network", check.Depth)
	if check.BN {
		name += " with batch normalisation"
	}
	fmt.Fprintf(w, "%s: %s of %s, hidden %s\n", name, message.Count(c.Batch, "image"), data.title(), joinInts(c.Hidden))
	t := newTable(w, 1, "layer", "tensor", "checked", "of", "kinks", "relative error", "max |difference|", "")
	tiny := false
	for _, c := range check.Tensors {
		verdict := paint(w, good, "ok")
		if c.OK && c.RelErr > model.MaxRelErr {
			tiny, verdict = true, "* "+verdict
		}
		if !c.OK {
			verdict = paint(w, bad, "FAIL")
		}
		t.AppendRow([]any{c.Layer, c.Name, c.Checked, c.Of, c.Kinks,
			fmt.Sprintf("%.1e", c.RelErr), fmt.Sprintf("%.1e", c.MaxAbsDiff), verdict})
	}
	t.Render()
	if tiny {
		fmt.Fprintf(w, "* by the absolute limit of %.1e: the gradient is nearly zero, as that of a bias before batch normalisation\n", model.MaxAbsDiff)
	}
	fmt.Fprintln(w)
}
