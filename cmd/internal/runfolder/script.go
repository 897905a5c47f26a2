package runfolder

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"bnlab/cmd/internal/dataset"
	"bnlab/train/answer"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
)

// reproduceFile is the script in a run folder that repeats its study.
const reproduceFile = "reproduce.sh"

// Answer trains what is missing of a study as answer.Run does, and leaves beside the results
// the script that repeats it.
func Answer(ctx context.Context, lab *experiment.Lab, s *study.Study, last string) ([]answer.Result, error) {
	results, err := answer.Run(ctx, lab, s, last)
	if err != nil || lab.Dir == "" {
		return results, err
	}
	return results, keepScript(lab.Dir, results)
}

// Summary is Answer with the summary of all experiments; if it fails, that of the
// experiment that did.
func Summary(ctx context.Context, lab *experiment.Lab, s *study.Study, last string) (experiment.Summary, error) {
	results, err := Answer(ctx, lab, s, last)
	if err != nil && len(results) > 0 {
		return results[len(results)-1].Summary, err
	}
	return answer.Joined(results), err
}

// keepScript writes the script beside the question. It names the data set that was used,
// and what the records were made with.
func keepScript(dir string, results []answer.Result) error {
	var made experiment.Properties
	for _, r := range results {
		made = made.Join(r.Made)
	}
	var versions strings.Builder
	for _, p := range made {
		for _, v := range p.Values {
			fmt.Fprintf(&versions, "#   %s: %s\n", p.Name, message.Text(v.Value))
		}
	}
	data := results[0].Dataset
	text := fmt.Sprintf(`#!/bin/sh
# Trains the study beside this file again, into the folder DIR, and says whether the results
# agree with those beside this file:
#
#   ./%s DIR [FLAG]...
#
# It runs $BNLAB, or the bnlab in the PATH. The records here were made with
%s#   images: %s, SHA-256 %s
set -eu
if [ $# -lt 1 ]; then
	echo "usage: $0 DIR [FLAG]..." >&2
	exit 2
fi
bnlab=${BNLAB:-bnlab}
if ! command -v "$bnlab" >/dev/null; then
	echo "$0: no $bnlab: set BNLAB to the program, or add its folder to the PATH" >&2
	exit 2
fi
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=$1
shift
exec "$bnlab" study "$here/%s" --dataset %s --out "$out" "$@"
`, reproduceFile, versions.String(), data.Name, data.Digest, answer.QuestionFile, dataset.Flag(data.Name))
	path := filepath.Join(dir, reproduceFile)
	if real, err := atomicfile.Real(dir); err == nil {
		path = filepath.Join(real, reproduceFile)
	}
	if err := atomicfile.WriteChanged(path, []byte(text)); err != nil {
		return err
	}
	return atomicfile.MakeExecutable(path)
}
