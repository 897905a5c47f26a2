package main

import (
	"github.com/urfave/cli/v2"

	"bnlab/model"
	"bnlab/train"
)

func textFlag(name, value, usage string) cli.Flag {
	return &cli.StringFlag{Name: name, Value: value, Usage: usage, EnvVars: env(name)}
}

func intFlag(name string, value int, usage string) cli.Flag {
	return numberFlag(name, value, usage, parseInt)
}

func seedFlag(name string, value uint64, usage string) cli.Flag {
	return numberFlag(name, value, usage, parseSeed)
}

func floatFlag(name string, value float64, usage string) cli.Flag {
	return numberFlag(name, value, usage, parseFloat)
}

func boolFlag(name, usage string) cli.Flag {
	return &cli.BoolFlag{Name: name, Usage: usage, EnvVars: env(name), DisableDefaultText: true}
}

// netFlags say which network is meant.
func netFlags() []cli.Flag {
	d := train.Default()
	return []cli.Flag{
		textFlag("hidden", joinInts(d.Hidden), "units of each hidden layer, first to last; empty for none"),
		boolFlag("bn", "batch normalisation of the hidden layers"),
	}
}

// hyperFlags are the hyper-parameters of a training, but for the network, with
// the defaults of d.
func hyperFlags(d train.Config) []cli.Flag {
	return []cli.Flag{
		floatFlag("lambda", d.Lambda, "λ of the L2 term λ·Σ‖W‖²"),
		floatFlag("eta-min", d.EtaMin, "lowest learning rate of a cycle"),
		floatFlag("eta-max", d.EtaMax, "highest learning rate of a cycle"),
		intFlag("ns", d.NS, "steps of half a cycle"),
		intFlag("cycles", d.Cycles, "cycles to train"),
		intFlag("batch", d.Batch, "images a mini-batch"),
		textFlag("init", string(d.Init), "initial weights: he, xavier or normal"),
		floatFlag("sigma", 0, "standard deviation of the initial weights; implies --init normal"),
		floatFlag("bn-eps", d.BNEps, "ε of batch normalisation"),
		floatFlag("bn-alpha", d.BNAlpha, "α of the running statistics"),
		intFlag("val", d.Val, "last training images set aside for validation"),
		intFlag("train-size", d.TrainSize, "use only the first so many training images; 0 for all"),
		intFlag("test-size", d.TestSize, "use only the first so many test images; 0 for all"),
		textFlag("precision", string(d.Precision), "f32 or f64"),
		seedFlag("seed", d.Seed, "seed of the initial weights, the first of several"),
		seedFlag("order-seed", d.OrderSeed, "seed of the order of the images, the same for all trials; 0 for each trial's own"),
		intFlag("evals", d.Evals, "points of the loss curve a cycle"),
		intFlag("eval-train", d.EvalTrain, "training images behind a point of the curve; 0 for all"),
	}
}

// configOf reads the flags of netFlags, where the command has them, and of
// hyperFlags.
func configOf(ctx *cli.Context) (train.Config, error) {
	c := train.Default()
	if hidden, err := splitInts("--hidden", ctx.String("hidden")); err != nil {
		return c, err
	} else if hasFlag(ctx, "hidden") {
		c.Hidden = hidden
	}
	c.BN = ctx.Bool("bn")
	if hasFlag(ctx, "lambda") {
		c.Lambda = ctx.Float64("lambda")
	}
	c.EtaMin, c.EtaMax = ctx.Float64("eta-min"), ctx.Float64("eta-max")
	c.NS, c.Cycles, c.Batch = ctx.Int("ns"), ctx.Int("cycles"), ctx.Int("batch")
	if hasFlag(ctx, "init") {
		c.Init, c.Sigma = model.Init(ctx.String("init")), ctx.Float64("sigma")
		if ctx.IsSet("sigma") && !ctx.IsSet("init") {
			c.Init = model.Normal
		}
	}
	c.BNEps, c.BNAlpha = ctx.Float64("bn-eps"), ctx.Float64("bn-alpha")
	c.Val, c.TrainSize, c.TestSize = ctx.Int("val"), ctx.Int("train-size"), ctx.Int("test-size")
	c.Precision = train.Precision(ctx.String("precision"))
	c.Seed, c.OrderSeed = ctx.Uint64("seed"), ctx.Uint64("order-seed")
	c.Evals, c.EvalTrain = min(ctx.Int("evals"), 2*max(c.NS, 1)), ctx.Int("eval-train")
	return c, c.Validate()
}

// hasFlag tells whether the command has a flag of that name.
func hasFlag(ctx *cli.Context, name string) bool {
	for _, f := range ctx.Command.Flags {
		if f.Names()[0] == name {
			return true
		}
	}
	return false
}

// noArguments returns an error when words are left on the command line.
func noArguments(ctx *cli.Context) error {
	if ctx.NArg() > 0 {
		return usagef("unexpected argument %q: %s takes flags only", ctx.Args().First(), ctx.Command.HelpName)
	}
	return nil
}
