package main

import (
	"context"
	"fmt"
	"time"

	"bnlab/cmd/internal/dashboard"
	"bnlab/cmd/internal/shell"
)

type watchOptions struct {
	Listen string `flag:"listen" arg:"HOST:PORT" help:"show the page at this address; port 0 is any that is free"`
}

func watchCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "watch",
		Usage:     "show a run folder as a live page",
		Arguments: "DIR",
		Description: `Prints the address of a page that shows what is done, what trains where and how far, the
curves as they grow, and the tables as they stand, of a run or a study, while any number
of processes and hosts write to DIR. It only reads, needs no network, and ends with
Ctrl-C. From another machine the page is reached through ssh, with the line that is
printed; --listen with another address than this machine's own lets everyone read it
who can reach that.

Examples:
  bnlab watch runs/wide
  bnlab watch --listen 127.0.0.1:8080 runs/wide`,
	}, watchOptions{Listen: "127.0.0.1:0"}, "", watch)
}

func watch(ctx context.Context, call *shell.Call, o watchOptions) error {
	if len(call.Args) != 1 {
		return shell.Usagef("%d arguments: give one run folder", len(call.Args))
	}
	reading := time.AfterFunc(time.Second, func() { call.Note("reading %s", call.Args[0]) })
	page, err := dashboard.New(call.Args[0])
	reading.Stop()
	if err != nil {
		return err
	}
	at, err := dashboard.Listen(o.Listen)
	if err != nil {
		return err
	}
	if at.Foreign() {
		call.Warn(fmt.Sprintf("--listen %s can be reached from other machines: whoever reaches it can read the page", o.Listen))
	}
	fmt.Fprintln(call.Out, at.URL())
	call.Note("from another machine: %s", at.SSH())
	call.Note("Ctrl-C ends it")
	return page.Serve(ctx, at)
}
