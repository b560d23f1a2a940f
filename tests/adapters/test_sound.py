"""Spectrograms equal librosa's, and damaged sounds are refused with a reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from adapters.errors import DataError, ItemError
from adapters.sound import mel
from adapters.sound.clips import read_clip
from adapters.sound.mel_spectrogram import MelSpectrogram
from adapters.sound.waveform import Waveform

RNG = np.random.default_rng(3)
SETTINGS = [
    MelSpectrogram(8000, 1.0, 512, 256, 64),
    MelSpectrogram(16_000, 0.7, 1024, 333, 40, 50.0, 7000.0),
    MelSpectrogram(22_050, 0.5, 2048, 512, 128),
    MelSpectrogram(4000, 0.05, 400, 100, 20),
]


def sweep(rate: int, seconds: float) -> np.ndarray:
    time = np.arange(round(rate * seconds)) / rate
    return (np.sin(2 * np.pi * (200 + 400 * time) * time) + RNG.normal(scale=0.01, size=len(time))).astype(np.float32)


@pytest.mark.parametrize("adapter", SETTINGS, ids=lambda adapter: str(adapter.sample_rate))
def test_levels_equal_librosa(adapter: MelSpectrogram):
    import librosa

    clip = sweep(adapter.sample_rate, adapter.duration)
    power = librosa.feature.melspectrogram(
        y=clip,
        sr=adapter.sample_rate,
        n_fft=adapter.n_fft,
        hop_length=adapter.hop_length,
        n_mels=adapter.n_mels,
        fmin=adapter.fmin,
        fmax=adapter.fmax,
    )
    expected = librosa.power_to_db(power).T
    grid = adapter.fit_transform([(clip, adapter.sample_rate)])[0, :, :, 0]
    assert grid.shape == expected.shape
    np.testing.assert_allclose(grid, expected, atol=1e-3)


@pytest.mark.parametrize("adapter", SETTINGS, ids=lambda adapter: str(adapter.sample_rate))
def test_filters_equal_librosa(adapter: MelSpectrogram):
    import librosa

    top = adapter.sample_rate / 2 if adapter.fmax is None else adapter.fmax
    expected = librosa.filters.mel(
        sr=adapter.sample_rate, n_fft=adapter.n_fft, n_mels=adapter.n_mels, fmin=adapter.fmin, fmax=top
    )
    bank = mel.filter_bank(adapter.sample_rate, adapter.n_fft, adapter.n_mels, adapter.fmin, top)
    np.testing.assert_allclose(bank, expected, atol=1e-8)
    edges = mel.band_edges(adapter.n_mels, adapter.fmin, top)
    peaks = librosa.mel_frequencies(n_mels=adapter.n_mels + 2, fmin=adapter.fmin, fmax=top)[1:-1]
    assert ((edges[:-1] < peaks) & (peaks < edges[1:])).all()


def test_reading_equals_librosa(tmp_path: Path):
    import librosa

    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.stack([sweep(11_025, 0.4), sweep(11_025, 0.4)], axis=1), 11_025)
    expected, _ = librosa.load(path, sr=8000, mono=True)
    clip = read_clip(path, 8000, 1.0)
    np.testing.assert_allclose(clip.samples, expected, atol=1e-6)
    assert clip.seconds == pytest.approx(0.4)


def test_neither_fit_nor_transform_imports_librosa():
    program = (
        "import sys, numpy as np; from adapters.sound.mel_spectrogram import MelSpectrogram;"
        "MelSpectrogram(8000, n_fft=512).fit_transform([(np.ones(800, dtype='f4'), 11025)]);"
        "assert not {'librosa', 'numba', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=600)


def test_a_batch_equals_its_clips():
    clips = [(sweep(8000, seconds), 8000) for seconds in np.linspace(0.1, 1.2, 33)]
    adapter = SETTINGS[0].fit(clips)
    together = adapter.transform(clips)
    for clip, grid in zip(clips, together, strict=True):
        np.testing.assert_allclose(adapter.transform([clip])[0], grid, atol=1e-3)


def test_a_click_and_a_tone_are_where_the_axes_say():
    samples = np.zeros(8000, dtype=np.float32)
    samples[2000] = 1.0
    adapter = MelSpectrogram(8000, 1.0, 512, 256, 40).fit([(samples, 8000)])
    time, band = adapter.grid_.axes
    grid = adapter.transform([(samples, 8000)])[0, :, :, 0]
    assert grid.mean(axis=1).argmax() == time.cell_of(0.25)
    tone = np.sin(2 * np.pi * 2500 * np.arange(8000) / 8000).astype(np.float32)
    assert adapter.transform([(tone, 8000)])[0, :, :, 0].mean(axis=0).argmax() == band.cell_of(2500)


def test_relevance_of_a_short_clip_stays_within_it():
    clip = (sweep(8000, 0.25), 8000)
    adapter = MelSpectrogram(8000, 1.0, 512, 256, 40).fit([clip])
    attribution = adapter.backproject(np.ones(adapter.grid_.spatial), clip)
    assert attribution.axes[0].edges[-1] == 0.25
    assert attribution.total == pytest.approx(np.prod(adapter.grid_.spatial))


def test_relevance_of_a_long_clip_leaves_its_rest_empty():
    clip = (sweep(8000, 3.0), 8000)
    adapter = Waveform(8000, 1.0).fit([clip])
    attribution = adapter.backproject(np.ones(8000), clip)
    assert attribution.axes[0].edges[-2:] == (1.0, 3.0)
    assert attribution.values[-1] == 0


def damaged(folder: Path) -> dict[str, Path]:
    """Files that must not become grids."""
    good = folder / "good.wav"
    soundfile.write(good, sweep(8000, 1.0), 8000)
    paths = {name: folder / f"{name}.wav" for name in ("cut off", "empty", "no sound", "text", "nan")}
    paths["cut off"].write_bytes(good.read_bytes()[:6000])
    paths["empty"].write_bytes(b"")
    soundfile.write(paths["no sound"], np.zeros(0), 8000)
    paths["text"].write_text("not a sound")
    soundfile.write(paths["nan"], np.array([0.1, np.nan]), 8000, subtype="FLOAT")
    for ending in ("flac", "ogg", "aiff", "au"):
        whole, paths[f"cut off {ending}"] = folder / f"whole.{ending}", folder / f"cut.{ending}"
        soundfile.write(whole, sweep(8000, 3.0), 8000)
        paths[f"cut off {ending}"].write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return {**paths, "folder": folder, "absent": folder / "absent.wav"}


def test_damaged_files_are_named_with_a_reason(tmp_path: Path):
    paths = damaged(tmp_path)
    reading = Waveform(8000, 0.1).read([tmp_path / "good.wav", *paths.values()])
    assert reading.kept.tolist() == [0]
    assert [error.item for error in reading.errors] == [str(path) for path in paths.values()]
    for error in reading.errors:
        assert "expected" in error.reason, error.reason


@pytest.mark.parametrize(
    "item",
    [
        (np.array([0.1, np.inf], dtype=np.float32), 8000),
        (np.zeros((2, 2, 2), dtype=np.float32), 8000),
        (np.zeros(100, dtype=np.int16), 8000),
        (np.zeros(100, dtype=np.float32), 0),
        np.zeros(100, dtype=np.float32),
        "text",
        None,
    ],
)
def test_bad_samples_are_refused(item: object):
    with pytest.raises(ItemError, match="expected"):
        Waveform(8000, 0.1).fit([item])


@pytest.mark.parametrize(
    ("adapter", "reason"),
    [
        (MelSpectrogram(8000, n_fft=256, n_mels=200), "lower n_mels or raise n_fft"),
        (MelSpectrogram(8000, n_fft=512, fmax=5000.0), "half the sample rate"),
        (MelSpectrogram(8000, n_fft=512, fmin=4000.0), "fmin < fmax"),
        (MelSpectrogram(8000, n_fft=401), "even n_fft"),
        (MelSpectrogram(8000, hop_length=0), "hop_length to be a whole number of at least 1"),
        (MelSpectrogram("8000"), "sample_rate"),  # type: ignore[arg-type]
        (Waveform(duration=0.0), "duration"),
        (Waveform(duration=float("nan")), "duration"),
    ],
)
def test_impossible_parameters_are_refused(adapter: Waveform, reason: str):
    with pytest.raises(DataError, match=reason):
        adapter.fit([(np.ones(100, dtype=np.float32), 8000)])


def test_sound_comes_back_approximately():
    tone = np.sin(2 * np.pi * 1000 * np.arange(4000) / 8000).astype(np.float32)
    adapter = MelSpectrogram(8000, 0.5, 512, 128, 64).fit([(tone, 8000)])
    grids = adapter.transform([(tone, 8000)])
    (clip,) = adapter.inverse_transform(grids)
    spectrum = np.abs(np.fft.rfft(clip.samples))
    assert np.fft.rfftfreq(4000, 1 / 8000)[spectrum.argmax()] == pytest.approx(1000, abs=40)
