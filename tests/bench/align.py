"""Singular triplets of a wide convolution, and of a narrow one both ways: ``python -m tests.bench.align``.

A 64 to 64 channel 3 x 3 convolution on 56 x 56: 200,704 wide, 161 GB were it written out. Then MNIST's
first layer by Lanczos and by the dense decomposition of its matrix, taken in turns in one run.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time

import numpy as np

from gt.align import Convolution, leading_triplets

K = 64
MOST_SECONDS, MOST_GIB = 120, 4
TURNS = 3


def main() -> int:
    """Print the figures; 1 if the wide convolution takes longer or more than it may."""
    rng = np.random.default_rng(0)
    wide = Convolution(rng.standard_normal((64, 64, 3, 3)) / 24, (64, 56, 56), padding=1)
    started, worked = time.perf_counter(), time.process_time()
    found = leading_triplets(wide, K)
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    # of the whole process; read before anything is written out
    gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    off = np.abs(wide.adjoint(found.right.T).T - found.left * found.sigma).max() / found.sigma[0]
    print(f"64 -> 64, 3 x 3 on 56 x 56, {wide.shape[0]:,} wide: {K} triplets in {seconds:.0f} s")
    print(f"  {worked:.0f} s of processors, which another's load changes less")
    print(
        f"  {gib:.2f} GiB, residual {off:.1e}, sigma {found.sigma[0]:.4f} to {found.sigma[-1]:.4f}"
    )
    first = Convolution(rng.standard_normal((10, 1, 5, 5)), (1, 28, 28))
    lanczos, dense = [], []
    for _ in range(TURNS):
        started = time.perf_counter()
        leading_triplets(first, K)
        between = time.perf_counter()
        np.linalg.svd(first.apply(np.eye(first.shape[0])), full_matrices=False)
        lanczos.append(between - started)
        dense.append(time.perf_counter() - between)
    ours, theirs = statistics.median(lanczos), statistics.median(dense)
    print(
        f"MNIST's first layer, {first.shape[0]} x {first.shape[1]}: {K} triplets in {ours:.2f} s,"
    )
    print(f"  the whole decomposition in {theirs:.2f} s ({theirs / ours:.1f} x)")
    return int(seconds > MOST_SECONDS or gib > MOST_GIB)


if __name__ == "__main__":
    sys.exit(main())
