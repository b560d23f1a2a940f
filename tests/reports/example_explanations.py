"""Explanations made by hand, one a modality: what a page must be able to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from adapters.grid import Axis, GridSpec
from training.explain.anatomy import Feature, Filters, Match, Shown, Stage
from training.explain.explanation import (
    Completeness,
    Curve,
    Explanation,
    Heard,
    RandomOrder,
    Relevance,
)

HOSTILE = '</mark><script>alert(1)</script><img src=x onerror="alert(2)">'
METHODS = ("integrated gradients", "gradient × input", "SmoothGrad", "Grad-CAM", "Grad-CAM++", "occlusion")
KINDS = ("image", "sound", "waveform", "text", "page", "series", "scalogram", "table", "board")


def _pixels() -> tuple[Axis, ...]:
    return Axis.counted("row", 6, unit="px"), Axis.counted("column", 8, unit="px")


def _time(count: int, end: float, unit: str) -> Axis:
    return Axis("time", unit, tuple(np.linspace(0, end, count + 1).tolist()))


def _case(kind: str) -> tuple[dict[str, Any], tuple[Axis, ...], tuple[str, ...], str]:
    """Preview, the item's axes, the grid's channels, modality."""
    rng = np.random.default_rng(0)
    hertz = Axis("mel band", "Hz", (0.0, 200.0, 500.0, 1000.0, 2000.0))
    samples = {"kind": "sound", "samples": rng.uniform(-0.5, 0.5, 800).round(3).tolist(), "rate": 800}
    series = {"kind": "series", "values": rng.normal(size=(40, 2)).round(3).tolist()}
    text = f"a good {HOSTILE} film"
    row = [["age", 30.5], [HOSTILE, "x"], ["size", None]]
    board = ["X.O", "...", "OX."]
    return {
        "image": (
            {"kind": "image", "pixels": rng.integers(0, 255, (12, 16, 3)).tolist()},
            _pixels(),
            ("grey",),
            "image",
        ),
        "sound": (samples, (_time(10, 1.0, "s"), hertz), ("level",), "sound"),
        "waveform": (samples, (_time(800, 1.0, "s"),), ("amplitude",), "sound"),
        "text": (
            {"kind": "text", "text": text},
            (Axis.counted("character", len(text), tuple(text)),),
            ("a", "b"),
            "text",
        ),
        "page": (
            {"kind": "text", "text": "x = 1\n\nif x:"},
            (Axis.counted("line", 3), Axis.counted("column", 5)),
            ("x",),
            "text",
        ),
        "series": (series, (_time(40, 40, "sample"),), ("one", "two"), "series"),
        "scalogram": (series, (_time(40, 40, "sample"), hertz), ("amplitude",), "series"),
        "table": (
            {"kind": "table", "row": row},
            (Axis.counted("column", 3, tuple(n for n, _ in row)),),
            ("value",),
            "table",
        ),
        "board": (
            {"kind": "board", "rows": [list(line) for line in board]},
            (Axis.counted("row", 3), Axis.counted("column", 3)),
            ("O", "X"),
            "board",
        ),
    }[kind]


def explanation(kind: str, name: str = "the item", classes: Sequence[str] = ("cat", HOSTILE)) -> Explanation:
    """Make an explanation of one kind of item, with everything that a page can show; the last class is the predicted one."""
    rng = np.random.default_rng(1)
    preview, axes, channels, modality = _case(kind)
    shape = tuple(axis.size for axis in axes)
    spec = GridSpec(axes, channels, "value")
    curve = Curve([0.9, 0.4, 0.1], 0.45)
    spans = [(float(min(axis.edges)), float(axis.edges[axis.size // 2])) for axis in axes]
    whole = [(float(axis.edges[0]), float(axis.edges[-1])) for axis in axes]
    relevances = [
        Relevance(
            method, [axis.to_json() for axis in axes], rng.normal(size=shape).round(4).tolist(), 1.25,
            [0.1, None, -0.2], curve, Curve([0.1, 0.7, 0.9], 0.6),
        )
        for method in METHODS
    ]  # fmt: skip
    feature = Feature(3, rng.random(shape).round(4).tolist(), [Match(0, 2.5, spans, whole)])
    stage = Stage(
        "stage1", 8, list(shape), [3] * len(shape), [1] * len(shape), [axis.to_json() for axis in axes], [feature],
        [0] * len(shape), spans, spans,
    )  # fmt: skip
    silent = Stage(**{**vars(stage), "name": "stage2", "features": [], "effective": []})
    kernel = (4, *([3] * len(shape)), len(channels))
    return Explanation(
        item=name, preview=preview, modality=modality, adapter="an adapter", architecture="lenet5",
        classes=list(classes), probabilities=[*[0.3 / (len(classes) - 1)] * (len(classes) - 1), 0.7], target=classes[-1],
        grid=rng.normal(size=spec.shape).round(3).tolist(), spec=spec.to_json(), relevances=relevances,
        random_order=RandomOrder([curve, curve], [curve, curve]),
        agreement=[[1.0 if i == j else None for j in range(6)] for i in range(6)],
        completeness=Completeness(2.99, 3.0), stages=[stage, silent],
        filters=Filters("stage1_conv", 9, rng.normal(size=kernel).round(3).tolist(), list(channels)),
        gallery=[Shown(HOSTILE, "dog", preview)], searched=200,
        heard=Heard([0.1, -0.1] * 100, 800, METHODS[0], 0.2, "by its inverse") if modality == "sound" else None,
        notes=[HOSTILE], seed=0,
    )  # fmt: skip


def bare(kind: str) -> Explanation:
    """Make one without stages, filters, training items, or any relevance."""
    full = explanation(kind)
    shape = np.shape(full.relevances[0].values)
    flat = Curve([0.5, 0.5], 0.5)
    nothing = [
        Relevance(one.name, one.axes, np.zeros(shape).tolist(), 0.0, [None] * 3, flat, flat) for one in full.relevances
    ]
    return Explanation(
        **{
            **vars(full),
            "relevances": nothing,
            "stages": [],
            "filters": None,
            "gallery": [],
            "searched": 0,
            "heard": None,
        }
    )
