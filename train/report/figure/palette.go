package figure

import (
	"image/color"
	"strings"
)

// Colors is the number of colours for series.
const Colors = len(palette)

// Background is the colour of a series that others are to be seen before.
const Background = -1

// palette is after that of Okabe and Ito (2008), with darker colours in place of those that
// are faint on white: blue, vermillion, green, brown, light blue, purple. Readers with and
// without colour blindness tell all of them apart; the page has the same.
var palette = [...]color.NRGBA{
	{0x00, 0x72, 0xB2, 255}, {0xD5, 0x5E, 0x00, 255}, {0x00, 0x9E, 0x73, 255},
	{0x7A, 0x4A, 0x00, 255}, {0x4A, 0x90, 0xE2, 255}, {0xB0, 0x57, 0x8B, 255},
}

var (
	ink   = color.NRGBA{0x22, 0x22, 0x22, 255}
	grey  = color.NRGBA{0x66, 0x66, 0x66, 255}
	faint = color.NRGBA{0xE4, 0xE4, 0xE4, 255}
	pale  = color.NRGBA{0xB4, 0xB9, 0xBE, 255}
)

// night are the colours of a figure on a dark page, for those on white paper.
var night = strings.NewReplacer(
	"#FFFFFF", "#14171A", "#222222", "#E4E7EA", "#666666", "#9AA3AB", "#E4E4E4", "#262B30", "#B4B9BE", "#4A525A",
	"#0072B2", "#56B4E9", "#D55E00", "#F0833A", "#009E73", "#2FC79B", "#7A4A00", "#E69F00", "#4A90E2", "#9AD3F5", "#B0578B", "#E095BF",
)
