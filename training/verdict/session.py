"""Reach a verdict: repeat the cross-validation while that may decide it and there is time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adapters.cache import Cache
from adapters.dataset import Dataset
from adapters.reading import cores
from training.answers import UNDECIDED, Verdict
from training.budget import search_share
from training.cards import card_of
from training.chapters import Plan
from training.comparison import Comparison, Watch, machine
from training.entrants import Entrant
from training.errors import ExperimentError
from training.experiment import Experiment
from training.fitting.recipe import Recipe
from training.folder import RunFolder
from training.insights import look_inside
from training.planning import Prepared, prepare, tasks_of
from training.records import Record, Run, canonical
from training.running.crew import Crew
from training.running.estimate import Memory
from training.running.order import shuffled
from training.running.session import do_missing, opened
from training.running.task import Task
from training.verdict.arms import JUDGED, is_graded
from training.verdict.evidence import Evidence, evidence
from training.verdict.rules import Rules
from training.verdict.suited import draw, suited_to

# Share of the budget that the first repeat may take: most verdicts need no other, and a
# training that ends too early helps nobody.
FIRST_LOOK = 0.75
# What a verdict takes where nothing else is asked for. More items than these would leave
# each training too little of the ten minutes.
USUAL: dict[str, Any] = {
    "arms": list(JUDGED),
    "looks": 4,
    "budget": 600.0,
    "limit": 5000,
    # What was chosen by luck would differ from arm to arm, and hide what differs by their cells.
    "tuning": {"trials": 4, "epochs": 8, "over": ["recipe"], "rule": "one-standard-error"},
    # A shift or a turn knows the order of cells. With one, the given order would not be
    # a draw like the shuffled ones even where order means nothing.
    "recipe": {"augment": False},
}


@dataclass
class Session:
    """The runs of a verdict as they come.

    Parameters
    ----------
    prepared : Prepared
        With the folds of all looks and one split.
    folder : RunFolder
    cache : Cache
    scratch : path
    crew : Crew
    workers : int
    command : str
    watch : Watch
    """

    prepared: Prepared
    folder: RunFolder
    cache: Cache
    scratch: Path
    crew: Crew
    workers: int
    command: str
    watch: Watch
    runs: list[Run] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)

    @property
    def experiment(self) -> Experiment:
        """What was declared."""
        return self.prepared.experiment

    def judged(self) -> Evidence | None:
        """Say what the runs so far amount to; None if no CNN has finished."""
        found = evidence(self.records, Rules(self.experiment.margin, self.experiment.looks))
        return found[0] if found else None

    def run(self) -> None:
        """Look, and look again while it is open and there is time; then ask where the structure lies."""
        entrants = self.prepared.entrants
        main, graded = ([e for e in entrants if is_graded(e.arm) == wanted] for wanted in (False, True))
        self._look(0, main)
        for repeat in range(1, self.experiment.looks):
            found = self.judged()
            wanted = _open_arms(found, main)
            if found is None or not wanted or not self._affords([*wanted, *_of_judged(found, graded)]):
                break
            self._look(repeat, wanted)
        found = self.judged()
        if found is not None and found.may_be_located:
            self._locate(_of_judged(found, graded))

    def _locate(self, graded: Sequence[Entrant]) -> None:
        """Ask where the structure lies: of every axis and scale once, then again of axes that are open."""
        wanted = list(graded)
        while wanted and not self._affords(wanted):
            wanted.pop()  # those of the axes come first
        for repeat in range(self.experiment.looks):
            if not wanted or not self._affords(wanted):
                break
            self._look(repeat, wanted)
            wanted = _open_axes(self.judged(), self.prepared.entrants, repeat + 1)

    def _look(self, repeat: int, entrants: Sequence[Entrant]) -> None:
        """Do one repeat of some arms, and write the plan that it belongs to."""
        ((split, folds),) = self.prepared.splits
        part = replace(
            self.prepared,
            experiment=replace(self.experiment, recipe=self._recipe(), budget=None),
            entrants=list(entrants),
            splits=[(split, [fold for fold in folds if fold.repeat == repeat])],
        )
        tasks = shuffled(list(tasks_of(part, self.cache, self.scratch, self.workers)), self.experiment.seed)
        if not self.runs:
            self.folder.write_card(card_of(self.prepared))
        self.runs += [task.run for task in tasks]
        dataset = self.prepared.dataset.name
        self.folder.write_plan(Plan(dataset, self.experiment.to_json(), self.command, self.runs, machine()))
        watch = replace(self.watch, planned=lambda _: self.watch.planned(self.runs), finished=self._finished)
        by_key = {task.run.key: task for task in tasks}
        self.tasks |= by_key
        do_missing(by_key, self.folder, self.crew, self.workers, watch, Memory(self.cache.folder))

    def _recipe(self) -> Recipe:
        """Give each training an equal share of the time of the first look."""
        experiment, ((_, folds),) = self.experiment, self.prepared.splits
        if experiment.budget is None:
            return experiment.recipe
        main = [entrant for entrant in self.prepared.entrants if not is_graded(entrant.arm)]
        share = search_share(experiment.tuning, experiment.recipe)
        units = sum(1 + share * (entrant.kind == "baseline" or bool(entrant.tuning)) for entrant in main)
        first = sum(fold.repeat == 0 for fold in folds)
        seconds = experiment.budget * FIRST_LOOK * self.workers / (units * first)
        return replace(experiment.recipe, seconds=round(seconds, 3))

    def _affords(self, entrants: Sequence[Entrant]) -> bool:
        """Tell whether one more repeat of these arms ends in time, by what their like took so far."""
        if self.experiment.budget is None:
            return True
        took: dict[str, list[float]] = {"cnn": [0.0], "baseline": [0.0]}
        for record in self.records:
            took[record.run.kind].append(record.cost.seconds)
        ((_, folds),) = self.prepared.splits
        mean = {kind: sum(seconds) / max(1, len(seconds) - 1) for kind, seconds in took.items()}
        more = sum(mean[entrant.kind] for entrant in entrants) * sum(fold.repeat == 0 for fold in folds)
        spent = sum(map(sum, took.values()))
        return (spent + more) / self.workers <= self.experiment.budget

    def _finished(self, record: Record, resumed: bool) -> None:
        self.records.append(record)
        self.watch.finished(record, resumed)


def _open_arms(found: Evidence | None, main: Sequence[Entrant]) -> list[Entrant]:
    """Name the arms that another repeat needs: none if it is decided.

    The baseline takes part only if that may decide it. Orders do while that is open: each repeat brings new ones, which
    say more of what an order does to these items even where no number of repeats would tell what it is worth on others.
    """
    if found is None or found.control_moved or found.starved or found.answer != UNDECIDED:
        return []
    order = found.order is not None and found.order.holds is None
    baseline = found.worth_repeating(found.against, found.baseline)
    return [
        entrant
        for entrant in main
        if (order and entrant.arm.startswith("permuted"))
        or (entrant.kind == "baseline" and baseline)
        or (entrant.kind == "cnn" and entrant.arm == "original" and (order or baseline))
    ]


def _of_judged(found: Evidence, entrants: Sequence[Entrant]) -> list[Entrant]:
    """Name the entrants that are the judged network in some arm."""
    run = found.original[0].run
    judged = canonical([run.model, run.tuning])  # a record that was read has lists where an entrant has tuples
    return [entrant for entrant in entrants if canonical([entrant.model, entrant.tuning]) == judged]


def _open_axes(found: Evidence | None, entrants: Sequence[Entrant], repeat: int) -> list[Entrant]:
    """Name what another repeat of the axes needs whose part in it is open: their arms, and the grid as it is."""
    assert found is not None, "structure was found in a CNN's runs"
    own = _of_judged(found, entrants)
    open_ = {arm for arm, claim in found.located.items() if found.worth_repeating(claim, found.graded[arm])}
    axes = [entrant for entrant in own if entrant.arm.startswith("axis ") and entrant.arm in open_]
    if not axes or any(record.run.repeat == repeat for record in found.original):
        return axes
    return [*(entrant for entrant in own if entrant.arm == "original"), *axes]


def reach_verdict(
    experiment: Experiment,
    dataset: Dataset,
    out: Path,
    *,
    command: str = "",
    workers: int | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
    watch: Watch | None = None,
) -> tuple[Verdict, Comparison]:
    """Do the runs that a verdict needs, as far as they are not done yet.

    Parameters
    ----------
    experiment : Experiment
        Of one split; its ``looks`` are the most repeats. ``limit`` counts items, not
        training items.
    dataset : Dataset
    out : path
        The run folder; made if it is not there.
    command, workers, executor, watch
        As for `training.comparison.compare`.

    Returns
    -------
    Verdict, Comparison

    Raises
    ------
    ExperimentError, adapters.errors.DataError
        If the experiment does not fit its data, or no CNN could be trained.
    OSError
        If the folder cannot be written.
    """
    workers, cache = workers or cores(), Cache.default()
    with opened(out, cache, executor, workers) as (folder, scratch, crew):
        suited = suited_to(experiment, dataset)
        drawn = draw(dataset, experiment.limit, experiment.seed)
        prepared = prepare(suited, drawn, cache)
        watch = watch or Watch()
        session = Session(prepared, folder, cache, scratch, crew, workers, command, watch)
        session.run()
        datasets = {dataset.name: prepared.dataset}
        results = look_inside(Comparison.read(out).results, datasets, session.tasks, folder, crew, cache, watch.looking)
    comparison = Comparison(out, results)
    own = [verdict for verdict in comparison.verdicts() if verdict.dataset == dataset.name]
    if not own:
        reasons = sorted({record.reason for record in comparison.failed})
        raise ExperimentError(
            f"{dataset.name}: expected at least one finished CNN, but all failed: {'; '.join(reasons)}"
        )
    return own[0], comparison
