// exp(x) for x ≤ 0, as exp.go computes it: with the whole number k for which x = k·ln 2 + r
// and |r| ≤ ln(2)/2 it is 2^k·(1 + r + r²/2! + …). Adding 1.5 times the number from which
// on there are no fractions rounds x/ln 2 to k, and leaves k in the lowest bits, from where
// it goes into the exponent of 2^k. ln 2 is a sum of two numbers, the first with zeros at
// its end, so that k times it is exact. There are no branches and no calls, so loops of it
// become vectors. Below the logarithm of the smallest normal number the result is 0.

static const float terms_f32[] = {1, 1, 1.0f / 2, 1.0f / 6, 1.0f / 24, 1.0f / 120, 1.0f / 720, 1.0f / 5040};

static inline float exp_f32(float x)
{
	int vanishes = x < -87;
	x = vanishes ? -87 : x;
	float t = x * 0x1.715476p+0f + 0x1.8p23f, k = t - 0x1.8p23f;
	float r = x - k * 0x1.63p-1f - k * -0x1.bd0106p-13f;
	float sum = terms_f32[7];
	for (int i = 6; i >= 0; i--)
		sum = sum * r + terms_f32[i];
	uint32_t bits;
	memcpy(&bits, &t, sizeof bits);
	bits = (bits + 127) << 23;
	float power;
	memcpy(&power, &bits, sizeof power);
	return vanishes ? 0 : sum * power;
}

static const double terms_f64[] = {1, 1, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320,
	1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};

static inline double exp_f64(double x)
{
	int vanishes = x < -708;
	x = vanishes ? -708 : x;
	double t = x * 0x1.71547652b82fep+0 + 0x1.8p52, k = t - 0x1.8p52;
	double r = x - k * 0x1.62e42feep-1 - k * 0x1.a39ef35793c76p-33;
	double sum = terms_f64[13];
	for (int i = 12; i >= 0; i--)
		sum = sum * r + terms_f64[i];
	uint64_t bits;
	memcpy(&bits, &t, sizeof bits);
	bits = (bits + 1023) << 52;
	double power;
	memcpy(&power, &bits, sizeof power);
	return vanishes ? 0 : sum * power;
}
