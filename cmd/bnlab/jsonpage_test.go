package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"bnlab/blas"
	"bnlab/cmd/internal/results"
	"bnlab/train/answer"
	"bnlab/train/bench"
	"bnlab/train/experiment"
	"bnlab/train/study"
	"bnlab/train/verdict"
)

func described(ts *testscript.TestScript, _ bool, args []string) {
	file := "stdout"
	if len(args) > 1 {
		file = args[1]
	}
	texts := []string{ts.ReadFile(file)}
	if strings.HasSuffix(file, ".jsonl") {
		texts = strings.SplitAfter(strings.TrimSpace(texts[0]), "\n")
	}
	for _, text := range texts {
		readJSONPage(ts).text(args[0], args[0], text)
	}
}

func allDescribed(ts *testscript.TestScript, _ bool, _ []string) {
	p := readJSONPage(ts)
	// Of these only the form, with one of each: other tests have the numbers.
	one := bench.Report{Shapes: make([]bench.Product, 1), Threads: make([]bench.Threads, 1), Scaling: make([]bench.Sweep, 1), Backends: make([]bench.Backend, 1)}
	for object, v := range map[string]any{
		"bnlab-bench":        results.Bench{Report: one, Low: one, High: one, Features: []string{"avx"}, Warnings: []string{"slow"}},
		"backends":           results.Backends{Here: []blas.Backend{}, Missing: []string{"onednn: not built in"}},
		"others":             map[string]experiment.Spread{},
		"bnlab-data-fetch":   results.Fetched{},
		"bnlab-study---list": results.Studies{{}, {Seconds: new(1.5), Verdicts: []string{"bn"}}},
		"sweep-study":        results.StudyStatus{Plans: make([]results.Status, 1), Waiting: []string{"fine"}},
		"study-experiment": []results.StudyExperiment{{Best: &study.Best{TestAcc: new(0.5)}}, {
			Warnings: []string{"kernel"}, Failed: []string{"a"}, Missing: []string{"b"}, Claims: make([]verdict.Judged, 1), Best: &study.Best{},
			Agreement: []answer.Agreement{{}, {Diff: new(0.5), CI: new([2]float64), Unequal: []string{"a"}}},
		}},
	} {
		text, err := experiment.JSON(v)
		ts.Check(err)
		p.text(object, object, string(text))
	}
	p.allSeen()
}

// testFolder is where the tests start.
var testFolder, _ = os.Getwd()

// jsonPage is docs/json.md: the objects that it describes, and what of them was seen.
type jsonPage struct {
	ts      *testscript.TestScript
	objects map[string]map[string]string // type by key by heading
	within  map[string]string            // another object whose keys an object has too
	order   []string                     // all of them, as "heading.key"
	seen    map[string]bool              // as "heading.key", "heading.key null" and "heading.key absent"
}

var (
	pageHeading = regexp.MustCompile(`^### (.+)$`)
	pageWithin  = regexp.MustCompile(`All keys of \[[^\]]+\]\(#([^)]+)\)`)
	pageRow     = regexp.MustCompile("^\\| `([a-z0-9_]+)` \\| (.+?) \\| ?(.*?) ?\\|$")
	pageLink    = regexp.MustCompile(`^\[[^\]]+\]\(#([^)]+)\)$`)
)

// readJSONPage reads the page.
func readJSONPage(ts *testscript.TestScript) *jsonPage {
	text, err := os.ReadFile(filepath.Join(testFolder, "../../docs/json.md"))
	if err != nil {
		ts.Fatalf("%v", err)
	}
	p := &jsonPage{ts: ts, objects: map[string]map[string]string{}, within: map[string]string{}, seen: ts.Value("seen").(map[string]bool)}
	at := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if m := pageHeading.FindStringSubmatch(line); m != nil {
			at = strings.NewReplacer(" ", "-", ",", "", ".", "", "/", "").Replace(m[1])
			p.objects[at] = map[string]string{}
		}
		if m := pageWithin.FindStringSubmatch(line); m != nil {
			p.within[at] = m[1]
		}
		if m := pageRow.FindStringSubmatch(line); m != nil {
			p.objects[at][m[1]] = m[2]
			p.order = append(p.order, at+"."+m[1])
		}
	}
	if len(p.order) < 100 {
		ts.Fatalf("docs/json.md has %d keys", len(p.order))
	}
	return p
}

// check compares an object of the program with what the page says of it.
func (p *jsonPage) check(where, object string, value any) {
	got, ok := value.(map[string]any)
	if !ok {
		p.ts.Fatalf("%s: %.80v is no object", where, value)
		return
	}
	rest := map[string]any{}
	for key, v := range got {
		rest[key] = v
	}
	if p.objects[object] == nil {
		p.ts.Fatalf("%s: the page does not describe %s", where, object)
	}
	asked := object
	for ; object != ""; object = p.within[object] {
		for key, kind := range p.objects[object] {
			id := object + "." + key
			kind, optional := strings.CutSuffix(kind, " or absent")
			v, there := got[key]
			delete(rest, key)
			switch {
			case !there && optional:
				p.seen[id+" absent"] = true
			case !there:
				p.ts.Fatalf("%s: no key %s, which %s has on the page", where, key, object)
			default:
				p.value(where+"."+key, id, kind, v)
			}
		}
	}
	for key := range rest {
		p.ts.Fatalf("%s: key %s is not on the page below %s", where, key, asked)
	}
}

// value compares a value with its type on the page.
func (p *jsonPage) value(where, id, kind string, v any) {
	kind, optional := strings.CutSuffix(kind, " or null")
	if v == nil && optional {
		p.seen[id+" null"] = true
		return
	}
	good := false
	if of, isList := strings.CutPrefix(kind, "list of "); isList {
		list, ok := v.([]any)
		for i, element := range list {
			p.value(fmt.Sprintf("%s[%d]", where, i), id, of, element)
		}
		if len(list) == 0 && ok {
			return // and not seen
		}
		good = ok
	} else if m := pageLink.FindStringSubmatch(kind); m != nil {
		good = v != nil
		p.check(where, m[1], v)
	} else {
		number, isNumber := v.(json.Number)
		f, _ := number.Float64()
		_, isString := v.(string)
		_, isBool := v.(bool)
		switch kind {
		case "string":
			good = isString
		case "boolean":
			good = isBool
		case "number":
			good = isNumber
		case "integer":
			good = isNumber && f == math.Trunc(f)
		default:
			p.ts.Fatalf("%s: the page has the unknown type %q", id, kind)
		}
	}
	if !good {
		p.ts.Fatalf("%s: %.80v is no %s", where, v, kind)
	}
	p.seen[id] = true
}

// text checks one JSON object, or a list of them.
func (p *jsonPage) text(where, object, text string) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		p.ts.Fatalf("%s: not one JSON object: %v\n%.300s", where, err, text)
	}
	if list, ok := v.([]any); ok {
		for i, element := range list {
			p.check(fmt.Sprintf("%s[%d]", where, i), object, element)
		}
		return
	}
	p.check(where, object, v)
}

// never are keys that can, and in this version do not, have a value.
var never = []string{"published.val_acc", "published.test_acc null"}

// allSeen reports each key of the page that no output had, and each null and each
// absence that did not occur.
func (p *jsonPage) allSeen() {
	var missing []string
	for _, id := range p.order {
		object, key, _ := strings.Cut(id, ".")
		for _, suffix := range []string{"", " null", " absent"} {
			due := suffix == "" || strings.HasSuffix(p.objects[object][key], " or"+suffix)
			if due && !p.seen[id+suffix] && !slices.Contains(never, id+suffix) {
				missing = append(missing, id+suffix)
			}
		}
	}
	if missing != nil {
		p.ts.Fatalf("on the page, and in no output: %q", missing)
	}
}
