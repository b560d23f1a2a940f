"""What an experiment is: one schema for TOML files and Python."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from training.errors import ExperimentError, nearest, require
from training.fitting.recipe import Recipe
from training.schema import build
from training.splits import SPLITS, Split
from training.tuning.settings import Tuning
from training.verdict import arms
from training.verdict.posterior import MARGIN

Unit = Literal["seconds", "flops"]
UNITS: tuple[str, ...] = get_args(Unit)


@dataclass(frozen=True)
class Model:
    """An architecture that takes part.

    Parameters
    ----------
    name : str
        A variant of the zoo.
    settings : dict
        Fields of the architecture that differ from the variant.
    tuned : bool
        Whether its hyperparameters are searched by keras-tuner in every fold.
    """

    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    tuned: bool = False

    @classmethod
    def of(cls, settings: Mapping[str, Any], tuned: bool) -> Model:
        """Take an architecture's settings, ``name`` among them."""
        return cls(settings["name"], {key: value for key, value in settings.items() if key != "name"}, tuned)


@dataclass(frozen=True)
class Experiment:
    """A declared set of runs on one data set.

    Parameters
    ----------
    source : str
        Name of a data set, or a path.
    target, group, part : str
        Columns of a table: the label, what must not be split, and the official split.
        Empty: columns of the usual names.
    modality : str
        Empty: what the source guesses.
    limit : int, optional
        At most so many training items, drawn in proportion to the classes.
    adapters : tuple of dict
        Settings of adapters, ``name`` among them. Empty: what suits the data.
    architectures : tuple of Model
        Empty: three that suit the modality, the first of them tuned.
    arms : tuple of str
        What `training.verdict.arms` lists.
    baselines : tuple of str
        ``"auto"`` is the pack that suits the modality, of which each fold chooses one by
        its training items; empty for none.
    splits : tuple of str
        Empty: the official split if there is one, otherwise stratified folds.
    folds, repeats, seed : int
        Each repeat and fold has weights and orders of its own, drawn from the seed and
        its numbers; the order of the runs is drawn from the seed too.
    budget : float, optional
        For the trainings of the whole comparison; every network gets an equal share in
        every arm and fold, its trials included.
    budget_unit : {"seconds", "flops"}
        Seconds: a training stops at the end of the epoch in which its share is used up,
        so results then depend on the machine's speed. Operations: its epochs are counted
        out beforehand (two operations a multiply–accumulate, three forward passes a
        training item), so they do not.
    time_limit : float, optional
        Seconds that one run may take, tuning included. One that takes longer is tried
        once more, alone, and then recorded as failed.
    memory_limit : float, optional
        Megabytes of a worker, likewise; nine tenths of the machine's by default.
    robustness : bool
        Whether trained networks are also tested on shifted, turned, stretched or noisy
        grids, as far as the adapter's declarations make these meaningful. Runs that
        finished without are done again.
    recipe : Recipe
    tuning : Tuning
    margin : float
        Differences in accuracy up to it count as none.
    looks : int
        How often the results are judged, at most: each look must be surer then.

    Examples
    --------
    >>> Experiment("digits", folds=3).folds
    3
    """

    source: str
    target: str = ""
    group: str = ""
    part: str = ""
    modality: str = ""
    limit: int | None = None
    adapters: tuple[dict, ...] = ()  # type: ignore[type-arg]
    architectures: tuple[Model, ...] = ()
    arms: tuple[str, ...] = arms.COMPARED
    baselines: tuple[str, ...] = ("auto",)
    splits: tuple[Split, ...] = ()
    folds: int = 5
    repeats: int = 1
    seed: int = 0
    budget: float | None = None
    budget_unit: Unit = "seconds"
    time_limit: float | None = None
    memory_limit: float | None = None
    robustness: bool = False
    recipe: Recipe = field(default_factory=Recipe)
    tuning: Tuning = field(default_factory=Tuning)
    margin: float = MARGIN
    looks: int = 1

    def __post_init__(self) -> None:
        require(bool(self.source), "source", "a data set's name or a path", self.source)
        require(self.limit is None or self.limit >= 2, "limit", "at least 2 training items", self.limit)
        require(self.repeats >= 1, "repeats", "at least 1", self.repeats)
        require(self.seed >= 0, "seed", "0 or more", self.seed)
        require(self.budget is None or self.budget > 0, "budget", "more than 0", self.budget)
        require(self.time_limit is None or self.time_limit > 0, "time_limit", "more than 0 seconds", self.time_limit)
        require(
            self.memory_limit is None or self.memory_limit > 0,
            "memory_limit",
            "more than 0 megabytes",
            self.memory_limit,
        )
        require(len(self.arms) > 0, "arms", "at least 'original'", self.arms)
        require(0 <= self.margin < 1, "margin", "a share of accuracy from 0 to 1", self.margin)
        require(self.looks >= 1, "looks", "at least 1", self.looks)
        for what, values, known in (("split", self.splits, SPLITS), ("budget_unit", (self.budget_unit,), UNITS)):
            for value in values:
                if value not in known:
                    raise ExperimentError(f"{what}: got {value!r}; {nearest(value, known)}")
        for arm in self.arms:
            arms.check(arm)

    def to_json(self) -> dict[str, Any]:
        """Plain data: what `from_mapping` reads."""
        return asdict(self)


def from_mapping(data: Mapping[str, Any], where: str) -> Experiment:
    """Read an experiment from plain data, such as a parsed TOML file.

    Adapters and architectures may be given by name alone; ``"lenet5+"`` is short for
    ``{name = "lenet5", tuned = true}``.

    Raises
    ------
    ExperimentError
        On an unknown key (it names the nearest), a wrong type or value.
    """
    prepared = dict(data)
    if "source" not in prepared:
        misspelt = [key for key in prepared if key not in Experiment.__dataclass_fields__]
        found = (
            f"; unknown key {misspelt[0]!r}, {nearest(misspelt[0], Experiment.__dataclass_fields__)}"
            if misspelt
            else ""
        )
        raise ExperimentError(f"{where}: expected 'source', a data set's name or a path{found}")
    for key, short in (("adapters", _adapter), ("architectures", _model)):
        if key in prepared:
            values = prepared[key] if isinstance(prepared[key], (list, tuple)) else [prepared[key]]
            prepared[key] = [short(value) for value in values]
    try:
        return build(Experiment, prepared, where)
    except ExperimentError as error:
        message = str(error)
        raise ExperimentError(message if message.startswith(where) else f"{where}: {message}") from None


def read(path: Path) -> Experiment:
    """Read an experiment file.

    Parameters
    ----------
    path : path
        A TOML file with the fields of `Experiment`. A relative ``source`` that exists
        beside the file is meant relative to it.

    Raises
    ------
    ExperimentError
        If the file cannot be read, or does not declare an experiment.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExperimentError(f"{path}: cannot be read ({error.strerror}); expected a TOML file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExperimentError(f"{path}: expected TOML, got a syntax error: {error}") from None
    if isinstance(data.get("source"), str) and (path.parent / data["source"]).exists():
        data["source"] = str(path.parent / data["source"])
    return from_mapping(data, str(path))


def _adapter(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _model(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return {"name": value.removesuffix("+"), "tuned": value.endswith("+")}
