"""Short and long sounds: padded, cropped, looped, and relevance brought back to their own seconds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sound.mel_spectrogram import MelSpectrogram
from adapters.sound.waveform import Waveform


def ramp(length: int) -> tuple[np.ndarray, int]:
    return np.arange(length, dtype=np.float32), 100


@pytest.mark.parametrize(
    ("policy", "length", "expected"),
    [
        ("pad", 3, [0, 1, 2, 0, 0]), ("pad", 9, [0, 1, 2, 3, 4]),
        ("crop", 3, [0, 1, 2, 0, 0]), ("crop", 9, [2, 3, 4, 5, 6]), ("crop", 8, [1, 2, 3, 4, 5]),
        ("loop", 3, [0, 1, 2, 0, 1]), ("loop", 1, [0, 0, 0, 0, 0]), ("loop", 9, [0, 1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_what_is_kept(policy, length, expected):
    adapter = Waveform(100, 0.05, policy=policy)
    assert adapter.fit_transform([ramp(length)])[0, :, 0].tolist() == expected


def test_relevance_of_a_repetition_goes_to_what_is_repeated():
    adapter = Waveform(100, 0.08, policy="loop").fit([ramp(3)])
    back = adapter.backproject(np.array([1.0, 2, 4, 8, 16, 32, 64, 128]), ramp(3))
    assert back.axes[0].edges == pytest.approx((0, 0.01, 0.02, 0.03))
    np.testing.assert_allclose(back.values, [1 + 8 + 64, 2 + 16 + 128, 4 + 32])


def test_relevance_of_a_cropped_sound_goes_to_its_middle():
    adapter = Waveform(100, 0.05, policy="crop").fit([ramp(9)])
    assert adapter.axes_for(ramp(9))[0].edges == pytest.approx((0.02, 0.03, 0.04, 0.05, 0.06, 0.07))
    back = adapter.backproject(np.array([1.0, 2, 3, 4, 5]), ramp(9))
    assert back.axes[0].edges == pytest.approx((0, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.09))
    np.testing.assert_allclose(back.values, [0, 1, 2, 3, 4, 5, 0], atol=1e-12)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["pad", "crop", "loop"]), st.integers(1, 4000), st.sampled_from([8000, 11_025, 6007]))
def test_no_relevance_is_lost_at_any_length(policy, length, rate):
    item = (np.random.default_rng(length).normal(size=length).astype(np.float32), rate)
    adapter = MelSpectrogram(8000, 0.2, 256, 100, 20, policy=policy).fit([item])
    relevance = np.random.default_rng(0).normal(size=adapter.grid_.spatial)
    back = adapter.backproject(relevance, item)
    assert back.total == pytest.approx(relevance.sum(), abs=1e-9)
    assert back.axes[0].edges[-1] == pytest.approx(length / rate, abs=1 / 8000)


def test_settings_saved_before_there_was_a_policy_pad():
    from adapters.registry import from_settings

    assert from_settings({"name": "waveform", "sample_rate": 100, "duration": 0.05}).settings()["policy"] == "pad"
