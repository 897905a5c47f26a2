//go:build linux && (amd64 || arm64)

// What happens where the address space, or the data, that this process may have
// (ulimit -v, -d) is used up: one line and exit code 1. By themselves OpenBLAS asks
// for its buffers for ever, and Go, whose runtime reserves half a gigabyte before main,
// prints its stacks. Both ask the C library's mmap, which the one here precedes.

#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Bytes of the stack of a thread under a limit. Eight million are usual; a product on
// several threads puts half a million on it, in an OpenBLAS for 128 cores two.
static const size_t stack = 4 << 20;

// Bytes that are kept free for the stacks of threads that are still to start, for
// which Go and OpenBLAS have no better answer either. 0 where there is no limit.
static size_t spare;

// limit returns a limit in gigabytes, 0 where there is none.
static double limit(int resource) {
	struct rlimit l;
	if (getrlimit(resource, &l) != 0 || l.rlim_cur == RLIM_INFINITY)
		return 0;
	return 1e-9 * l.rlim_cur;
}

// exhausted ends the program. Files are whole at any time, so nothing is lost.
static void exhausted(void) {
	static atomic_flag told = ATOMIC_FLAG_INIT;
	if (atomic_flag_test_and_set(&told))
		for (;;)
			pause(); // another thread is ending the program
	char line[256];
	double space = limit(RLIMIT_AS), data = limit(RLIMIT_DATA);
	int n = 0;
	if (space > 0 || data > 0)
		n = snprintf(line, sizeof line, "bnlab: out of memory: this process may use %.3g GB of %s; raise the limit, or train fewer and smaller networks at once\n",
			space > 0 ? space : data, space > 0 ? "address space (ulimit -v)" : "data (ulimit -d)");
	else
		n = snprintf(line, sizeof line, "bnlab: out of memory: this machine gives no more; train fewer and smaller networks at once\n");
	if (write(STDERR_FILENO, line, n) < 0) {
		// there is nobody to tell
	}
	_exit(1);
}

static void *ask(void *at, size_t length, int protection, int flags, int file, off_t offset) {
	return (void *)syscall(SYS_mmap, at, length, protection, flags, file, offset);
}

// checkSpare ends the program if what is to be kept free is not.
static void checkSpare(void) {
	void *more = ask(NULL, spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (more == MAP_FAILED)
		exhausted();
	munmap(more, spare);
}

// prepare saves address space where it is limited. It runs before the libraries'
// own beginnings, of which OpenBLAS's starts threads.
static void prepare(void) {
	if (limit(RLIMIT_AS) == 0 && limit(RLIMIT_DATA) == 0)
		return;
	spare = (2 * sysconf(_SC_NPROCESSORS_ONLN) + 8) * stack;
	checkSpare(); // or OpenBLAS says in its own words that it cannot start threads
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 1); // or each thread reserves 64 MB
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, stack);
	pthread_setattr_default_np(&attributes);
#endif
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(void) = prepare;

void *mmap(void *at, size_t length, int protection, int flags, int file, off_t offset) {
	void *got = ask(at, length, protection, flags, file, offset);
	if (!(flags & MAP_ANONYMOUS))
		return got;
	if (got == MAP_FAILED && errno == ENOMEM)
		exhausted();
	if (spare > 0)
		checkSpare();
	return got;
}
