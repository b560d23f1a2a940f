"""Sounds as the strength of the twelve pitch classes over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from adapters.base import GridArray
from adapters.grid import Axis, GridSpec
from adapters.parameters import Range
from adapters.sound.base import FrameAdapter
from adapters.sound.clips import Clip
from adapters.sound.frames import Real, over_powers

PITCH_CLASSES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
A4 = 440.0  # Hz
MIDDLE_OCTAVE, OCTAVES = 5.0, 2.0  # librosa's bell of weights over octaves above 27.5 Hz: its middle and width


@dataclass(repr=False, eq=False)
class Chroma(FrameAdapter):
    """Sounds as energy of the twelve pitch classes over time, by librosa's definitions.

    Equals ``librosa.feature.chroma_stft(y, tuning=tuning)``: the strongest class of each
    frame is 1. librosa estimates the tuning of each clip if it is told none; here it is a
    parameter, so that a class means the same pitches in every clip.

    Parameters
    ----------
    sample_rate : int
        Hz; sounds of another rate are resampled.
    duration : float
        Seconds of a grid.
    n_fft, hop_length : int
        Samples of a frame (an even number), and between frames.
    tuning : float
        How far the sounds are tuned above A = 440 Hz, in semitones.
    policy : {"pad", "crop", "loop"}
        What happens to shorter and longer sounds; see `adapters.sound.base.SoundAdapter`.

    Examples
    --------
    >>> import numpy as np
    >>> a = np.sin(2 * np.pi * 440 * np.arange(8000) / 8000).astype(np.float32)
    >>> adapter = Chroma(sample_rate=8000).fit([(a, 8000)])
    >>> adapter.grid_.axes[1].labels[int(adapter.transform([(a, 8000)])[0, 4, :, 0].argmax())]
    'A'

    References
    ----------
    Ellis (2007). Chroma feature analysis and synthesis. labrosa.ee.columbia.edu/matlab/chroma-ansyn
    """

    n_fft: Annotated[int, Range(2)] = 2048
    tuning: Annotated[float, Range(-0.5, 0.5)] = 0.0

    name: ClassVar[str] = "chroma"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:time", "mask:time")

    def _fit(self, values: Sequence[Clip]) -> GridSpec:
        classes = Axis.counted("pitch class", len(PITCH_CLASSES), PITCH_CLASSES)
        return GridSpec((self._time(), classes), ("energy",), "energy")

    def _grids(self, values: Sequence[Clip]) -> GridArray:
        filters = np.ascontiguousarray(filter_bank(self.sample_rate, self.n_fft, self.tuning).T)

        def classes(power: Real, out: Real) -> None:
            np.matmul(power, filters, out=out)
            strongest = out.max(axis=-1, keepdims=True)
            out /= np.where(strongest < np.finfo(np.float32).tiny, 1, strongest)

        return over_powers(self._sounding(values), self._framing(), len(PITCH_CLASSES), classes)[..., None]


def filter_bank(sample_rate: int, n_fft: int, tuning: float) -> Real:
    """Weights of the frequencies in each pitch class, as ``librosa.filters.chroma`` defines them.

    Returns
    -------
    ndarray, shape ``(12, n_fft // 2 + 1)``

    Examples
    --------
    >>> filter_bank(8000, 512, 0.0).shape
    (12, 257)
    """
    count = len(PITCH_CLASSES)
    semitones = count * np.log2(np.arange(1, n_fft) * sample_rate / n_fft / (A4 / 16 * 2 ** (tuning / count)))
    # 0 Hz has no pitch; librosa puts it 1.5 octaves below the next.
    semitones = np.concatenate([semitones[:1] - 1.5 * count, semitones])
    widths = np.append(np.maximum(np.diff(semitones), 1), 1)
    distances = (semitones - np.arange(count)[:, None] + count / 2) % count - count / 2
    weights = np.exp(-0.5 * (2 * distances / widths) ** 2)
    weights /= np.sqrt((weights**2).sum(axis=0))
    weights *= np.exp(-0.5 * ((semitones / count - MIDDLE_OCTAVE) / OCTAVES) ** 2)
    from_c = np.roll(weights, -3, axis=0)  # octaves were counted from A
    bank: Real = from_c[:, : n_fft // 2 + 1].astype(np.float32)
    return bank
