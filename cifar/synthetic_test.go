package cifar

import "testing"

func TestSynthetic(t *testing.T) {
	d := Synthetic()
	if d.Name != "synthetic" || d.Digest != SyntheticDigest {
		t.Errorf("%s has digest %s, want %s", d.Name, d.Digest, SyntheticDigest)
	}
	if len(d.Classes) != Classes {
		t.Errorf("classes %v", d.Classes)
	}
	checkBalance(t, d)
}

func BenchmarkSynthetic(b *testing.B) {
	for b.Loop() {
		Synthetic()
	}
}
