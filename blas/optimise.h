// The steps of optimisers, once for each precision, as kernels_body.h. What is computed is
// explained in optimise.go.

CLONES static void NAME(momentum)(int n, REAL eta, REAL decay, REAL mu, REAL ahead,
                           REAL *restrict x, const REAL *restrict g, REAL *restrict v)
{
	for (int i = 0; i < n; i++) {
		REAL d = g[i] + decay * x[i];
		v[i] = mu * v[i] + d;
		x[i] -= eta * (ahead != 0 ? d + mu * v[i] : v[i]);
	}
}

CLONES static void NAME(adam)(int n, REAL decay, REAL keep, REAL new1, REAL beta2, REAL new2, REAL eps, REAL step, REAL root,
                       REAL *restrict x, const REAL *restrict g, REAL *restrict m, REAL *restrict v)
{
	for (int i = 0; i < n; i++) {
		REAL d = g[i] + decay * x[i];
		m[i] += new1 * (d - m[i]);
		v[i] = beta2 * v[i] + new2 * d * d;
		REAL by = NAME(sqrt)(v[i]) / root + eps;
		x[i] = keep * x[i] - step * m[i] / by;
	}
}
