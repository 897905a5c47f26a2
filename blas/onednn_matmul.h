// Products of operands in bfloat16 by oneDNN's matmul primitives: its Gemm has none. The
// functions differ between versions 2 and 3 of the library.

#include <stdlib.h>

#define PAGE 4096

#if DNNL_VERSION_MAJOR >= 3
#define FUNCTIONS_OF_VERSION(F) F(dnnl_memory_desc_create_with_strides) F(dnnl_memory_desc_destroy) F(dnnl_matmul_primitive_desc_create)
#else
#define FUNCTIONS_OF_VERSION(F) F(dnnl_memory_desc_init_by_strides) F(dnnl_matmul_desc_init) F(dnnl_primitive_desc_create)
#endif

// What these use of the library.
#define MATMUL_FUNCTIONS(F) \
	F(dnnl_engine_create) F(dnnl_set_primitive_cache_capacity) F(dnnl_stream_create) F(dnnl_stream_destroy) F(dnnl_stream_wait) \
	F(dnnl_primitive_attr_create) F(dnnl_primitive_attr_destroy) F(dnnl_primitive_attr_set_scratchpad_mode) F(dnnl_primitive_attr_set_post_ops) \
	F(dnnl_post_ops_create) F(dnnl_post_ops_destroy) F(dnnl_post_ops_append_sum) \
	F(dnnl_primitive_desc_query_md) F(dnnl_primitive_desc_destroy) F(dnnl_memory_desc_get_size) \
	F(dnnl_memory_create) F(dnnl_memory_destroy) F(dnnl_memory_set_data_handle) \
	F(dnnl_primitive_create) F(dnnl_primitive_destroy) F(dnnl_primitive_execute) FUNCTIONS_OF_VERSION(F)

MATMUL_FUNCTIONS(POINTER)

static dnnl_engine_t onednn_engine;

// KEPT is how many primitives the library itself keeps, for others of the same shape. By
// default it is 1024, whose code takes some 400 MB.
#define KEPT 64

// onednn_matmul computes c = op(a)·op(b), or adds that to c, at one shape and layout. It
// is for one caller at a time.
typedef struct {
	dnnl_primitive_t primitive;
	dnnl_memory_t a, b, c, scratch;
	dnnl_stream_t stream;
	void *room; // of scratch
} onednn_matmul;

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t onednn_desc;
#define REFERENCE(desc) (desc)
#define APPEND_SUM(ops) p_dnnl_post_ops_append_sum(ops, 1, 0, dnnl_f32)

static int onednn_describe(onednn_desc *md, const dnnl_dims_t dims, dnnl_data_type_t type, const dnnl_dims_t strides)
{
	return p_dnnl_memory_desc_create_with_strides(md, 2, dims, type, strides);
}

static void onednn_forget(onednn_desc *md)
{
	if (*md)
		p_dnnl_memory_desc_destroy(*md);
}

static int onednn_matmul_desc(dnnl_primitive_desc_t *pd, onednn_desc *a, onednn_desc *b, onednn_desc *c, dnnl_primitive_attr_t attr)
{
	return p_dnnl_matmul_primitive_desc_create(pd, onednn_engine, *a, *b, NULL, *c, attr);
}
#else
typedef dnnl_memory_desc_t onednn_desc;
#define REFERENCE(desc) (&(desc))
#define APPEND_SUM(ops) p_dnnl_post_ops_append_sum(ops, 1)

static int onednn_describe(onednn_desc *md, const dnnl_dims_t dims, dnnl_data_type_t type, const dnnl_dims_t strides)
{
	return p_dnnl_memory_desc_init_by_strides(md, 2, dims, type, strides);
}

static void onednn_forget(onednn_desc *md) { (void)md; }

static int onednn_matmul_desc(dnnl_primitive_desc_t *pd, onednn_desc *a, onednn_desc *b, onednn_desc *c, dnnl_primitive_attr_t attr)
{
	dnnl_matmul_desc_t d;
	int status = p_dnnl_matmul_desc_init(&d, a, b, NULL, c);
	return status ? status : p_dnnl_primitive_desc_create(pd, &d, attr, onednn_engine, NULL);
}
#endif

static void onednn_matmul_free(onednn_matmul *m)
{
	if (m->primitive)
		p_dnnl_primitive_destroy(m->primitive);
	dnnl_memory_t all[] = {m->a, m->b, m->c, m->scratch};
	for (int i = 0; i < 4; i++)
		if (all[i])
			p_dnnl_memory_destroy(all[i]);
	if (m->stream)
		p_dnnl_stream_destroy(m->stream);
	free(m->room);
	free(m);
}

// onednn_attr sets how a product is computed: with scratch memory of ours, and added to
// what is there if add is set.
static int onednn_attr(dnnl_primitive_attr_t *attr, int add)
{
	int status = p_dnnl_primitive_attr_create(attr);
	if (!status)
		status = p_dnnl_primitive_attr_set_scratchpad_mode(*attr, dnnl_scratchpad_mode_user);
	if (status || !add)
		return status;
	dnnl_post_ops_t ops = NULL;
	if ((status = p_dnnl_post_ops_create(&ops)))
		return status;
	if (!(status = APPEND_SUM(ops)))
		status = p_dnnl_primitive_attr_set_post_ops(*attr, ops);
	p_dnnl_post_ops_destroy(ops);
	return status;
}

// onednn_prepare makes what m needs of a primitive descriptor.
static int onednn_prepare(onednn_matmul *m, dnnl_primitive_desc_t pd, onednn_desc *a, onednn_desc *b, onednn_desc *c)
{
	int status = p_dnnl_primitive_create(&m->primitive, pd);
	if (!status)
		status = p_dnnl_stream_create(&m->stream, onednn_engine, dnnl_stream_default_flags);
	if (!status)
		status = p_dnnl_memory_create(&m->a, REFERENCE(*a), onednn_engine, DNNL_MEMORY_NONE);
	if (!status)
		status = p_dnnl_memory_create(&m->b, REFERENCE(*b), onednn_engine, DNNL_MEMORY_NONE);
	if (!status)
		status = p_dnnl_memory_create(&m->c, REFERENCE(*c), onednn_engine, DNNL_MEMORY_NONE);
	if (status)
		return status;
	__typeof__(p_dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0)) md = p_dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
	size_t size = md ? p_dnnl_memory_desc_get_size(md) : 0;
	if (!size)
		return dnnl_success;
	if (!(m->room = aligned_alloc(PAGE, (size + PAGE - 1) / PAGE * PAGE)))
		return dnnl_out_of_memory;
	return p_dnnl_memory_create(&m->scratch, md, onednn_engine, m->room);
}

// onednn_matmul_new makes *m for op(a) m×k and op(b) k×n of bfloat16,
// and c of float32, whose rows are lda, ldb and ldc numbers apart. It returns one of the
// library's error codes, or 0.
static int onednn_matmul_new(onednn_matmul **made, int ta, int tb, int add, long m, long n, long k, long lda, long ldb, long ldc)
{
	dnnl_dims_t da = {m, k}, db = {k, n}, dc = {m, n};
	dnnl_dims_t sa = {ta ? 1 : lda, ta ? lda : 1}, sb = {tb ? 1 : ldb, tb ? ldb : 1}, sc = {ldc, 1};
	onednn_desc a = {0}, b = {0}, c = {0};
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	onednn_matmul *x = calloc(1, sizeof *x);
	int status = x ? onednn_attr(&attr, add) : dnnl_out_of_memory;
	if (!status)
		status = onednn_describe(&a, da, dnnl_bf16, sa);
	if (!status)
		status = onednn_describe(&b, db, dnnl_bf16, sb);
	if (!status)
		status = onednn_describe(&c, dc, dnnl_f32, sc);
	if (!status)
		status = onednn_matmul_desc(&pd, &a, &b, &c, attr);
	if (!status)
		status = onednn_prepare(x, pd, &a, &b, &c);
	if (pd)
		p_dnnl_primitive_desc_destroy(pd);
	if (attr)
		p_dnnl_primitive_attr_destroy(attr);
	onednn_forget(&a);
	onednn_forget(&b);
	onednn_forget(&c);
	if (status && x) {
		onednn_matmul_free(x);
		x = NULL;
	}
	*made = x;
	return status;
}

// onednn_matmul_run computes the product, and keeps none of the pointers.
static int onednn_matmul_run(onednn_matmul *m, const void *a, const void *b, float *c)
{
	onednn_alone();
	p_dnnl_memory_set_data_handle(m->a, (void *)a);
	p_dnnl_memory_set_data_handle(m->b, (void *)b);
	p_dnnl_memory_set_data_handle(m->c, c);
	dnnl_exec_arg_t args[] = {{DNNL_ARG_SRC, m->a}, {DNNL_ARG_WEIGHTS, m->b}, {DNNL_ARG_DST, m->c}, {DNNL_ARG_SCRATCHPAD, m->scratch}};
	int status = p_dnnl_primitive_execute(m->primitive, m->stream, m->scratch ? 4 : 3, args);
	if (!status)
		status = p_dnnl_stream_wait(m->stream);
	p_dnnl_memory_set_data_handle(m->a, DNNL_MEMORY_NONE);
	p_dnnl_memory_set_data_handle(m->b, DNNL_MEMORY_NONE);
	p_dnnl_memory_set_data_handle(m->c, DNNL_MEMORY_NONE);
	return status;
}
