"""Fit and test a classical baseline."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.running.task import Outcome, Task
from training.verdict.baselines import baseline, estimator

# A support vector machine gives no probabilities, one neighbour's are 0 and 1.
PROBABLE = ("tfidf", "trees", "logistic")


def run_baseline(task: Task) -> Outcome:
    """Fit the task's baseline on its training items and predict its test items."""
    name = task.run.model["name"]
    # No epoch is chosen here, so the validation items serve as training items.
    train = np.concatenate([task.train, task.validation])
    read: Any = _texts(task) if baseline(name).reads == "text" else _grids(task)
    started = time.perf_counter()
    fitted = estimator(name, task.run.seed).fit(read(train), task.labels[train])
    trained = time.perf_counter()
    predicted = fitted.predict(read(task.test))
    finished = time.perf_counter()
    return Outcome(
        predicted=predicted,
        train_seconds=trained - started,
        predict_seconds=finished - trained,
        probabilities=_by_class(fitted, read(task.test), len(task.classes)) if name in PROBABLE else None,
    )


def _by_class(fitted: Any, x: Any, classes: int) -> NDArray[np.float64]:
    """Probabilities of all classes; one that no training item has gets none."""
    found = fitted.predict_proba(x)
    probabilities = np.zeros((len(found), classes))
    probabilities[:, fitted.classes_] = found
    return probabilities


def _grids(task: Task) -> Any:
    x = np.load(task.grids, mmap_mode="r", allow_pickle=False)
    return lambda rows: np.asarray(x[rows])


def _texts(task: Task) -> Any:
    assert task.texts is not None, "a task of a baseline that reads text carries the texts"
    items: Sequence[str] = json.loads(task.texts.read_text(encoding="utf-8"))
    return lambda rows: [items[i] for i in rows]
