#include <stdint.h> // also says whether this is glibc
#include <math.h>
#include <string.h>

// The compiler makes each pass for several vector widths, and the loader takes
// the widest that the CPU has.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define CLONES __attribute__((noinline, target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

// Nobody asks whether a comparison has raised a flag, or a root set errno, and only without
// asking does gcc choose between two numbers, or take roots, for a whole vector.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-trapping-math", "no-math-errno")
#endif

// Clang fuses a·b + c into one rounding wherever the CPU can, which the twins in Go
// do not; gcc does not with -std=c11, and knows no such pragma.
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

#define sqrt_f32 sqrtf
#define sqrt_f64 sqrt

#include "exp.h"
#include "gaussian.h"

#define LINE 64 // bytes that a cache takes in at once

#define REAL float
#define NAME(kernel) kernel##_f32
#include "kernels_body.h"
#include "activation.h"
#include "optimise.h"
#include "dropout.h"
#include "half.h"
#undef REAL
#undef NAME

#define REAL double
#define NAME(kernel) kernel##_f64
#include "kernels_body.h"
#include "activation.h"
#include "optimise.h"
#include "dropout.h"
#include "half.h"
