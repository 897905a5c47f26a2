// Rounding to bfloat16 and back, once for each precision, as kernels_body.h. What is
// computed is explained in round.go. The compiler does better if it narrows in a loop of
// its own.

static inline uint32_t NAME(half)(float f)
{
	uint32_t b;
	memcpy(&b, &f, sizeof b);
	return (b + (f == f ? 0x7fff + (b >> 16 & 1) : 0)) >> 16; // a NaN that was computed shows in the upper bits
}

CLONES static void NAME(round)(int n, int d, REAL alpha, const REAL *restrict x, long ldx, uint16_t *restrict h, long ldh)
{
	uint32_t wide[LINE];
	for (int i = 0; i < n; i++, x += ldx, h += ldh)
		for (int from = 0; from < d; from += LINE) {
			int some = d - from < LINE ? d - from : LINE;
			for (int j = 0; j < some; j++)
				wide[j] = NAME(half)((float)(alpha * x[from + j]));
			for (int j = 0; j < some; j++)
				h[from + j] = (uint16_t)wide[j];
		}
}

// R(pixels[index[i]][j]·scale[j] + shift[j]), see gather
CLONES static void NAME(gather_half)(int n, int d, const unsigned char *pixels, const int *index,
                              const REAL *restrict scale, const REAL *restrict shift, uint16_t *restrict h, long ldh)
{
	uint32_t wide[LINE];
	for (int i = 0; i < n; i++, h += ldh) {
		const unsigned char *restrict p = pixels + (long)index[i] * d;
		const unsigned char *next = pixels + (long)index[i + 1 < n ? i + 1 : i] * d;
		for (int from = 0; from < d; from += LINE) {
			__builtin_prefetch(next + from);
			int some = d - from < LINE ? d - from : LINE;
			for (int j = 0; j < some; j++)
				wide[j] = NAME(half)((float)(p[from + j] * scale[from + j] + shift[from + j]));
			for (int j = 0; j < some; j++)
				h[from + j] = (uint16_t)wide[j];
		}
	}
}

CLONES static void NAME(widen)(int n, int d, const uint16_t *restrict h, long ldh, REAL *restrict x, long ldx)
{
	for (int i = 0; i < n; i++, x += ldx, h += ldh)
		for (int j = 0; j < d; j++) {
			uint32_t b = (uint32_t)h[j] << 16;
			float f;
			memcpy(&f, &b, sizeof f);
			x[j] = f;
		}
}
