// The mask of dropout, once for each precision, as kernels_body.h. What is computed is
// explained in dropout.go.

static inline uint32_t NAME(finalize)(uint32_t h)
{
	h ^= h >> 16;
	h *= 0x85ebca6b;
	h ^= h >> 13;
	h *= 0xc2b2ae35;
	return h ^ h >> 16;
}

CLONES static void NAME(dropout)(int d, int n, uint32_t low, uint32_t high, uint32_t least, REAL scale, REAL *restrict s, long lds)
{
	const uint32_t golden = 0x9e3779b9;
	for (int i = 0; i < d; i++, s += lds) {
		uint32_t row = NAME(finalize)(NAME(finalize)((uint32_t)i * golden + low) + high);
		for (int j = 0; j < n; j++)
			s[j] *= NAME(finalize)(row + (uint32_t)j * golden) >= least ? scale : 0;
	}
}
