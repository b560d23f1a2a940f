"""How fast sounds become spectrograms: the adapter beside a loop of librosa, in one run.

::

    OMP_NUM_THREADS=1 python benchmarks/spectrograms.py path/to/data

Needs the Free Spoken Digit Dataset (``fsdd``) below the given folder, or below the
one that ``GRIDZOO_DATA`` names. Each way converts the same 3,000
clips once after a warm-up; times are CPU seconds of this process, which other
programs disturb less than the clock.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import librosa
import numpy as np
from numpy.typing import NDArray

from adapters.registry import from_settings
from adapters.sound.mel_spectrogram import MelSpectrogram
from adapters.sources import registry

Grids = NDArray[np.float32]


def by_librosa(paths: Sequence[Path], adapter: MelSpectrogram) -> Grids:
    """Convert clip by clip, as librosa's tutorial does."""
    length = round(adapter.sample_rate * adapter.duration)
    grids = []
    for path in paths:
        samples, _ = librosa.load(path, sr=adapter.sample_rate)
        power = librosa.feature.melspectrogram(
            y=librosa.util.fix_length(samples, size=length),
            sr=adapter.sample_rate,
            n_fft=adapter.n_fft,
            hop_length=adapter.hop_length,
            n_mels=adapter.n_mels,
        )
        grids.append(librosa.power_to_db(power).T[..., None])
    return np.stack(grids)


def by_adapter(paths: Sequence[Path], adapter: MelSpectrogram) -> Grids:
    """Convert all clips at once."""
    return np.asarray(adapter.fit(paths[:1]).transform(paths))


def timed(convert: Callable[[Sequence[Path], MelSpectrogram], Grids], paths: Sequence[Path], adapter: MelSpectrogram):
    """Give clips a CPU second, and the grids."""
    convert(paths[:20], adapter)
    start = time.process_time()
    grids = convert(paths, adapter)
    return len(paths) / (time.process_time() - start), grids


def main() -> None:
    """Print both speeds, their ratio, and how far the values differ."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    dataset = registry.load("fsdd", data_home=home)
    adapter = from_settings(dataset.adapter)
    assert isinstance(adapter, MelSpectrogram)
    loop, expected = timed(by_librosa, dataset.items, adapter)
    batch, grids = timed(by_adapter, dataset.items, adapter)
    print(f"loop of librosa {loop:8.0f} clips/s")
    print(f"adapter         {batch:8.0f} clips/s, {batch / loop:.1f} × as fast")
    print(f"largest difference {np.abs(grids - expected).max():.1e} dB")


if __name__ == "__main__":
    main()
