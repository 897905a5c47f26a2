"""The search for λ in PyTorch: trials side by side, one process per core, each with one thread.

Every process has the images in shared memory, compiles and warms up, and waits for the others; then the time runs until
the last trial is trained. Nothing is evaluated meanwhile.
"""
import common  # first: it sets the thread counts

import os

import torch
import torch.multiprocessing as mp

import torch_train


def worker(rank, args, images, lams, start, ready, results):
    with torch.set_grad_enabled(args.style == "module"):
        warm = torch_train.prepare(args, start, images)
        ready.wait()
        clock, nets = common.Clock(), []
        for trial in range(rank, len(lams), args.workers):
            net = torch_train.build(args, start, lams[trial])
            torch_train.train(net, images, args.steps, args.seed + trial)
            nets.append(torch_train.trained(net))
        results.put((clock.stop()[1], warm, nets))


def main():
    parser = common.arguments(__doc__.splitlines()[0])
    torch_train.add_arguments(parser)
    parser.add_argument("--trials", type=int, default=38)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="processes, with --threads threads each")
    args = parser.parse_args()
    data = common.load(args)
    images = torch_train.tensors(data)
    for tensor in images:
        tensor.share_memory_()
    start = common.weights([common.D, *args.hidden, common.CLASSES], args.seed, args.precision)
    context = mp.get_context("spawn")
    ready, results = context.Barrier(args.workers + 1), context.Queue()
    lams = common.lambdas(args.trials)
    workers = [context.Process(target=worker, args=(rank, args, images, lams, start, ready, results)) for rank in range(args.workers)]
    for process in workers:
        process.start()
    ready.wait()
    clock = common.Clock()
    done = [results.get() for _ in workers]
    seconds, _ = clock.stop()
    for process in workers:
        process.join()
    compiling, warmup = (max(warm[i] for _, warm, _ in done) for i in range(2))
    args.threads *= args.workers
    common.report(torch_train.name(args), torch.__version__, args, trials=args.trials, workers=args.workers,
                  warmup=warmup, train=seconds, cores=sum(cores for cores, _, _ in done), compiling=compiling,
                  layers=[net for _, _, nets in done for net in nets], data=data, library="torch")


if __name__ == "__main__":
    main()
