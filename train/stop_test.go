package train

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// TestCancel: Fit stops soon after its context ends, with the context's error.
func TestCancel(t *testing.T) {
	c := small()
	c.NS = 100000
	for _, when := range []string{"before", "in a point", "in progress"} {
		ctx, cancel := context.WithCancel(context.Background())
		rec, at := &notes{}, 0
		switch when {
		case "before":
			cancel()
		case "in a point":
			rec.on = func(*notes) { cancel() }
		case "in progress":
			rec.onStep = func(steps int) {
				if steps >= 300 && at == 0 {
					at = steps
					cancel()
				}
			}
		}
		data, log := draw[float64]()
		results, _, err := Fit(ctx, []Config{c}, data, rec)
		cancel()
		if !errors.Is(err, context.Canceled) || results != nil {
			t.Errorf("cancelled %s: %v, error %v", when, results, err)
		}
		if updates := log.images("train") / c.Batch; updates > at+100 {
			t.Errorf("cancelled %s, after %d updates: %d done", when, at, updates)
		}
		if n := log.images("test"); n != 0 {
			t.Errorf("cancelled %s: %d test images read", when, n)
		}
	}
}

// TestFitRefuses what cannot be trained, before it reads an image.
func TestFitRefuses(t *testing.T) {
	bad, other, large, long := small(), small(), small(), small()
	bad.Lambda = math.NaN()
	other.Hidden = []int{8, 7}
	large.Batch = trainSize + 1
	long.NS++
	for _, v := range []struct {
		name    string
		configs []Config
		config  bool // the user's, so it wraps ErrConfig
		says    string
	}{
		{"no configuration", nil, false, "no configuration"},
		{"NaN", []Config{small(), bad}, true, "lambda"},
		{"other shape", []Config{small(), other}, false, "share"},
		{"other length", []Config{small(), long}, false, "share"},
		{"batch above the set", []Config{large}, true, "batch 61: only 60 training images"},
	} {
		data, log := draw[float32]()
		_, _, err := Fit(context.Background(), v.configs, data, Discard)
		if err == nil || errors.Is(err, ErrConfig) != v.config || !strings.Contains(err.Error(), v.says) {
			t.Errorf("%s: error %v", v.name, err)
		}
		if len(log.all) != 0 {
			t.Errorf("%s: images read", v.name)
		}
	}
}

// TestProgress: told from 0 to the last update, never backwards.
func TestProgress(t *testing.T) {
	c := small()
	c.NS = 60
	data, _ := draw[float64]()
	rec := &notes{}
	if _, _, err := Fit(context.Background(), []Config{c}, data, rec); err != nil {
		t.Fatal(err)
	}
	if s := rec.steps; !slices.IsSorted(s) || len(s) < 3 || s[0] != 0 || s[len(s)-1] != c.Steps() {
		t.Errorf("progress %v of %d steps", rec.steps, c.Steps())
	}
}
