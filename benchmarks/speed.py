"""All that is measured of training's speed, one after the other: more than an hour of two idle cores.

    GRIDZOO_DATA=<folder> python benchmarks/speed.py [--torch FOLDER]

Steps beside hand-written PyTorch (in FOLDER, as `steps.py` says), trials beside stock keras-tuner, a whole comparison beside the peak
of a matrix product, workers, and records. Each prints what it found and what is asked; ``docs/training-speed.md`` and
``docs/trial-speed.md`` tell of one run.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run every benchmark of training; what the command line says is for the first."""
    for script, *words in (
        ("steps.py", *sys.argv[1:]),
        ("trials.py",),
        ("whole_compare.py",),
        ("workers.py", "all"),
        ("records.py",),
    ):
        print(f"\n{script}", flush=True)
        subprocess.run([sys.executable, str(HERE / script), *words], check=True)


if __name__ == "__main__":
    main()
