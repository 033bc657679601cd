"""The suite without browsers on the processors that this machine can stand for: ``python -m tests.everywhere``.

numpy and scipy bring OpenBLAS with kernels for many processors, whose results differ in the last digits, and torch has
code paths of its own; both can be told which to take. So can the number of threads, and the order of sets. A test that
passes under all of these does not hang on rounding. A run takes as long as the suite, each; ``--only NAME`` does one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

KERNEL = (
    "import numpy, scipy.linalg, threadpoolctl as t;"
    "print(next(x['architecture'] for x in t.threadpool_info() if x['internal_api'] == 'openblas'))"
)
#: OpenBLAS calls what it falls back to by another name
ALIASES = {"Prescott": "Katmai"}
#: name: kernel of OpenBLAS, code path of torch, threads, seed of the order of sets
PLACES = {
    "oldest": ("Prescott", "default", 1, 0),
    "older": ("Nehalem", "default", 2, 1),
    "usual": ("Haswell", "avx2", 1, 2),
    "newest": ("SkylakeX", "avx512", 2, 3),
}


def environment(kernel: str, torch_path: str, threads: int, seed: int) -> dict[str, str]:
    """The variables that stand for a processor."""
    count = str(threads)
    return {
        "OPENBLAS_CORETYPE": kernel,
        "OPENBLAS_NUM_THREADS": count,
        "OMP_NUM_THREADS": count,
        "MKL_NUM_THREADS": count,
        "ATEN_CPU_CAPABILITY": torch_path,
        "PYTHONHASHSEED": str(seed),
    }


def main() -> int:
    """Run; the exit status is 1 if a place failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.everywhere", description=__doc__)
    parser.add_argument("--only", choices=PLACES, action="append", help="one of the places")
    parser.add_argument("rest", nargs="*", help="arguments of pytest; -- goes before options")
    options = parser.parse_args()
    tests = options.rest or ["tests/unit", "tests/app"]
    bad = []
    for name in options.only or PLACES:
        given = {**os.environ, **environment(*PLACES[name])}
        kernel = PLACES[name][0]
        found = subprocess.run(
            [sys.executable, "-c", KERNEL], env=given, capture_output=True, text=True
        ).stdout.strip()
        if found != ALIASES.get(kernel, kernel):
            print(f"{name}: left out, {kernel} was asked for and {found or 'nothing'} runs here")
            continue
        print(f"{name}: {kernel}, {PLACES[name][2]} threads", flush=True)
        if subprocess.run([sys.executable, "-m", "pytest", "-q", *tests], env=given).returncode:
            bad.append(name)
    print(f"failed: {', '.join(bad)}" if bad else "all passed")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
