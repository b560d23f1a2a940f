"""One run, from grids on disk to its record. What a worker process does."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.records import Cost, Record
from training.running.task import Outcome, Task

ROUND = 6  # digits of scores in a record: more than any test can tell apart
PROBABILITY_ROUND = 4  # they are counted in bins, and there are two an item


def work(task: Task) -> Record:
    """Do one run. An error inside becomes a record that says so, never an exception.

    Raises
    ------
    MemoryError
        If there is none left. The run may fit when it is alone, so that is for the driver.
    """
    started, busy = time.perf_counter(), time.process_time()
    try:
        outcome = _outcome(task)
    except MemoryError:
        raise
    except Exception as error:  # a failing run must not cost the others
        return Record(task.run, "failed", reason=reason_of(error), classes=list(task.classes))
    truth = task.labels[task.test]
    return Record(
        run=task.run,
        status="ok",
        classes=list(task.classes),
        scores={**test_scores(truth, outcome.predicted), **outcome.scores},
        confusion=confusion(truth, outcome.predicted, len(task.classes)),
        curves=outcome.curves,
        test=[int(i) for i in task.test],
        truth=[int(i) for i in truth],
        predicted=[int(i) for i in outcome.predicted],
        confidence=given_to(outcome.predicted, outcome.probabilities),
        likelihood=given_to(truth, outcome.probabilities),
        trials=outcome.trials,
        chosen=outcome.chosen,
        parameters=outcome.parameters,
        macs=outcome.macs,
        precision=outcome.precision,
        strains=outcome.strains,
        cost=Cost(
            seconds=round(time.perf_counter() - started, 3),
            build_seconds=round(outcome.build_seconds, 3),
            train_seconds=round(outcome.train_seconds, 3),
            milliseconds_per_item=round(1000 * outcome.predict_seconds / max(1, len(truth)), 4),
            peak_memory_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            processor_seconds=round(time.process_time() - busy, 3),
            finished=datetime.now(UTC).isoformat(timespec="seconds"),
        ),
    )


def confusion(truth: NDArray[Any], predicted: NDArray[Any], classes: int) -> list[list[int]]:
    """Count pairs; rows are true classes."""
    return np.bincount(truth * classes + predicted, minlength=classes**2).reshape(classes, classes).tolist()


def given_to(classes: NDArray[Any], probabilities: NDArray[Any] | None) -> list[float]:
    """Probability that each item's class was given; empty without probabilities."""
    if probabilities is None:
        return []
    given = probabilities[np.arange(len(classes)), classes]
    return [round(float(probability), PROBABILITY_ROUND) for probability in given]


def test_scores(truth: NDArray[Any], predicted: NDArray[Any]) -> dict[str, float]:
    """Accuracy, and the mean over classes of their recall (balanced accuracy)."""
    hits = truth == predicted
    recalls = [hits[truth == label].mean() for label in np.unique(truth)]
    return {
        "accuracy": round(float(hits.mean()), ROUND),
        "balanced_accuracy": round(float(np.mean(recalls)), ROUND),
    }


def reason_of(error: Exception) -> str:
    """Say in one line what went wrong."""
    lines = str(error).strip().splitlines() or ["no message"]
    # TensorFlow names the cause last, just before the node that it arose at.
    node = next((i for i, line in enumerate(lines) if "[[{{node" in line), 1)
    return f"{type(error).__name__}: {lines[max(0, node - 1)].strip()}"[:500]


def _outcome(task: Task) -> Outcome:
    # Imported here: a worker that only fits baselines need not wait for TensorFlow.
    if task.run.kind == "cnn":
        from training.running.cnn_run import run_cnn

        return run_cnn(task)
    from training.running.baseline_run import run_baseline

    return run_baseline(task)
