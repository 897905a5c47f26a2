package shell

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDecimal: options of every kind of number read it in decimal, wherever it is
// written, and refuse other bases, and what is not a number, in one line that says where
// it stands.
func TestDecimal(t *testing.T) {
	want := map[string]testOptions{
		"ns":      {NS: 10, Set: "test"},
		"top":     {NS: 5, Set: "test", Top: 10},
		"seed":    {NS: 5, Set: "test", Seed: 10},
		"lambda":  {NS: 5, Set: "test", Lambda: 10},
		"eta-max": {NS: 5, Set: "test", EtaMax: 10},
		"hidden":  {NS: 5, Set: "test", Hidden: []int{10}},
	}
	for place, put := range places {
		for option, want := range want {
			t.Run(place+" "+option, func(t *testing.T) {
				args, _ := put(t, option, "010")
				got, set, code, stderr := parse(t, append([]string{"train"}, args...)...)
				set = slices.DeleteFunc(set, func(name string) bool { return name == "config" })
				if diff := cmp.Diff(want, got); diff != "" || code != ExitDone || !slices.Equal(set, []string{option}) {
					t.Errorf("set %v, exit code %d, %s%s", set, code, stderr, diff)
				}
				for _, value := range []string{"0x10", "0o10", "0b10", "1_000", "1e", "much"} {
					if place == "TOML" && value == "1e" || place == "TOML" && value == "much" {
						continue // of which its parser tells
					}
					args, title := put(t, option, value)
					_, _, code, stderr := parse(t, append([]string{"train"}, args...)...)
					if code != ExitUsage || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "bnlab: "+title+" ") {
						t.Errorf("%s: exit code %d: %s", value, code, stderr)
					}
					if base := value[1] != 'e' && value != "much"; base != strings.Contains(stderr, "in decimal digits, without 0x") {
						t.Errorf("%s: %s", value, stderr)
					}
				}
			})
		}
	}
}

// TestBounds: a value out of its bounds, or none of those that there are, is refused
// where it stands.
func TestBounds(t *testing.T) {
	for place, put := range places {
		for _, v := range []struct{ option, value, want string }{
			{"ns", "0", " 0: give 1 to 1000\n"},
			{"ns", "1001", " 1001: give 1 to 1000\n"},
			{"set", "nosuch", " \"nosuch\": give test, val or train\n"},
		} {
			t.Run(place+" "+v.value, func(t *testing.T) {
				if place == "TOML" && v.option == "set" {
					v.value = `"nosuch"`
				}
				args, title := put(t, v.option, v.value)
				if _, _, code, stderr := parse(t, append([]string{"train"}, args...)...); code != ExitUsage || stderr != "bnlab: "+title+v.want {
					t.Errorf("exit code %d: %s", code, stderr)
				}
			})
		}
	}
}

// TestPrecedence: the command line comes before the variable, and that before the file.
func TestPrecedence(t *testing.T) {
	file, _ := inFile(t, ".yaml", "ns", ": 7")
	line := append([]string{"train"}, file...)
	check := func(want int, args ...string) {
		t.Helper()
		if got, _, code, stderr := parse(t, args...); got.NS != want || code != ExitDone {
			t.Errorf("%v: %d, want %d: %s", args, got.NS, want, stderr)
		}
	}
	check(7, line...)
	check(9, append(line, "--ns", "9")...)
	t.Setenv("BNLAB_NS", "8")
	check(8, line...)
	check(9, append(line, "--ns", "9")...)
	t.Setenv("BNLAB_NS", "")
	check(7, line...)
}

// TestEmptyVariables: an empty variable is as none.
func TestEmptyVariables(t *testing.T) {
	for _, option := range bind(new(testOptions)) {
		t.Setenv(option.Variable(), "")
		got, set, code, stderr := parse(t, "train")
		if diff := cmp.Diff(testOptions{NS: 5, Set: "test"}, got); diff != "" || code != ExitDone || set != nil {
			t.Errorf("%s: set %v, exit code %d, %s%s", option.Variable(), set, code, stderr, diff)
		}
	}
}

func TestParseList(t *testing.T) {
	for text, want := range map[string][]int{"010,050": {10, 50}, "007 08": {7, 8}, "+5": {5}, "": {}, "0x1": nil, "1_0": nil, "1,,2": nil, "1 x": nil} {
		got, problem, err := parseList(text, "number", "1,2", ParseInt)
		if (err == nil) != (want != nil) || !slices.Equal(got, want) || err == nil && (got == nil || problem != "") {
			t.Errorf("%q is %v, %s", text, got, problem)
		}
	}
	if got, _, err := parseList("010,0.50,1e01,.5,5.", "number", "1,2", parseFloat); err != nil || !slices.Equal(got, []float64{10, 0.5, 10, 0.5, 5}) {
		t.Errorf("floats: %v", got)
	}
}

// TestURLs: an option that may stand several times; the command line replaces what the
// variable says.
func TestURLs(t *testing.T) {
	t.Setenv("BNLAB_URL", "c,d")
	if got, _, _, _ := parse(t, "train"); !slices.Equal(got.URL, []string{"c", "d"}) {
		t.Errorf("%q", got.URL)
	}
	if got, _, _, _ := parse(t, "train", "--url", "a", "--url=b"); !slices.Equal(got.URL, []string{"a", "b"}) {
		t.Errorf("%q", got.URL)
	}
}
