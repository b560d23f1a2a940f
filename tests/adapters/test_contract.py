"""Every adapter keeps every promise of `adapters.checks`."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from adapters import MODALITIES, registry
from adapters.board.board import Board
from adapters.checks import CHECKS, Case
from adapters.image import Image
from adapters.series.gramian_field import GramianField
from adapters.series.markov_field import MarkovField
from adapters.series.recurrence_plot import RecurrencePlot
from adapters.series.scalogram import Scalogram
from adapters.series.series import Series
from adapters.series.series_spectrogram import SeriesSpectrogram
from adapters.sound.chroma import Chroma
from adapters.sound.constant_q import ConstantQ
from adapters.sound.mel_spectrogram import MelSpectrogram
from adapters.sound.mfcc import Mfcc
from adapters.sound.spectrogram import Spectrogram
from adapters.sound.waveform import Waveform
from adapters.table.table_grid import TableGrid
from adapters.table.table_row import TableRow
from adapters.text.bytes import Bytes
from adapters.text.characters import Characters
from adapters.text.fields import Fields
from adapters.text.k_mers import KMers
from adapters.text.page import Page
from adapters.text.word_vectors import WordVectors
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
VECTORS = str(Path(__file__).parent / "files" / "vectors.txt")
PAGES = ["def f(x):\n\treturn [x]\n", "TOTAL\r\n  12.50 €\r\n", "\n\n one line"]
OTHER_PAGES = ["x", "\t" * 30 + "日本", "\n".join("abcdefgh"), "Zoe\u0308\r" * 60]
RECORDS = [
    '{"city": "Bonn", "age": 31, "open": true}',
    'city="São Paulo" age=4',
    "age=12 city= note=\u05e9\u05dc\u05d5\u05dd",
]
OTHER_RECORDS = ['{"age": null, "city": ""}', "age=1234567890123 note=👍🏽", '{"city": {"name": ["Kiel"]}}']
BOARDS: list[object] = [["X.O", "...", "OX."], [list("XXX"), list("O.O"), list("...")]]
SERIES = [RNG.normal(size=(n, 2)) for n in (20, 13, 20)]
OTHER_SERIES = [RNG.normal(size=(n, 2)) for n in (1, 2, 50)]
ROWS = [
    {"age": 31, "city": "Bonn", "score": 0.25, "constant": 7},
    {"age": None, "city": "Kiel", "score": float("nan"), "constant": 7},
    {"age": 58, "city": "Bonn", "score": -3, "constant": 7},
]
OTHER_ROWS = [
    {"age": 1e6, "city": "Rome", "score": 0, "constant": 8},
    {"city": None, "age": 2, "score": 1, "constant": 7},
]
NUMBERS = RNG.normal(size=(9, 13)).tolist()
CASES: dict[str, Case] = {
    "image": Case(Image(8, 10), PICTURES, OTHERS, b"no picture", {"policy": "crop"}),
    "image, padded, rgb": Case(Image(8, 10, "rgb", "pad"), PICTURES, OTHERS, np.full((2, 2), np.nan), {"height": 3}),
    "image, by opencv": Case(Image(8, 10, backend="opencv"), PICTURES, OTHERS, b"\xff\xd8", {"backend": "pillow"}),
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
    "words, as written": Case(Words(lower=False), TEXTS, OTHER_TEXTS, None, {"lower": True}),
    "characters": Case(Characters(), TEXTS, OTHER_TEXTS, "", {"lower": False}),
    "characters, ids": Case(Characters(10, "ids", False, 8), TEXTS, OTHER_TEXTS, b"bytes", {"max_alphabet": 3}),
    "bytes": Case(
        Bytes(), [*TEXTS, b"\xff\x00 raw"], [*OTHER_TEXTS, b"\xe2\x82 cut", b"\xc3"], b" ", {"max_length": 3}
    ),
    "bytes, one-hot": Case(Bytes(5, "one-hot"), TEXTS, [*OTHER_TEXTS, "👍🏽"], "\ud800", {"encoding": "ids"}),
    "k-mers": Case(
        KMers(), ["ACGTAC", "acgNt"], ["ACG", "acgtacgtacgtACGT", "xyz", "\u05e9\u05dc\u05d5\u05dd"], "AC", {"k": 2}
    ),
    "k-mers, apart": Case(KMers(2, 4, 7), ["ACGTAC", " GA"], ["AC", "acgtacgtacgt"], b"ACGT", {"stride": 1}),
    "word-vectors": Case(WordVectors(VECTORS), TEXTS, OTHER_TEXTS, 3, {"first_words": 0}),
    "word-vectors, short": Case(WordVectors(VECTORS, 2, 0), TEXTS, OTHER_TEXTS, "\ud800!", {"max_length": 1}),
    "page": Case(Page(), PAGES, OTHER_PAGES, " \n\t\n", {"tab_size": 4}),
    "page, classes": Case(Page(2, 12, "classes"), PAGES, OTHER_PAGES, None, {"encoding": "one-hot"}),
    "fields": Case(Fields(), RECORDS, OTHER_RECORDS, "no pairs", {"max_length": 3}),
    "fields, few": Case(Fields(1, 4, 5), RECORDS, RECORDS[1:], '{"city": "Bonn"', {"max_fields": 2}),
    "series": Case(Series(), SERIES, [RNG.normal(size=(n, 2)) for n in (1, 50)], [1.0, np.nan], {"policy": "pad"}),
    "series, padded": Case(Series("pad", True), SERIES, [np.ones((50, 2))], "text", {"normalise": False}),
    "gramian-field": Case(GramianField(), SERIES, OTHER_SERIES, [np.inf], {"method": "difference"}),
    "gramian-field, padded, differences": Case(
        GramianField("pad", 8, "difference"), SERIES, OTHER_SERIES, "text", {"image_size": 1}
    ),
    "recurrence-plot": Case(RecurrencePlot(), SERIES, OTHER_SERIES, [[[0.0]]], {"threshold": "point"}),
    "recurrence-plot, trajectories": Case(
        RecurrencePlot("pad", 12, 3, 2, "distance", 30.0), SERIES, OTHER_SERIES, [], {"dimension": 2}
    ),
    "markov-field": Case(MarkovField(), SERIES, OTHER_SERIES, [1.0, np.nan], {"n_bins": 2}),
    "markov-field, padded": Case(MarkovField("pad", 7, 3), SERIES, OTHER_SERIES, None, {"policy": "resample"}),
    "scalogram": Case(Scalogram(), SERIES, OTHER_SERIES, [np.nan], {"cycles": 8.0}),
    "scalogram, padded": Case(Scalogram("pad", 7, 5, 0.1, 0.4), SERIES, OTHER_SERIES, [[]], {"fmin": None}),
    "series-spectrogram": Case(SeriesSpectrogram(), SERIES, OTHER_SERIES, {"a": 1}, {"window": 5}),
    "series-spectrogram, padded": Case(SeriesSpectrogram("pad", 5, 3), SERIES, OTHER_SERIES, "x", {"hop_length": 1}),
    "table-row": Case(
        TableRow(),
        ROWS,
        OTHER_ROWS,
        {"age": float("inf")},
        {"max_categories": 1},
    ),
    "table-row, sequences": Case(TableRow(), [[1, "a"], (2, "b"), [3, "a"]], [[4, None]], 12, {"max_categories": 1}),
    "board": Case(Board(), BOARDS, [["XXX", "OOO", "?.?"]], [["X", "O"], ["X"]], {"empty": "."}),
    "board, FEN": Case(
        Board("."),
        ["4k3/8/4P3/8/8/8/8/4K3 w - - 0 1"],
        ["rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR"],
        "8/k",
        {"empty": None},
    ),
    "board, numbers": Case(Board(0), [np.eye(4) - 2 * np.eye(4)[::-1]], [[[7] * 4] * 4], [[0.5]], {"empty": -2}),
    "board, planes": Case(
        Board(planes="ball,paddle"),
        [np.eye(4)[..., None] * [1, 0], np.zeros((4, 4, 2))],
        [np.full((4, 4, 2), 0.5)],
        np.zeros((4, 4, 3)),
        {"planes": "sun,moon"},
    ),
    "table-grid": Case(TableGrid(), ROWS, OTHER_ROWS, {"age": float("-inf")}, {"placement": "igtd"}),
    "table-grid, given": Case(TableGrid(1, "given", width=3), ROWS, OTHER_ROWS, "row", {"width": 2}),
    "table-grid, random": Case(TableGrid(placement="random", height=5), ROWS, OTHER_ROWS, [1j], {"seed": 3}),
    "table-grid, igtd": Case(TableGrid(placement="igtd"), NUMBERS[:6], NUMBERS[6:], None, {"height": 2}),
    "table-grid, deepinsight": Case(
        TableGrid(placement="deepinsight"), NUMBERS[:6], NUMBERS[6:], 3, {"placement": "given"}
    ),
    "table-grid, shared": Case(
        TableGrid(placement="deepinsight", height=2, width=2), NUMBERS[:6], NUMBERS[6:], [[1]], {"seed": 1}
    ),
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
