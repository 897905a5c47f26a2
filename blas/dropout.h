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
	for (int i = 0; i < d; i++, s += lds)
		for (int j = 0; j < n; j++) {
			uint32_t hash = NAME(finalize)(NAME(finalize)((uint32_t)(i * n + j) * 0x9e3779b9u + low) + high);
			s[j] *= hash >= least ? scale : 0;
		}
}
