"""Which hyperparameters the score of a trial hangs on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import stats

from training.portraits import Effect
from training.records import Record

FEWEST = 8  # trials: with less, no correlation can be told from chance
SPEARMAN, KRUSKAL = "Spearman rank correlation", "Kruskal-Wallis test"


def effects(records: Sequence[Record]) -> list[Effect]:
    """Weigh every hyperparameter that the trials of a cell varied, the strongest first.

    Scores are taken relative to the mean of their run: folds differ in difficulty.
    The oracle does not draw trials at random, so that hyperparameters that moved
    together share what either explains.
    """
    points: dict[str, list[tuple[Any, float]]] = defaultdict(list)
    for record in records:
        mean = np.mean([trial.score for trial in record.trials]) if record.trials else 0.0
        for trial in record.trials:
            for name, value in trial.values.items():
                # Rounded: what differs in the last bits alone is a tie.
                points[name].append((value, round(float(trial.score - mean), 9)))
    found = [effect for name, own in points.items() if len(own) >= FEWEST and (effect := _effect(name, own))]
    return sorted(found, key=lambda effect: -effect.strength)


def _effect(name: str, points: Sequence[tuple[Any, float]]) -> Effect | None:
    values, scores = [value for value, _ in points], [score for _, score in points]
    if len({str(value) for value in values}) < 2 or len(set(scores)) < 2:
        return None
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        found = stats.spearmanr(values, scores)
        return Effect(name, float(found.statistic) ** 2, float(found.pvalue), SPEARMAN, len(points))
    levels: dict[str, list[float]] = defaultdict(list)
    for value, score in points:
        levels[str(value)].append(score)
    tested = stats.kruskal(*levels.values())
    strength = min(1.0, float(tested.statistic) / (len(points) - 1))
    return Effect(name, strength, float(tested.pvalue), KRUSKAL, len(points))
