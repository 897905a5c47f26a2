package cifar

import (
	"slices"
	"testing"
)

// TestMirrored: each row of each plane is turned around, and mirroring again brings the
// images back, which stay as they are.
func TestMirrored(t *testing.T) {
	set := newSet(2)
	for i := range set.Pixels {
		set.Pixels[i] = byte(i * 7 % 251)
	}
	set.Labels[1] = 3
	before := slices.Clone(set.Pixels)
	m := set.Mirrored()
	for _, at := range [][3]int{{0, 0, 0}, {1, 0, 31}, {1, 2, 5}, {0, 1, 30}} {
		image, plane, row := at[0], at[1], at[2]
		from := plane*Side*Side + row*Side
		for x := range Side {
			if m.Image(image)[from+x] != set.Image(image)[from+Side-1-x] {
				t.Fatalf("image %d, plane %d, row %d, column %d", image, plane, row, x)
			}
		}
	}
	if !slices.Equal(m.Mirrored().Pixels, before) || !slices.Equal(set.Pixels, before) || !slices.Equal(m.Labels, set.Labels) {
		t.Error("mirrored twice they are others, or the images have changed")
	}
}
