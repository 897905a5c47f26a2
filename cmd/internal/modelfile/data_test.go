package modelfile

import (
	"testing"

	"bnlab/cifar"
)

// TestChannels: what the network is given, in pixel values, plane by plane.
func TestChannels(t *testing.T) {
	values, err := channels("{input_mean}", "0.5,0.2, 1", 0)
	if err != nil || len(values) != cifar.Dim || values[0] != 127.5 || values[1024] != 51 || values[3071] != 255 {
		t.Errorf("%d values, %v", len(values), err)
	}
}
