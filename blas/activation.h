// The activations, once for each precision, as kernels_body.h. Each returns f(x) and
// leaves f′(x) in slope. What is computed is explained in activation.go.

static inline REAL NAME(relu_at)(REAL x, REAL *slope)
{
	*slope = x > 0 ? 1 : 0;
	return x <= 0 ? 0 : x;
}

static inline REAL NAME(leaky_at)(REAL x, REAL *slope)
{
	*slope = x > 0 ? 1 : (REAL)0.01;
	return x > 0 ? x : (REAL)0.01 * x;
}

static inline REAL NAME(tanh_at)(REAL x, REAL *slope)
{
	REAL a = x < 0 ? -x : x;
	REAL below = NAME(expm1)(-2 * a);
	REAL value = -below / (2 + below);
	*slope = 1 - value * value;
	return x < 0 ? -value : value;
}

static inline REAL NAME(sigmoid_at)(REAL x, REAL *slope)
{
	REAL a = x < 0 ? -x : x;
	REAL e = NAME(exp)(-a);
	REAL value = 1 / (1 + e);
	value = x < 0 ? e * value : value;
	*slope = value * (1 - value);
	return value;
}

static inline REAL NAME(gelu_at)(REAL x, REAL *slope)
{
	REAL a = x < 0 ? -x : x;
	REAL e = NAME(exp)(-((REAL)0.5 * a * a));
	REAL t = 1 / (1 + (REAL)0.25 * a);
	REAL u = 2 * t - 1;
	REAL q = NAME(gaussian)[NAME(gaussian_last)];
	for (int i = NAME(gaussian_last) - 1; i >= 0; i--)
		q = q * u + NAME(gaussian)[i];
	REAL phi = e * t * q;
	phi = x < 0 ? phi : 1 - phi;
	*slope = phi + x * (e * (REAL)0.39894228040143267793994605993438);
	return x * phi;
}

#define EACH(f) \
	for (int i = 0; i < d; i++, s += lds, slope += ldslope) \
		for (int j = 0; j < n; j++) { \
			REAL at; \
			s[j] = NAME(f)(s[j], &at); \
			slope[j] = at; \
		} \
	break

// slope = f′(s), s = f(s), for activation number f
CLONES static void NAME(activate)(int f, int d, int n, REAL *restrict s, long lds, REAL *restrict slope, long ldslope)
{
	switch (f) {
	case 0: EACH(relu_at);
	case 1: EACH(leaky_at);
	case 2: EACH(gelu_at);
	case 3: EACH(tanh_at);
	case 4: EACH(sigmoid_at);
	}
}

#undef EACH
