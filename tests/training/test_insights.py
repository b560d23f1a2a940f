"""A look inside a network of a comparison: whose, at which items, once; and what goes wrong costs itself alone."""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import numpy as np
import pytest

import training.insights
from adapters.cache import Cache
from adapters.grid import Axis
from adapters.sources.memory import from_arrays
from training.answers import Verdict
from training.chapters import Chapter, DataCard, Plan
from training.comparison import Comparison, compare
from training.describing.describe import only
from training.errors import ExperimentError
from training.experiment import from_mapping
from training.explain.explanation import Completeness, Curve, Explanation, RandomOrder, Relevance
from training.explain.insight import Insight
from training.explain.methods import LEAD
from training.folder import RunFolder
from training.insights import look_inside, sights_of, subject_of
from training.planning import prepare, tasks_of
from training.records import Record, Run, canonical
from training.running import looking, weights

SETTINGS = {
    "source": "data",
    "adapters": [{"name": "image", "height": 8, "width": 8}],
    "architectures": ["lenet5+"],
    "arms": ["original"],
    "folds": 2,
    "recipe": {"epochs": 3, "batch_size": 8},
    "tuning": {"trials": 2, "epochs": 1, "over": ["recipe"]},
}


@pytest.fixture(scope="module")
def data():
    """Bars that stand or lie, in so much noise that some are mistaken."""
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 200, (48, 8, 8, 1)).astype(np.uint8)
    for i, picture in enumerate(pictures):
        line = int(rng.integers(1, 7))
        picture[(line, slice(None)) if i % 2 else (slice(None), line)] = 255
    return from_arrays(list(pictures), ["stands", "lies"] * 24, modality="image")


def run(data, out, **changes):
    experiment = from_mapping({**SETTINGS, **changes}, "test")
    return compare([(experiment, data)], out, workers=1, executor=ThreadPoolExecutor(1))


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory):
    return run(data, tmp_path_factory.mktemp("runs"))


def record_of(comparison):
    (chapter,) = comparison.chapters
    return next(record for record in chapter.records if record.run.key == chapter.insight.key)


def test_of_an_adapter_that_was_searched_the_chosen_one_is_looked_through(data, tmp_path):
    sizes = [(6, 7), (12, 11)]
    both = [{"name": "image", "height": height, "width": width} for height, width in sizes]
    finished = run(data, tmp_path, adapters=both, tuning={"trials": 4, "epochs": 1, "over": ["adapter"]})
    insight, record = finished.chapters[0].insight, record_of(finished)
    assert record.chosen["adapter.setting"] == "image height=12, width=11"  # not the first, which would not tell
    assert (insight.reason, insight.unwalked, insight.same) == ("", "", 24)


def test_it_is_the_network_of_the_run_and_the_items_are_test_items_alone(finished, data, tmp_path):
    insight, record = finished.chapters[0].insight, record_of(finished)
    assert (insight.reason, insight.model, insight.items, insight.same) == ("", "lenet5 (tuned)", 24, 24)
    tasks = tasks_of(prepare(from_mapping(SETTINGS, "test"), data, Cache(tmp_path)), Cache(tmp_path), tmp_path, 1)
    task = next(task for task in tasks if task.run.key == insight.key)
    learned = {*task.train.tolist(), *task.validation.tolist()}
    assert insight.looks
    for look in insight.looks:
        place = record.test.index(look.position)
        assert look.position not in learned
        assert look.label == record.classes[record.truth[place]] == data.labels[look.position]
        assert look.explanation.predicted == record.classes[record.predicted[place]]
        assert max(look.explanation.probabilities) == pytest.approx(record.confidence[place], abs=2e-4)
        assert look.right == (record.truth[place] == record.predicted[place])


def test_right_and_wrong_items_are_shown_and_stages_on_the_first(finished):
    insight = finished.chapters[0].insight
    assert 0 < sum(look.right for look in insight.looks) <= 2
    assert [bool(look.explanation.stages) for look in insight.looks] == [True] + [False] * (len(insight.looks) - 1)
    assert insight.looks[0].explanation.filters is not None
    assert [one.name for one in insight.looks[0].explanation.relevances] == ["integrated gradients"]
    if insight.mistakes:
        assert not all(look.right for look in insight.looks)


def test_the_first_item_walks_through_the_same_network(finished):
    insight = finished.chapters[0].insight
    look, way = insight.opened, insight.walk
    assert insight.unwalked == ""
    assert (way.item, way.label, way.given) == (look.name, look.label, True)
    assert way.predicted == look.explanation.predicted
    told = dict(zip(look.explanation.classes, look.explanation.probabilities, strict=True))
    own = dict(zip(way.classes, way.probabilities, strict=True))
    assert {name: own[name] for name in told} == pytest.approx(told, abs=2e-4)


def test_a_walk_that_is_too_long_or_fails_costs_itself(without, data, monkeypatch):
    monkeypatch.setattr(looking, "WALK_ROOM", 10)
    insight = run(data, without).chapters[0].insight
    assert insight.walk is None
    assert "of 10 that a report has room for" in insight.unwalked
    assert insight.opened.explanation.stages


def test_it_is_looked_once_and_comes_back_from_the_disk(finished, data, monkeypatch):
    def forbidden(todo):
        raise AssertionError("looked again")

    monkeypatch.setattr(training.insights, "visit", forbidden)
    again = run(data, finished.path)
    assert again.chapters[0].insight == finished.chapters[0].insight
    assert Comparison.read(finished.path).chapters[0].insight == finished.chapters[0].insight
    insight = finished.chapters[0].insight
    assert Insight.from_json(json.loads(json.dumps(insight.to_json()))) == insight
    with pytest.raises(ValueError, match="schema"):
        Insight.from_json({**insight.to_json(), "schema": 99})


def test_a_damaged_look_is_taken_again_and_is_the_same(finished, data):
    """The first look was into the run's own weights, this one is into those of another training."""
    (path,) = (finished.path / "insights").glob("*.json")
    kept = path.read_bytes()
    path.write_bytes(kept[: len(kept) // 2])
    assert Comparison.read(finished.path).chapters[0].insight is None
    run(data, finished.path)
    assert path.read_bytes() == kept


def test_a_training_that_the_clock_ended_is_repeated_epoch_by_epoch(data, tmp_path):
    """The recipe's seconds allow one epoch; the look must not get more, whatever time it has."""
    clocked = {"architectures": ["lenet5"], "recipe": {**SETTINGS["recipe"], "seconds": 1e-3}}
    short = run(data, tmp_path, **clocked)
    assert len(record_of(short).curves["loss"]) == 1
    (path,) = (tmp_path / "insights").glob("*.json")
    path.unlink()
    assert run(data, tmp_path, **clocked).chapters[0].insight == short.chapters[0].insight
    assert short.chapters[0].insight.same == 24


def test_a_look_at_a_run_of_just_now_trains_nothing(data, tmp_path, monkeypatch):
    def forbidden(*args):
        raise AssertionError("trained again")

    monkeypatch.setattr(looking, "_trained_again", forbidden)
    assert run(data, tmp_path).chapters[0].insight.same == 24


def test_weights_are_kept_of_the_grid_as_it_is_while_there_is_room(finished, data, tmp_path, monkeypatch):
    prepared = prepare(from_mapping({**SETTINGS, "arms": ["original", "permuted"]}, "test"), data, Cache(tmp_path))
    tasks = list(tasks_of(prepared, Cache(tmp_path), tmp_path, 1))
    first, second = (task for task in tasks if (task.run.kind, task.run.arm) == ("cnn", "original"))
    shuffled = next(task for task in tasks if task.run.arm == "permuted")
    later = replace(first, run=replace(first.run, repeat=1))
    arrays = [np.arange(6.0).reshape(2, 3), np.zeros(40)]
    monkeypatch.setattr(weights, "MOST", 600)
    for task in (first, second, shuffled, later):
        weights.keep_weights(task, arrays)
    np.testing.assert_array_equal(weights.kept_weights(first)[0], arrays[0])
    assert [weights.kept_weights(task) for task in (second, shuffled, later)] == [[], [], []]
    place = tmp_path / f"{first.run.key}.npz"
    place.write_bytes(place.read_bytes()[:100])
    assert weights.kept_weights(first) == []
    assert not list(tmp_path.glob("*.tmp"))


@pytest.fixture
def without(finished):
    """The finished folder, its look taken away; it is put back afterwards."""
    (path,) = (finished.path / "insights").glob("*.json")
    kept = path.read_bytes()
    path.unlink()
    yield finished.path
    path.write_bytes(kept)


def test_an_item_that_cannot_be_explained_costs_itself(without, finished, data, monkeypatch):
    honest, calls = looking.relevance_of, []

    def fails_first(*args, **kwargs):
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("no room")
        return honest(*args, **kwargs)

    monkeypatch.setattr(looking, "relevance_of", fails_first)
    insight = run(data, without).chapters[0].insight
    assert insight.reason == ""
    assert (insight.looks[0].reason, insight.looks[0].explanation) == ("ValueError: no room", None)
    assert insight.looks[1].explanation.stages  # the next one shows them
    assert len(insight.looks) == len(finished.chapters[0].insight.looks)


def test_a_look_that_fails_is_a_reason_and_is_tried_again(without, data, monkeypatch):
    def broken(todo, blank):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(looking, "look", broken)
        failed = run(data, without)
    assert failed.chapters[0].insight.reason == "MemoryError: no message"
    assert not failed.failed
    assert run(data, without).chapters[0].insight.reason == ""


def test_a_worker_that_dies_over_a_look_costs_the_look_alone(without, finished, data, tmp_path):
    class Dying:
        def ask(self, function, *arguments):
            future = Future()
            future.set_exception(BrokenProcessPool("killed"))
            return future

    experiment, told = from_mapping(SETTINGS, "test"), []
    prepared = prepare(experiment, data, Cache(tmp_path))
    tasks = {task.run.key: task for task in tasks_of(prepared, Cache(tmp_path), tmp_path, 1)}
    chapters = [replace(finished.chapters[0], insight=None)]
    (chapter,) = look_inside(
        chapters, {data.name: data}, tasks, RunFolder(without), Dying(), Cache(tmp_path), told.append
    )
    assert chapter.insight.reason == "the worker process died, out of time or memory perhaps"
    assert chapter.insight.looks == []
    assert told == [1]


def test_explanations_keep_within_their_room(without, finished, data, monkeypatch):
    size = len(canonical(finished.chapters[0].insight.looks[0].explanation.to_json()))
    monkeypatch.setattr(looking, "ROOM", int(1.1 * size))
    looks = run(data, without).chapters[0].insight.looks
    assert looks[0].explanation is not None
    assert any("are left for this network" in look.reason for look in looks[1:])


def test_a_report_of_one_run_shows_the_look_into_its_own_network_alone(finished):
    (chapter,) = finished.chapters
    for record in chapter.records:
        assert (only(chapter, record.run.key).insight is not None) == (record.run.key == chapter.insight.key)


def made(fold, wrong, model="m", arm="original"):
    run = Run("d", "f", {"name": "a"}, "cnn", {"name": model}, arm, {}, {}, "s", 0, fold, 0, {})
    truth = [0, 1, 2] * 4
    predicted = [(true + 1) % 3 if i in wrong else true for i, true in enumerate(truth)]
    sure = [0.5 + i / 100 for i in range(12)]
    return Record(
        run, "ok", classes=["x", "y", "z"], test=list(range(20, 32)), truth=truth, predicted=predicted, confidence=sure
    )


def chapter_of(*records, verdict=True):
    card = DataCard("d", "table", "", "", "", "", False, [], {}, {}, "", [], 0, [])
    verdicts = [Verdict("d", "s", "undecided", "", "m", None, None, adapter="a")] if verdict else []
    return Chapter(Plan("d", {}, "", [], {}), card, list(records), [], verdicts)


def test_the_first_fold_with_a_mistake_is_chosen_of_the_recommended_network():
    records = made(0, ()), made(1, {3}), made(2, {4}), made(0, {1}, model="n"), made(0, {1}, arm="permuted 0")
    assert subject_of(chapter_of(*records[::-1])) == records[1]
    assert subject_of(chapter_of(records[2], records[0])) == records[2]
    assert subject_of(chapter_of(made(1, ()), records[0])) == records[0]
    assert subject_of(chapter_of(*records, verdict=False)) is None


def test_the_surest_of_different_classes_come_first():
    labels = np.array(["x", "y", "z"] * 12)
    items = from_arrays(np.arange(72.0).reshape(36, 2), labels.tolist())
    record = made(0, {0, 3, 6, 10})  # three of x and one of y
    sights = sights_of(record, items)
    assert [sight.position for sight in sights] == [31, 30, 29, 26]  # right and wrong in turn
    assert [sight.label for sight in sights] == [str(items.labels[p]) for p in (31, 30, 29, 26)]
    alike = replace(record, predicted=record.truth)
    assert [sight.position for sight in sights_of(alike, items)] == [31, 30]


def test_a_large_picture_is_kept_as_small_as_it_is_shown(example):
    small = looking._smaller(example)
    assert np.shape(small.preview["pixels"]) == (100, 128, 3)
    (before,), (after,) = example.relevances, small.relevances
    assert np.shape(after.values) == (128, 128)
    assert np.sum(after.values) == pytest.approx(np.sum(before.values), rel=1e-4)
    assert (after.axes[0]["edges"][0], after.axes[0]["edges"][-1]) == (0, 200)
    assert len(canonical(small.to_json())) < looking.ROOM / 4


@pytest.fixture
def example():
    """A colour picture of 200 × 256 pixels with relevance for each, as a network for photographs has it."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 255, (200, 256, 3)).tolist()
    axes = [Axis.counted("row", 200, unit="px"), Axis.counted("column", 256, unit="px")]
    curve = Curve([0.5], 0.5)
    found = Relevance(LEAD, [axis.to_json() for axis in axes], rng.random((200, 256)).tolist(), 1.0, [], curve, curve)
    return Explanation(
        "x", {"kind": "image", "pixels": pixels}, "image", "image", "m", ["a"], [1.0], "a", [], {}, [found],
        RandomOrder([], []), [], Completeness(1, 1), [], None, [], 0, None, [], 0,
    )  # fmt: skip


def test_a_record_without_confidences_is_said():
    items = from_arrays(np.arange(72.0).reshape(36, 2), ["x", "y"] * 18)
    with pytest.raises(ExperimentError, match="expected a confidence for each prediction"):
        sights_of(replace(made(0, ()), confidence=[]), items)


def test_a_look_belongs_to_a_planned_run(tmp_path):
    run, other = made(0, ()).run, made(1, ()).run
    folder = RunFolder(tmp_path)
    folder.create()
    plan = Plan("d", {}, "", [run], {})
    assert folder.insight(plan) is None
    insight = Insight(run.key, "s", "a", "m", 0, 0, 12)
    folder.write_insight("d", insight)
    assert folder.insight(plan) == insight
    assert folder.insight(replace(plan, runs=[other])) is None
