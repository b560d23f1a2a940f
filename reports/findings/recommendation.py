"""What to use, what to expect of it, what it costs, and what would change the advice."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.findings.costs import cheaper, say_cost
from reports.splits import SplitView
from reports.wording import (
    SIGNIFICANT,
    count,
    duration,
    isolated,
    percent,
    plural,
    probability,
    setting,
    signed,
)
from training.answers import Difference
from training.chapters import CellSummary, DataCard
from training.records import Record, Settings, label_of

BOOKKEEPING = ("name", "label")


@dataclass(frozen=True)
class Value:
    """A recommended hyperparameter: its value, and how the folds agreed where it was searched."""

    name: str
    value: str
    agreement: str = ""


@dataclass(frozen=True)
class Recommendation:
    """The network that the experiment recommends, and what stands behind it.

    Parameters
    ----------
    adapter, network : str
    searched, fixed : list of Value
        Hyperparameters that were searched, and those that were given.
    expected, why_expected : str
        The score with its interval, and how the interval was made.
    training, running : str
        What both cost.
    changes : list of str
        What would change the advice.
    """

    adapter: str
    network: str
    searched: Sequence[Value]
    fixed: Sequence[Value]
    expected: str
    why_expected: str
    training: str
    running: str
    changes: Sequence[str]


def recommendation(part: SplitView) -> Recommendation | None:
    """Recommend the CNN that the verdict is about; None where no CNN has finished."""
    cell = part.cnn
    records = part.records(cell) if cell else []
    if cell is None or not records:
        return None
    best = max(records, key=lambda record: (record.scores.get("validation_accuracy", 0.0), -record.run.fold))
    trained = statistics.fmean(record.cost.train_seconds for record in records)
    return Recommendation(
        adapter=label_of(best.run.adapter),
        network=cell.model,
        searched=[_searched(name, value, records) for name, value in best.chosen.items()],
        fixed=[Value(name, setting(value)) for name, value in _given(best).items()],
        expected=percent(cell.mean),
        why_expected=_interval(cell, len(records)),
        training=f"{duration(cell.seconds)} a run"
        + (f", {duration(trained)} of it in the final training" if trained else "")
        + (f"; up to {count(round(cell.peak_memory_mb))} MB of memory" if cell.peak_memory_mb else ""),
        running=say_cost(cell),
        changes=list(_changes(part, cell, records)),
    )


def _interval(cell: CellSummary, runs: int) -> str:
    if not math.isfinite(cell.low):
        return f"no interval: the {plural(runs, 'run')} kept no predictions"
    return f"95 % interval {percent(cell.low)} to {percent(cell.high)} ({cell.interval}, {plural(runs, 'run')})"


def _searched(name: str, value: Any, records: Sequence[Record]) -> Value:
    chosen = [record.chosen[name] for record in records if name in record.chosen]
    plain = name.removeprefix("recipe.")
    if isinstance(value, float):
        span = f"{setting(min(chosen))} to {setting(max(chosen))} over {plural(len(chosen), 'run')}"
        return Value(plain, setting(value), span)
    same = Counter(map(setting, chosen))[setting(value)]
    return Value(plain, setting(value), f"chosen in {same} of {plural(len(chosen), 'run')}")


def _given(record: Record) -> Settings:
    """Collect settings of grid, network and training that were not searched."""
    computed = {"precision": record.precision} if record.precision else {}
    training = {**record.run.recipe, **computed}  # the recipe may leave it to each network
    parts = {"grid": record.run.adapter, "network": record.run.model, "training": training}
    chosen = {name.rpartition(".")[2] for name in record.chosen}
    return {
        f"{part} · {name}": value
        for part, settings in parts.items()
        for name, value in settings.items()
        if name not in BOOKKEEPING and value is not None and not (part != "grid" and name in chosen)
    }


def _changes(part: SplitView, cell: CellSummary, records: Sequence[Record]) -> Iterator[str]:
    yield from _against_baseline(part)
    yield from _unfinished(part)
    yield from _longer_training(records)
    lean = cheaper(part)
    if lean:
        ratio = cell.milliseconds_per_item / lean.milliseconds_per_item
        tested = lean.to_best
        difference = f" ({signed(tested.mean)} points, {probability(tested.p_value)})" if tested else ""
        yield (
            f"If the time of a prediction matters: {isolated(lean.model)} on {isolated(lean.adapter)} is "
            f"{ratio:.1f} times faster with {percent(lean.mean)}{difference}."
        )
    grids = {other.adapter for other in part.cells if other.kind == "cnn"}
    if len(grids) == 1:
        yield f"Another grid: only {isolated(next(iter(grids)))} was tried."
    if not any(record.trials for record in records):
        yield f"A search: the hyperparameters of {isolated(cell.model)} were given, not searched."
    if _mixes_groups(records, part.chapter.card):
        group = isolated(part.chapter.card.group_name)
        yield f"New {group}s: here a {group} is in training and in test, so this does not tell how well new ones go."


def _against_baseline(part: SplitView) -> Iterator[str]:
    against = part.verdict.against_baseline if part.verdict else None
    if against is None or part.baseline is None:
        return
    rival, reach = isolated(part.baseline.model), _half(against)
    if against.p_value >= SIGNIFICANT:
        yield (
            f"More folds, repeats or items: this experiment tells the CNN and {rival} apart only if they differ by "
            f"about {100 * reach:.1f} points ({against.test}, {probability(against.p_value)})."
        )
    else:
        near = against.low if against.mean > 0 else -against.high
        leader, other = ("the CNN", "baseline") if against.mean > 0 else (rival, "CNN")
        yield f"A better {other}: {leader} leads by at least {100 * near:.1f} points (lower end of the 95 % interval)."


def _mixes_groups(records: Sequence[Record], card: DataCard) -> bool:
    """Whether a group has items inside and outside the test items of a fold."""
    for record in records if card.members else ():
        test = set(record.test)
        inside = {group for item, group in enumerate(card.members) if item in test}
        if any(group in inside for item, group in enumerate(card.members) if item not in test):
            return True
    return False


def _half(found: Difference) -> float:
    return (found.high - found.low) / 2


def _unfinished(part: SplitView) -> Iterator[str]:
    missing = sum(cell.planned - cell.done for cell in part.cells)
    if missing:
        yield f"The {plural(missing, 'run')} without a result: the leaderboard names them."


def _longer_training(records: Sequence[Record]) -> Iterator[str]:
    last = [r for r in records if r.curves and r.scores.get("best_epoch", 0) >= len(next(iter(r.curves.values())))]
    if 2 * len(last) > len(records):
        yield (
            f"Longer training: {len(last)} of {plural(len(records), 'run')} were best in their last epoch, "
            "so they may not have been at their end."
        )
