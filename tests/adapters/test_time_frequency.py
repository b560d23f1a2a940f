"""Scalograms and spectrograms of series equal their definitions, and find a sine where it is."""

from __future__ import annotations

import numpy as np
import pytest
import pywt
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from adapters.errors import DataError, ItemError
from adapters.series.scalogram import Scalogram, morlet_amplitudes
from adapters.series.series_spectrogram import SeriesSpectrogram
from adapters.series.time_frequency import TimeFrequency

RNG = np.random.default_rng(11)
NOISE = RNG.normal(size=300)
BOTH: list[TimeFrequency] = [Scalogram(), SeriesSpectrogram()]


def sine(frequency: float, length: int, amplitude: float = 1.0) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * frequency * np.arange(length) + 0.3)


@pytest.mark.parametrize("frequency", [0.02, 0.1, 0.25])
@pytest.mark.parametrize("cycles", [6.0, 12.0])
def test_wavelet_amplitudes_equal_their_definition(frequency: float, cycles: float):
    scale = cycles / (2 * np.pi * frequency)
    endless = np.tile(np.concatenate([NOISE, NOISE[::-1]]), 7)
    time = np.arange(-3 * 300, 3 * 300 + 1)
    wavelet = np.exp(-0.5 * (time / scale) ** 2 - 2j * np.pi * frequency * time) * 2 / (scale * np.sqrt(2 * np.pi))
    expected = np.abs([endless[1800 + t + time] @ wavelet for t in range(300)])
    found = morlet_amplitudes(NOISE[:, None], np.array([frequency]), cycles)
    np.testing.assert_allclose(found[:, 0, 0], expected, atol=1e-6)


def test_wavelet_amplitudes_equal_pywavelets():
    """At low frequencies: it integrates the wavelet over each sample, which flattens the high ones."""
    series, frequencies = RNG.normal(size=2000).cumsum(), np.array([0.01, 0.02, 0.04])
    coefficients, at = pywt.cwt(series, 1.0 / frequencies, f"cmor{2 * (6 / (2 * np.pi)) ** 2}-1.0", precision=14)
    np.testing.assert_allclose(at, frequencies)
    expected = 2 * np.abs(coefficients) * np.sqrt(frequencies)[:, None]
    found = morlet_amplitudes(series[:, None], frequencies, 6.0)[..., 0].T
    inner = slice(500, 1500)  # it pads with zeros
    np.testing.assert_allclose(found[:, inner], expected[:, inner], atol=0.01 * expected[:, inner].max())


@pytest.mark.parametrize("window", [16, 21])
@pytest.mark.parametrize("hop", [1, 8])
def test_levels_equal_their_definition(window: int, hop: int):
    adapter = SeriesSpectrogram(window=window, hop_length=hop)
    levels = adapter.fit_transform([NOISE])[0, ..., 0]
    hann = scipy.signal.get_window("hann", window)
    assert levels.shape == (-(-300 // hop), window // 2 + 1)
    for frame in (16 // hop + 8, 20):
        start = frame * hop - window // 2
        power = (2 * np.abs(np.fft.rfft(NOISE[start : start + window] * hann)) / hann.sum()) ** 2
        np.testing.assert_allclose(levels[frame], np.maximum(10 * np.log10(power), levels.max() - 80), atol=1e-3)


def test_a_sine_of_amplitude_1_has_amplitude_1_and_0_db():
    adapter = Scalogram(fmin=0.05, fmax=0.2, n_frequencies=1)
    assert adapter.fit_transform([sine(0.1, 400)])[0, 20:-20].ravel() == pytest.approx(1, abs=1e-3)
    level = SeriesSpectrogram(window=20).fit_transform([sine(0.1, 400)])[0, 5:-5, 2, 0]
    np.testing.assert_allclose(level, 0, atol=0.01)


@pytest.mark.parametrize("adapter", BOTH, ids=lambda adapter: str(adapter.name))
@pytest.mark.parametrize("policy", ["resample", "pad"])
@pytest.mark.parametrize("length", [200, 400, 800])
def test_a_sine_is_found_at_its_own_frequency(adapter: TimeFrequency, policy: str, length: int):
    adapter.set_params(policy=policy).fit([NOISE[:1].repeat(400)])
    series = sine(0.11, length)
    _, frequency = adapter.axes_for(series)
    grid = adapter.transform([series])[0, ..., 0]
    inner = grid.shape[0] // 4
    assert grid[inner].argmax() == frequency.cell_of(0.11)
    relevance = np.zeros_like(grid)
    relevance[inner] = grid[inner] - grid.min()
    found = adapter.backproject(relevance, series)
    assert found.values.shape == (length, frequency.size)
    assert found.values.sum(axis=0).argmax() == frequency.cell_of(0.11)


@pytest.mark.parametrize("adapter", BOTH, ids=lambda adapter: str(adapter.name))
def test_a_burst_is_found_at_its_time(adapter: TimeFrequency):
    series = np.zeros(400)
    series[290:310] = sine(0.2, 20)
    grid = adapter.set_params(policy="resample").fit([np.zeros(400)]).transform([series])[0, ..., 0]
    found = adapter.backproject(grid - grid.min(), series).values.sum(axis=1)
    assert 280 <= found.argmax() < 320


def test_a_constant_series_has_no_amplitude():
    assert np.abs(Scalogram().fit_transform([np.full(50, 1e6)])).max() <= 1e-3


def test_fmin_below_fmax():
    with pytest.raises(DataError, match=r"fmin below fmax, got 0\.3 and 0\.2"):
        Scalogram(fmin=0.3, fmax=0.2).fit([NOISE])


@pytest.mark.parametrize("adapter", BOTH, ids=lambda adapter: str(adapter.name))
@pytest.mark.parametrize("item", [[1.0, np.nan], [np.inf], [], [1e30]])
def test_bad_series_are_refused(adapter: TimeFrequency, item: object):
    with pytest.raises(ItemError, match="expected"):
        adapter.fit([item])


ANY_SERIES = arrays(np.float32, st.integers(1, 40), elements=st.floats(-(2.0**59), 2.0**59, width=32))


@given(ANY_SERIES, ANY_SERIES, st.sampled_from([0, 1]), st.sampled_from(["resample", "pad"]))
@settings(max_examples=100, deadline=None)
def test_any_two_series_make_grids(train: np.ndarray, other: np.ndarray, number: int, policy: str):
    adapter = BOTH[number].set_params(policy=policy).fit([train])
    grid = adapter.transform([other])[0]
    assert np.isfinite(grid).all()
    relevance = grid[..., 0] / (np.abs(grid).max() or 1)
    found = adapter.backproject(relevance, other)
    assert found.total == pytest.approx(float(relevance.sum(dtype=float)), abs=1e-6)
