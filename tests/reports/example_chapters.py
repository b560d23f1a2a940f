"""Chapters made of small records, for the tests of reports: ordinary, hostile and poor ones."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from example_explanations import explanation

from adapters.grid import Axis, GridSpec
from training.answers import Difference, Verdict
from training.chapters import CellSummary, Chapter, DataCard, Example, Mistake, Plan
from training.describing.describe import described
from training.explain.insight import Insight, Look
from training.records import Cost, Record, Run, Trial

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "שלום & <b>bold</b>",
    "a\u202eb 'quoted' {{ 7*7 }} %{x} $x^2$",
)


def make_run(**changes: Any) -> Run:
    settings: dict[str, Any] = {
        "dataset": "digits",
        "fingerprint": "f" * 16,
        "adapter": {"name": "log_mel"},
        "kind": "cnn",
        "model": {"name": "resnet20"},
        "arm": "original",
        "recipe": {"name": "adam", "epochs": 12},
        "tuning": {},
        "split": "official",
        "repeat": 0,
        "fold": 0,
        "seed": 0,
        "versions": {"keras": "3.15.1", "numpy": "2.4.0"},
    }
    return Run(**(settings | changes))


def make_record(run: Run, level: float, classes: Sequence[str], epochs: int = 12) -> Record:
    rng = np.random.default_rng(run.fold + 10 * run.repeat + 100 * len(run.model["name"]))
    # Rounded, so that every processor makes the same records, whatever the last bit of its exp.
    level = round(float(np.clip(level + rng.normal(0, 0.015), 0, 1)), 6)
    confusion = _confusion(rng, len(classes), level)
    pairs = [(i, j) for i, row in enumerate(confusion) for j, number in enumerate(row) for _ in range(number)]
    confidence = np.round(rng.uniform(0.4, 1, len(pairs)), 4).tolist() if run.kind == "cnn" else []
    rise = level * (1 - np.exp(-np.arange(1, epochs + 1) / 3))
    curves = {
        "loss": (2.3 * np.exp(-np.arange(epochs) / 3)).tolist(),
        "accuracy": np.clip(rise + 0.03, 0, 1).tolist(),
        "validation_loss": (2.3 * np.exp(-np.arange(epochs) / 4) + 0.1 + rng.normal(0, 0.03, epochs)).tolist(),
        "validation_accuracy": np.clip(rise + rng.normal(0, 0.01, epochs), 0, 1).tolist(),
    }
    trials, chosen = ([], {})
    if run.tuning:
        trials, chosen = _search(rng)
    return Record(
        run,
        "ok",
        classes=list(classes),
        scores={"accuracy": level, "validation_accuracy": round(level - 0.01, 6)},
        confusion=confusion,
        curves={name: np.round(curve, 6).tolist() for name, curve in curves.items()} if run.kind == "cnn" else {},
        test=list(range(len(pairs) * run.fold, len(pairs) * (run.fold + 1))),
        truth=[true for true, _ in pairs],
        predicted=[predicted for _, predicted in pairs],
        confidence=confidence,
        likelihood=[round(min(1.0, 1.1 - at), 4) for at in confidence],
        trials=trials,
        chosen=chosen,
        parameters=272_474 if run.kind == "cnn" else 0,
        macs=40_813_184 if run.kind == "cnn" else 0,
        precision="mixed_bfloat16" if run.kind == "cnn" else "",
        cost=Cost(
            seconds=34.2 if run.kind == "cnn" else 0.8,
            train_seconds=30.1 if run.kind == "cnn" else 0.4,
            milliseconds_per_item=0.21 * len(run.model["name"]),
            peak_memory_mb=812.0,
            finished=f"2025-03-0{run.fold % 8 + 1}T10:00:00+00:00",
        ),
    )


def _confusion(rng: np.random.Generator, classes: int, level: float) -> list[list[int]]:
    shares = np.full((classes, classes), (1 - level) / max(1, classes - 1))
    np.fill_diagonal(shares, level)
    return [rng.multinomial(12, row / row.sum()).tolist() for row in shares]


def _search(rng: np.random.Generator) -> tuple[list[Trial], dict[str, Any]]:
    points = [
        {
            "learning_rate": round(float(10 ** rng.uniform(-4, -2)), 8),
            "width": int(rng.choice([8, 16, 32])),
            "pool": str(rng.choice(["mean", "max"])),
        }
        for _ in range(8)
    ]
    trials = [
        Trial(values, round(float(0.8 + 0.02 * values["width"] / 8 + rng.normal(0, 0.01)), 6), 5, 3.2)
        for values in points
    ]
    return trials, dict(max(trials, key=lambda trial: trial.score).values) | {"batch_size": 32}


def make_cell(
    records: Sequence[Record], planned: int, reasons: Sequence[str] = (), to_best: Difference | None = None
) -> CellSummary:
    dataset, split, adapter, kind, model, arm = records[0].run.cell
    done = [record for record in records if record.status == "ok"]
    scores = [record.scores["accuracy"] for record in done]
    return CellSummary(
        dataset,
        split,
        adapter,
        kind,
        model,
        arm,
        planned,
        len(done),
        len(records) - len(done),
        list(reasons),
        scores,
        mean=float(np.mean(scores)) if scores else float("nan"),
        deviation=float(np.std(scores, ddof=1)) if len(scores) > 1 else 0.0,
        parameters=max((record.parameters for record in done), default=0),
        seconds=float(np.mean([record.cost.seconds for record in done])) if done else 0.0,
        to_best=to_best,
        outcomes={"failed": len(records) - len(done)} if len(done) < len(records) else {},
        low=max(0.0, float(np.mean(scores)) - 0.02) if scores else float("nan"),
        high=min(1.0, float(np.mean(scores)) + 0.02) if scores else float("nan"),
        interval="corrected resampled t over folds",
        macs=max((record.macs for record in done), default=0),
        train_seconds=float(np.mean([record.cost.train_seconds for record in done])) if done else 0.0,
        milliseconds_per_item=float(np.mean([record.cost.milliseconds_per_item for record in done])) if done else 0.0,
        peak_memory_mb=max((record.cost.peak_memory_mb for record in done), default=0.0),
        precision=", ".join(sorted({record.precision for record in done} - {""})),
    )


def image_example(label: str, name: str = "items[3]") -> Example:
    pixels = (np.add.outer(np.arange(8), np.arange(8)) * 16).tolist()
    spec = GridSpec((Axis.counted("row", 8, unit="px"), Axis.counted("column", 8, unit="px")), ("grey",), "brightness")
    grid = (np.asarray(pixels)[..., None] / 255).tolist()
    return Example(
        label, name, {"kind": "image", "pixels": [[[p] for p in row] for row in pixels]}, grid, spec.to_json()
    )


def sound_example(label: str, name: str = "recordings/7_jackson_12.wav") -> Example:
    rate = 8000
    time = np.arange(int(0.43 * rate)) / rate
    samples = np.sin(2 * np.pi * (300 + 900 * time) * time) * np.exp(-6 * np.abs(time - 0.15)) * 0.7
    mel = np.linspace(0, 2840, 33)
    hertz = 700 * (10 ** (mel / 2595) - 1)
    spec = GridSpec(
        (Axis("time", "s", tuple(np.linspace(0, 0.64, 41).tolist())), Axis("mel band", "Hz", tuple(hertz.tolist()))),
        ("level",),
        "level",
        "dB",
    )
    ridge = np.abs(np.arange(32)[None, :] - (6 + 18 * np.arange(40)[:, None] / 40))
    grid = (-60 * np.clip(ridge / 9, 0, 1) - 6 - 14 * (np.arange(40)[:, None] > 27))[..., None]
    return Example(
        label, name, {"kind": "sound", "samples": samples.tolist(), "rate": rate}, grid.tolist(), spec.to_json()
    )


def text_example(label: str, text: str = "Giovanni", name: str = "items[5]") -> Example:
    alphabet = "abcdefghijklmnopqrstuvwxyzGשלום <>"
    vocabulary = ("", "?", *dict.fromkeys(alphabet))
    ids = [vocabulary.index(letter) if letter in vocabulary else 1 for letter in text][:24]
    spec = GridSpec((Axis.counted("character", 24),), (), "character", vocabulary=vocabulary)
    return Example(label, name, {"kind": "text", "text": text}, ids + [0] * (24 - len(ids)), spec.to_json())


def series_example(label: str, name: str = "items[0]") -> Example:
    values = np.stack([np.sin(np.arange(150) / 12), np.cos(np.arange(150) / 9)], axis=1)
    spec = GridSpec((Axis.counted("time", 150, unit="step"),), ("x", "y"), "standardised value")
    return Example(label, name, {"kind": "series", "values": values.tolist()}, values.tolist(), spec.to_json())


def table_example(label: str, columns: Sequence[str] = ("age", "height", "weight"), name: str = "row 7") -> Example:
    values = np.linspace(-1.4, 2.1, len(columns))
    spec = GridSpec(
        (Axis.counted("column", len(columns), labels=tuple(columns)),), ("value",), "standard deviations from the mean"
    )
    row = [[column, float(value * 10 + 50)] for column, value in zip(columns, values, strict=True)]
    return Example(label, name, {"kind": "table", "row": row}, values[:, None].tolist(), spec.to_json())


def board_example(label: str, name: str = "items[2]") -> Example:
    rows = ["X.O", ".X.", "O.X"]
    spec = GridSpec((Axis.counted("row", 3), Axis.counted("column", 3)), ("O", "X"), "presence")
    grid = [[[float(square == piece) for piece in "OX"] for square in row] for row in rows]
    return Example(label, name, {"kind": "board", "rows": [list(row) for row in rows]}, grid, spec.to_json())


def make_card(name: str, classes: Sequence[str], examples: Sequence[Example], **changes: Any) -> DataCard:
    settings: dict[str, Any] = {
        "name": name,
        "modality": "sound",
        "title": f"{name}: spoken by six people",
        "origin": "https://example.org/data",
        "licence": "CC BY-SA 4.0",
        "citation": "Doe & Roe, 2018",
        "synthetic": False,
        "guesses": ["the folder names are the classes"],
        "counts": {label: 120 + 7 * index for index, label in enumerate(classes)},
        "groups": {},
        "group_name": "group",
        "quarantined": [],
        "duplicates": 2,
        "examples": list(examples),
        "findings": [{"what": "items that equal an earlier one", "count": 2, "examples": ["a/1.wav: 3 times"]}],
    }
    return DataCard(**(settings | changes))


def difference(mean: float, half: float, p: float, folds: int) -> Difference:
    return Difference(mean, mean - half, mean + half, p, "corrected resampled t test", folds)


LEVELS = (
    ("cnn", "resnet20", "original", 0.0),
    ("cnn", "resnet20", "permuted", -0.11),
    ("cnn", "lenet5", "original", -0.03),
    ("cnn", "lenet5", "permuted", -0.14),
    ("baseline", "svm", "original", -0.08),
    ("baseline", "majority", "original", -0.7),
)


def make_chapter(
    name: str,
    classes: Sequence[str],
    examples: Sequence[Example],
    splits: Sequence[tuple[str, float, int]],
    tuned: bool = False,
    **card: Any,
) -> Chapter:
    """One chapter with all arms under each split, given as (name, accuracy, folds)."""
    records: list[Record] = []
    cells: list[CellSummary] = []
    verdicts: list[Verdict] = []
    for (split, level, folds), (kind, model, arm, less) in itertools.product(splits, LEVELS):
        runs = [
            make_run(
                dataset=name,
                split=split,
                kind=kind,
                model={"name": model},
                arm=arm,
                fold=fold,
                seed=fold,
                tuning={"trials": 8} if tuned and model == "lenet5" else {},
            )
            for fold in range(folds)
        ]
        own = [make_record(run, max(0.05, level + less), classes) for run in runs]
        reasons = []
        if model == "lenet5" and arm == "permuted":
            own[-1] = Record(runs[-1], "failed", reason="memory ran out after 3 epochs; try batch_size=16")
            reasons = ["fold 5: memory ran out after 3 epochs; try batch_size=16"]
        records += own
        cells.append(make_cell(own, folds, reasons, difference(less, 0.04, 0.003, folds) if less else None))
    for split, level, folds in splits:
        helps = (
            difference(0.11, 0.05, 0.0004, folds),
            difference(0.08, 0.06 if folds > 5 else 0.12, 0.01 if folds > 5 else 0.2, folds),
        )
        answer = "CNN justified"
        sentence = f"resnet20 reaches {100 * level:.1f} % on log-mel grids, 11.0 points more than on permuted cells and 8.0 more than the SVM."
        halves = "the order of cells helps; it beats the baseline"
        verdicts.append(
            Verdict(name, split, answer, sentence, "resnet20", *helps, adapter="log_mel", baseline="svm", halves=halves)
        )
    plan = Plan(
        name,
        {
            "name": name,
            "folds": 6,
            "adapters": ["log_mel"],
            "architectures": [{"name": "resnet20", "width": 16}, {"name": "lenet5"}],
        },
        f"gridzoo compare {name} --seed 0",
        [record.run for record in records],
        {"processor": "2 cores", "system": "Linux"},
    )
    return described(Chapter(plan, make_card(name, classes, examples, **card), records, cells, verdicts))


def seen_inside(chapter: Chapter, kind: str, classes: Sequence[str], name: str) -> Chapter:
    """Look inside the verdict's first network: at a right item, a wrong one, and one that could not be explained."""
    own = [r for r in chapter.records if r.run.cell[4] == "resnet20" and r.run.arm == "original" and r.status == "ok"]
    _, split, adapter, _, model, _ = own[0].run.cell
    right = explanation(kind, name, classes)
    wrong = replace(right, stages=[], filters=None)
    looks = [
        Look(3, name, classes[-1], right),
        Look(8, name, classes[0], wrong),
        Look(9, name, classes[0], reason=f"{name}: expected sound, found 0 samples"),
    ]
    run = own[0].run
    reason = "walk: expected a grid of one or two axes, got 3"
    insight = Insight(
        run.key, split, adapter, model, run.repeat, run.fold, 120, same=119, mistakes=2, looks=looks, unwalked=reason
    )
    return replace(chapter, insight=insight)


KINDS = ("sound", "image", "text", "series", "table", "board")


def ordinary() -> list[Chapter]:
    """Data sets of every modality, as a person would run them, with a look inside a network of each."""
    return [
        seen_inside(chapter, kind, list(chapter.card.counts), f"item {place}")
        for place, (chapter, kind) in enumerate(zip(_ordinary(), KINDS, strict=True))
    ]


def _ordinary() -> list[Chapter]:
    digits = [str(digit) for digit in range(10)]
    speakers = dict.fromkeys(("george", "jackson", "lucas", "nicolas", "theo", "yweweler"), 500)
    return [
        make_chapter(
            "fsdd",
            digits,
            [sound_example("7"), sound_example("3", "recordings/3_lucas_0.wav")],
            [("official", 0.97, 1), ("leave-one-group-out", 0.78, 6)],
            tuned=True,
            groups=speakers,
            group_name="speaker",
            members=[item % 6 for item in range(6 * 120)],
            mistakes=[  # of one test; the first ones can be played
                Mistake(
                    item, str(item // 12 % 10), f"recordings/{item}.wav", sound_example("7").preview if item < 6 else {}
                )
                for item in range(0, 120, 2)
            ],
            quarantined=[
                {
                    "item": "recordings/8_theo_3.wav",
                    "reason": "expected sound, found 0 samples; delete or replace the file",
                }
            ],
        ),
        make_chapter(
            "shapes",
            ["circle", "square"],
            [image_example("circle"), image_example("square")],
            [("stratified-10", 0.93, 10)],
            modality="image",
            synthetic=True,
        ),
        make_chapter(
            "names", ["Italian", "Japanese"], [text_example("Italian")], [("stratified-5", 0.8, 5)], modality="text"
        ),
        make_chapter(
            "motion", ["walk", "run", "sit"], [series_example("walk")], [("stratified-5", 0.85, 5)], modality="series"
        ),
        make_chapter("patients", ["ill", "well"], [table_example("ill")], [("stratified-5", 0.7, 5)], modality="table"),
        make_chapter("noughts", ["won", "lost"], [board_example("won")], [("stratified-5", 0.9, 5)], modality="board"),
    ]


def hostile() -> list[Chapter]:
    """Every name that can come from data is markup, a quote or right-to-left."""
    examples = [
        text_example(HOSTILE[0], HOSTILE[2], HOSTILE[1]),
        table_example(HOSTILE[3], HOSTILE),
        image_example(HOSTILE[4]),
    ]
    chapter = make_chapter(
        HOSTILE[1],
        HOSTILE,
        examples,
        [("official", 0.7, 2), (HOSTILE[0], 0.6, 6)],
        tuned=True,
        title=HOSTILE[0],
        origin=HOSTILE[2],
        citation=HOSTILE[4],
        groups=dict.fromkeys(HOSTILE, 3),
        members=[item % len(HOSTILE) for item in range(6 * 60)],
        mistakes=[
            Mistake(item, HOSTILE[0], HOSTILE[item % 5], {"kind": "text", "text": HOSTILE[1]}) for item in range(60)
        ],
        group_name=HOSTILE[3],
        guesses=list(HOSTILE),
        quarantined=[{"item": f"/data/{name}", "reason": name} for name in HOSTILE],
        findings=[{"what": name, "count": 1, "examples": [name]} for name in HOSTILE],
    )
    chapter.plan.machine[HOSTILE[0]] = HOSTILE[1]
    chapter.plan.experiment[HOSTILE[2]] = [{HOSTILE[0]: HOSTILE[3]}]
    return [seen_inside(chapter, "text", HOSTILE, HOSTILE[2])]


def poor() -> list[Chapter]:
    """Nothing ran, everything failed, or there are many classes and one fold."""
    runs = [make_run(dataset="broken", fold=fold) for fold in range(3)]
    failed = [Record(run, "failed", reason="worker died") for run in runs]
    plan = Plan("broken", {}, "", [*runs, make_run(dataset="broken", fold=3)], {})
    broken = Chapter(plan, make_card("broken", [], []), failed, [make_cell(failed, 3, ["worker died"])], [])
    unrun = Chapter(Plan("unrun", {}, "", [], {}), make_card("unrun", ["a", "b"], []), [], [], [])
    many = make_chapter("many", [f"class {index:02d}" for index in range(50)], [], [("official", 0.6, 1)])
    closed = Insight("f" * 24, "official", "log_mel", "resnet20", 0, 0, 600, reason="MemoryError: no message")
    return [broken, unrun, replace(many, insight=closed)]
