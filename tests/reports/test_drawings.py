"""Drawings say what is in the data: where ticks lie, which way is up, what a cell's colour is."""

from __future__ import annotations

import base64
import io
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.grid import Axis, GridSpec
from reports.charts import confusion_matrix, is_chosen, mean_curve, total_confusion
from reports.drawings import Bars, Frame, Note, Picture, Row, Squares, Stack, Tokens, Words
from reports.escape import embedded_json, plotly_text
from reports.grids import draw_grid
from reports.items import LONGEST_SOUND, draw_item
from reports.pictures import png, wav
from reports.scales import Scale, axis_ticks, round_values
from reports.wording import NOTHING, THIN, duration, number, percent, probability, signed
from training.records import Record, Run, Trial


def content(uri: str) -> bytes:
    return base64.b64decode(uri.split(",", 1)[1])


def pixels(uri: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content(uri))).convert("RGB"))


def record(classes: list[str], confusion: list[list[int]]) -> Record:
    run = Run("d", "f", {"name": "a"}, "cnn", {"name": "m"}, "original", {}, {}, "official", 0, 0, 0, {})
    return Record(run, "ok", classes=classes, confusion=confusion)


@settings(deadline=None)  # the machine's pace is not under test
@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 2**32 - 1))
def test_png_keeps_every_pixel(rows: int, columns: int, seed: int) -> None:
    given_pixels = np.random.default_rng(seed).integers(0, 256, (rows, columns, 3), dtype=np.uint8)
    np.testing.assert_array_equal(pixels(png(given_pixels)), given_pixels)


def test_wav_keeps_rate_and_samples_and_clips() -> None:
    with wave.open(io.BytesIO(content(wav(np.array([0.0, 0.5, -2.0, np.nan]), 8000)))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (8000, 1, 4)
        assert np.frombuffer(file.readframes(4), "<i2").tolist() == [0, 16384, -32767, 0]


@settings(deadline=None)  # the machine's pace is not under test
@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(1, 9))
def test_round_values_lie_within(low: float, span: float, most: int) -> None:
    high = low + span
    values = round_values(low, high, most)
    slack = 1e-6 * span + 1e-11 * abs(low)
    assert all(low - slack <= value <= high + slack for value in values)
    assert len(values) <= 1.5 * most + 1


def test_ticks_on_uneven_edges_lie_where_their_values_are() -> None:
    axis = Axis("mel band", "Hz", (0.0, 100.0, 400.0, 1600.0, 6400.0))
    ticks = {tick.text: tick.at for tick in axis_ticks(axis)}
    assert ticks["5000"] == pytest.approx((3 + (5000 - 1600) / 4800) / 4)
    assert len(set(ticks.values())) == len(ticks) >= 3


def test_falling_edges_put_large_values_first() -> None:
    ticks = axis_ticks(Axis("height", "m", (10.0, 5.0, 0.0)))
    places = {tick.text: tick.at for tick in ticks}
    assert places["10"] == 0
    assert places["0"] == 1


def test_named_cells_are_marked_at_their_centres() -> None:
    assert [(t.at, t.text) for t in axis_ticks(Axis.counted("column", 2, labels=("a", "b")))] == [
        (0.25, "a"),
        (0.75, "b"),
    ]


def test_spectrogram_is_drawn_with_time_to_the_right_and_high_tones_up() -> None:
    spec = GridSpec(
        (Axis("time", "s", (0.0, 1.0, 2.0)), Axis("mel", "Hz", (0.0, 100.0, 300.0, 700.0))), ("level",), "level", "dB"
    )
    levels = np.full((2, 3, 1), -80.0)
    levels[1, 2] = 0.0  # late and high
    drawing = draw_grid(levels.tolist(), spec)
    assert isinstance(drawing, Frame)
    assert (drawing.x.title, drawing.y.title) == ("time (s)", "mel (Hz)")
    shown = pixels(drawing.image)
    assert shown.shape == (3, 2, 3)
    assert shown[0, 1].tolist() == [253, 231, 37]
    assert shown[2, 0].tolist() == [68, 1, 84]
    assert drawing.bar is not None
    assert drawing.bar.title == "level (dB)"


@pytest.mark.parametrize("scores", [[0.987], [1.0], [0.0], [0.2, 1.0], [0.0, 0.01], [0.91, 0.95]])
def test_scores_lie_inside_a_scale_whose_ticks_are_shares(scores: list[float]) -> None:
    scale = Scale.of_shares(scores)
    assert all(scale.low < score < scale.high for score in scores)
    ticks = [float(tick.text) for tick in scale.ticks()]
    assert len(ticks) > 1
    assert all(0 <= tick <= 1 for tick in ticks)


def test_signed_values_get_two_colours_around_zero() -> None:
    spec = GridSpec((Axis.counted("row", 1), Axis.counted("column", 3)), ("z",), "z")
    drawing = draw_grid([[[-1.0], [0.0], [0.5]]], spec)
    assert isinstance(drawing, Frame)
    shown = pixels(drawing.image)[0].tolist()
    assert shown[1] == [247, 247, 247]
    assert shown[0] == [84, 39, 136]
    assert shown[2] != [179, 88, 6]  # half as strong as the scale allows


@pytest.mark.parametrize(
    ("spec", "grid", "kind"),
    [
        (GridSpec((Axis.counted("character", 4),), (), "id", vocabulary=("", "a", "b")), [2, 1, 0, 0], Tokens),
        (GridSpec((Axis.counted("column", 2, labels=("x", "y")),), ("v",), "v"), [[1.0], [-1.0]], Bars),
        (GridSpec((Axis.counted("time", 3),), ("x", "y"), "v"), np.ones((3, 2)).tolist(), Frame),
        (GridSpec((Axis.counted("time", 3),), tuple("abcdefgh"), "v"), np.ones((3, 8)).tolist(), Frame),
        (GridSpec((Axis.counted("a", 2), Axis.counted("b", 2)), ("p", "q"), "v"), np.zeros((2, 2, 2)).tolist(), Stack),
        (GridSpec((Axis.counted("a", 2),) * 3, ("p",), "v"), np.zeros((2, 2, 2, 1)).tolist(), Frame),
        (GridSpec((Axis.counted("a", 2),), ("p",), "v"), [[float("nan")]] * 2, Frame),
        (GridSpec((Axis.counted("a", 2),), ("p",), "v"), [[0.0]], Note),
        (GridSpec((Axis.counted("a", 1), Axis.counted("b", 1)), ("r", "g", "b"), "v"), [[[0.0, 0.5, 1.0]]], Frame),
    ],
)
def test_every_kind_of_grid_is_drawn(spec: GridSpec, grid: list[object], kind: type) -> None:
    assert isinstance(draw_grid(grid, spec), kind)


def test_tokens_end_where_padding_begins() -> None:
    spec = GridSpec((Axis.counted("character", 5),), (), "id", vocabulary=("", "?", "a"))
    drawing = draw_grid([2, 0, 1, 0, 0], spec)
    assert drawing == Tokens([(2, "a"), (0, ""), (1, "?")], hidden=0, padding=2)


@pytest.mark.parametrize(
    ("preview", "kind"),
    [
        ({"kind": "image", "pixels": [[[0], [255]]]}, Picture),
        ({"kind": "image", "pixels": [[[0, 1, 2], [255, 0, 0]]]}, Picture),
        ({"kind": "sound", "samples": [0.0, 0.1], "rate": 8000}, Frame),
        ({"kind": "sound", "samples": [], "rate": 8000}, Note),
        ({"kind": "text", "text": "x" * 5000}, Words),
        ({"kind": "series", "values": [[1.0], [float("nan")], [2.0]]}, Frame),
        ({"kind": "table", "row": [["a", 1], ["b", None]]}, Row),
        ({"kind": "board", "rows": [["X", "."], ["O", "."]]}, Squares),
        ({"kind": "smell"}, Note),
    ],
)
def test_every_kind_of_item_is_drawn(preview: dict[str, object], kind: type) -> None:
    assert isinstance(draw_item(preview), kind)


def test_long_sounds_are_cut_and_say_so() -> None:
    drawing = draw_item({"kind": "sound", "samples": [0.5] * 8000 * 20, "rate": 8000})
    assert isinstance(drawing, Frame)
    assert "the first 8 s" in drawing.alt
    with wave.open(io.BytesIO(content(drawing.sound))) as file:
        assert file.getnframes() == LONGEST_SOUND * 8000


def test_confusions_are_summed_by_the_names_of_classes() -> None:
    classes, counts = total_confusion([record(["a", "b"], [[3, 1], [0, 2]]), record(["b", "c"], [[5, 0], [1, 4]])])
    assert classes == ["a", "b", "c"]
    assert counts.tolist() == [[3, 1, 0], [0, 7, 0], [0, 1, 4]]
    assert confusion_matrix(classes, counts)["data"][0]["z"][2] == [0, 0.2, 0.8]


def test_mean_curve_ends_with_the_first_fold_to_stop() -> None:
    assert mean_curve([[1.0, 3.0, 9.0], [3.0, 5.0]]) == [2.0, 4.0]


def test_a_trial_is_chosen_if_the_run_went_on_with_all_its_values() -> None:
    trial = Trial({"width": 8, "rate": 0.1}, 0.9, 3, 1.0)
    assert is_chosen(trial, {"width": 8, "rate": 0.1, "batch": 32})
    assert not is_chosen(trial, {"width": 16, "rate": 0.1})


@settings(deadline=None)  # the machine's pace is not under test
@given(st.text())
def test_plotly_labels_hold_no_markup(text: str) -> None:
    label = plotly_text(text)
    assert "<" not in label
    assert ">" not in label
    assert label.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").isprintable()


@settings(deadline=None)  # the machine's pace is not under test
@given(st.text())
def test_embedded_json_cannot_end_its_script(text: str) -> None:
    assert "<" not in embedded_json({text: [text, float("nan")]})


def test_numbers_read_well() -> None:
    assert percent(float("nan")) == percent(None) == NOTHING
    assert signed(0.0004) == "0.0"
    assert probability(0.00004) == "p < 0.001"
    assert duration(3700).replace(THIN, " ") == "1 h 1 min"
    assert number(-0.25) == "−0.25"
    assert Scale.around([float("nan")]).ticks()
