"""In which order runs are done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from training.running.task import Task

ORDER = 13  # sets this stream of random numbers apart from those that weights are drawn from


def shuffled(tasks: Iterable[Task], seed: int) -> list[Task]:
    """Draw an order from a seed: networks, within a network folds, within a fold arms.

    A machine drifts: it grows warm, others come and go. What is compared should meet the
    same drift, so the arms of a fold follow each other, in an order of their own each time.
    Runs of one network stay together, since they share its traced programs.

    Parameters
    ----------
    tasks : iterable of Task
    seed : int

    Returns
    -------
    list of Task
    """
    blocks: dict[str, dict[tuple[str, int, int], list[Task]]] = defaultdict(lambda: defaultdict(list))
    for task in tasks:
        blocks[task.network][task.run.split, task.run.repeat, task.run.fold].append(task)
    rng = np.random.default_rng([seed, ORDER])

    def drawn(values: Iterable[list[Task]]) -> list[Task]:
        lists = list(values)
        return [task for place in rng.permutation(len(lists)) for task in lists[place]]

    return drawn([drawn([drawn([[task] for task in fold]) for fold in folds.values()]) for folds in blocks.values()])
