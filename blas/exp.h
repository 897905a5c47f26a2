// The numbers by which kernels_body.h computes exp, under the names of exp.go.

typedef uint32_t bits_f32;
static const float log2e_f32 = 0x1.715476p+0f, rounds_f32 = 0x1.8p23f, least_f32 = -87;
static const float high_f32 = 0x1.63p-1f, low_f32 = -0x1.bd0106p-13f;
static const float terms_f32[] = {1, 1, 1.0f / 2, 1.0f / 6, 1.0f / 24, 1.0f / 120, 1.0f / 720, 1.0f / 5040};
enum { last_f32 = 7, bias_f32 = 127, mantissa_f32 = 23 };

typedef uint64_t bits_f64;
static const double log2e_f64 = 0x1.71547652b82fep+0, rounds_f64 = 0x1.8p52, least_f64 = -708;
static const double high_f64 = 0x1.62e42feep-1, low_f64 = 0x1.a39ef35793c76p-33;
static const double terms_f64[] = {1, 1, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320,
	1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
enum { last_f64 = 13, bias_f64 = 1023, mantissa_f64 = 52 };
