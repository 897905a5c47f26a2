package main

import (
	"context"
	"fmt"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/message"
)

func dataCommand() *shell.Command {
	return shell.NewGroup(shell.Command{
		Name:  "data",
		Usage: "download, check and describe CIFAR-10",
		Description: `Examples:
  bnlab data fetch
  bnlab data info
  bnlab data verify --data cifar-10-batches-bin`,
	}, fetchCommand(), verifyCommand(), describeCommand())
}

type verifyOptions struct {
	dataset.Options
	shell.Format
}

func verifyCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "verify",
		Usage: "compare the six files with the originals by size and SHA-256",
		Description: `Exit code 3 if a file is not the original.

Examples:
  bnlab data verify --data cifar-10-batches-bin
  bnlab data verify --json`,
	}, verifyOptions{}, "dataset", verify)
}

func verify(_ context.Context, call *shell.Call, o verifyOptions) error {
	dir, err := cifar.Find(o.Data)
	if err != nil {
		return err
	}
	if dir == "" {
		return shell.Usagef("no CIFAR-10 found; download it with `bnlab data fetch`, or give its folder with --data or $CIFAR10_DIR")
	}
	checks, err := cifar.Verify(dir)
	if err != nil {
		return err
	}
	r := results.Verified{Dir: dir, Files: checks, OK: true}
	var altered []string
	for _, c := range checks {
		if !c.OK {
			altered = append(altered, c.Name)
			r.OK = false
		}
	}
	if err := call.Print(o.JSON, r); err != nil {
		return err
	}
	if altered != nil {
		return fmt.Errorf("%w: %s: not the original: %s", shell.ErrCheck, dir, message.List(altered))
	}
	return nil
}

type describeOptions struct {
	dataset.Options
	Val int `flag:"val" group:"Data" help:"size of the validation set, taken from the end of the training images"`
	shell.Format
}

func describeCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "info",
		Usage: "describe the data set and its split",
		Description: `Examples:
  bnlab data info
  bnlab data info --dataset synthetic
  bnlab data info --val 1000 --json`,
	}, describeOptions{Options: dataset.Default(), Val: train.Default().Val}, "", describe)
}

func describe(_ context.Context, call *shell.Call, o describeOptions) error {
	c := train.Default()
	c.Val = o.Val
	data, err := o.Open(c, call.Note)
	if err != nil {
		return err
	}
	return call.Print(o.JSON, results.NewDataInfo(data))
}
