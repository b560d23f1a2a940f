"""From folds to tasks: each fold's own fit decides what its task says of the grid."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from adapters.cache import Cache
from adapters.sources.memory import from_arrays
from training.budget import search_share
from training.comparison import compare
from training.experiment import Experiment, Model
from training.fitting.recipe import Recipe
from training.planning import prepare, tasks_of
from training.running.work import work
from training.tuning.settings import Tuning

FOLDS = 4


@pytest.fixture(scope="module")
def sentences():
    """Sentences of words that occur in few others, so that every fold has a vocabulary of another size."""
    rng = np.random.default_rng(0)
    words = [f"word{i}" for i in range(400)]
    items = [
        " ".join([f"sign{label}", *rng.choice(words, rng.integers(3, 12), replace=False)]) for label in (0, 1) * 20
    ]
    return from_arrays(items, [f"class{i % 2}" for i in range(40)], modality="text")


@pytest.fixture(scope="module")
def experiment():
    models = (Model("textcnn", {"filters": 4}),)
    return Experiment("sentences", adapters=({"name": "words"},), architectures=models, folds=FOLDS, baselines=())


def test_a_task_has_the_vocabulary_of_its_own_fold(sentences, experiment, tmp_path):
    cache = Cache(tmp_path / "cache")
    prepared = prepare(experiment, sentences, cache)
    tasks = [task for task in tasks_of(prepared, cache, tmp_path, 1) if task.run.arm == "original"]
    assert [task.run.fold for task in tasks] == list(range(FOLDS))
    ((_, adapter, values),) = prepared.adapters
    sizes = []
    for task in tasks:
        own = np.sort(np.concatenate([task.train, task.validation]))
        sizes.append(adapter.fit_read(values.take(own)).grid_.vocabulary_size)
        assert task.vocabulary_size == sizes[-1]
        assert np.load(task.grids, mmap_mode="r").max() < task.vocabulary_size
    assert len(set(sizes)) > 1  # otherwise this test would show nothing


def test_folds_of_different_vocabularies_all_finish(sentences, experiment, tmp_path):
    quick = replace(experiment, recipe=Recipe(epochs=1), arms=("original",))
    found = compare([(quick, sentences)], tmp_path, workers=1, executor=ThreadPoolExecutor(1))
    assert [record.status for record in found.chapters[0].records] == ["ok"] * FOLDS


def test_a_failure_in_the_graph_gives_its_own_reason(sentences, experiment, tmp_path):
    """TensorFlow's message opens with a line that says nothing, and closes with lines of places in code."""
    cache = Cache(tmp_path / "cache")
    task = next(iter(tasks_of(prepare(experiment, sentences, cache), cache, tmp_path, 1)))
    record = work(replace(task, vocabulary_size=3))
    assert record.status == "failed"
    assert "is not in [0, 3)" in record.reason


def test_no_trial_is_longer_than_the_final_training(sentences, experiment, tmp_path):
    short = replace(experiment, architectures=(Model("textcnn", tuned=True),), recipe=Recipe(epochs=4))
    searched = [entrant for entrant in prepare(short, sentences, Cache(tmp_path)).entrants if entrant.tuning]
    assert {entrant.tuning["epochs"] for entrant in searched} == {4}
    assert search_share(short.tuning, short.recipe) == Tuning(epochs=4).expected_epochs / 4
