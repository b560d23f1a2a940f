"""Files of many encodings, and files that lie: each gives a grid or its reason, at once and in little memory."""

from __future__ import annotations

import os
import struct
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.errors import DataError
from adapters.sound import files
from adapters.sound.clips import read_clip
from adapters.sound.files import decoded
from adapters.sound.mel_spectrogram import MelSpectrogram
from adapters.sound.riff import plain_wav

RNG = np.random.default_rng(7)
ENCODINGS = [
    *(("WAV", subtype) for subtype in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "IMA_ADPCM")),
    *(("WAVEX", subtype) for subtype in ("PCM_16", "PCM_24", "FLOAT")),
    *(("FLAC", subtype) for subtype in ("PCM_S8", "PCM_16", "PCM_24")),
    *(("OGG", subtype) for subtype in ("VORBIS", "OPUS")),
    ("MP3", "MPEG_LAYER_III"),
    *((container, "PCM_16") for container in ("AIFF", "AU", "CAF", "RF64", "W64")),
]
LOSSY = ("ULAW", "IMA_ADPCM", "VORBIS", "OPUS", "MPEG_LAYER_III")


def wav(
    samples: np.ndarray, tag: int = 1, rate: int = 8000, data_size: int | None = None, before: bytes = b""
) -> bytes:
    """A WAV file written out by hand, so that its header can say anything."""
    channels, bits = samples.shape[1] if samples.ndim == 2 else 1, samples.dtype.itemsize * 8
    body = samples.tobytes()
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)
    chunks = b"fmt " + struct.pack("<I", 16) + form + before
    chunks += b"data" + struct.pack("<I", len(body) if data_size is None else data_size) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8000, 44_100, 48_000])
@pytest.mark.parametrize(("container", "subtype"), ENCODINGS)
def test_every_encoding_is_read(tmp_path: Path, container: str, subtype: str, rate: int, channels: int):
    if subtype == "OPUS" and rate == 44_100:
        rate = 24_000  # Opus knows five rates
    sound = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate // 2) / rate)
    samples = np.stack([sound] * channels, axis=1)
    path = tmp_path / "sound.wav"  # whatever its name ends in
    soundfile.write(path, samples, rate, subtype, format=container)
    clip = read_clip(path, rate, 1.0)
    expected = soundfile.read(path, dtype="float32", always_2d=True)[0].mean(axis=1)
    np.testing.assert_allclose(clip.samples, expected, atol=1e-7)
    if subtype not in LOSSY:
        np.testing.assert_allclose(clip.samples, sound, atol=0.01)
    adapter = MelSpectrogram(8000, 0.5, 512, 256, 40)
    grid = adapter.fit_transform([path])[0, :, :, 0]
    assert grid.mean(axis=0).argmax() == adapter.grid_.axes[1].cell_of(440)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["PCM_16", "PCM_32", "FLOAT"]), st.integers(1, 3), st.integers(1, 400), st.integers(0, 2**32 - 1)
)
def test_plain_wav_equals_libsndfile(tmp_path_factory, subtype, channels, length, seed):
    path = tmp_path_factory.mktemp("plain") / "a.wav"
    samples = np.random.default_rng(seed).uniform(-1, 1, (length, channels))
    soundfile.write(path, samples, 8000, subtype)
    mine, rate = plain_wav(path.read_bytes())
    expected, _ = soundfile.read(path, dtype="float32")
    assert (rate, mine.dtype) == (8000, np.float32)
    np.testing.assert_array_equal(mine, expected)


@pytest.mark.parametrize("extremes", [np.iinfo(np.int16), np.iinfo(np.int32)], ids=["16 bit", "32 bit"])
def test_extreme_samples_equal_libsndfile(tmp_path: Path, extremes: np.iinfo):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(np.array([extremes.min, extremes.max, 0, 1, -1], dtype=extremes.dtype)))
    np.testing.assert_array_equal(plain_wav(path.read_bytes())[0], soundfile.read(path, dtype="float32")[0])


@contextmanager
def suppress_reason(words: str) -> Iterator[None]:
    """Allow a refusal, if its reason holds these words."""
    try:
        yield
    except DataError as error:
        if words not in str(error):
            raise


PCM = np.array([1, -2, 3, -4], dtype=np.int16)
UNUSUAL = {
    "unknown chunk": wav(PCM, before=b"quux\x02\0\0\0ab"),
    "24 bits said, 16 held": wav(PCM).replace(struct.pack("<HH", 2, 16), struct.pack("<HH", 2, 24), 1),
    "size not of whole frames": wav(PCM, data_size=7),
    "size beyond the file": wav(PCM, data_size=2**31),
    "size of a stream": wav(PCM, data_size=2**32 - 1),
    "no size": wav(PCM, data_size=0),
    "no channels": wav(PCM.reshape(4, 1)).replace(struct.pack("<HH", 1, 1), struct.pack("<HH", 1, 0), 1),
    "no rate": wav(PCM, rate=0),
    "big endian": b"RIFX" + wav(PCM)[4:],
    "no data chunk": wav(PCM)[:36],
    "data first": b"RIFF\x20\0\0\0WAVEdata\x04\0\0\0abcd",
    "half a header": wav(PCM)[:25],
}


@pytest.mark.parametrize("content", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_wav_is_left_to_libsndfile(tmp_path: Path, content: bytes):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    assert plain_wav(content) is None
    try:
        expected, _ = soundfile.read(path, dtype="float32")
    except (soundfile.SoundFileError, ZeroDivisionError):
        with pytest.raises(DataError, match="expected"):
            decoded(path)
    else:
        with suppress_reason("shorter than its header says"):
            np.testing.assert_array_equal(decoded(path)[0], expected)


@pytest.mark.parametrize("before", [b"LIST\x04\0\0\0abcd", b"LIST\x03\0\0\0abc\0", b"fact\x04\0\0\0\4\0\0\0"])
def test_chunks_before_the_sound_are_passed_over(before: bytes):
    np.testing.assert_array_equal(plain_wav(wav(PCM, before=before))[0] * 2**15, PCM)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60), st.binary(min_size=1, max_size=6))
def test_no_header_makes_it_crash(tmp_path_factory, position, junk):
    content = bytearray(wav(np.arange(50, dtype=np.int16)))
    content[position : position + len(junk)] = junk
    path = tmp_path_factory.mktemp("junk") / "a.wav"
    path.write_bytes(bytes(content))
    with suppress_reason("expected"):
        assert np.isfinite(read_clip(path, 8000, 0.01).samples).all()


def flac_of(frames: int, path: Path) -> None:
    """Write a FLAC file of silence whose header promises ``frames``."""
    soundfile.write(path, np.zeros(50_000), 8000, format="FLAC")
    content = bytearray(path.read_bytes())
    content[21] = (content[21] & 0xF0) | frames >> 32
    content[22:26] = struct.pack(">I", frames & 0xFFFFFFFF)
    path.write_bytes(bytes(content))


def refused(path: Path) -> str:
    """The reason for refusing a file, given within a second and a few megabytes."""
    tracemalloc.start()
    start = time.perf_counter()
    (error,) = MelSpectrogram(8000, 0.1, 256, 128, 20).read([path]).errors
    seconds, (_, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (error.item, seconds < 5, peak < 50e6) == (str(path), True, True), (seconds, peak)
    return error.reason


@pytest.mark.parametrize("frames", [2**36 - 1, 0])
def test_a_header_that_promises_too_much_is_refused(tmp_path: Path, frames: int):
    path = tmp_path / "bomb.flac"
    flac_of(frames, path)
    assert "a header that tells the truth" in refused(path)


@pytest.mark.parametrize("data_size", [2002, 2**30 + 2])
def test_a_wav_header_that_promises_too_much_is_refused(tmp_path: Path, data_size: int):
    path = tmp_path / "bomb.wav"
    path.write_bytes(wav(RNG.integers(-9, 9, 1000).astype(np.int16), data_size=data_size))
    assert "shorter than its header says" in refused(path)


def test_sounds_that_would_fill_the_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "MOST_SAMPLES", 9_000)
    soundfile.write(tmp_path / "long.flac", np.zeros(10_000), 8000)
    assert "at most 9000 samples, got 10000" in refused(tmp_path / "long.flac")
    soundfile.write(tmp_path / "slow.wav", np.zeros(1000), 100)
    assert "at most 9000 samples, got 80000" in refused(tmp_path / "slow.wav")


def test_an_absurd_rate_is_refused(tmp_path: Path):
    (tmp_path / "slow.wav").write_bytes(wav(PCM, rate=1))
    assert "100 to 80000000 Hz, got 1 Hz" in refused(tmp_path / "slow.wav")
    (tmp_path / "fast.wav").write_bytes(wav(np.ones(1_000_000, dtype=np.int16), rate=2**31 - 1))
    assert "100 to 80000000 Hz, got 2147483647 Hz" in refused(tmp_path / "fast.wav")
    (tmp_path / "short.wav").write_bytes(wav(PCM, rate=2**25))
    assert "at least one sample at 8000 Hz" in refused(tmp_path / "short.wav")


@pytest.mark.parametrize(("rate", "wanted"), [(100, 768_000), (101, 767_999), (1_000_000, 100), (79_999_999, 8009)])
def test_the_widest_ratios_of_rates_are_resampled_at_once(rate: int, wanted: int):
    samples = np.ones(max(rate // 50, 100), dtype=np.float32)  # a second of the lowest, a fiftieth of the highest
    start = time.process_time()
    clip = read_clip((samples, rate), wanted, 1.0)
    assert len(clip.samples) > 0
    assert time.process_time() - start < 5


def test_silence_and_one_sample_are_sounds(tmp_path: Path):
    for name, samples in (("silence", np.zeros(4000)), ("one", np.ones(1))):
        soundfile.write(tmp_path / f"{name}.wav", samples, 8000)
        soundfile.write(tmp_path / f"{name}.flac", samples, 8000)
    adapter = MelSpectrogram(8000, 0.1, 256, 128, 20)
    grids = adapter.fit_transform(sorted(tmp_path.iterdir()))
    assert np.isfinite(grids).all()
    np.testing.assert_allclose(grids[2:], -100, atol=1e-4)  # silence has the least level, 1e-10


def test_a_pipe_is_refused_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.wav")
    assert "a folder, a pipe or a device" in refused(tmp_path / "pipe.wav")
