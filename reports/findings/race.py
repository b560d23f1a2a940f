"""How searches did in a race for the same seconds: what `benchmarks/search.py` found, as a report shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from reports.rendering import asset


@dataclass(frozen=True)
class Racer:
    """One way to search: its regret on each data set, a half of its interval beside it, and its mean rank."""

    oracle: str
    regrets: list[tuple[float, float]]
    rank: float | None


@dataclass(frozen=True)
class Race:
    """A race of searches.

    Parameters
    ----------
    data : list of str
        Data sets.
    racers : list of Racer
        The best first.
    seeds, trainings : int
        Races of each, and trainings of all epochs that a budget would have paid.
    p : float or None
        Friedman's, of equal ranks across data sets.
    """

    data: list[str]
    racers: list[Racer]
    seeds: int
    trainings: int
    p: float | None


@cache
def race() -> Race:
    """Give the race that was run."""
    told: dict[str, Any] = json.loads(asset("race.json"))
    races = told["races"]
    racers = [
        Racer(oracle, [tuple(one["oracles"][oracle]["regret"]) for one in races], told["ranks"].get(oracle))
        for oracle in races[0]["oracles"]
    ]
    racers.sort(key=lambda racer: (racer.rank or 0.0, sum(mean for mean, _ in racer.regrets)))
    return Race([one["data"] for one in races], racers, told["seeds"], told["trainings"], told["p"])
