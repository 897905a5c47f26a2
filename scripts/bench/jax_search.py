"""The search for λ in JAX: vmap over the trials, --chunk of them at a time, jit over an epoch.

--workers 1 leaves all cores to XLA in one process; more share the chunks out, one process per core with one thread each.
"""
import common  # first: it sets the thread counts

import multiprocessing as mp

import jax

import jax_train


def chunks(args):
    """The values of λ in chunks of at most --chunk, as equal as possible."""
    lams = common.lambdas(args.trials)
    count = -(-args.trials // args.chunk)
    return [lams[i * args.trials // count : (i + 1) * args.trials // count] for i in range(count)]


def worker(rank, args, ready, results):
    data = common.load(args, raw=True)
    images = jax_train.device(data)
    start = common.weights([common.D, *common.HIDDEN, common.CLASSES], args.seed, args.precision)
    mine, compiling, warmup = chunks(args)[rank :: args.workers], 0.0, 0.0
    for lams in {len(lams): lams for lams in mine}.values():  # each size of chunk is compiled
        a, b = jax_train.prepare(start, images, args.steps, lams, args.seed)
        compiling, warmup = compiling + a, warmup + b
    ready.wait()
    clock = common.Clock()
    states = [jax_train.run(start, images, args.steps, lams, args.seed + i) for i, lams in enumerate(mine)]
    cores = clock.stop()[1]
    ready.wait()
    nets = [net for lams, state in zip(mine, states) for net in jax_train.unstacked(*state, len(lams))]
    results.put((cores, compiling, warmup, nets))


def main():
    parser = common.arguments(__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=38)
    parser.add_argument("--chunk", type=int, default=19, help="trials of one vmap")
    parser.add_argument("--workers", type=int, default=1, help="processes, with --threads threads each")
    args = parser.parse_args()
    context = mp.get_context("spawn")
    ready, results = context.Barrier(args.workers + 1), context.Queue()
    workers = [context.Process(target=worker, args=(rank, args, ready, results)) for rank in range(args.workers)]
    for process in workers:
        process.start()
    ready.wait()
    clock = common.Clock()
    ready.wait()
    seconds, _ = clock.stop()
    done = [results.get() for _ in workers]
    for process in workers:
        process.join()
    args.threads *= args.workers
    common.report("jax vmap", jax.__version__, args, trials=args.trials, workers=args.workers, chunk=args.chunk,
                  warmup=max(d[2] for d in done), train=seconds, cores=sum(d[0] for d in done),
                  compiling=max(d[1] for d in done), layers=[net for d in done for net in d[3]],
                  data=common.load(args, raw=True), library="jax")


if __name__ == "__main__":
    main()
