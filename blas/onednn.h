// oneDNN's products, from a library that is opened when it is asked for: a program that
// has this compiled in runs where the library is not.

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>

#define STRING_(x) #x
#define STRING(x) STRING_(x)
#define LIBRARY "libdnnl.so." STRING(DNNL_VERSION_MAJOR)

// The functions in use, under their names in the library.
#define FUNCTIONS(F) F(dnnl_version) F(dnnl_get_effective_cpu_isa) F(dnnl_sgemm)

#define POINTER(name) static __typeof__(&name) p_##name;
FUNCTIONS(POINTER)
static void (*p_omp_set_num_threads)(int); // NULL in a library that has threads of its own, or none

// Products run on the calling thread alone, like OpenBLAS's. An OpenMP library keeps the
// number for each thread of the system, and goroutines move between these.
static void onednn_alone(void)
{
	if (p_omp_set_num_threads)
		p_omp_set_num_threads(1);
}

#include "onednn_matmul.h"

// onednn_open opens the library, and returns what is wrong, or NULL.
static const char *onednn_open(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return dlerror();
#define FIND(name) \
	if (!(p_##name = (__typeof__(p_##name))dlsym(library, #name))) \
		return LIBRARY " has no " #name;
	FUNCTIONS(FIND)
	MATMUL_FUNCTIONS(FIND)
	p_omp_set_num_threads = (void (*)(int))dlsym(library, "omp_set_num_threads");
	p_dnnl_set_primitive_cache_capacity(KEPT);
	if (p_dnnl_engine_create(&onednn_engine, dnnl_cpu, 0) != dnnl_success)
		return LIBRARY " has no engine for this CPU";
	return NULL;
}

static void onednn_version(int version[3])
{
	const dnnl_version_t *v = p_dnnl_version();
	version[0] = v->major, version[1] = v->minor, version[2] = v->patch;
}

static int onednn_isa(void) { return p_dnnl_get_effective_cpu_isa(); }

// onednn_sgemm is the library's Gemm: rows as in C, any factors. It returns one of the
// library's error codes, or 0.
static int onednn_sgemm(int ta, int tb, long m, long n, long k, float alpha, const float *a, long lda, const float *b, long ldb, float beta, float *c, long ldc)
{
	onednn_alone();
	return p_dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
