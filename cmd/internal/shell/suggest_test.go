package shell

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDidYouMean(t *testing.T) {
	known := []string{"train", "trial", "batch", "bn", "ns", "eta-max", "eta-min", "precision", "lambda", "hidden"}
	for word, want := range map[string]string{
		"trian": "train", "tran": "train", "Train": "train", "trains": "train", "nosuch": "", "t": "",
		"lamda": "lambda", "percision": "precision", "eta_max": "eta-max", "bm": "bn", "mn": "bn", "hiden": "hidden", "json": "",
	} {
		if want != "" {
			want = ` (did you mean "--` + want + `"?)`
		}
		if got := DidYouMean("--", word, known); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}

// editDistance counts the edits that made a word of another, or finds a shorter way; it is
// symmetric, and 0 for equal words alone.
func TestEditDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := []rune(rapid.StringMatching(`[a-dλ]{2,8}`).Draw(t, "word"))
		other := append([]rune{}, word...)
		if i := rapid.IntRange(0, len(word)-2).Draw(t, "place"); rapid.Bool().Draw(t, "swap") {
			other[i], other[i+1] = other[i+1], other[i]
		} else {
			other[i] = 'x'
		}
		a, b := string(word), string(other)
		if d := editDistance(a, b); d > 1 || (d == 0) != (a == b) || d != editDistance(b, a) {
			t.Fatalf("%q to %q: %d edits", a, b, d)
		}
		if d := editDistance(a, a+"yz"); d != 2 {
			t.Fatalf("two letters more are %d edits", d)
		}
	})
}
