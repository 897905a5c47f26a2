package message

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		`3-layer BN, λ = "0.005"`: `3-layer BN, λ = "0.005"`,
		`C:\runs`:                 `C:\runs`,
		"\x1b[2J\x1b]0;x\a":       `\x1b[2J\x1b]0;x\a`,
		"a\nb\r\tc\x7f":           `a\nb\r\tc\x7f`,
		"\u009b2J":                `\u009b2J`,
		"\x9b31m":                 `\x9b31m`, // as \x1b[31m where a terminal knows Latin-1 alone
		`"it's"  \ η ≥`:           `"it's"  \ η ≥`,
		"left\u202eright":         `left\u202eright`,
		"\xff \"\x00\"":           `\xff "\x00"`,
	} {
		if got := Text(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String().Draw(rt, "text")
		shown := Text(text)
		if !Printable(shown) || Printable(text) && shown != text {
			rt.Errorf("%q: %q", text, shown)
		}
		for _, r := range shown {
			if !unicode.IsPrint(r) {
				rt.Errorf("%q: %q", text, shown)
			}
		}
	})
}

func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"3-layer BN":          "3-layer BN",
		"a=1":                 "a=1",
		"'quoted'":            "'quoted'",
		`=HYPERLINK("x","y")`: `'=HYPERLINK("x","y")`,
		"+1":                  "'+1",
		"-1":                  "'-1",
		"@SUM(A1)":            "'@SUM(A1)",
		"＝1+1":                "'＝1+1",
		" =1":                 "' =1",
		"'=1":                 "''=1",
		"\t=1":                `\t=1`,
		"\r=1":                `\r=1`,
		"\n=1":                `\n=1`,
	} {
		if got := Cell(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// The values stay, whatever they hold.
func TestJSON(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.String().Draw(rt, "text") + rapid.SampledFrom([]string{"", "\u009b2J", "\u202e", "\U000e0001", "\x7f"}).Draw(rt, "more")
		want = strings.ToValidUTF8(want, "")
		text, err := json.MarshalIndent([]string{want}, "", " ")
		if err != nil {
			rt.Fatal(err)
		}
		var got []string
		shown := JSON(text)
		if err := json.Unmarshal(shown, &got); err != nil || len(got) != 1 || got[0] != want {
			rt.Errorf("%q: %s, error %v", want, shown, err)
		}
		if !Printable(strings.ReplaceAll(string(shown), "\n", "")) {
			rt.Errorf("%q: %q", want, shown)
		}
	})
}
