"""Choose, fit and test a classical baseline."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from training.records import Settings, Trial
from training.running.task import Outcome, Task
from training.verdict.baselines import baseline, points_of
from training.verdict.estimators import estimator, frame_of

INNER = 3  # folds within the training items
Read = Callable[[NDArray[np.int64]], Any]

# A support vector machine gives no probabilities, one neighbour's are 0 and 1.
PROBABLE = ("tfidf", "trees", "logistic")


def run_baseline(task: Task) -> Outcome:
    """Choose the task's baseline and its hyperparameters on training items, fit, and predict the test items."""
    # No epoch is chosen here, so the validation items serve as training items.
    train = np.sort(np.concatenate([task.train, task.validation]))
    started = time.perf_counter()
    points = points_of(task.run.model)
    trials = _tried(task, points, train) if len(points) > 1 else []
    chosen = max(trials, key=lambda trial: trial.score).values if trials else points[0]
    read = _reader(task, chosen)
    fitted = estimator(chosen, task.run.seed).fit(read(train), task.labels[train])
    trained = time.perf_counter()
    predicted = fitted.predict(read(task.test))
    finished = time.perf_counter()
    return Outcome(
        predicted=predicted,
        scores={"validation_accuracy": max(trial.score for trial in trials)} if trials else {},
        trials=trials,
        chosen=chosen,
        train_seconds=trained - started,
        predict_seconds=finished - trained,
        probabilities=_by_class(fitted, read(task.test), len(task.classes)) if chosen["baseline"] in PROBABLE else None,
    )


def _by_class(fitted: Any, x: Any, classes: int) -> NDArray[np.float64]:
    """Probabilities of all classes; one that no training item has gets none."""
    found = fitted.predict_proba(x)
    probabilities = np.zeros((len(found), classes))
    probabilities[:, fitted.classes_] = found
    return probabilities


def _tried(task: Task, points: list[Settings], train: NDArray[np.int64]) -> list[Trial]:
    """Score every point by inner folds, until the time is used up that a network would have had."""
    limit = task.run.recipe.get("seconds", np.inf)
    folds = _inner_folds(task, train)
    began, trials = time.perf_counter(), list[Trial]()
    for point in points:
        read, started, scores = _reader(task, point), time.perf_counter(), []
        for fit, held_out in folds:
            if trials and time.perf_counter() - began > limit:
                return trials
            model = estimator(point, task.run.seed).fit(read(fit), task.labels[fit])
            scores.append(float(np.mean(model.predict(read(held_out)) == task.labels[held_out])))
        trials.append(Trial(point, round(float(np.mean(scores)), 6), 0, round(time.perf_counter() - started, 3)))
    return trials


def _inner_folds(task: Task, train: NDArray[np.int64]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    labels = task.labels[train]
    groups = None if task.groups is None else task.groups[train]
    splitter: Any = StratifiedKFold(INNER, shuffle=True, random_state=task.run.seed)
    if groups is not None and len(np.unique(groups)) >= INNER:
        splitter = StratifiedGroupKFold(INNER, shuffle=True, random_state=task.run.seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a class of two items is not in every fold: no harm
        parts = list(splitter.split(labels, labels, groups))
    return [(train[fit], train[held_out]) for fit, held_out in parts]


def _reader(task: Task, point: Settings) -> Read:
    reads = baseline(point["baseline"]).reads
    if reads == "grid":
        x = np.load(task.grids, mmap_mode="r", allow_pickle=False)
        return lambda rows: np.asarray(x[rows])
    assert task.raw is not None, "a task of a baseline that reads raw items carries them"
    items: list[Any] = json.loads(task.raw.read_text(encoding="utf-8"))
    if reads == "text":
        return lambda rows: [items[i] for i in rows]
    frame = frame_of([dict(item) for item in items])
    return lambda rows: frame.iloc[rows]
