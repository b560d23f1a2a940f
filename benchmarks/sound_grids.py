"""How fast sounds become log-mel spectrograms, beside the usual loop and beside the least that must be done.

::

    GRIDZOO_DATA=<folder> python benchmarks/sound_grids.py

Needs the Free Spoken Digit Dataset (``fsdd``). Takes about half a minute. Every way
converts the same items several times, in turn with the others; ratios of medians by the
clock hold on other machines, absolute figures do not.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import scipy.fft
import soundfile
from joblib import cpu_count
from numpy.typing import NDArray

from adapters.registry import from_settings
from adapters.sound.files import decoded
from adapters.sound.mel_spectrogram import MelSpectrogram
from adapters.sources import registry

REPETITIONS, PAUSE, IN_A_BATCH = 5, 0.5, 50
LONG_CLIPS, LONG_RATE, LONG_SECONDS = 120, 22_050, 5.0
Grids = NDArray[np.float32]
Way = Callable[[Sequence[Any]], Any]


def rates(ways: dict[str, Way], items: Sequence[Any]) -> dict[str, float]:
    """Give items a second of each way: the median of repetitions that alternate.

    Each waits until the threads of what ran before it sleep (OpenBLAS' go round for a while in case
    there is more to do, and librosa's products wake them), and is warmed up then.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(REPETITIONS):
        for name, way in ways.items():
            time.sleep(PAUSE)
            way(items[: len(items) // 4])
            start = time.perf_counter()
            way(items)
            seconds[name].append(time.perf_counter() - start)
    return {name: len(items) / statistics.median(times) for name, times in seconds.items()}


def report(title: str, found: dict[str, float], ratios: Sequence[tuple[str, str]]) -> None:
    """Print the rates, and how many times as fast the first of each pair is."""
    print(title)
    for name, rate in found.items():
        print(f"  {name:24} {rate:10,.0f} a second")
    for name, other in ratios:
        print(f"  {name} is {found[name] / found[other]:.2f} × {other}")


def main() -> None:
    """Compare on 3,000 spoken digits of about half a second, and synthetic clips of five."""
    digits = registry.load("fsdd")
    adapter = from_settings(digits.adapter)
    assert isinstance(adapter, MelSpectrogram)
    compare_sound("3,000 spoken digits at 8 kHz", digits.items, adapter)
    with tempfile.TemporaryDirectory() as folder:
        rng = np.random.default_rng(0)
        paths = [Path(folder) / f"{index}.wav" for index in range(LONG_CLIPS)]
        for path in paths:
            soundfile.write(path, rng.normal(scale=0.1, size=round(LONG_RATE * LONG_SECONDS)), LONG_RATE)
        long = MelSpectrogram(LONG_RATE, LONG_SECONDS, 2048, 512, 64)
        compare_sound(f"{LONG_CLIPS} clips of 5 s at 22 kHz", paths, long)


def compare_sound(title: str, paths: Sequence[Path], adapter: MelSpectrogram) -> None:
    adapter.fit(paths[:1])
    ways: dict[str, Way] = {
        "loop of librosa": lambda items: by_librosa(items, adapter),
        "adapter": adapter.transform,
        "floor at its hardest": lambda items: decoding_and_fft(items, adapter),
        "… of what sounds": lambda items: decoding_and_fft(items, adapter, silence=False),
        "floor by SciPy": lambda items: decoding_and_scipy(items, adapter),
    }
    found = rates(ways, paths)
    report(title, found, [("adapter", name) for name in ways if name != "adapter"])
    some = paths[:200]
    print(f"  largest difference {np.abs(by_librosa(some, adapter) - adapter.transform(some)).max():.1e} dB")


def by_librosa(paths: Sequence[Path], adapter: MelSpectrogram) -> Grids:
    """Convert clip by clip, as librosa's tutorial does."""
    import librosa

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


def decoding_and_fft(paths: Sequence[Path], adapter: MelSpectrogram, silence: bool = True) -> None:
    """Decode every file, and transform as many frames of float64, on all cores: the floor.

    Without silence, only as many frames as hear something of the sound.
    """
    framing, cores = adapter._framing(), cpu_count()
    windowed = np.random.default_rng(0).normal(size=(2**17 // adapter.n_fft, adapter.n_fft))

    def convert(part: Sequence[Path]) -> None:
        spectra = np.empty((len(windowed), adapter.n_fft // 2 + 1), dtype=np.complex128)
        left = 0
        for path in part:
            samples, _ = decoded(path)
            left += framing.count if silence else int(framing.hearing(np.array(len(samples))))
            while left >= len(windowed):
                np.fft.rfft(windowed, axis=-1, out=spectra)
                left -= len(windowed)
        np.fft.rfft(windowed[:left], axis=-1, out=spectra[:left])

    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(convert, [paths[core::cores] for core in range(cores)]))


def decoding_and_scipy(paths: Sequence[Path], adapter: MelSpectrogram) -> None:
    """Do the same as one would write it down: with SciPy's transform of all frames, in float32 and new memory."""
    count, cores = adapter._framing().count, cpu_count()
    windowed = np.random.default_rng(0).normal(size=(count * IN_A_BATCH, adapter.n_fft)).astype(np.float32)

    def convert(part: Sequence[Path]) -> None:
        for start in range(0, len(part), IN_A_BATCH):
            batch = part[start : start + IN_A_BATCH]
            for path in batch:
                decoded(path)
            scipy.fft.rfft(windowed[: count * len(batch)], axis=-1)

    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(convert, [paths[core::cores] for core in range(cores)]))


if __name__ == "__main__":
    main()
