package checkpoint

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"bnlab/train"
)

// changed returns the training after a change.
func changed(change func(*Training)) Training {
	of := training()
	of.Trials = slices.Clone(of.Trials)
	change(&of)
	return of
}

// foreign are trainings whose checkpoints are of no use, with what is said.
var foreign = []struct {
	of   Training
	says string
}{
	{changed(func(of *Training) { of.Program = "v2" }), `it is of another training: program is "v2", here "v1"`},
	{changed(func(of *Training) { of.Dataset = "ffff" }), `dataset is "ffff", here "0123abcd"`},
	{changed(func(of *Training) { of.Backend.Name = "gonum" }), `backend.name is "gonum", here "openblas"`},
	{changed(func(of *Training) { of.Backend.Version = "0.3.31" }), `backend.version is "0.3.31", here "0.3.21"`},
	{changed(func(of *Training) { of.Backend.Core = "SkylakeX" }), `backend.core is "SkylakeX", here "Haswell"`},
	{changed(func(of *Training) { of.Backend.Threads = 2 }), `backend.threads is 2, here 1`},
	{changed(func(of *Training) { of.Trials[1].Lambda = 0.1 }), `trials[1].lambda is 0.1, here 0.005`},
	{changed(func(of *Training) { of.Trials[1].Seed-- }), `trials[1].seed is 9223372036854775808, here 9223372036854775809`},
	{changed(func(of *Training) { of.Trials[0].BN = true }), `trials[0].bn is true, here false`},
	{changed(func(of *Training) { of.Trials[0].NoTest = true }), `trials[0].no_test is true, here false`},
	{changed(func(of *Training) { of.Trials[0].Precision = train.F64 }), `trials[0].precision is "f64", here "f32"`},
	{changed(func(of *Training) { of.Trials[0].Hidden = []int{50} }), `trials[0].hidden is [50], here [50,50]`},
	{changed(func(of *Training) { of.Trials = of.Trials[:1] }), `trials is a list of 1, here a list of 2`},
	{changed(func(of *Training) { slices.Reverse(of.Trials) }), `trials[0].bn is true, here false`},
	{Training{}, `backend.core is "", here "Haswell"`},
}

// fault is a file of no use and what is said of it.
type fault struct {
	says string
	file []byte
}

// senseless are files, most with a checksum that holds, by someone who means harm
// or by another program.
func senseless(t testing.TB) []fault {
	of := training()
	good := string(encoded(t, of, stateAfter(900)))
	good = good[:len(good)-sha256.Size]
	replaced := func(old, new string) []byte {
		text := strings.Replace(good, old, new, 1)
		if text == good {
			t.Fatalf("no %s", old)
		}
		return seal([]byte(text))
	}
	deep := strings.Repeat("[", 20000)
	long := `"` + strings.Repeat("a", of.maxLine()) + `"`
	return []fault{
		{"0 bytes", nil},
		{"31 bytes, too few", make([]byte, 31)},
		{"begin with a line", seal(nil)},
		{"begin with a line", seal([]byte(`{"format":1}`))},
		{"begin with a line", replaced(`"program":"v1"`, `"program":`+long)},
		{"not a checkpoint: unexpected end", seal([]byte("\n"))},
		{"not a checkpoint: json", seal([]byte("[1]\n"))},
		{"not a checkpoint: invalid", replaced(`{"format":1`, `{"format":NaN`)},
		{"format 0", seal([]byte("null\n"))},
		{"format 9", replaced(`"format":1`, `"format":9`)},
		{"training is not set, here {", seal([]byte(`{"format":1}` + "\n"))},
		{"training is [[1]], here {", seal([]byte(`{"format":1,"training":[[1]]}` + "\n"))},
		{"exceeded max depth", seal([]byte(`{"format":1,"training":` + deep + "\n"))},
		{`program is "\u001b[31m", here`, replaced(`"v1"`, `"\u001b[31m"`)},
		{"another way", replaced(`"program":"v1"`, `"program": "v1"`)},
		{"trials is not set, here a list", replaced(`"trials":`, `"x":`)},
		{"its state is invalid", replaced(`"steps":900`, `"steps":"all"`)},
		{"its state is invalid:", replaced(`"curves":[[`, `"curves":[[7,`)},
		{"its state is invalid:", replaced(`2.3,`, `1e999,`)},
		{"its state is invalid:", replaced(`"state":`, `"state":[],"x":`)},
	}
}

// faults are all files of no use.
func faults(t testing.TB) []fault {
	file := encoded(t, training(), stateAfter(900))
	all := append(senseless(t), fault{"checksum mismatch", file[:len(file)/2]})
	for _, v := range foreign {
		all = append(all, fault{v.says, encoded(t, v.of, stateAfter(900))})
	}
	return all
}
