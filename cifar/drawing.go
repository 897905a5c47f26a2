package cifar

import "math/rand/v2"

// Ranges of what is random in a drawing. Lengths are in 1/256 pixel, colours
// in pixel values. They set how hard the synthetic set is.
const (
	pixel       = 256
	drift       = 8 * pixel     // the shape's centre from the image's, both ways
	sizeLow     = 4*pixel + 128 // half the width of the shape …
	sizeHigh    = 13 * pixel    // … at most
	turn        = 220           // tangent of half the shape's turn, in 1/one: 24 degrees
	contrastLow = -50           // how much lighter than the ground it is …
	contrastHi  = 60            // … at most
	hue         = 40            // of shape and ground, each colour by itself
	shade       = 40            // of the ground's corners
	tint        = 10            // of the ground's corners, each colour by itself
	leaning     = 15            // of shape and ground to the colours of the class
	grain       = 16            // of the noise
)

// drawing is what is random in one image but for the noise.
type drawing struct {
	shape      uint8     // class
	x, y, size int       // centre and half the width of the shape, in 1/256 pixel
	cos, sin   int       // of its turn, in 1/one
	paint      [3]int    // its colour
	ground     [3][4]int // colours of the ground's corners: upper left, upper right, lower left, lower right
}

// drawImage draws a shape into the Dim pixels of an image.
func drawImage(pixels []byte, shape uint8, r *rng) {
	d := newDrawing(shape, r)
	var cover [Side * Side]int
	d.cover(&cover)
	for c := range 3 {
		d.fill(pixels[c*Side*Side:][:Side*Side], c, &cover, r)
	}
}

// newDrawing draws what is random in an image of the given shape.
func newDrawing(shape uint8, r *rng) *drawing {
	d := &drawing{
		shape: shape,
		x:     Side*pixel/2 + r.between(-drift, drift),
		y:     Side*pixel/2 + r.between(-drift, drift),
		size:  r.between(sizeLow, sizeHigh),
	}
	// With t the tangent of half an angle, its cosine is (1−t²)/(1+t²) and its
	// sine 2t/(1+t²): whole numbers will do.
	t := r.between(-turn, turn)
	d.cos = one * (one*one - t*t) / (one*one + t*t)
	d.sin = 2 * one * one * t / (one*one + t*t)

	mid, contrast := r.between(90, 166), r.between(contrastLow, contrastHi)
	for c := range 3 {
		d.paint[c] = mid + contrast/2 + r.between(-hue, hue) + lean(shape, c)
		level := mid - contrast/2 + r.between(-hue, hue) + lean(shape, c)
		d.ground[c] = [4]int{level, level, level, level}
	}
	for k := range 4 {
		light := r.between(-shade, shade)
		for c := range 3 {
			d.ground[c][k] += light + r.between(-tint, tint)
		}
	}
	return d
}

// lean returns how colour c leans in images of a shape: less, not at all or
// more, by the base 3 digits of a number that differs from shape to shape.
func lean(shape uint8, c int) int {
	digit := (int(shape) + 4) / [3]int{1, 3, 9}[c] % 3
	return (digit - 1) * leaning
}

// cover sets every pixel's share that the shape covers, 0 to 256.
func (d *drawing) cover(cover *[Side * Side]int) {
	const bits = 18 // of the fraction of scale
	scale := 1 << bits / d.size
	for k := range cover {
		x, y := k%Side*pixel+pixel/2-d.x, k/Side*pixel+pixel/2-d.y
		u := (x*d.cos + y*d.sin) * scale >> bits
		v := (y*d.cos - x*d.sin) * scale >> bits
		inside := depth(d.shape, u, v) * d.size / one
		cover[k] = min(max(inside+pixel/2, 0), pixel)
	}
}

// fill paints one colour's plane: the ground, which goes evenly from corner to
// corner, the shape on it, and noise.
func (d *drawing) fill(plane []byte, c int, cover *[Side * Side]int, r *rng) {
	const last = Side - 1
	ground, paint := d.ground[c], d.paint[c]
	for i := range Side {
		left := ground[0]*(last-i) + ground[2]*i
		right := ground[1]*(last-i) + ground[3]*i
		var noise uint64
		for j := range Side {
			if j%8 == 0 {
				noise = r.Uint64() // eight bytes, one a pixel
			}
			back := (left*(last-j) + right*j) / (last * last)
			front := back + (paint-back)*cover[i*Side+j]/pixel
			rough := int(noise&255)*(2*grain+1)>>8 - grain
			plane[i*Side+j] = byte(min(max(front+rough, 0), 255))
			noise >>= 8
		}
	}
}

// rng draws whole numbers from a PCG generator.
type rng struct{ rand.PCG }

// newRNG returns a generator whose numbers depend on seed and stream alone.
func newRNG(seed, stream uint64) *rng {
	r := new(rng)
	r.Seed(seed, stream)
	return r
}

// between returns a number from lo to hi, both included.
func (r *rng) between(lo, hi int) int {
	return lo + int((r.Uint64()>>32)*uint64(hi-lo+1)>>32)
}
