package main

import (
	"testing"

	"bnlab/cifar"
	"bnlab/train/experiment"
)

// TestOriginal: what records call the original is what package cifar does.
func TestOriginal(t *testing.T) {
	if experiment.OriginalDigest != cifar.OriginalDigest {
		t.Errorf("digests %s and %s", experiment.OriginalDigest, cifar.OriginalDigest)
	}
	for name, want := range map[string]experiment.Dataset{
		several().Name: {Name: experiment.Synthetic, Digest: several().Digest},
		"cifar10":      {Name: experiment.Altered, Digest: several().Digest},
	} {
		if got := experiment.DatasetOf(name, several().Digest); got != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
