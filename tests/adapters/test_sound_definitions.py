"""Every sound grid equals librosa's, over rates, odd lengths, hops and clips shorter than a frame."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pytest

from adapters.base import Adapter
from adapters.errors import DataError
from adapters.sound.chroma import PITCH_CLASSES, Chroma, filter_bank
from adapters.sound.constant_q import ConstantQ
from adapters.sound.mel_spectrogram import MelSpectrogram
from adapters.sound.mfcc import Mfcc
from adapters.sound.spectrogram import Spectrogram

RNG = np.random.default_rng(5)
DECIBELS, OTHERS = 1e-3, 1e-4


def tone(time: np.ndarray) -> np.ndarray:
    return np.sin(2 * np.pi * 443.7 * time)


def sweep(time: np.ndarray) -> np.ndarray:
    return np.sin(2 * np.pi * (100 + 900 * time) * time)


def noise(time: np.ndarray) -> np.ndarray:
    return RNG.normal(scale=0.1, size=len(time))


def chord_and_noise(time: np.ndarray) -> np.ndarray:
    return sum(np.sin(2 * np.pi * hz * time) for hz in (261.6, 329.6, 392.0)) / 3 + noise(time) / 30


def click(time: np.ndarray) -> np.ndarray:
    return (np.arange(len(time)) == len(time) // 3).astype(float)


def silence(time: np.ndarray) -> np.ndarray:
    return np.zeros(len(time))


SOUNDS = [tone, sweep, noise, chord_and_noise, click, silence]


def by_spectrogram(y: np.ndarray, a: Spectrogram) -> np.ndarray:
    import librosa

    return librosa.amplitude_to_db(np.abs(librosa.stft(y, n_fft=a.n_fft, hop_length=a.hop_length))).T[..., None]


def by_mel(y: np.ndarray, a: MelSpectrogram) -> np.ndarray:
    import librosa

    power = librosa.feature.melspectrogram(
        y=y, sr=a.sample_rate, n_fft=a.n_fft, hop_length=a.hop_length, n_mels=a.n_mels, fmin=a.fmin, fmax=a.fmax
    )
    return librosa.power_to_db(power).T[..., None]


def by_mfcc(y: np.ndarray, a: Mfcc) -> np.ndarray:
    import librosa

    levels = by_mel(y, a)[..., 0].T
    plain = librosa.feature.mfcc(S=levels, n_mfcc=a.n_mfcc)
    slopes = [librosa.feature.delta(plain, order=order) for order in range(1, a.deltas + 1)]
    return np.stack([plain, *slopes]).transpose(2, 1, 0)


def by_constant_q(y: np.ndarray, a: ConstantQ) -> np.ndarray:
    import librosa

    transform = librosa.cqt(
        y,
        sr=a.sample_rate,
        hop_length=a.hop_length,
        fmin=a.fmin,
        n_bins=a.n_bins,
        bins_per_octave=a.bins_per_octave,
        dtype=np.complex128,  # rounded to complex64, its default, librosa is 0.003 dB off itself
    )
    return librosa.amplitude_to_db(np.abs(transform)).T[..., None][: 1 + len(y) // a.hop_length]


def by_chroma(y: np.ndarray, a: Chroma) -> np.ndarray:
    import librosa

    return librosa.feature.chroma_stft(
        y=y, sr=a.sample_rate, n_fft=a.n_fft, hop_length=a.hop_length, tuning=a.tuning
    ).T[..., None]


CASES: list[tuple[Adapter, Callable[..., np.ndarray], float]] = [
    (Spectrogram(8000, 1.0, 256, 100), by_spectrogram, DECIBELS),
    (Spectrogram(22_050, 0.37, 2048, 511), by_spectrogram, DECIBELS),
    (Spectrogram(44_100, 0.3001, 1022, 441), by_spectrogram, DECIBELS),
    (Spectrogram(8000, 0.02, 512, 64), by_spectrogram, DECIBELS),
    (MelSpectrogram(8000, 1.0, 512, 256, 64), by_mel, DECIBELS),
    (MelSpectrogram(16_000, 0.7001, 1024, 333, 40, 50.0, 7000.0), by_mel, DECIBELS),
    (MelSpectrogram(22_050, 0.5, 2048, 512, 128), by_mel, DECIBELS),
    (MelSpectrogram(4000, 0.03, 400, 100, 20), by_mel, DECIBELS),
    (Mfcc(8000, 1.0, 512, 256, 40, n_mfcc=13, deltas=2), by_mfcc, DECIBELS),
    (Mfcc(22_050, 0.501, 2048, 512, 128, deltas=1), by_mfcc, DECIBELS),
    (Mfcc(16_000, 0.1, 1024, 199, 64, n_mfcc=64, deltas=2), by_mfcc, DECIBELS),
    (Mfcc(16_000, 0.003, 1024, 160, 40), by_mfcc, DECIBELS),
    (ConstantQ(16_000, 1.0, 512), by_constant_q, DECIBELS),
    (ConstantQ(22_050, 0.7001, 512, 55.0, 60), by_constant_q, DECIBELS),
    (ConstantQ(11_025, 0.777, 100, 55.0, 90, 24), by_constant_q, DECIBELS),
    (ConstantQ(8000, 0.5, 63, 65.0, 37), by_constant_q, DECIBELS),
    (ConstantQ(44_100, 0.49999, 4096, 40.0, 30), by_constant_q, DECIBELS),
    (ConstantQ(8000, 0.02, 64, 100.0, 40), by_constant_q, DECIBELS),
    (Chroma(8000, 1.0, 2048, 512), by_chroma, OTHERS),
    (Chroma(22_050, 0.6003, 4096, 333, 0.21), by_chroma, OTHERS),
    (Chroma(16_000, 0.01, 2048, 100, -0.4), by_chroma, OTHERS),
]


@pytest.mark.parametrize("sound", SOUNDS, ids=lambda sound: sound.__name__)
@pytest.mark.parametrize(
    ("adapter", "by_librosa", "tolerance"), CASES, ids=[f"{a.name} {a.sample_rate} {a.duration}" for a, _, _ in CASES]
)
def test_grids_equal_librosa(adapter, by_librosa, tolerance, sound):
    time = np.arange(round(adapter.sample_rate * adapter.duration)) / adapter.sample_rate
    samples = sound(time).astype(np.float32)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "n_fft=.* is too large")  # what librosa says of clips shorter than a frame
        expected = by_librosa(samples, adapter)
    grid = adapter.fit_transform([(samples, adapter.sample_rate)])[0]
    assert grid.shape == expected.shape
    np.testing.assert_allclose(grid, expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize(("rate", "n_fft", "tuning"), [(8000, 512, 0.0), (22_050, 2048, 0.3), (44_100, 4096, -0.5)])
def test_chroma_filters_equal_librosa(rate, n_fft, tuning):
    import librosa

    expected = librosa.filters.chroma(sr=rate, n_fft=n_fft, tuning=tuning)
    np.testing.assert_allclose(filter_bank(rate, n_fft, tuning), expected, atol=1e-6)


@pytest.mark.parametrize("semitone", range(12))
def test_a_note_lies_in_its_pitch_class_and_its_pitch(semitone):
    hz = 261.6255653 * 2 ** (semitone / 12)
    clip = (np.sin(2 * np.pi * hz * np.arange(16_000) / 16_000).astype(np.float32), 16_000)
    chroma = Chroma(n_fft=4096).fit([clip])
    assert chroma.grid_.axes[1].labels[chroma.transform([clip])[0, 16, :, 0].argmax()] == PITCH_CLASSES[semitone]
    pitches = ConstantQ().fit([clip])
    assert pitches.transform([clip])[0, 16, :, 0].argmax() == pitches.grid_.axes[1].cell_of(hz)


def test_a_tone_lies_at_its_frequency():
    clip = (np.sin(2 * np.pi * 2510 * np.arange(8000) / 8000).astype(np.float32), 8000)
    adapter = Spectrogram(8000, 1.0, 512, 256).fit([clip])
    assert adapter.transform([clip])[0, 10, :, 0].argmax() == adapter.grid_.axes[1].cell_of(2510)


@pytest.mark.parametrize(
    ("adapter", "reason"),
    [
        (Mfcc(8000, 0.1, 512, 256, deltas=1, n_mels=40), "at least 9 frames for deltas, got 4"),
        (Mfcc(8000, 1.0, 512, 256, n_mels=13), "n_mfcc of at most n_mels, got 20 and 13"),
        (Mfcc(deltas=3), "deltas to be a whole number of at least 0 and at most 2"),
        (ConstantQ(4000), "pitches below 2000 Hz"),
        (ConstantQ(n_bins=1), "n_bins"),
        (Chroma(tuning=0.7), "tuning"),
        (Spectrogram(n_fft=401), "even n_fft"),
        (Spectrogram(policy="stretch"), "policy to be 'pad' or 'crop' or 'loop', got 'stretch'"),  # type: ignore[arg-type]
    ],
)
def test_impossible_parameters_are_refused(adapter, reason):
    with pytest.raises(DataError, match=reason):
        adapter.fit([(np.ones(100, dtype=np.float32), 8000)])


@pytest.mark.parametrize("adapter", [Spectrogram(8000, 0.5, 512, 128), Mfcc(8000, 0.5, 512, 128)], ids=lambda a: a.name)
def test_sound_comes_back_approximately(adapter):
    clip = (np.sin(2 * np.pi * 1000 * np.arange(4000) / 8000).astype(np.float32), 8000)
    (back,) = adapter.inverse_transform(adapter.fit_transform([clip]))
    spectrum = np.abs(np.fft.rfft(back.samples))
    assert np.fft.rfftfreq(4000, 1 / 8000)[spectrum.argmax()] == pytest.approx(1000, abs=100)
