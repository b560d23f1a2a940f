"""Sounds that share a strip do not hear each other, and what is left out of it as silent is silent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sound import frames
from adapters.sound.frames import Framing, over_powers, over_spectra, power


def plain(sound: np.ndarray, framing: Framing) -> np.ndarray:
    """Every frame of a sound, one by one."""
    half = len(framing.window) // 2
    padded = np.zeros(framing.length + 2 * half)
    padded[half : half + len(sound)] = sound
    starts = range(0, framing.count * framing.hop, framing.hop)
    spectra = [np.fft.rfft(padded[start : start + 2 * half] * framing.window) for start in starts]
    return power(np.array(spectra))


@settings(max_examples=150, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=9),
    half=st.integers(1, 12),
    hop=st.integers(1, 40),
    on_a_strip=st.integers(1, 200),
    at_once=st.integers(1, 100),
    cores=st.integers(1, 3),
)
def test_every_frame_is_that_of_its_own_sound(lengths, half, hop, on_a_strip, at_once, cores):
    framing = Framing(60, np.hanning(2 * half) + 0.1, hop)
    rng = np.random.default_rng(0)
    sounds = [rng.normal(size=length).astype(np.float32) for length in lengths]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "ON_A_STRIP", on_a_strip)
        patch.setattr(frames, "AT_ONCE", at_once)
        patch.setattr(frames, "cpu_count", lambda: cores)
        found = over_powers(sounds, framing, half + 1, lambda powers, out: np.copyto(out, powers))
        spectral = over_spectra(sounds, framing, half + 1, lambda spectra, out: np.copyto(out, power(spectra)))
    expected = np.stack([plain(sound, framing) for sound in sounds])
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(spectral, expected, rtol=1e-5, atol=1e-9)


def test_silent_frames_are_not_transformed():
    framing = Framing(8000, np.ones(512), 256)
    seen = []
    over_powers([np.ones(1000, dtype=np.float32)] * 5, framing, 1, lambda powers, out: seen.append(len(powers)))
    assert sum(seen) == 5 * 5  # of 32 each: 0, 256, …, 1024 less 256 still hears the last sample
