package runfolder

import (
	"context"
	"errors"

	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"
	"bnlab/train/answer"
)

// PrintStatus prints the status of the work in a folder. It watches what may have stalled,
// if asked to.
func PrintStatus(ctx context.Context, call *shell.Call, w *answer.Work, watch, asJSON bool) error {
	found, waiting, err := w.Status(ctx, watch, Damaged(call))
	if errors.Is(err, context.Canceled) {
		return shell.ErrInterrupted
	}
	if err != nil {
		return err
	}
	var plans []results.Status
	for _, s := range found {
		call.Warn(s.Summary.Warnings...)
		plans = append(plans, results.NewStatus(s))
	}
	if w.Study == nil {
		return call.Print(asJSON, plans[0])
	}
	return call.Print(asJSON, results.StudyStatus{Dir: w.Dir, Study: w.Study.Title, Plans: plans, Waiting: waiting})
}
