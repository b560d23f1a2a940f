"""A race of oracles for the same seconds: random, grid, Bayesian, Hyperband, evolution.

    GRIDZOO_DATA=<folder> nice python benchmarks/search_table.py
    nice python benchmarks/search.py [--seeds 10] [--unit seconds flops]

Searches run as ``gridzoo tune`` runs them – the same loop, rungs, first point and eight legs at a time –
but look up in the tables of `search_table.py` what a leg comes to. A search pays the CPU
seconds of each leg, of tracing each new network, and of the oracle's own thinking; or the
operations of its legs. CPU seconds, not those of the clock: a busy machine does not change
who wins. The truth of a point is its test accuracy, the mean over three trainings of all epochs; a
search is worth the truth of the point that it would choose by then.
Races lie in ``runs/search/race``; ``docs/search.md``, its curves and what
reports show of them (``reports/assets/race.json``) are written anew each time.
Sets whose table is not whole are left out, and the page says so.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats
from search_curves import draw
from search_table import CASES, ROOT, TOP, path_of

from training.errors import ExperimentError
from training.records import canonical
from training.tuning.proposals import Leg, proposer_for
from training.tuning.search import search
from training.tuning.settings import Tuning
from training.tuning.trainer import Lap
from training.verdict.across import critical_difference, friedman, holm, nemenyi, wilcoxon

RACES, PAGE, CURVES = ROOT / "runs" / "search" / "race", ROOT / "docs" / "search.md", ROOT / "docs" / "search-{}.svg"
SHOWN_IN_REPORTS = ROOT / "reports" / "assets" / "race.json"
ORACLES = ("random", "grid", "bayesian", "hyperband", "evolution")
WHOLE = 20  # trainings of all epochs that a budget pays
MOMENTS = 40
LEAST = 3  # data sets that a test across them takes
SHOWN = (0.25, 0.5, 1.0)


class Table:
    """What all points of a data set came to."""

    def __init__(self, name: str) -> None:
        self.name, self.case = name, CASES[name]
        paths = [path_of(name, number) for number in range(len(self.case.points))]
        self.missing = sum(not path.exists() for path in paths)
        self._paths = paths

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """Points by their values."""
        rows = [json.loads(path.read_text()) for path in self._paths]
        return {canonical(row["values"]): row for row in rows}

    def leg(self, leg: Leg) -> dict[str, Any]:
        """Find a leg."""
        row = self.rows[canonical(leg.values)]
        found: dict[str, Any] = next(one for one in row["legs"] if tuple(one["rungs"]) == leg.rungs)
        return found

    def cost(self, leg: Leg, unit: str) -> float:
        """Give what a leg costs; the first of a trial traces its network."""
        found = self.leg(leg)
        traced = self.rows[canonical(leg.values)]["trace"] if unit == "seconds" and len(leg.rungs) == 1 else 0.0
        return float(found[unit]) + traced

    def truth(self, values: dict[str, Any]) -> float:
        """Give the test accuracy of a point, the mean over its trainings."""
        return float(np.mean(self.rows[canonical(values)]["tests"]))

    @cached_property
    def best(self) -> float:
        """The highest truth."""
        return max(float(np.mean(row["tests"])) for row in self.rows.values())

    def budget(self, unit: str) -> float:
        """Give what so many trainings of all epochs cost, tracing included."""
        whole = [self.cost(Leg(0, row["values"], (TOP,)), unit) for row in self.rows.values()]
        return WHOLE * float(np.mean(whole))


class Race:
    """One search on a table: its budget, its trainer and its diary."""

    def __init__(self, table: Table, unit: str) -> None:
        self._table, self._unit = table, unit
        self._spent = self._booked = 0.0
        self._budget, self._since = table.budget(unit), time.process_time()
        self._best: tuple[int, tuple[float, float]] = (0, (0.0, 0.0))
        self.diary: list[tuple[float, float]] = []  # share of the budget, truth of what would be chosen

    def refused(self, leg: Leg) -> None:
        """Every network of the table can be drawn."""

    def admits(self, leg: Leg) -> bool:
        """Whether a leg can still be paid; if so, it is booked."""
        cost = self._table.cost(leg, self._unit)
        if self._spent + self._booked + cost > self._budget:
            return False
        self._booked += cost
        return True

    def paid(self, leg: Leg, lap: Lap) -> None:
        """Nothing is left to learn: costs are known."""

    def flops_needed(self, leg: Leg) -> float:
        """Say what a leg costs, for the error of a budget that is too small."""
        return self._table.cost(leg, self._unit)

    def train(self, legs: Sequence[Leg]) -> list[Lap]:
        """Look legs up, one after the other, and note what would be chosen after each."""
        if self._unit == "seconds":
            self._spent += time.process_time() - self._since
        laps = []
        for leg in legs:
            found = self._table.leg(leg)
            score = tuple(found["score"]) if found["score"] else None
            self._spent += self._table.cost(leg, self._unit)
            if score and (leg.rungs[-1], score) > self._best:
                self._best = (leg.rungs[-1], score)
                self.diary.append((self._spent / self._budget, self._table.truth(leg.values)))
            laps.append(Lap(score, {"loss": [0.0] * leg.epochs}, reason=found["reason"]))
        self._booked, self._since = 0.0, time.process_time()
        return laps


class NoStates:
    """Nothing is kept of a trial: the table has it all."""

    def trim(self, best_first: Sequence[int]) -> None:
        """Forget nothing."""


def raced(table: Table, oracle: Any, seed: int, unit: str) -> list[tuple[float, float]]:
    """Run one search, or read it from the disk."""
    path = RACES / f"{table.name}-{oracle}-{seed}-{unit}.json"
    if not path.exists():
        tuning, race = Tuning(oracle, trials=len(table.rows), epochs=TOP), Race(table, unit)
        proposer = proposer_for(tuning, table.case.space, seed)
        search(tuning, proposer, race.train, NoStates(), race)  # type: ignore[arg-type]
        path.write_text(json.dumps(race.diary))
        print(table.name, oracle, seed, unit, race.diary[-1], flush=True)
    return [tuple(entry) for entry in json.loads(path.read_text())]


def curve_of(diary: Sequence[tuple[float, float]]) -> np.ndarray:
    """Read a diary at even shares of the budget; before the first trial there is chance, which counts as nothing."""
    moments = np.arange(1, MOMENTS + 1) / MOMENTS
    return np.array([next((truth for at, truth in reversed(diary) if at <= moment), 0.0) for moment in moments])


def interval(values: np.ndarray) -> np.ndarray:
    """Give half the width of a 95 % t-interval of the mean over the first axis."""
    return np.asarray(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values, axis=0))


def found_of(table: Table, curves: dict[str, np.ndarray]) -> dict[str, Any]:
    """Sum the races on one data set up: worth at some moments, mean regret, p against random; halves of intervals beside means."""
    regret = {oracle: table.best - own.mean(axis=1) for oracle, own in curves.items()}
    others = [oracle for oracle in curves if oracle != "random"]
    adjusted = dict(zip(others, holm([wilcoxon(regret["random"], regret[o])[1] for o in others]), strict=True))
    moments = [round(share * MOMENTS) - 1 for share in SHOWN]
    rows = {
        oracle: {
            "worth": [_with_half(own[:, moment]) for moment in moments],
            "regret": _with_half(regret[oracle]),
            "p": adjusted.get(oracle),
        }
        for oracle, own in curves.items()
    }
    return {
        "data": table.name,
        "network": table.case.architecture,
        "points": len(table.rows),
        "best": table.best,
        "oracles": rows,
    }


def _with_half(values: np.ndarray) -> list[float]:
    return [round(float(values.mean()), 5), round(float(interval(values)), 5)]


def chapter(found: dict[str, Any]) -> list[str]:
    """Write what the page says of one data set."""
    heads = " | ".join(f"at {share:.0%}" for share in SHOWN)
    lines = [
        f"## {found['data']} ({found['points']} points of {found['network']}; the best has {found['best']:.4f})", "",
        f"| oracle | {heads} | mean regret | p against random, Holm |", "|---|" + "---|" * (len(SHOWN) + 2),
    ]  # fmt: skip
    for oracle, row in found["oracles"].items():
        cells = " | ".join(f"{mean:.4f} ± {half:.4f}" for mean, half in [*row["worth"], row["regret"]])
        lines.append(f"| {oracle} | {cells} | {'–' if row['p'] is None else format(row['p'], '.3f')} |")
    return [*lines, ""]


def verdict(names: Sequence[str], scores: np.ndarray) -> list[str]:
    """Compare oracles across data sets, one mean regret each."""
    if len(names) < LEAST:
        return [f"Across data sets: no test, since {len(names)} of {len(CASES)} tables are whole and it takes three."]
    found = friedman(-scores)
    ranks = ", ".join(f"{oracle} {rank:.2f}" for oracle, rank in zip(ORACLES, found.ranks, strict=True))
    gap = critical_difference(len(ORACLES), len(names))
    try:
        pairs = f"The smallest p-value of a pair (Nemenyi) is {nemenyi(-scores).min():.3f}."
    except ExperimentError as error:
        pairs = str(error)
    return [
        f"Across {len(names)} data sets (Friedman on mean regret): χ² = {found.chi_square:.2f}, p = {found.p_value:.3f} "
        f"(Iman–Davenport p = {found.p_of_f:.3f}). Mean ranks: {ranks}; two differ from {gap:.2f} on. {pairs}"
    ]


def report(unit: str, tables: Sequence[Table], seeds: int) -> list[str]:
    """Race on every table and write it down."""
    chapters, scores, drawn, races = [], [], {}, []
    for table in tables:
        curves = {
            oracle: np.array([curve_of(raced(table, oracle, seed, unit)) for seed in range(seeds)])
            for oracle in ORACLES
        }
        races.append(found_of(table, curves))
        chapters += chapter(races[-1])
        scores.append([table.best - curves[oracle].mean() for oracle in ORACLES])
        drawn[table.name] = {o: (own.mean(axis=0), interval(own)) for o, own in curves.items()}
    path = Path(str(CURVES).format(unit))
    path.write_text(draw(drawn, unit), encoding="utf-8")
    if unit == "seconds":
        kept: dict[str, Any] = {"seeds": seeds, "trainings": WHOLE, "races": races, "ranks": {}, "p": None}
        if len(tables) >= LEAST:
            across = friedman(-np.array(scores))
            kept |= {"ranks": dict(zip(ORACLES, map(float, across.ranks), strict=True)), "p": float(across.p_value)}
        SHOWN_IN_REPORTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    words = "CPU seconds of training, tracing and thinking" if unit == "seconds" else "operations of training"
    return [
        f"# Equal {unit}: {words}", "", f"![anytime curves]({path.name})", "", *chapters,
        *verdict([table.name for table in tables], np.array(scores)), "",
    ]  # fmt: skip


def main() -> None:
    """Race where tables are whole, and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--unit", nargs="+", choices=["seconds", "flops"], default=["seconds", "flops"])
    asked = parser.parse_args()
    RACES.mkdir(parents=True, exist_ok=True)
    tables = [Table(name) for name in CASES]
    whole = [table for table in tables if not table.missing]
    left = [
        f"{table.name} lacks {table.missing} of {len(table.case.points)} points" for table in tables if table.missing
    ]
    if not whole:
        raise SystemExit(f"no table is whole: {'; '.join(left)}; run benchmarks/search_table.py first")
    body = [line for unit in asked.unit for line in report(unit, whole, asked.seeds)]
    command = " ".join(["python benchmarks/search.py", *sys.argv[1:]])
    page = PAGE.read_text(encoding="utf-8").partition("<!-- measured -->")[0] if PAGE.exists() else "# Search\n\n"
    said = [f"<!-- measured -->\n`{command}` wrote this, over {asked.seeds} seeds (mean and 95 % interval).", ""]
    if left:
        said += [f"Not raced yet: {'; '.join(left)}.", ""]
    PAGE.write_text(page + "\n".join([*said, *body]), encoding="utf-8")
    print("\n".join(body))


if __name__ == "__main__":
    main()
