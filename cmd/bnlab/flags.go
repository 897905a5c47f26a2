package main

import (
	"slices"
	"strings"

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
		textFlag("hidden", joinInts(d.Hidden), "sizes `N,N,…` of the hidden layers, first to last; empty for none"),
		boolFlag("bn", "use batch normalisation in the hidden layers"),
	}
}

// hyperFlags are the hyper-parameters of a training, but for the network, with
// the defaults of d.
func hyperFlags(d train.Config) []cli.Flag {
	return []cli.Flag{
		floatFlag("lambda", d.Lambda, "weight λ of the L2 penalty λ·Σ‖W‖²"),
		floatFlag("eta-min", d.EtaMin, "minimum learning rate"),
		floatFlag("eta-max", d.EtaMax, "maximum learning rate"),
		intFlag("ns", d.NS, "half the length of a learning-rate cycle, in steps"),
		intFlag("cycles", d.Cycles, "number of learning-rate cycles"),
		intFlag("batch", d.Batch, "mini-batch size"),
		textFlag("init", string(d.Init), "initialisation of the weights: he, xavier or normal"),
		floatFlag("sigma", 0, "standard deviation of the initial weights; implies --init normal"),
		floatFlag("bn-eps", d.BNEps, "ε of batch normalisation"),
		floatFlag("bn-alpha", d.BNAlpha, "momentum α of the running statistics"),
		intFlag("val", d.Val, "size of the validation set, taken from the end of the training images"),
		intFlag("train-size", d.TrainSize, "use only the first N training images (0 = all)"),
		intFlag("test-size", d.TestSize, "use only the first N test images (0 = all)"),
		textFlag("precision", string(d.Precision), "f32 or f64"),
		seedFlag("seed", d.Seed, "seed of the initial weights; of several trials, the first"),
		seedFlag("order-seed", d.OrderSeed, "shuffling seed, shared by all trials (0 = each trial's own seed)"),
		intFlag("evals", d.Evals, "evaluations per cycle"),
		intFlag("eval-train", d.EvalTrain, "training images used in each evaluation (0 = all)"),
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

// onCommandLine tells whether a flag stands on the command line, which a variable of the
// environment or a configuration file gives way to.
func onCommandLine(ctx *cli.Context, name string) bool {
	args, _ := ctx.App.Metadata[argsKey].([]string)
	return slices.ContainsFunc(flagWords(args), func(word string) bool {
		flag, _, _ := strings.Cut(word, "=")
		return flag == name
	})
}

// flagWords returns the words of a command line that begin with a hyphen, up to "--",
// without their hyphens.
func flagWords(args []string) (words []string) {
	for _, arg := range args[min(1, len(args)):] {
		if arg == "--" {
			break
		}
		if word, ok := strings.CutPrefix(arg, "-"); ok {
			words = append(words, strings.TrimPrefix(word, "-"))
		}
	}
	return words
}

// noArguments returns an error when words are left on the command line.
func noArguments(ctx *cli.Context) error {
	if ctx.NArg() > 0 {
		return usagef("unexpected argument %q: %s takes flags only", ctx.Args().First(), ctx.Command.HelpName)
	}
	return nil
}
