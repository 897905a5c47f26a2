// The passes over a mini-batch between the products, once for each precision:
// kernels.h includes this file with REAL and NAME defined. Every element is
// computed as in kernels_go.go, rounding included, so the two agree bit for bit.
// Loops run along rows, whose elements are contiguous; ld… is the distance
// between rows. An element of a vector belongs to a row, in gather, col_max and exps to a
// column.

// x[i][j] = pixels[index[i]][j]·scale[j] + shift[j]
CLONES static void NAME(gather)(int n, int d, const unsigned char *pixels, const int *index,
                         const REAL *restrict scale, const REAL *restrict shift, REAL *restrict x, long ldx)
{
	for (int i = 0; i < n; i++, x += ldx) {
		const unsigned char *restrict p = pixels + (long)index[i] * d;
		// The next image comes from anywhere in memory: ask for it line by line, while
		// this one keeps the core busy.
		const unsigned char *next = pixels + (long)index[i + 1 < n ? i + 1 : i] * d;
		for (int from = 0; from < d; from += LINE) {
			__builtin_prefetch(next + from);
			int to = from + LINE < d ? from + LINE : d;
			for (int j = from; j < to; j++)
				x[j] = p[j] * scale[j] + shift[j];
		}
	}
}

// s[i][j] = a[i]·s[i][j] + b[i]
CLONES static void NAME(affine)(int d, int n, const REAL *restrict a, const REAL *restrict b, REAL *restrict s, long lds)
{
	for (int i = 0; i < d; i++, s += lds)
		for (int j = 0; j < n; j++)
			s[j] = a[i] * s[j] + b[i];
}

// c = s − mu, q = c²
CLONES static void NAME(center)(int d, int n, const REAL *restrict s, long lds, const REAL *restrict mu,
                         REAL *restrict c, long ldc, REAL *restrict q, long ldq)
{
	for (int i = 0; i < d; i++, s += lds, c += ldc, q += ldq)
		for (int j = 0; j < n; j++) {
			c[j] = s[j] - mu[i];
			q[j] = c[j] * c[j];
		}
}

// h = inv·h, s = gamma·h + beta
CLONES static void NAME(normalize)(int d, int n, const REAL *restrict inv, const REAL *restrict gamma,
                            const REAL *restrict beta, REAL *restrict h, long ldh, REAL *restrict s, long lds)
{
	for (int i = 0; i < d; i++, h += ldh, s += lds)
		for (int j = 0; j < n; j++) {
			h[j] *= inv[i];
			s[j] = gamma[i] * h[j] + beta[i];
		}
}

// x = max(0, x), a NaN stays
CLONES static void NAME(relu)(int d, int n, REAL *restrict x, long ldx)
{
	for (int i = 0; i < d; i++, x += ldx)
		for (int j = 0; j < n; j++)
			x[j] = x[j] <= 0 ? 0 : x[j];
}

// g = 0 where not x > 0
CLONES static void NAME(relu_mask)(int d, int n, const REAL *restrict x, long ldx, REAL *restrict g, long ldg)
{
	for (int i = 0; i < d; i++, x += ldx, g += ldg)
		for (int j = 0; j < n; j++)
			g[j] = x[j] > 0 ? g[j] : 0;
}

// g = g·h
CLONES static void NAME(multiply_by)(int d, int n, const REAL *restrict h, long ldh, REAL *restrict g, long ldg)
{
	for (int i = 0; i < d; i++, h += ldh, g += ldg)
		for (int j = 0; j < n; j++)
			g[j] *= h[j];
}

// q = g·h
CLONES static void NAME(multiply)(int d, int n, const REAL *restrict g, long ldg, const REAL *restrict h, long ldh,
                           REAL *restrict q, long ldq)
{
	for (int i = 0; i < d; i++, g += ldg, h += ldh, q += ldq)
		for (int j = 0; j < n; j++)
			q[j] = g[j] * h[j];
}

// g = a·(g − u − h·v)
CLONES static void NAME(project)(int d, int n, const REAL *restrict a, const REAL *restrict u, const REAL *restrict v,
                          const REAL *restrict h, long ldh, REAL *restrict g, long ldg)
{
	for (int i = 0; i < d; i++, h += ldh, g += ldg)
		for (int j = 0; j < n; j++)
			g[j] = a[i] * (g[j] - u[i] - h[j] * v[i]);
}

// top[j] = the greatest of s[i][j] over i, a NaN if there is one
CLONES static void NAME(col_max)(int d, int n, const REAL *restrict s, long lds, REAL *restrict top)
{
	for (int j = 0; j < n; j++)
		top[j] = s[j];
	for (int i = 1; i < d; i++) {
		s += lds;
		for (int j = 0; j < n; j++)
			top[j] = s[j] <= top[j] || top[j] != top[j] ? top[j] : s[j];
	}
}

// exp(x) for x ≤ 0: with the whole number k for which x = k·ln 2 + r and |r| ≤ ln(2)/2 it is
// 2^k·(1 + r + r²/2! + …). Adding 1.5 times the number from which on there are no fractions
// rounds x/ln 2 to k, and leaves k in the lowest bits, from where it goes into the exponent
// of 2^k. ln 2 is a sum of two numbers, the first with zeros at its end, so that k times it
// is exact. There are no branches and no calls, so loops of it become vectors. Below the
// logarithm of the smallest normal number the result is 0.
static inline REAL NAME(reduce)(REAL x, REAL *power)
{
	REAL rounded = x * NAME(log2e) + NAME(rounds), k = rounded - NAME(rounds);
	NAME(bits) bits;
	memcpy(&bits, &rounded, sizeof bits);
	bits = (bits + NAME(bias)) << NAME(mantissa);
	memcpy(power, &bits, sizeof *power);
	return x - k * NAME(high) - k * NAME(low);
}

static inline REAL NAME(exp)(REAL x)
{
	int vanishes = x < NAME(least);
	REAL power, r = NAME(reduce)(vanishes ? NAME(least) : x, &power);
	REAL sum = NAME(terms)[NAME(last)];
	for (int i = NAME(last) - 1; i >= 0; i--)
		sum = sum * r + NAME(terms)[i];
	return vanishes ? 0 : sum * power;
}

// exp(x) − 1 for x ≤ 0, without losing digits near 0: 2^k·(r + r²/2! + …) + (2^k − 1)
static inline REAL NAME(expm1)(REAL x)
{
	int vanishes = x < NAME(least);
	REAL power, r = NAME(reduce)(vanishes ? NAME(least) : x, &power);
	REAL sum = NAME(terms)[NAME(last)];
	for (int i = NAME(last) - 1; i >= 1; i--)
		sum = sum * r + NAME(terms)[i];
	return vanishes ? -1 : power * (sum * r) + (power - 1);
}

// s = exp(s − top), sum[j] = the sum of s[i][j] over i
CLONES static void NAME(exps)(int d, int n, const REAL *restrict top, REAL *restrict s, long lds, REAL *restrict sum)
{
	for (int j = 0; j < n; j++)
		sum[j] = 0;
	for (int i = 0; i < d; i++, s += lds)
		for (int j = 0; j < n; j++) {
			s[j] = NAME(exp)(s[j] - top[j]);
			sum[j] += s[j];
		}
}
