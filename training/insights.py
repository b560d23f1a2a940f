"""Choose the network of a comparison that a report looks into, and have a worker look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future
from dataclasses import replace
from functools import partial
from itertools import zip_longest

import numpy as np

from adapters import registry
from adapters.base import Adapter
from adapters.cache import Cache
from adapters.dataset import Dataset
from training.cards import named
from training.chapters import Chapter
from training.errors import ExperimentError
from training.explain.insight import Insight
from training.folder import RunFolder
from training.records import Record, label_of
from training.results import Results
from training.running.crew import Crew
from training.running.task import Task
from training.running.visiting import Sight, Visit, blank_of, visit
from training.running.work import reason_of
from training.tuning.settings import ADAPTER

RIGHT, WRONG = 2, 2  # items that are shown


def look_inside(
    results: Sequence[Results],
    datasets: Mapping[str, Dataset],
    tasks: Mapping[str, Task],
    folder: RunFolder,
    crew: Crew,
    cache: Cache,
    looking: Callable[[int], None] = lambda networks: None,
) -> list[Results]:
    """Add a look inside one network to the results of each data set at hand, unless it was taken before.

    Parameters
    ----------
    results : sequence of Results
    datasets : mapping of str to Dataset
        By name, without quarantined items.
    tasks : mapping of str to Task
        By the keys of their runs.
    folder : RunFolder
        Keeps what was seen.
    crew : Crew
        Who looks.
    cache : Cache
    looking : callable
        Told how many networks are looked into, if any.

    Returns
    -------
    list of Results
    """
    chosen = {chapter.card.name: subject_of(chapter) for chapter in results if chapter.card.name in datasets}
    asked = {
        chapter.card.name: _ask(record, datasets[chapter.card.name], tasks[record.run.key], crew, cache)
        for chapter in results
        if (record := chosen.get(chapter.card.name)) is not None and not _is_of(chapter.insight, record)
    }
    if asked:
        looking(len(asked))
    found = {name: wait() for name, wait in asked.items()}
    for name, insight in found.items():
        folder.write_insight(name, insight)
    return [replace(chapter, insight=found.get(chapter.card.name, chapter.insight)) for chapter in results]


def subject_of(chapter: Results | Chapter) -> Record | None:
    """Choose the run: of the first verdict's CNN the first that mistook a test item, or the first of all."""
    if not chapter.verdicts:
        return None
    verdict = chapter.verdicts[0]
    wanted = (verdict.split, verdict.adapter, "cnn", verdict.model, "original")
    own = [record for record in chapter.records if record.status == "ok" and record.run.cell[1:] == wanted]
    own.sort(key=lambda record: (record.run.repeat, record.run.fold))
    return next((record for record in own if record.truth != record.predicted), own[0] if own else None)


def sights_of(record: Record, dataset: Dataset) -> list[Sight]:
    """Choose test items: the surest right labels and the surest mistakes, of different classes first.

    Raises
    ------
    ExperimentError
        If the record does not tell how sure the network was.
    """
    sure = record.confidence
    if not sure:
        raise ExperimentError("expected a confidence for each prediction in the record, found none")
    order = sorted(range(len(record.test)), key=lambda i: (-sure[i], record.test[i]))
    pairs = [(record.truth[i], record.predicted[i]) for i in order]
    right = _varied([(pair, i) for pair, i in zip(pairs, order, strict=True) if pair[0] == pair[1]])[:RIGHT]
    wrong = _varied([(pair, i) for pair, i in zip(pairs, order, strict=True) if pair[0] != pair[1]])[:WRONG]
    # In turn, so that neither kind is left out where there is little room.
    positions = [record.test[i] for pair in zip_longest(right, wrong) for i in pair if i is not None]
    return [Sight(p, named(dataset.items[p], p), str(dataset.labels[p]), dataset.items[p]) for p in positions]


def _varied(ordered: Sequence[tuple[tuple[int, int], int]]) -> list[int]:
    """Put the first of each pair of classes before all others."""
    seen: Counter[tuple[int, int]] = Counter()
    ranked = []
    for pair, i in ordered:
        ranked.append((seen[pair], i))
        seen[pair] += 1
    return [i for _, i in sorted(ranked, key=lambda one: one[0])]


def _is_of(insight: Insight | None, record: Record) -> bool:
    """Whether a network was looked into, and it is that of this run; what failed is tried again."""
    return insight is not None and insight.key == record.run.key and not insight.reason


def _ask(record: Record, dataset: Dataset, task: Task, crew: Crew, cache: Cache) -> Callable[[], Insight]:
    """Have a worker look; gives what waits for it. Whatever goes wrong becomes the insight's reason."""
    try:
        adapter = _fitted(record, dataset, task, cache)
        seen = crew.ask(visit, Visit(task, record, adapter, sights_of(record, dataset)))
    except Exception as error:  # no look is worth a finished comparison
        return partial(_failed, record, error)
    return partial(_result, seen, record)


def _result(seen: Future[Insight], record: Record) -> Insight:
    try:
        return seen.result()
    except BrokenExecutor:
        return replace(blank_of(record), reason="the worker process died, out of time or memory perhaps")
    except Exception as error:
        return _failed(record, error)


def _failed(record: Record, error: Exception) -> Insight:
    return replace(blank_of(record), reason=reason_of(error))


def _fitted(record: Record, dataset: Dataset, task: Task, cache: Cache) -> Adapter:
    """Fit the run's adapter, or the one that its search chose, again on what it was fitted on."""
    settings = record.run.adapter
    if ADAPTER in record.chosen:
        settings = next(one for one in settings["among"] if label_of(one) == record.chosen[ADAPTER])
    settings = {name: value for name, value in settings.items() if name != "label"}
    adapter = registry.from_settings(settings)
    learned = np.sort(np.concatenate([task.train, task.validation]))
    return adapter.fit_read(cache.read(adapter, dataset.items).values.take(learned))
