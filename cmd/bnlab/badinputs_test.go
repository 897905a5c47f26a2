package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/cifar"
	"bnlab/cmd/internal/modelfile"
	"bnlab/model"
)

var update = flag.Bool("update", false, "write exit codes and messages into docs/bad-inputs.md")

// badRow is a line of the tables: what is wrong, the command, the rest.
var badRow = regexp.MustCompile("^(\\| .* \\| )`([^`]*bnlab [^`]*)`( \\|?.*)$")

// TestBadInputs runs every command of docs/bad-inputs.md among files made to be bad,
// and compares exit code and message with what stands there.
func TestBadInputs(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much data")
	}
	page, err := filepath.Abs(filepath.Join("..", "..", "docs", "bad-inputs.md"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	cleanEnv(t)
	t.Chdir(t.TempDir())
	makeBadInputs(t)
	lines := strings.Split(string(text), "\n")
	rows := 0
	for i, line := range lines {
		row := badRow.FindStringSubmatch(line)
		if row == nil {
			continue
		}
		rows++
		got := row[1] + "`" + row[2] + "`" + answer(t, row[2])
		if *update {
			lines[i] = got
		} else if got != line {
			t.Errorf("%s\n got %s\nwant %s", row[2], got, line)
		}
	}
	if rows < 100 {
		t.Errorf("only %d lines were understood", rows)
	}
	if *update {
		if err := os.WriteFile(page, []byte(strings.Join(lines, "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// answer runs a command line, with variables of the environment in front, and
// returns exit code and message as the page has them.
func answer(t *testing.T, line string) string {
	t.Helper()
	words := strings.Fields(line)
	for words[0] != "bnlab" {
		name, value, _ := strings.Cut(words[0], "=")
		os.Setenv(name, value)
		defer os.Unsetenv(name)
		words = words[1:]
	}
	before := sizes(t)
	r := call(t.Context(), words[1:]...)
	messages := strings.Split(strings.TrimSuffix(r.stderr, "\n"), "\n")
	message, found := strings.CutPrefix(messages[len(messages)-1], "bnlab: ")
	if found != (r.code != exitDone) || r.code == exitUsage && (len(messages) > 1 || r.stdout != "") {
		t.Errorf("%s: want one line on stderr alone, got\n%s%s", line, r.stderr, r.stdout)
	}
	if diff := cmp.Diff(before, sizes(t)); r.code == exitDone {
		message = messages[0]
	} else if diff != "" {
		t.Errorf("%s: files change:\n%s", line, diff)
	}
	return fmt.Sprintf(" | %d | `` %s `` |", r.code, strings.ReplaceAll(message, "|", `\|`))
}

// sizes returns the size of every file here.
func sizes(t *testing.T) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	err := filepath.Walk(".", func(path string, info os.FileInfo, err error) error {
		if err == nil {
			all[path] = info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// put writes a file and the folders to it.
func put(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
}

// fewSteps are flags of a training of ten steps.
const fewSteps = "train_size: 200\ntest_size: 100\nval: 100\nns: 5\ncycles: 1\nbatch: 20\n"

// makeBadInputs makes the files of the page in the working folder.
func makeBadInputs(t *testing.T) {
	t.Helper()
	put(t, "empty", nil)
	put(t, "note.txt", []byte("This is a note.\n"))
	put(t, "folder/.keep", nil)
	for name, text := range map[string]string{
		"long.yaml": "# " + strings.Repeat("-", 1<<16-1), "open.yaml": "ns: [1", "none.toml": "ns =", "list.yaml": "- ns",
		"name.yaml": "lamda: 0.1", "kind.yaml": "ns: many", "zero.yaml": "ns: 0", "base.yaml": "ns: 0o10", "base.toml": "lambda = 0x10", "octal.toml": "ns = 010", "null.yaml": "ns:", "table.toml": "[bn]\non = true",
		"date.toml": "save = 2001-01-01", "alias.yaml": "ns: &a 5\nbatch: *a", "twice.yaml": "eta_max: 1\neta-max: 2", "two.yaml": "ns: 5\n---\nns: 6",
		"auto.yaml": fewSteps, "tiny.yaml": "dataset: synthetic\n" + fewSteps, "seeds.yaml": "dataset: synthetic\nseeds: 3\n" + fewSteps,
	} {
		put(t, name, []byte(text))
	}
	makeBadData(t)
	makeBadRuns(t)
	makeBadNets(t)
	put(t, "resumed.safetensors.checkpoint.10", []byte("{"))
	header := []byte("IHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\x00\x00\x00") // 100000×100000, RGB
	huge := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	put(t, "huge.png", binary.BigEndian.AppendUint32(huge, crc32.ChecksumIEEE(header)))
	if err := writePicture("cut.png", several().Test.Picture(0)); err != nil {
		t.Fatal(err)
	}
	cut(t, "cut.png", 60)
}

// cut shortens a file, or fills it up with zeros.
func cut(t *testing.T, path string, size int64) {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

func makeBadData(t *testing.T) {
	t.Helper()
	for _, dir := range []string{"black", "missing", "inner", "void", "last", "short", "long", "label"} {
		if err := blackBatches(dir); err != nil {
			t.Fatal(err)
		}
	}
	os.Remove("missing/data_batch_3.bin")
	os.Remove("inner/data_batch_4.bin")
	put(t, "inner/data_batch_4.bin/.keep", nil)
	cut(t, "void/data_batch_1.bin", 0)
	cut(t, "last/data_batch_1.bin", (cifar.FileRecords-1)*cifar.RecordSize)
	cut(t, "short/data_batch_2.bin", 5000)
	cut(t, "long/test_batch.bin", cifar.FileRecords*cifar.RecordSize+1)
	put(t, "label/data_batch_5.bin", append(bytes.Repeat([]byte{0}, 2*cifar.RecordSize), 10))
	cut(t, "label/data_batch_5.bin", cifar.FileRecords*cifar.RecordSize)
	put(t, "pickle/data_batch_1", []byte("\x80\x02cposix\nsystem\nU\x04true\x85R."))
}

func makeBadNets(t *testing.T) {
	t.Helper()
	want(t, exitDone, "train", "--config", "tiny.yaml", "--hidden", "6", "--bn", "--quiet", "--save", "m.safetensors")
	m, err := modelfile.Read("m.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	small := saved(t, cifar.Dim, nil, 1)
	put(t, "header.safetensors", small[:100])
	put(t, "cut.safetensors", small[:70000])
	put(t, "more.safetensors", append(bytes.Clone(small), "more"...))
	put(t, "lie.safetensors", append([]byte{7: 0x80}, small[8:]...))
	put(t, "nan.safetensors", withNumber(t, small, "0.weight", 0x7fc00000))
	put(t, "variance.safetensors", withNumber(t, small, "1.running_var", math.Float32bits(-1)))
	put(t, "huge.safetensors", saved(t, cifar.Dim, m.Metadata, math.MaxFloat32))
	put(t, "other.safetensors", saved(t, 12, nil, 1))
	for key, value := range map[string]string{"bnlab.format": "0", "bnlab.config": `{"ns": 0}`, "bnlab.classes": `["cat"]`, "bnlab.input_mean": "[]", "bnlab.input_std": "[0" + strings.Repeat(",1", cifar.Dim-1) + "]"} {
		metadata := maps.Clone(m.Metadata)
		metadata[key] = value
		put(t, strings.TrimPrefix(key, "bnlab.")+".safetensors", saved(t, cifar.Dim, metadata, 1))
	}
	for name, change := range map[string][3]string{
		"colours": {"bnlab.classes", `"`, `"\u001b[31m`},
		"name":    {"bnlab.dataset", `synthetic`, `\u001b[2J`},
		"shape":   {"bnlab.config", `"hidden":[6]`, `"hidden":[7]`},
		"loss":    {"bnlab.result", `"test_loss":`, `"test_loss":-`},
	} {
		metadata := maps.Clone(m.Metadata)
		metadata[change[0]] = strings.Replace(metadata[change[0]], change[1], change[2], 1)
		put(t, name+".safetensors", saved(t, cifar.Dim, metadata, 1))
	}
	put(t, "sparse.safetensors", bytes.Clone(small))
	cut(t, "sparse.safetensors", 1<<40)
}

// saved returns the file of a network with the given number of inputs and all its
// parameters v.
func saved(t *testing.T, in int, metadata map[string]string, v float32) []byte {
	t.Helper()
	net, err := model.New[float32](model.Spec{In: in, Hidden: []int{6}, Out: cifar.Classes, Nets: 1, BatchNorm: 1, MaxRows: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range net.Params() {
		net.Params()[i] = v
	}
	var file bytes.Buffer
	if err := net.Save(&file, 0, metadata); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// withNumber returns the file of a network with other bits in the first number of
// a tensor.
func withNumber(t *testing.T, file []byte, tensor string, bits uint32) []byte {
	t.Helper()
	var header map[string]struct {
		Offsets []int `json:"data_offsets"`
	}
	start := 8 + binary.LittleEndian.Uint64(file)
	if err := json.Unmarshal(file[8:start], &header); err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(file)
	binary.LittleEndian.PutUint32(changed[int(start)+header[tensor].Offsets[0]:], bits)
	return changed
}

func makeBadRuns(t *testing.T) {
	t.Helper()
	flags := strings.Fields("--config tiny.yaml --depth 2")
	for _, dir := range []string{"run", "damaged", "changed", "absurd"} {
		want(t, exitDone, append([]string{"compare", "--quiet", "--out", dir}, flags...)...)
	}
	cut(t, "damaged/trials/2-layer-seed1/result.json", 40)
	record := read(t, "changed/trials/2-layer-seed1/result.json")
	put(t, "changed/trials/2-layer-seed1/result.json", bytes.Replace(record, []byte(`"test_acc": 0.`), []byte(`"test_acc": 0.9`), 1))
	if err := os.Truncate("absurd/plan.json", 1<<40); err != nil {
		t.Fatal(err)
	}
	want(t, exitDone, append([]string{"sweep", "plan", "compare", "--out", "planned"}, flags...)...)
	whole, err := os.ReadFile("planned/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	put(t, "plan-empty/plan.json", nil)
	put(t, "plan-cut/plan.json", whole[:len(whole)/2])
	for name, change := range map[string][2]string{
		"field":  {`"format": 1`, `"colour": 3, "format": 1`},
		"format": {`"format": 1`, `"format": 2`},
		"name":   {`"2-layer-bn-seed1"`, `"../x"`},
		"ns":     {`"ns": 5`, `"ns": 0`},
		"data":   {`"digest": "`, `"digest": "0123`},
	} {
		put(t, "plan-"+name+"/plan.json", bytes.Replace(whole, []byte(change[0]), []byte(change[1]), 1))
	}
}
