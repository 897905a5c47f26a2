package figure

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// linear is a colour of light, in linear sRGB.
type linear [3]float64

func linearOf(hex string) (l linear) {
	var c [3]uint8
	if _, err := fmt.Sscanf(strings.ToLower(hex), "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil {
		panic(hex)
	}
	for i, v := range c {
		if s := float64(v) / 255; s <= 0.04045 {
			l[i] = s / 12.92
		} else {
			l[i] = math.Pow((s+0.055)/1.055, 2.4)
		}
	}
	return l
}

// times returns the colour as another eye, or coordinate system, has it.
func (l linear) times(m [3]linear) (to linear) {
	for i, row := range m {
		for j, v := range row {
			to[i] += v * l[j]
		}
	}
	return to
}

// lab returns L*, a* and b* under daylight D65.
func (l linear) lab() (lab [3]float64) {
	xyz := l.times([3]linear{{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}})
	var f [3]float64
	for i, white := range []float64{0.95047, 1, 1.08883} {
		if t := xyz[i] / white; t > 216.0/24389 {
			f[i] = math.Cbrt(t)
		} else {
			f[i] = (24389.0/27*t + 16) / 116
		}
	}
	return [3]float64{116*f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])}
}

// apart is the distance of two colours, as CIE 1976: 2.3 is just noticeable.
func apart(a, b linear) float64 {
	p, q := a.lab(), b.lab()
	return math.Hypot(math.Hypot(p[0]-q[0], p[1]-q[1]), p[2]-q[2])
}

// contrast is the ratio of luminances of WCAG 2.
func contrast(a, b linear) float64 {
	y := func(l linear) float64 { return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2] }
	return (max(y(a), y(b)) + 0.05) / (min(y(a), y(b)) + 0.05)
}

// eyes are what the three kinds of cones of a reader make of light: Machado, Oliveira and
// Fernandes (2009), table 1, severity 1.
var eyes = map[string][3]linear{
	"full colour":  {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
}

// seenBy is a colour to an eye, within what a screen shows.
func seenBy(eye [3]linear, hex string) linear {
	l := linearOf(hex).times(eye)
	for i := range l {
		l[i] = min(max(l[i], 0), 1)
	}
	return l
}

func hexOf(c color.NRGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// TestPalette: readers with and without colour blindness tell the colours of a figure apart,
// on white paper and on a dark page, and each is seen before its background. The curves of
// the page have the same colours.
func TestPalette(t *testing.T) {
	const least, visible = 12, 3 // times just noticeable, more than five; WCAG 2.1, 1.4.11
	var paper, dark []string
	for _, c := range palette {
		paper, dark = append(paper, hexOf(c)), append(dark, night.Replace(hexOf(c)))
	}
	for _, set := range []struct {
		ground string
		colors []string
	}{{"#FFFFFF", paper}, {night.Replace("#FFFFFF"), dark}} {
		for i, a := range set.colors {
			if ratio := contrast(linearOf(a), linearOf(set.ground)); ratio < visible {
				t.Errorf("%s on %s: contrast %.2f, want at least %d", a, set.ground, ratio, visible)
			}
			for _, b := range set.colors[:i] {
				for name, eye := range eyes {
					if d := apart(seenBy(eye, a), seenBy(eye, b)); d < least {
						t.Errorf("%s and %s: %.1f apart with %s, want at least %d", a, b, d, name, least)
					}
				}
			}
		}
	}
	css, err := os.ReadFile("../page.css")
	if err != nil {
		t.Fatal(err)
	}
	var page []string
	for _, m := range regexp.MustCompile(`--c[0-9]: (#[0-9a-f]{6});`).FindAllStringSubmatch(string(css), -1) {
		page = append(page, strings.ToUpper(m[1]))
	}
	if want := slices.Concat(paper, dark); !slices.Equal(page, want) {
		t.Errorf("colours of the page %v, of figures %v", page, want)
	}
}
