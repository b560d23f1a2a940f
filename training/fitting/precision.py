"""In which precision this machine trains fastest."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

Precision = Literal["float32", "mixed_bfloat16", "auto"]
CPU_FACTS = Path("/proc/cpuinfo")
INSTRUCTIONS = {"avx512_bf16", "amx_bf16"}  # with which a CPU multiplies bfloat16 faster than float32
AMPERE = 8  # the first of NVIDIA's generations that multiplies bfloat16 in hardware


@cache
def fastest() -> Precision:
    """Choose the precision that this machine trains fastest in, without training anything.

    ``mixed_bfloat16`` on a GPU of NVIDIA's Ampere generation or later, and on a CPU with
    AVX512-BF16 or AMX. There `benchmarks/steps.py` shows what it gains, network by
    network: much where matrix products are large, nothing where they are small.
    """
    generation = _gpu_generation()
    gains = INSTRUCTIONS & _cpu_flags(CPU_FACTS) if generation is None else generation >= AMPERE
    return "mixed_bfloat16" if gains else "float32"


def _gpu_generation() -> int | None:
    """Major compute capability of the first GPU; None without one."""
    import tensorflow as tf  # here: planning a run that is not "auto" does not wait for it

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
