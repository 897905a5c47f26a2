package message

import (
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	for n, want := range map[int]string{-1: "-1 units", 0: "0 units", 1: "1 unit", 2: "2 units"} {
		if got := Count(n, "unit"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// TestList: no more names than MostListed and one, and none is lost uncounted.
func TestList(t *testing.T) {
	for n, want := range map[int]string{
		0: "", 1: "a", 3: "a, a, a", 11: strings.Repeat("a, ", 10) + "a",
		12: strings.Repeat("a, ", 9) + "a and 2 more", 40000: strings.Repeat("a, ", 9) + "a and 39990 more",
	} {
		names := make([]string, n)
		for i := range names {
			names[i] = "a"
		}
		if got := List(names); got != want {
			t.Errorf("%d names: %.200q, want %q", n, got, want)
		}
	}
}
