package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type inner struct {
	Name  string  `json:"name"`
	Where *inner  `json:"where"`
	Acc   float64 `json:"test_acc"`
}

type outer struct {
	Title  string  `json:"title"`
	BN     bool    `json:"bn"`
	Hidden []int   `json:"hidden"`
	Seed   uint64  `json:"seed"`
	N      int     `json:"n"`
	EtaMax float64 `json:"eta_max"`
	Parts  []inner `json:"parts"`
	Own    any     `json:"-"`
}

// TestFormats: the same document in both formats gives the same tree but for lines.
func TestFormats(t *testing.T) {
	yaml := `title: "a: b"
bn: true
hidden: [50, 010]
seed: 18446744073709551615
n: -3
eta-max: 1e-3
parts:
  - {name: x, test_acc: 0.5}
  - name: 1.10
    where: {name: "y"}
`
	toml := `title = "a: b"
bn = true
hidden = [50, 10]
seed = "18446744073709551615"
n = -3
eta_max = 1e-3
[[parts]]
name = "x"
test_acc = 0.5
[[parts]]
name = "1.10"
where.name = "y"
`
	want := outer{"a: b", true, []int{50, 10}, 18446744073709551615, -3, 1e-3,
		[]inner{{Name: "x", Acc: 0.5}, {Name: "1.10", Where: &inner{Name: "y"}}}, nil}
	for extension, text := range map[string]string{".yaml": yaml, ".TOML": toml} {
		var got outer
		v, err := Parse(extension, []byte(text))
		if err == nil {
			err = v.Decode(&got)
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: error %v, want − got +\n%s", extension, err, diff)
		}
	}
}

// TestLines: what is wrong is told with its line, and what would be right.
func TestLines(t *testing.T) {
	for _, c := range []struct{ extension, text, says string }{
		{".yaml", "title: x\nhiden: [1]", `line 2: "hiden": no such key here (did you mean "hidden"?)`},
		{".yaml", "title: x\n\nhidden: [1, two]", `line 3: "two": give a whole number`},
		{".yaml", "hidden: 5", `line 1: "5": give a list`},
		{".yaml", "hidden:\n - 0x10", `line 2: "0x10": give a whole number`},
		{".yaml", "eta-max: 0x10", `line 1: "0x10": give a number`},
		{".yaml", "eta-max: .inf", `line 1: ".inf": give a number`},
		{".yaml", "eta-max: .nan", `line 1: ".nan": give a number`},
		{".yaml", "seed: -1", `line 1: "-1": give a whole number, 0 or above`},
		{".yaml", "bn: yes", `line 1: "yes": give true or false`},
		{".yaml", "title: [a]", `line 1: a list, where a text belongs`},
		{".yaml", "parts: [{name: x}, 3]", `line 1: "3": give a table of name, where, test-acc`},
		{".yaml", "bn: true\nbn: false", `line 2: bn appears twice`},
		{".yaml", "a: &x [1]\nb: *x", "line 1: anchors (&) and aliases (*) are not supported"},
		{".yaml", "- 1", "yaml: not a mapping"},
		{".yaml", "a: 1\n---\nb: 2", "yaml: more than one document"},
		{".yaml", "a: [", "line 1"},
		{".yaml", "a: " + strings.Repeat("[", 20) + strings.Repeat("]", 20), "line 1: lists and tables are nested too deeply"},
		{".yaml", "? [a]\n: b", "line 1: a name is missing"},
		{".toml", "title = 'x'\n[base]\n", `line 2: "base": no such key here`},
		{".toml", "hidden = [1, 2.5]", `line 1: "2.5": give a whole number`},
		{".toml", "n = 0x10", `line 1: "0x10": give a whole number`},
		{".toml", "n = 1_0", `line 1: "1_0": give a whole number`},
		{".toml", "\nn = ", "line 2: "},
		{".toml", "a = 1\na = 2", "line 2: "},
		{".toml", "a = " + strings.Repeat("[", 20) + strings.Repeat("]", 20), "line 1: lists and tables are nested too deeply"},
		{".toml", strings.Repeat("a.", 20) + "a = 1", "line 1: lists and tables are nested too deeply"},
		{".json", "{}", `extension ".json"`},
	} {
		v, err := Parse(c.extension, []byte(c.text))
		if err == nil {
			err = v.Decode(&outer{})
		}
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s %q: error %v, want %s", c.extension, c.text, err, c.says)
		}
	}
}

// TestNothing: empty files and nulls leave what is there.
func TestNothing(t *testing.T) {
	want := outer{Title: "default", Seed: 7}
	for _, text := range []string{"", "# nothing\n", "title:\nseed: null\n", "\ufeff"} {
		got := want
		v, err := Parse(".yml", []byte(text))
		if err == nil {
			err = v.Decode(&got)
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: error %v, %s", text, err, diff)
		}
	}
}

// TestTables: headers of TOML come back to tables that are there.
func TestTables(t *testing.T) {
	v, err := Parse(".toml", []byte("[a.b]\nc = 1\n[[a.d]]\ne = {f = 2}\n[[a.d]]\n[a.d.g]\nh = [3, [4]]\n[a]\ni = 5\n"))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := v.At("a")
	if len(v.Keys) != 1 || len(a.Keys) != 3 {
		t.Fatalf("%+v", v)
	}
	d, _ := a.At("d")
	g, _ := d.Items[1].At("g")
	h, _ := g.At("h")
	if len(d.Items) != 2 || h.Line != 7 || h.Items[1].Items[0].Text != "4" {
		t.Errorf("%+v", d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(true, "a: [1, {b: 2}]\nc: 'x'")
	f.Add(false, "[a]\nb.c = [1, {d = 2}]\n[[e]]\n[[e]]\nf = 1e3")
	f.Add(false, "a = [\n{b = 1}]\n[a.b]")
	f.Add(true, "&0: 0000")
	f.Fuzz(func(t *testing.T, yaml bool, text string) {
		extension := ".toml"
		if yaml {
			extension = ".yaml"
		}
		v, err := Parse(extension, []byte(text))
		if err == nil {
			_ = v.Decode(&outer{})
		}
	})
}

// TestEveryNumber: a float that is written is the float that is read.
func TestEveryNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,5}(\.[0-9]{1,5})?(e-?[0-9]{1,2})?`).Draw(t, "number")
		v, err := Parse(".yaml", []byte("eta-max: "+text))
		var got outer
		if err == nil {
			err = v.Decode(&got)
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	})
}
