package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"bnlab/cifar"
	"bnlab/model"
	"bnlab/train/experiment"
)

const jsonErrors = "json-errors"

// jsonErrorsFlag is a flag of every command, and may stand before it.
func jsonErrorsFlag() cli.Flag {
	return boolFlag(jsonErrors, "an error on stderr is one JSON object on one line")
}

// wantsJSONErrors tells whether the command line or the environment asks for errors
// in JSON. It looks for itself: a fault may show before the flags are read.
func wantsJSONErrors(args []string) bool {
	asked, _ := strconv.ParseBool(os.Getenv(env(jsonErrors)[0])) // false is no fault of this flag
	for _, word := range flagWords(args) {
		name, value, given := strings.Cut(word, "=")
		if name != jsonErrors {
			continue
		}
		asked = !given
		if given {
			asked, _ = strconv.ParseBool(value)
		}
	}
	return asked
}

// errorReport is how an error is printed with --json-errors.
type errorReport struct {
	Error errorObject `json:"error"`
}

type errorObject struct {
	Message string `json:"message"` // on one line
	Code    int    `json:"code"`    // exit code
	Kind    string `json:"kind"`    // usage, input, failed, check or interrupted
}

// printError writes an error as one line.
func printError(w io.Writer, asJSON bool, err error) {
	message := oneLine(err) + remedy(err)
	if !asJSON {
		fmt.Fprintln(w, paint(w, bad, "bnlab:"), message)
		return
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(errorReport{errorObject{message, exitCode(err), errorKind(err)}}) // there is no other place to tell it
}

// errorKind says what kind of error it is: the exit code as a word, with files that
// are no good apart from bad usage.
func errorKind(err error) string {
	switch exitCode(err) {
	case exitInterrupted:
		return "interrupted"
	case exitCheck:
		return "check"
	case exitFailed:
		return "failed"
	}
	var input *cifar.InputError
	if errors.As(err, &input) || errors.Is(err, model.ErrFile) || errors.Is(err, experiment.ErrPlan) {
		return "input"
	}
	return "usage"
}
