package shell

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnknownVariables(t *testing.T) {
	const nothing = "; it has no effect"
	got := unknownVariables([]string{
		"BNLAB_LAMDA=3", "BNLAB_LAMBDA=3", "BNLAB_ETA_MAXX=1", "BNLAB_ETAMAX=", "BNLAB_TEST_TORTURE=1", "BNLAB_PYTHON=/opt/python",
		"BNLAB_SHARD=3", "BNLAB_CONFIG=x.yaml", "BNLAB_COLOUR=red", "BNLAB_=1", "BNLAB=1", "LAMDA=3", "BNLAB_\x1b[2J=1",
	}, testCommands())
	want := []string{
		"BNLAB_\x1b[2J: no flag has this variable" + nothing,
		"BNLAB_: no flag has this variable" + nothing,
		"BNLAB_COLOUR: no flag has this variable" + nothing,
		`BNLAB_ETA_MAXX: no flag has this variable (did you mean "BNLAB_ETA_MAX"?)` + nothing,
		`BNLAB_LAMDA: no flag has this variable (did you mean "BNLAB_LAMBDA"?)` + nothing,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
