"""Which model is best over many data sets, and which cannot be told apart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from training.chapters import CellSummary, Chapter
from training.portraits import Ranking

FEWEST_DATASETS, FEWEST_MODELS = 3, 3
BASELINE = "best baseline"


def ranking(chapters: Sequence[Chapter]) -> Ranking | None:
    """Rank models over data sets by their mean test accuracy.

    Of each data set its first split counts; of a CNN on several grids its best one;
    of several baselines the best. Controls do not take part. If not every model met every data set, the largest
    complete table is ranked. Friedman's test comes first, then Nemenyi's critical
    difference (Demsar 2006, JMLR 7:1-30).

    Returns
    -------
    Ranking or None
        None with fewer than three data sets or three models.
    """
    table = {chapter.plan.dataset: _scores(chapter) for chapter in chapters}
    names, datasets = _complete(table)
    if len(names) < FEWEST_MODELS or len(datasets) < FEWEST_DATASETS:
        return None
    scores = np.array([[table[dataset][name] for name in names] for dataset in datasets])
    ranks = stats.rankdata(-scores, axis=1).mean(axis=0)
    order = np.argsort(ranks, kind="stable")
    return Ranking(
        names=[names[i] for i in order],
        ranks=[float(ranks[i]) for i in order],
        datasets=list(datasets),
        p_value=_friedman(scores),
        critical=critical_difference(len(names), len(datasets)),
    )


def critical_difference(models: int, datasets: int) -> float:
    """Difference of two mean ranks from which on Nemenyi's test tells them apart, at 5 %.

    Examples
    --------
    >>> round(critical_difference(4, 14), 2)  # the example of Demsar 2006: 1.25
    1.25
    """
    q = float(stats.studentized_range.ppf(0.95, models, np.inf)) / math.sqrt(2)
    return q * math.sqrt(models * (models + 1) / (6 * datasets))


def _scores(chapter: Chapter) -> dict[str, float]:
    found: dict[str, float] = {}
    splits = [cell.split for cell in chapter.cells]
    for cell in chapter.cells:
        if cell.scores and cell.split == splits[0] and cell.arm == "original":
            name = _name(cell)
            found[name] = max(cell.mean, found.get(name, 0.0))
    return found


def _name(cell: CellSummary) -> str:
    """Name a row of the table; a search is part of how a model was trained, not another model."""
    return BASELINE if cell.kind == "baseline" else cell.model.removesuffix(" (tuned)")


def _complete(table: Mapping[str, Mapping[str, float]]) -> tuple[list[str], list[str]]:
    """Choose the models, by how many data sets they met, that leave the largest complete table."""
    met = Counter(name for scores in table.values() for name in scores)
    ordered = sorted(met, key=lambda name: (-met[name], name))
    candidates = []
    for size in range(FEWEST_MODELS, len(ordered) + 1):
        names = ordered[:size]
        datasets = [dataset for dataset, scores in table.items() if set(names) <= set(scores)]
        if len(datasets) >= FEWEST_DATASETS:
            candidates.append((names, datasets))
    return max(candidates, key=lambda one: len(one[0]) * len(one[1]), default=([], []))


def _friedman(scores: NDArray[np.float64]) -> float:
    if np.all(scores == scores[:, :1]):
        return 1.0  # all models tie everywhere; SciPy would divide by zero
    return float(stats.friedmanchisquare(*scores.T).pvalue)
