package sweep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
)

// Finish prints the summary of what do trains.
func (o *Options) Finish(call *shell.Call, do func() (experiment.Summary, error)) error {
	summary, err := Timed(call, do)
	if err != nil {
		return err
	}
	call.Warn(summary.Warnings...)
	return Print(call, o.JSON, summary)
}

// Print prints a summary, and returns an error if trials have failed or are
// missing.
func Print(call *shell.Call, asJSON bool, s experiment.Summary) error {
	if err := call.Print(asJSON, results.Summary{Summary: s}); err != nil {
		return err
	}
	return s.Err()
}

// PrintStudy prints the results of a study's experiments, and returns an error if trials
// have failed or are missing.
func PrintStudy(call *shell.Call, asJSON bool, r results.Study, experiments []answer.Result) error {
	for _, e := range experiments {
		call.Warn(e.Warnings...)
	}
	if err := call.Print(asJSON, r); err != nil {
		return err
	}
	return answer.Err(experiments)
}

// Timed returns the summary of what do trains, with the time it takes. An error
// says what to do.
func Timed(call *shell.Call, do func() (experiment.Summary, error)) (experiment.Summary, error) {
	start := time.Now()
	summary, err := do()
	summary.WallSeconds = time.Since(start).Seconds()
	switch {
	case errors.Is(err, experiment.ErrGradients):
		err = fmt.Errorf("gradient %w: nothing is trained; see `bnlab gradcheck --bn`", shell.ErrCheck)
	case errors.Is(err, study.ErrNoBest):
		if advice := screen.Advice(summary.Experiment, summary.Causes...); advice != "" {
			err = fmt.Errorf("%w; %s", err, advice)
		}
	default:
		err = HowToGoOn(call, err)
	}
	return summary, err
}

// HowToGoOn says what is kept of an interrupted run, and how to continue. Other errors
// are returned unchanged.
func HowToGoOn(call *shell.Call, err error) error {
	var i *experiment.Interrupted
	switch {
	case !errors.As(err, &i) && errors.Is(err, context.Canceled):
		return fmt.Errorf("%w in the gradient check; nothing is lost; to continue: %s", shell.ErrInterrupted, call.Again())
	case i == nil:
		return err
	case i.Dir == "":
		return fmt.Errorf("%w after %d of %s; nothing is kept without --out", shell.ErrInterrupted, i.Done, message.Count(i.Trials, "trial"))
	case i.Gone:
		return fmt.Errorf("%w; nothing is kept: %s no longer exists", shell.ErrInterrupted, i.Dir)
	}
	training := ""
	if i.Training > 0 {
		training = fmt.Sprintf(", and checkpoints of %d of %d in training", i.Kept, i.Training)
	}
	return fmt.Errorf("%w; %d of %d trials of this stage are kept in %s%s; to continue: %s",
		shell.ErrInterrupted, i.Done, i.Trials, i.Dir, training, call.Again())
}

// warningOf returns the line about an unusable record or checkpoint.
func warningOf(err error) string {
	var second *experiment.SecondError
	switch {
	case errors.As(err, new(*experiment.DamagedError)):
		return "WARNING: " + shell.ErrorLine(err) + "; set aside as result.json.bad, training the trial again"
	case errors.As(err, new(*answer.EarlyError)):
		return "NOTE: " + shell.ErrorLine(err) + "; run this again when it is complete"
	case errors.As(err, &second) && second.Equal, errors.As(err, new(*experiment.TakenError)):
		return "NOTE: " + shell.ErrorLine(err)
	}
	return "WARNING: " + shell.ErrorLine(err)
}
