// Methods makes the table of docs/methods.md: what each method computes, where that is
// proven, what it costs and what it does. It comes from the code, the golden files, and
// records of three commands, which it keeps in docs/methods.json:
//
//	bnlab study methods --json >study.json
//	bnlab gradcheck --all-options --json >gradcheck.json
//	go run ./scripts/methods -study study.json -gradcheck gradcheck.json -cost 5
//
// Without these flags it makes the table from the records that are there.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

const (
	page    = "docs/methods.md"
	records = "docs/methods.json"
)

// Marks in the page, between which the table is.
const (
	begin = "<!-- made by scripts/methods: begin -->\n"
	end   = "<!-- made by scripts/methods: end -->\n"
)

func main() {
	study := flag.String("study", "", "what bnlab study methods --json has printed")
	gradients := flag.String("gradcheck", "", "what bnlab gradcheck --all-options --json has printed")
	rounds := flag.Int("cost", 0, "measure the cost of a step in so many rounds")
	flag.Parse()
	if err := run(*study, *gradients, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "methods:", err)
		os.Exit(1)
	}
}

func run(study, gradients string, rounds int) error {
	var r Records
	if err := readJSON(records, &r); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if study != "" {
		if err := readEffects(study, &r); err != nil {
			return err
		}
	}
	if gradients != "" {
		if err := readGradients(gradients, &r); err != nil {
			return err
		}
	}
	if rounds > 0 {
		if err := measureCosts(rounds, &r); err != nil {
			return err
		}
	}
	if study != "" || gradients != "" || rounds > 0 {
		text, err := json.MarshalIndent(r, "", " ")
		if err == nil {
			err = os.WriteFile(records, append(text, '\n'), 0o666)
		}
		if err != nil {
			return err
		}
	}
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	with, err := insert(string(text), r)
	if err != nil {
		return err
	}
	return os.WriteFile(page, []byte(with), 0o666)
}

// insert returns the page with the table of the records between the marks.
func insert(page string, r Records) (string, error) {
	before, rest, found := strings.Cut(page, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("the page lacks the marks %q and %q", begin, end)
	}
	table, err := tableOf(r)
	return before + begin + table + end + after, err
}
