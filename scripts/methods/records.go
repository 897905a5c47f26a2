package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"bnlab/blas"
)

// Records are the measured part of the table, by the names of the study's settings.
type Records struct {
	Effect    map[string]Effect   `json:"effect"`
	Gradients map[string]Gradient `json:"gradients"` // by what is on
	Cost      map[string]Cost     `json:"cost"`

	Trained  Origin `json:"trained"`  // what Effect was measured with
	Measured Origin `json:"measured"` // what Cost was measured with
}

// Origin is the version of the program and the BLAS.
type Origin struct {
	Program string       `json:"program"`
	Backend blas.Backend `json:"backend"`
	Dataset string       `json:"dataset"`
}

// Effect is the paired difference of the test accuracy to the network without the method.
type Effect struct {
	N    int         `json:"n"`
	Diff *float64    `json:"diff"`
	CI   *[2]float64 `json:"ci"`
	P    *float64    `json:"p_holm"`
}

// Gradient is the largest error of the gradient check, of tensors whose gradient is not
// nearly zero.
type Gradient struct {
	RelErr  float64 `json:"rel_err"`
	Checked int     `json:"checked"`
	Kinks   int     `json:"kinks"`
	OK      bool    `json:"ok"`
}

// Cost is the time of a step by that of the plain network's.
type Cost struct {
	Alone float64 `json:"alone"`
	Eight float64 `json:"eight"` // each of eight side by side
}

// readEffects reads the answer of the study.
func readEffects(path string, r *Records) error {
	var answer struct {
		Dataset struct {
			Name string `json:"name"`
		} `json:"dataset"`
		Backend     blas.Backend `json:"backend"`
		Experiments []struct {
			Contrasts []struct {
				Of     string    `json:"of"`
				Values [2]string `json:"values"`
				Effect
			} `json:"contrasts"`
			Properties []struct {
				Name   string `json:"name"`
				Values []struct {
					Value string `json:"value"`
				} `json:"values"`
			} `json:"properties"`
		} `json:"experiments"`
	}
	if err := readJSON(path, &answer); err != nil {
		return err
	}
	if len(answer.Experiments) != 1 {
		return fmt.Errorf("%s: %d experiments, not that of bnlab study methods --json", path, len(answer.Experiments))
	}
	e := answer.Experiments[0]
	r.Effect = map[string]Effect{}
	for _, c := range e.Contrasts {
		name := c.Values[0]
		if c.Of == "" {
			name = strings.TrimPrefix(name, "test-acc-") + " statistics"
		}
		r.Effect[name] = c.Effect
	}
	r.Trained = Origin{Backend: answer.Backend, Dataset: answer.Dataset.Name}
	for _, p := range e.Properties {
		if strings.HasPrefix(p.Name, "program") {
			for _, v := range p.Values {
				r.Trained.Program = strings.TrimPrefix(r.Trained.Program+", "+v.Value, ", ")
			}
		}
	}
	return nil
}

// nearlyZero is where a gradient counts as 0, as the check's own absolute limit.
const nearlyZero = 1e-6

// readGradients reads the gradient checks.
func readGradients(path string, r *Records) error {
	var checks struct {
		Nets []struct {
			BN      bool     `json:"bn"`
			Methods []string `json:"methods"`
			OK      bool     `json:"ok"`
			Tensors []struct {
				Checked int     `json:"checked"`
				Kinks   int     `json:"kinks"`
				RelErr  float64 `json:"rel_err"`
			} `json:"tensors"`
		} `json:"nets"`
	}
	if err := readJSON(path, &checks); err != nil {
		return err
	}
	r.Gradients = map[string]Gradient{}
	for _, n := range checks.Nets {
		g := Gradient{OK: n.OK}
		for _, t := range n.Tensors {
			g.Checked, g.Kinks = g.Checked+t.Checked, g.Kinks+t.Kinks
			if !n.OK || t.RelErr <= nearlyZero {
				g.RelErr = max(g.RelErr, t.RelErr)
			}
		}
		r.Gradients[on(n.BN, n.Methods)] = g
	}
	return nil
}

// on says what is on in a network.
func on(bn bool, options []string) string {
	if bn {
		options = append([]string{"bn"}, options...)
	}
	return strings.Join(options, " ")
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
