"""Every baseline learns what it should, refuses what it cannot read, and is chosen by training items alone."""

import json
from dataclasses import replace

import numpy as np
import pytest

from adapters.cache import Cache
from adapters.sources.memory import from_arrays
from training.errors import ExperimentError
from training.experiment import Experiment
from training.planning import prepare
from training.records import Run
from training.running.baseline_run import run_baseline
from training.running.task import Task
from training.usual import ALIGNED, DEFAULT_ARCHITECTURES, kind_of
from training.verdict.baselines import BASELINES, PACKS, baseline, points_of, settings_of
from training.verdict.estimators import MAKERS, TREE_CELLS, blocks, estimator, frame_of, mfcc_statistics

MODALITIES = ("image", "text", "series", "sound", "table", "board")


def first_point(name):
    return {"baseline": name, **baseline(name).points[0]}


def task_of(tmp_path, settings, x, y, *, raw=None, groups=None, recipe=None, test=None):
    rows = np.arange(len(y))
    test = rows[-len(y) // 4 :] if test is None else test
    kept = np.setdiff1d(rows, test)
    np.save(tmp_path / "x.npy", x)
    if raw is not None:
        (tmp_path / "raw.json").write_text(json.dumps(raw))
    run = Run(
        dataset="toy", fingerprint="f", adapter={"name": "image"}, kind="baseline", model=settings, arm="original",
        recipe=recipe or {}, tuning={}, split="stratified", repeat=0, fold=0, seed=0, versions={},
    )  # fmt: skip
    return Task(
        run, tmp_path / "x.npy", tmp_path / "raw.json" if raw is not None else None, y.astype(np.int32), ("a", "b"),
        kept[::2], kept[1::2], test, ("row",), 0, (), groups=groups,
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", [b.name for b in BASELINES if b.reads == "grid" and b.name not in ("mfcc-svm", "rocket")]
)
def test_it_learns_from_a_flat_grid(name):
    rng = np.random.default_rng(0)
    y = np.arange(120) % 3
    x = (rng.normal(size=(120, 4, 3, 1)) + 2 * y[:, None, None, None]).astype(np.float32)
    model = estimator(first_point(name), 0).fit(x[:90], y[:90])
    assert (model.predict(x[90:]) == y[90:]).mean() > 0.9


@pytest.mark.parametrize("name", [b.name for b in BASELINES if b.reads == "text"])
def test_it_learns_from_sentences(name):
    texts = ["what a good film", "so bad and dull", "good fun", "dull and long"] * 10
    labels = np.array([1, 0, 1, 0] * 10)
    model = estimator(first_point(name), 0).fit(texts[:32], labels[:32])
    assert (model.predict(texts[32:]) == labels[32:]).all()


def test_rocket_tells_frequencies_apart_whatever_their_phase():
    pytest.importorskip("pyts")
    rng = np.random.default_rng(0)
    y = np.arange(60) % 2
    phase = 2 * np.pi * rng.random((60, 1))
    x = np.sin(np.arange(40) / np.where(y, 1.5, 3)[:, None] + phase)[..., None].astype(np.float32)
    x = np.concatenate([x, rng.normal(size=x.shape)], axis=2).astype(np.float32)
    model = estimator({"baseline": "rocket"}, 0).fit(x[:40], y[:40])
    assert (model.predict(x[40:]) == y[40:]).mean() > 0.9


def test_trees_read_raw_columns_with_words_and_gaps():
    rng = np.random.default_rng(0)
    y = np.arange(200) % 2
    rows = [
        {
            "colour": rng.choice(["red", "green"]) if label else rng.choice(["blue", None]),
            "size": None if i % 9 else 1.5,
        }
        for i, label in enumerate(y)
    ]
    frame = frame_of(rows)
    model = estimator({"baseline": "row-trees"}, 0).fit(frame[:150], y[:150])
    assert (model.predict(frame[150:]) == y[150:]).all()


def test_mfcc_statistics_equal_their_definition():
    """The orthonormal DCT-II of a log-mel frame, written out as cosines."""
    bands, wanted = 40, 20
    grid = np.random.default_rng(0).normal(-40, 10, (2, 30, bands, 1)).astype(np.float32)
    k, m = np.arange(wanted)[:, None], np.arange(bands)[None, :]
    cosines = np.sqrt(2 / bands) * np.cos(np.pi * k * (2 * m + 1) / (2 * bands))
    cosines[0] /= np.sqrt(2)
    cepstra = grid[0, :, :, 0] @ cosines.T
    expected = np.r_[cepstra.mean(axis=0), cepstra.std(axis=0)]
    np.testing.assert_allclose(mfcc_statistics(grid)[0], expected, atol=1e-3)


def test_every_name_has_a_pipeline_and_every_modality_a_pack():
    assert set(MAKERS) == {b.name for b in BASELINES}
    assert set(PACKS) == {*MODALITIES, ALIGNED} == set(DEFAULT_ARCHITECTURES)
    for modality in MODALITIES:
        settings = settings_of("auto", modality, ["time", "mel band"])
        assert len(settings["members"]) >= 3
        assert all(name in settings["label"] for name in settings["members"])


def test_aligned_texts_meet_networks_and_baselines_that_know_places(tmp_path):
    """In codes of one length the third letter tells the classes apart; bags of letters cannot know."""
    rng = np.random.default_rng(0)
    codes = ["".join(rng.choice(list("ACGT"), 8)) for _ in range(40)]
    data = from_arrays(codes, [code[2] for code in codes], modality="text", name="codes")
    experiment = Experiment("codes", adapters=({"name": "characters", "max_length": 8},))
    entrants = prepare(experiment, data, Cache(tmp_path)).entrants
    assert next(e for e in entrants if e.kind == "cnn").model["name"] == DEFAULT_ARCHITECTURES[ALIGNED][0]
    assert {"logistic", "trees"} <= set(next(e for e in entrants if e.kind == "baseline").model["members"])
    ids = prepare(replace(experiment, adapters=({"name": "k-mers", "k": 1},)), data, Cache(tmp_path)).entrants
    assert next(e for e in ids if e.kind == "baseline").model["members"] == list(PACKS[ALIGNED])
    assert kind_of("text", [None, *codes]) == ALIGNED  # a missing item is quarantined, here it only must not break
    assert kind_of("text", codes[:9]) == kind_of("text", [None, None]) == "text"
    longer = replace(data, items=[*codes[:-1], codes[-1] + "A"])
    others = prepare(experiment, longer, Cache(tmp_path)).entrants
    assert next(e for e in others if e.kind == "cnn").model["name"] == DEFAULT_ARCHITECTURES["text"][0]


@pytest.mark.parametrize("axes", [["time"], ["time", "coefficient"], ["time", "frequency"], ["time", "pitch class"]])
def test_sounds_without_mel_bands_have_a_pack_that_suits_them(axes):
    assert "mfcc-svm" not in settings_of("auto", "sound", axes)["members"]
    assert "svm" in settings_of("auto", "sound", axes)["members"]


def test_the_baseline_is_chosen_by_training_items(tmp_path):
    """A wave whose phase is random: no line through the cells tells the classes apart, a neighbour does."""
    rng = np.random.default_rng(0)
    y = np.arange(160) % 2
    x = np.sin(np.arange(12) * np.where(y, 0.5, 1.1)[:, None] + 6.3 * rng.random((160, 1)))[..., None].astype(
        np.float32
    )
    settings = {"name": "pack", "label": "pack", "members": ["logistic", "nearest"]}
    outcome = run_baseline(task_of(tmp_path, settings, x, y))
    assert outcome.chosen["baseline"] == "nearest"
    assert [trial.values for trial in outcome.trials] == points_of(settings)
    assert outcome.scores["validation_accuracy"] == max(trial.score for trial in outcome.trials)


def test_test_items_play_no_part_in_the_choice(tmp_path):
    rng = np.random.default_rng(0)
    y = np.arange(80) % 2
    x = (rng.normal(size=(80, 6, 1)) + y[:, None, None]).astype(np.float32)
    settings = {"name": "pack", "label": "pack", "members": ["logistic", "nearest"]}
    first = run_baseline(task_of(tmp_path, settings, x, y))
    wrong = y.copy()
    wrong[-20:] = 1 - wrong[-20:]
    second = run_baseline(task_of(tmp_path, settings, x, wrong))
    assert [(t.values, t.score) for t in first.trials] == [(t.values, t.score) for t in second.trials]


def test_the_choice_keeps_groups_whole(tmp_path):
    """Every item has twins of its group: whoever may look at a twin is right, by nearest neighbour."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(20), 6)
    y = rng.integers(0, 2, 20)[groups]
    x = (rng.normal(size=(20, 8))[groups] + 0.01 * rng.normal(size=(120, 8)))[..., None].astype(np.float32)
    settings = {"name": "nearest", "label": "", "members": ["nearest"]}
    test = np.flatnonzero(groups >= 16)
    mixed = run_baseline(task_of(tmp_path, settings, x, y, test=test))
    whole = run_baseline(task_of(tmp_path, settings, x, y, test=test, groups=groups))
    assert mixed.trials[0].score > 0.95
    assert whole.trials[0].score < 0.8


def test_time_that_is_up_ends_the_choice(tmp_path):
    y = np.arange(80) % 2
    x = np.random.default_rng(0).normal(size=(80, 6, 1)).astype(np.float32)
    outcome = run_baseline(task_of(tmp_path, settings_of("auto", "image", ["row"]), x, y, recipe={"seconds": 1e-9}))
    assert len(outcome.trials) == 1


def test_raw_items_are_read(tmp_path):
    y = np.arange(80) % 2
    rows = [[["colour", "red" if label else "blue"], ["noise", float(i % 7)]] for i, label in enumerate(y)]
    x = np.zeros((80, 1, 1), np.float32)
    outcome = run_baseline(task_of(tmp_path, settings_of("row-trees", "table", ["column"]), x, y, raw=rows))
    assert (outcome.predicted == y[-20:]).all()


def test_mistakes_are_named():
    with pytest.raises(ExperimentError, match="did you mean 'svm'"):
        baseline("smv")
    with pytest.raises(ExperimentError, match="expected text, got image"):
        settings_of("tfidf", "image", ["row", "column"])
    with pytest.raises(ExperimentError, match="mel band"):
        settings_of("mfcc-svm", "sound", ["time"])
    with pytest.raises(ExperimentError, match="rows of a table"):
        settings_of("row-trees", "image", ["row", "column"])


@pytest.mark.parametrize(
    ("shape", "left"), [((8, 8, 1), (8, 8)), ((101, 40, 1), (26, 20)), ((5000, 2), (313,)), ((4, 700), (1,))]
)
def test_trees_see_the_means_of_blocks_of_large_grids(shape, left):
    x = np.random.default_rng(0).normal(size=(4, *shape)).astype(np.float32)
    seen = blocks(x)
    assert seen.shape == (4, np.prod(left) * shape[-1])
    assert seen.shape[1] <= TREE_CELLS or left == shape[:-1]
    level = np.full((2, *shape), 3.0, dtype=np.float32)
    np.testing.assert_array_equal(blocks(level), 3.0)
    size = [2 ** round(np.log2(before / after)) for before, after in zip(shape[:-1], left, strict=True)]
    corner = x[(slice(None), *(slice(0, one) for one in size), 0)]
    np.testing.assert_allclose(seen[:, 0], corner.reshape(4, -1).mean(axis=1), atol=1e-5)


@pytest.mark.parametrize("name", ["logistic", "svm", "nearest"])
def test_ids_are_categories_of_their_cell(name):
    """Class 1 has the middle one of three ids at its place: as a number it lies on no side of a line."""
    rng = np.random.default_rng(0)
    x = rng.integers(2, 5, (300, 4)).astype(np.int32)
    y = (x[:, 1] == 3).astype(int)
    model = estimator({"baseline": name, "C": 10.0, "neighbours": 5}, 0).fit(x[:200], y[:200])
    assert np.mean(model.predict(x[200:]) == y[200:]) > 0.9
    assert model.predict(np.full((1, 4), 99, dtype=np.int32)).shape == (1,)  # ids that no training item has


def test_ids_are_not_averaged():
    ids = np.arange(4000, dtype=np.int32).reshape(2, 2000)
    np.testing.assert_array_equal(blocks(ids), ids)
