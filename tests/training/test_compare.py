"""One comparison through all rooms, in one process: read, shuffle, train, tune, record, judge."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import gridzoo as gz
from adapters.cache import Cache
from adapters.errors import DataError
from adapters.sources.memory import from_arrays
from training.cards import card_of
from training.chapters import DataCard
from training.comparison import Watch, compare
from training.errors import ExperimentError
from training.experiment import Experiment
from training.planning import prepare
from training.records import Cost
from training.verdict.baselines import points_of

SETTINGS = {
    "architectures": ["lenet5+"],
    "folds": 2,
    "recipe": {"epochs": 3},
    "tuning": {"trials": 2, "epochs": 1, "over": ["recipe"]},
}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A folder of class folders: a bar that stands or lies, and one file that is no picture."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for label in ("lies", "stands"):
        (folder / label).mkdir()
        for i in range(24):
            cells = rng.integers(0, 60, (8, 8)).astype(np.uint8)
            line = int(rng.integers(1, 7))
            cells[(line, slice(None)) if label == "lies" else (slice(None), line)] = 255
            Image.fromarray(cells).save(folder / label / f"{i:02}.png")
    (folder / "stands" / "broken.png").write_bytes((folder / "stands" / "00.png").read_bytes()[:40])
    return folder


def run(pictures, out, watch=None, **settings):
    from gridzoo.api import declare, load

    experiment = declare(
        str(pictures), {**SETTINGS, "adapters": [{"name": "image", "height": 8, "width": 8}], **settings}
    )
    data = load(pictures)
    return compare([(experiment, data)], out, workers=1, executor=ThreadPoolExecutor(1), watch=watch)


@pytest.fixture(scope="module")
def finished(pictures, tmp_path_factory):
    return run(pictures, tmp_path_factory.mktemp("runs"))


def test_every_planned_run_has_a_sound_record(finished):
    (chapter,) = finished.chapters
    assert len(chapter.records) == len(chapter.plan.runs) == 2 * 3  # folds × (2 arms + a baseline)
    assert not finished.failed
    for record in chapter.records:
        assert record.status == "ok"
        assert sum(map(sum, record.confusion)) == len(record.test) == 24
        accuracy = np.mean(np.array(record.truth) == record.predicted)
        assert record.scores["accuracy"] == pytest.approx(accuracy, abs=1e-6)
        # Two of keras-tuner, or every point of the pack of baselines.
        assert len(record.trials) == (2 if record.run.kind == "cnn" else len(points_of(record.run.model)))


def test_the_broken_picture_is_set_aside_and_named(finished):
    (chapter,) = finished.chapters
    (bad,) = chapter.card.quarantined
    assert bad["item"].endswith("broken.png")
    assert sum(chapter.card.counts.values()) == 48


def test_the_card_says_what_may_mislead(tmp_path):
    texts = ["the same words", "the same words", "the same words", "other words", "words again", "the end"]
    data = from_arrays(texts, ["a", "a", "b", "a", "b", "b"])
    prepared = prepare(Experiment("data", folds=2), data, Cache(tmp_path))
    for _, adapter, values in prepared.adapters:
        adapter.fit_read(values)
    card = card_of(prepared)
    assert card.duplicates == 2
    assert [(finding["what"], finding["count"]) for finding in card.findings] == [
        ("items that equal an earlier one", 2), ("contents with more than one label", 1),
    ]  # fmt: skip
    assert card.findings[1]["examples"] == ["'the same words': a × 2, b × 1"]
    assert DataCard.from_json(json.loads(json.dumps(card.to_json()))) == card


def test_the_table_the_best_and_the_verdict_agree(finished):
    table = finished.table()
    assert set(table["arm"]) == {"original", "permuted"}
    assert finished.best().model == "lenet5 (tuned)"
    (verdict,) = finished.verdicts()
    assert f"{finished.best().mean:.1%}" in verdict.sentence


def test_running_it_again_trains_nothing(pictures, finished):
    seen = []
    again = run(pictures, finished.path, Watch(finished=lambda record, resumed: seen.append(resumed)))
    assert seen == [True] * 6
    assert again.table().equals(finished.table())


def test_the_same_seed_gives_the_same_records(pictures, finished, tmp_path):
    def plain(comparison):
        return [
            replace(r, cost=Cost(), trials=[replace(t, seconds=0.0) for t in r.trials])
            for r in comparison.chapters[0].records
        ]

    assert plain(run(pictures, tmp_path)) == plain(finished)


def test_without_validation_items_the_last_epoch_is_kept_and_all_is_said(pictures, tmp_path):
    finished = run(pictures, tmp_path, architectures=["lenet5", "ds-cnn-s"], recipe={"epochs": 2, "validation": 0.0})
    assert not finished.failed
    assert finished.best().model in ("lenet5", "ds-cnn-s")
    (chapter,) = finished.chapters
    assert all("validation_accuracy" not in record.scores for record in chapter.records if record.run.kind == "cnn")
    assert gz.report(tmp_path).is_file()


def test_what_does_not_fit_is_said(pictures, tmp_path):
    with pytest.raises(ExperimentError, match="at least 25 items a class"):
        run(pictures, tmp_path, folds=25)
    with pytest.raises(ExperimentError, match="has none"):
        run(pictures, tmp_path, splits=["official"])
    with pytest.raises(ExperimentError, match="expected text, got image"):
        run(pictures, tmp_path, baselines=["tfidf"])
    with pytest.raises(DataError, match="hieght"):
        run(pictures, tmp_path, adapters=[{"name": "image", "hieght": 8}])
    with pytest.raises(ExperimentError, match="twice with the same settings"):
        run(pictures, tmp_path, architectures=["lenet5", "lenet5"])


def test_a_folder_without_plans_is_no_comparison(tmp_path):
    with pytest.raises(ExperimentError, match="gridzoo compare"):
        gz.Comparison.read(tmp_path)


def test_a_predictor_reads_raw_items_and_survives_a_save(pictures, tmp_path):
    good = gz.load(
        (sorted(pictures.glob("*/[0-9]*.png")), [p.parent.name for p in sorted(pictures.glob("*/[0-9]*.png"))])
    )
    predictor = gz.fit(good, "lenet5", adapter={"name": "image", "height": 8, "width": 8}, epochs=12)
    items = list(good.items[:5])
    assert set(predictor.predict(items)) <= {"lies", "stands"}
    predictor.save(tmp_path / "saved")
    loaded = gz.Predictor.load(tmp_path / "saved")
    np.testing.assert_array_equal(loaded.logits(items), predictor.logits(items))
    np.testing.assert_allclose(loaded.predict_proba(items).sum(axis=1), 1, rtol=1e-5)
    for name in ("weights.npz", "manifest.json"):
        kept = (tmp_path / "saved" / name).read_bytes()
        (tmp_path / "saved" / name).write_bytes(kept[: len(kept) // 2])
        with pytest.raises(ExperimentError, match="expected a"):
            gz.Predictor.load(tmp_path / "saved")
        (tmp_path / "saved" / name).write_bytes(kept)
