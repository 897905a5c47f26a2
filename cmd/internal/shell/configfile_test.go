package shell

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"gopkg.in/yaml.v3"
)

// FuzzConfig: what is read of a configuration file takes memory by its length, of
// which the parsers may take a thousand times as much (TestConfigMemory has the
// most), and is the same when written and read again, in either format.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{
		"", "# nothing\n", "lambda: 0.001\nhidden: [50, 50]\nbn: true\n", "out: 2001-01-01\nsave: 1.10\ndata: ''\n",
		"hidden:\n- 50\n- \"50\"\n", "a: &a [x]\nb: [*a, *a]\n", "<<: {ns: 5}\n", "ns:\n", "ns: 5\n---\nns: 6\n", "ns: 5\nns: 6\n",
		"!!binary ns: !!binary aGk=\n", "? [a]\n: b\n", "ns: |\n  5\n", strings.Repeat("[", 300), "a: " + strings.Repeat("{b: ", 100),
	} {
		f.Add(true, []byte(text))
	}
	for _, text := range []string{
		"", "# nothing\n", "lambda = 1e-3\nhidden = [50, 50]\nbn = true\n", "out = 2001-01-01\n", "out = '2001-01-01'\n", "eta_max = -inf\neta-max = nan\n",
		"[a]\nb = 1\n", "a.b = 1\n", "a = {b = 1}\n", "a = [[1]]\n", "a = [{b = 1}]\n", "a = \"\"\"\n\\u0041\"\"\"\n", "a = 0xff\nb = 1_000\n",
		strings.Repeat("a.", 300) + "a = 1\n", "a = " + strings.Repeat("[", 300), "a = " + strings.Repeat("{a = ", 100),
	} {
		f.Add(false, []byte(text))
	}
	f.Fuzz(func(t *testing.T, isYAML bool, raw []byte) {
		if len(raw) > maxConfig {
			return // refused before it is read
		}
		ext := ".toml"
		if isYAML {
			ext = ".yaml"
		}
		var settings []setting
		var err error
		if used, limit := allocated(func() { settings, err = parseConfig(ext, raw) }), uint64(1<<17+1200*len(raw)); used > limit {
			t.Errorf("%d bytes allocated for %d", used, len(raw))
		}
		if err != nil {
			return
		}
		values := valuesOfSettings(settings)
		inYAML, err := yaml.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		inTOML, err := toml.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		for ext, text := range map[string][]byte{".yaml": inYAML, ".toml": inTOML} {
			if again, err := parseConfig(ext, text); err != nil || !maps.Equal(values, valuesOfSettings(again)) {
				t.Errorf("%q, as %s %q, %v: %v", values, ext, text, err, again)
			}
		}
	})
}

func valuesOfSettings(settings []setting) map[string]string {
	values := map[string]string{}
	for _, s := range settings {
		values[s.name] = s.value
	}
	return values
}

// allocated returns the bytes that f allocates, those that it frees again too.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestConfigMemory: no file takes much memory, whatever it is made of. A
// parser of TOML in use before took 39 GB for the keys of 64 kB.
func TestConfigMemory(t *testing.T) {
	for name, c := range map[string]struct{ ext, before, part, after string }{
		"TOML keys":      {".toml", "", "a.", "a = 1"},
		"TOML tables":    {".toml", "[", "a.", "a]"},
		"TOML arrays":    {".toml", "a = ", "[", ""},
		"TOML objects":   {".toml", "a = ", "{a=", ""},
		"TOML list":      {".toml", "a = [", "1,", "]"},
		"TOML table":     {".toml", "", "[[a]]\n", ""},
		"YAML lists":     {".yaml", "a: ", "[", ""},
		"YAML objects":   {".yaml", "a: ", "{a: ", ""},
		"YAML braces":    {".yaml", "", "{", ""},
		"YAML keys":      {".yaml", "", "? ", ""},
		"YAML list":      {".yaml", "a: [", "1,", "]"},
		"YAML dashes":    {".yaml", "", "- ", "1"},
		"YAML aliases":   {".yaml", "a: &a [1,1,1,1]\nb: [", "*a,", "]"},
		"YAML documents": {".yaml", "", "---\n", "a: 1"},
	} {
		n := (maxConfig - len(c.before) - len(c.after)) / len(c.part)
		raw := []byte(c.before + strings.Repeat(c.part, n) + c.after)
		if used := allocated(func() { parseConfig(c.ext, raw) }); used > 400*maxConfig {
			t.Errorf("%s: %d bytes allocated for %d", name, used, len(raw))
		} else {
			t.Logf("%s: %d bytes allocated a byte", name, used/uint64(len(raw)))
		}
	}
}

// TestConfigFromWindows: files as editors and shares there make them.
func TestConfigFromWindows(t *testing.T) {
	for ext, line := range map[string]string{".yaml": "ns: 5", ".YML": "ns: 5", ".toml": "ns = 5", ".TOML": "ns = 5"} {
		got, err := parseConfig(ext, []byte("\ufeff# steps\r\n"+line+"\r\n"))
		if want := []setting{{"ns", "5", 2}}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, error %v", ext, got, err)
		}
	}
}

// TestReadSmall: a file that is too long is left alone after what a
// configuration may have.
func TestReadSmall(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yaml")
	for size, ok := range map[int64]bool{0: true, maxConfig: true, maxConfig + 1: false, 1 << 40: false} {
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Skip("no sparse files here: ", err)
		}
		raw, err := ReadSmall("--config "+path, path, "a YAML or TOML file of flags")
		if ok != (err == nil) || ok && int64(len(raw)) != size {
			t.Errorf("%d bytes: read %d, %v", size, len(raw), err)
		}
	}
}
