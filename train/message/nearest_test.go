package message

import "testing"

func TestDidYouMean(t *testing.T) {
	known := []string{"train", "batch", "bn", "ns", "eta-max", "eta-min", "precision", "lambda", "hidden"}
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
