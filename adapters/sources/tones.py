"""Synthetic sounds of eight kinds: what a spectrogram shows and an average does not."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.dataset import Dataset, Provenance
from adapters.errors import DataError
from adapters.sources.folder import load_folder
from adapters.suggestion_rules import mel_spectrogram

Samples = NDArray[np.float64]
Random = np.random.Generator
RATE, SECONDS, A_CLASS = 8000, 1.0, 120
SIGNAL_TO_NOISE = (0.0, 18.0)  # dB
VERSION = 2  # of the recipe below; part of the folder's name, so that old files are not taken for new ones


def _sung(octaves: Samples | float, rng: Random, time: Samples) -> Samples:
    """Sing a tone of random pitch whose height follows ``octaves``."""
    hertz = rng.uniform(500, 1700) * 2.0 ** (octaves + np.zeros_like(time))
    return np.asarray(np.sin(2 * np.pi * np.cumsum(hertz) / RATE))


def _wave(rng: Random, time: Samples) -> Samples:
    return np.sin(2 * np.pi * (rng.uniform(3, 6) * time + rng.random()))


def _glide(rng: Random, time: Samples) -> Samples:
    return np.asarray(rng.uniform(0.2, 1.0) * (time / time[-1] - 0.5))


def _pulses(rng: Random, time: Samples) -> Samples:
    since = time % (1 / rng.uniform(4, 8))
    return np.exp(-since / rng.uniform(0.015, 0.04)) * _sung(0.0, rng, time)


def _band_noise(rng: Random, time: Samples) -> Samples:
    carrier = np.cumsum(rng.normal(size=len(time)) * rng.uniform(0.2, 0.6))
    return np.sin(2 * np.pi * rng.uniform(500, 1600) * time + carrier)


KINDS: dict[str, Callable[[Random, Samples], Samples]] = {
    "falling": lambda rng, time: _sung(-_glide(rng, time), rng, time),
    "noise": _band_noise,
    "pulses": _pulses,
    "rising": lambda rng, time: _sung(_glide(rng, time), rng, time),
    "steady": lambda rng, time: _sung(0.0, rng, time),
    "tremolo": lambda rng, time: (1 + rng.uniform(0.7, 0.98) * _wave(rng, time)) * _sung(0.0, rng, time),
    "trill": lambda rng, time: _sung(rng.uniform(0.15, 0.35) * np.sign(_wave(rng, time)), rng, time),
    "vibrato": lambda rng, time: _sung(rng.uniform(0.1, 0.25) * _wave(rng, time), rng, time),
}


def sound(kind: str, seed: tuple[int, ...]) -> Samples:
    """Synthesise one sound of random pitch, onset, length and level, in noise.

    Parameters
    ----------
    kind : str
        A key of ``KINDS``.
    seed : tuple of int
        Decides every sample.

    Returns
    -------
    ndarray, shape ``(8000,)``
        One second at 8 kHz, between -1 and 1.

    Examples
    --------
    >>> sound("rising", (0, 3, 0)).shape
    (8000,)
    """
    rng = np.random.default_rng(seed)
    total = round(RATE * SECONDS)
    length = int(rng.integers(total * 35 // 100, total * 80 // 100))
    start = int(rng.integers(0, total - length + 1))
    body = KINDS[kind](rng, np.arange(length) / RATE)
    fade = np.minimum(1, np.minimum(np.arange(length), np.arange(length)[::-1]) / (0.01 * RATE))
    signal = np.zeros(total)
    signal[start : start + length] = fade * body / np.sqrt(np.mean(body**2))
    mixed = signal * 10 ** (rng.uniform(*SIGNAL_TO_NOISE) / 20) + rng.normal(size=total)
    return np.asarray(mixed / np.abs(mixed).max() * rng.uniform(0.1, 0.95))


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load the sounds of a seed, from ``data_home`` or the user's cache; they are written there at first use."""
    import platformdirs

    home = data_home or Path(platformdirs.user_cache_dir("gridzoo"))
    folder = home.expanduser() / "synthetic" / f"{name}-{VERSION}-{seed}"
    if not folder.is_dir():
        _write(folder, seed)
    dataset = load_folder(folder, modality="sound")
    provenance = Provenance(
        f"Synthetic sounds of {len(KINDS)} kinds in noise",
        f"synthesised by gridzoo, recipe {VERSION}, seed {seed}",
        "Apache-2.0",
        synthetic=True,
    )
    return replace(dataset, name=name, provenance=provenance, adapter=mel_spectrogram(RATE, SECONDS))


def _write(folder: Path, seed: int) -> None:
    """Write all sounds beside the folder, then rename: it is wholly there or not at all."""
    import soundfile

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
            made = Path(temporary, folder.name)
            for code, kind in enumerate(KINDS):
                (made / kind).mkdir(parents=True)
                for number in range(A_CLASS):
                    samples = sound(kind, (seed, code, number))
                    soundfile.write(made / kind / f"{kind}-{number:03}.wav", samples, RATE, subtype="PCM_16")
            _settle(made, folder)
    except OSError as error:
        raise DataError(f"expected to write synthetic sounds to {folder}: {error}; name another --data-home") from error


def _settle(made: Path, folder: Path) -> None:
    try:
        os.replace(made, folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(made)  # another process was faster, with the same sounds
