package cifar

// shapeNames returns the names of the synthetic set's classes in the order of
// their labels, which is that of the cases of depth.
func shapeNames() []string {
	return []string{"disc", "ring", "square", "frame", "triangle", "plus", "cross", "bar", "stripes", "checker"}
}

// one is the unit of a shape's coordinates, half the width of the shape.
const one = 1024

// depth returns about how far the point (u, v) lies inside a shape, negative
// outside. The shape fills −one … one in both directions; v grows downwards.
func depth(shape uint8, u, v int) int {
	au, av := abs(u), abs(v)
	far := max(au, av)
	switch shape {
	case 0: // disc
		return disc(u, v, one)
	case 1: // ring
		return min(disc(u, v, one), -disc(u, v, one*6/10))
	case 2: // square
		return one*9/10 - far
	case 3: // frame
		return min(one*9/10-far, far-one*5/10)
	case 4: // triangle, its tip above
		return min(one*8/10-v, (one+v-2*au)*458/one)
	case 5: // plus
		return max(min(one*3/10-au, one-av), min(one*3/10-av, one-au))
	case 6: // cross, a plus turned by an eighth
		return min(one*3/10-abs(au-av)*724/one, one-far)
	case 7: // bar
		return min(one*35/100-av, one-au)
	case 8: // stripes, two bars
		return min(one*25/100-abs(av-one*6/10), one-au)
	default: // checker, two squares that touch at a corner
		edge := min(au, av)
		if (u < 0) != (v < 0) {
			edge = -edge
		}
		return min(one*9/10-far, edge)
	}
}

// disc returns about how far (u, v) lies inside a disc of the given radius,
// exactly at its edge.
func disc(u, v, radius int) int { return (radius*radius - u*u - v*v) / (2 * radius) }

func abs(a int) int { return max(a, -a) }
