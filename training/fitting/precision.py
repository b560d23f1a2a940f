"""In which precision a network computes: bfloat16 where machine and network gain by it (``docs/decisions/0016-precision.md``)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

Computed = Literal["float32", "mixed_bfloat16"]
Precision = Literal[Computed, "auto"]
CPU_FACTS = Path("/proc/cpuinfo")
DEVICES, GPUS = Path("/dev"), ("nvidia[0-9]*", "dxg")  # by Linux' driver, and by that of Linux within Windows
INSTRUCTIONS = {"avx512_bf16", "amx_bf16"}  # with which a CPU multiplies bfloat16 faster than float32
AMPERE = 8  # the first of NVIDIA's generations that multiplies bfloat16 in hardware
# Multiply-accumulates of one prediction. Networks of more train faster in bfloat16, by a seventh to a half; smaller
# ones lose by converting what they gain by multiplying: `benchmarks/precision_gain.csv`.
GAINS_FROM = 2_000_000


@cache
def multiplies_bfloat16() -> bool:
    """Tell whether this machine multiplies bfloat16 faster than float32, without training anything.

    A GPU of NVIDIA's Ampere generation or later does, and a CPU with AVX512-BF16 or AMX.
    """
    generation = _gpu_generation()
    return bool(INSTRUCTIONS & _cpu_flags(CPU_FACTS)) if generation is None else generation >= AMPERE


def computed_in(precision: Precision, macs: Callable[[], int]) -> Computed:
    """Decide in which precision a network computes, on a machine that multiplies bfloat16 fast.

    Parameters
    ----------
    precision : {"float32", "mixed_bfloat16", "auto"}
    macs : callable
        Counts the multiply-accumulates of one prediction; asked only where they decide.

    Examples
    --------
    >>> computed_in("auto", lambda: 40_000_000), computed_in("auto", lambda: 300_000)
    ('mixed_bfloat16', 'float32')
    """
    if precision != "auto":
        return precision
    return "mixed_bfloat16" if macs() >= GAINS_FROM else "float32"


def _gpu_generation() -> int | None:
    """Major compute capability of the first GPU; None without one."""
    if not any(found for pattern in GPUS for found in DEVICES.glob(pattern)):
        return None
    import tensorflow as tf  # here: without a GPU planning does not wait for it

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return None
    capability: tuple[int, int] = tf.config.experimental.get_device_details(gpus[0]).get("compute_capability", (0, 0))
    return capability[0]


def _cpu_flags(facts: Path) -> set[str]:
    """Instruction sets by Linux' own words; none where they cannot be read."""
    try:
        lines = facts.read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return set(flags.partition(":")[2].split())
