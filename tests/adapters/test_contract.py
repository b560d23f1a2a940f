"""Every adapter keeps every promise of `adapters.checks`."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from adapters import MODALITIES, registry
from adapters.checks import CHECKS, Case
from adapters.image import Image
from adapters.series.series import Series
from adapters.sound.chroma import Chroma
from adapters.sound.constant_q import ConstantQ
from adapters.sound.mel_spectrogram import MelSpectrogram
from adapters.sound.mfcc import Mfcc
from adapters.sound.spectrogram import Spectrogram
from adapters.sound.waveform import Waveform
from adapters.table.table_row import TableRow
from adapters.text.characters import Characters
from adapters.text.words import Words

RNG = np.random.default_rng(0)


def picture(rows: int, columns: int, mode: str) -> Pillow.Image:
    depth = {"L": (), "RGB": (3,), "RGBA": (4,)}[mode]
    return Pillow.fromarray(RNG.integers(0, 256, (rows, columns, *depth)).astype(np.uint8), mode)


def encoded(image: Pillow.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format="PNG")
    return stream.getvalue()


def sound(seconds: float, rate: int = 8000, channels: int = 1) -> tuple[np.ndarray, int]:
    shape = (round(seconds * rate),) + ((channels,) if channels > 1 else ())
    return RNG.normal(scale=0.1, size=shape).astype(np.float32), rate


PICTURES = [picture(12, 9, "L"), encoded(picture(7, 20, "RGB")), RNG.random((5, 6)), RNG.random((16, 16, 4))]
OTHERS = [picture(40, 3, "RGBA"), np.zeros((1, 1), dtype=np.uint16), np.ones((3, 5, 1), dtype=bool)]
SOUNDS = [sound(0.5), sound(0.21), sound(0.5, 11_025), sound(0.4, channels=2)]
OTHER_SOUNDS = [sound(0.001), sound(2.0)]
TEXTS = ["Not a bad film, is it?", "A good film!", "  Zoë's naïve café…"]
OTHER_TEXTS = ["?", "İstanbul unknown words that go on and on, longer than any other text here", "日本"]
SERIES = [RNG.normal(size=(n, 2)) for n in (20, 13, 20)]
ROWS = [
    {"age": 31, "city": "Bonn", "score": 0.25, "constant": 7},
    {"age": None, "city": "Kiel", "score": float("nan"), "constant": 7},
    {"age": 58, "city": "Bonn", "score": -3, "constant": 7},
]
CASES: dict[str, Case] = {
    "image": Case(Image(8, 10), PICTURES, OTHERS, b"no picture", {"policy": "crop"}),
    "image, padded, rgb": Case(Image(8, 10, "rgb", "pad"), PICTURES, OTHERS, np.full((2, 2), np.nan), {"height": 3}),
    "image, cropped": Case(Image(8, 10, policy="crop"), PICTURES, OTHERS, Path("absent.png"), {"channels": "rgb"}),
    "mel-spectrogram": Case(
        MelSpectrogram(8000, 0.5, 256, 100, 20), SOUNDS, [sound(0.001), sound(2.0)], (np.zeros(0), 8000), {"n_mels": 10}
    ),
    "mel-spectrogram, looped": Case(
        MelSpectrogram(8000, 0.5, 256, 100, 20, policy="loop"),
        SOUNDS,
        [sound(0.001), sound(2.0), sound(0.13, 11_025)],
        (np.zeros(9), 0),
        {"policy": "crop"},
        repeats="time",
    ),
    "spectrogram": Case(Spectrogram(8000, 0.5, 256, 100), SOUNDS, OTHER_SOUNDS, Path("absent.ogg"), {"n_fft": 64}),
    "spectrogram, cropped": Case(
        Spectrogram(8000, 0.33, 128, 77, policy="crop"), SOUNDS, OTHER_SOUNDS, 3.5, {"policy": "loop"}
    ),
    "mfcc": Case(Mfcc(8000, 0.5, 512, 100, 40), SOUNDS, OTHER_SOUNDS, (np.zeros(5, int), 8000), {"n_mfcc": 5}),
    "mfcc, deltas": Case(Mfcc(8000, 0.5, 512, 100, 40, deltas=2), SOUNDS, OTHER_SOUNDS, None, {"deltas": 1}),
    "constant-q": Case(ConstantQ(8000, 0.5, 128, 110.0, 40), SOUNDS, OTHER_SOUNDS, "absent.mp3", {"n_bins": 30}),
    "chroma": Case(Chroma(8000, 0.5, 512, 100), SOUNDS, OTHER_SOUNDS, b"RIFF", {"tuning": 0.25}),
    "waveform, looped": Case(
        Waveform(8000, 0.5, policy="loop"), SOUNDS, OTHER_SOUNDS, Path("."), {"policy": "pad"}, repeats="time"
    ),
    "waveform, cropped": Case(Waveform(8000, 0.3, policy="crop"), SOUNDS, OTHER_SOUNDS, [1.0], {"duration": 0.1}),
    "waveform": Case(Waveform(8000, 0.5), SOUNDS, [sound(0.001), sound(2.0)], Path("absent.wav"), {"duration": 0.25}),
    "words": Case(Words(), TEXTS, OTHER_TEXTS, " \n", {"max_length": 3}),
    "words, short": Case(Words(3, 4), TEXTS, OTHER_TEXTS, 3.5, {"max_words": 2}),
    "characters": Case(Characters(), TEXTS, OTHER_TEXTS, "", {"lower": False}),
    "characters, ids": Case(Characters(10, "ids", False, 8), TEXTS, OTHER_TEXTS, b"bytes", {"max_alphabet": 3}),
    "series": Case(Series(), SERIES, [RNG.normal(size=(n, 2)) for n in (1, 50)], [1.0, np.nan], {"policy": "pad"}),
    "series, padded": Case(Series("pad", True), SERIES, [np.ones((50, 2))], "text", {"normalise": False}),
    "table-row": Case(
        TableRow(),
        ROWS,
        [{"age": 1e6, "city": "Rome", "score": 0, "constant": 8}, {"city": None, "age": 2, "score": 1, "constant": 7}],
        {"age": float("inf")},
        {"max_categories": 1},
    ),
    "table-row, sequences": Case(TableRow(), [[1, "a"], (2, "b"), [3, "a"]], [[4, None]], 12, {"max_categories": 1}),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_promise(case: Case, check: Callable[[Case], None]):
    check(case)


def test_every_adapter_has_a_case():
    assert {case.adapter.name for case in CASES.values()} == set(registry.names())


def test_every_check_is_run():
    from adapters import checks

    written = {name for name in vars(checks) if name.startswith("check_")}
    assert written == {check.__name__ for check in CHECKS}


@pytest.mark.parametrize("name", registry.names())
def test_registry_entry_is_true(name: str):
    adapter = registry.from_settings({"name": name})
    entry = registry.ADAPTERS[name]
    assert (adapter.name, adapter.modality) == (name, entry.modality)
    assert entry.modality in MODALITIES


def test_every_modality_has_a_default():
    assert set(registry.DEFAULTS) == set(MODALITIES)
    for modality in MODALITIES:
        assert registry.from_settings(registry.default_settings(modality)).modality == modality
