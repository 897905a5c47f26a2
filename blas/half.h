// Rounding to bfloat16 and back, once for each precision, as kernels_body.h. What is
// computed is explained in half.go.

CLONES static void NAME(round)(int n, int d, REAL alpha, const REAL *restrict x, long ldx, uint16_t *restrict h, long ldh)
{
	for (int i = 0; i < n; i++, x += ldx, h += ldh)
		for (int j = 0; j < d; j++) {
			float f = (float)(alpha * x[j]);
			uint32_t b;
			memcpy(&b, &f, sizeof b);
			uint32_t near = b + 0x7fff + (b >> 16 & 1), nan = b | 0x400000;
			h[j] = (uint16_t)((f == f ? near : nan) >> 16);
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
