"""Check a report: its records by their hashes, and one of its cells by running it again."""

from __future__ import annotations

import math
import secrets
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from adapters.dataset import Dataset
from adapters.errors import DataError
from reports.evidence import digest, unsealed
from training.errors import ExperimentError
from training.experiment import Experiment, from_mapping
from training.folder import RunFolder
from training.records import Record, Run

FEWEST_POINTS = 0.005  # of accuracy: what another processor's rounding may change


@dataclass(frozen=True)
class Finding:
    """One thing that was checked."""

    what: str
    holds: bool
    detail: str


@dataclass(frozen=True)
class Claim:
    """A chapter of the page: what it says of its records, and the records as they are now."""

    about: dict[str, Any]
    records: list[Record]


def verify(
    page: Path, folders: Sequence[Path], cells: int, seed: int | None, data_home: Path | None
) -> Iterator[Finding]:
    """Check a report, one finding after another.

    Parameters
    ----------
    page : Path
        An HTML report.
    folders : sequence of Path
        Run folders that hold its records; the page's own folder if empty.
    cells : int
        Cells to run again, drawn at random; 0 for none.
    seed : int, optional
        Decides which; drawn and told if not given.
    data_home : Path, optional
        Where data sets lie.

    Raises
    ------
    ExperimentError
        If the page is not a report, or a cell cannot be run again.
    """
    try:
        evidence, intact = unsealed(page.read_text(encoding="utf-8"))
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError among them
        raise ExperimentError(f"{page}: {error}") from None
    yield Finding("page", intact, "as it was written" if intact else "was changed after it was written")
    claims = []
    for about in evidence["chapters"]:
        records, finding = _held(about, [RunFolder(folder) for folder in folders or [page.parent]])
        claims.append(Claim(about, records))
        yield finding
        yield _means(claims[-1])
    drawn = secrets.randbelow(2**31) if seed is None else seed
    for claim, cell in _draw(claims, cells, drawn):
        yield _again(claim, cell, drawn, data_home)


def _held(about: dict[str, Any], folders: Sequence[RunFolder]) -> tuple[list[Record], Finding]:
    """Find the records of a chapter, and say whether they are those that the page was made of."""
    same: list[Record] = []
    changed: list[Record] = []
    missing: list[str] = []
    held = {record.run.key: record for folder in folders for plan in folder.plans() for record in folder.records(plan)}
    for key, told in about["records"].items():
        found = held.get(key)
        if found is None:
            missing.append(key)
        else:
            (same if digest(found) == told["sha256"] else changed).append(found)
    names = [*(record.run.key for record in changed), *missing]
    detail = f"{len(same)} of {len(about['records'])} as the page says"
    if names:
        detail += f"; {len(changed)} changed, {len(missing)} missing or damaged, such as {names[0]}"
    return same, Finding(f"{about['dataset']}: records", not names, detail)


def _means(claim: Claim) -> Finding:
    """Compute the leaderboard's means again from the records."""
    wrong = []
    for row in claim.about["cells"]:
        own = [r.scores["accuracy"] for r in claim.records if r.status == "ok" and _matches(r.run, row)]
        if len(own) != row["done"] or (own and not math.isclose(statistics.fmean(own), row["mean"], abs_tol=1e-9)):
            wrong.append(row["model"])
    count = len(claim.about["cells"])
    detail = f"means of {count} rows follow from them" if not wrong else f"{len(wrong)} of {count} rows do not follow"
    return Finding(f"{claim.about['dataset']}: leaderboard", not wrong, detail)


def _matches(run: Run, row: dict[str, Any]) -> bool:
    _, split, adapter, kind, model, arm = run.cell
    return (split, adapter, kind, model, arm) == tuple(row[key] for key in ("split", "adapter", "kind", "model", "arm"))


def _draw(claims: Sequence[Claim], cells: int, seed: int) -> list[tuple[Claim, dict[str, Any]]]:
    finished = [(claim, row) for claim in claims for row in claim.about["cells"] if row["done"]]
    order = np.random.default_rng(seed).permutation(len(finished))[:cells]
    return [finished[place] for place in order]


def _again(claim: Claim, row: dict[str, Any], seed: int, data_home: Path | None) -> Finding:
    """Run every fold of a cell again, and hold the mean against the one on the page."""
    what = f"{claim.about['dataset']}: {row['model']} on {row['adapter']}, {row['arm']}, again (seed {seed})"
    before = {(r.run.repeat, r.run.fold): r for r in claim.records if r.status == "ok" and _matches(r.run, row)}
    if not before:
        return Finding(what, False, "its records are not at hand")
    after = {place: record for place, record in _rerun(claim, row, data_home) if place in before}
    failed = [record.reason for record in after.values() if record.status != "ok"]
    if failed or set(after) != set(before):
        return Finding(what, False, failed[0] if failed else f"{len(after)} of {len(before)} folds could be run")
    if any(after[place].run.fingerprint != record.run.fingerprint for place, record in before.items()):
        return Finding(what, False, "the data is not the data of the report: its fingerprint differs")
    old, new = (statistics.fmean(r.scores["accuracy"] for r in side.values()) for side in (before, after))
    allowed = tolerance(old, sum(len(record.test) for record in before.values()))
    versions = (
        "" if all(after[p].run.versions == before[p].run.versions for p in before) else "; other library versions"
    )
    detail = f"accuracy {new:.4f}, on the page {old:.4f}, difference {abs(new - old):.4f} of {allowed:.4f} allowed"
    return Finding(what, abs(new - old) <= allowed, detail + versions)


def tolerance(accuracy: float, items: int) -> float:
    """Largest difference that two trainings of the same network may show: two standard errors of the difference.

    Examples
    --------
    >>> round(tolerance(0.9, 1000), 4)
    0.0268
    """
    return max(FEWEST_POINTS, 2 * math.sqrt(2 * accuracy * (1 - accuracy) / max(1, items)))


def _rerun(claim: Claim, row: dict[str, Any], data_home: Path | None) -> Iterator[tuple[tuple[int, int], Record]]:
    from adapters.cache import Cache
    from adapters.reading import cores
    from training.planning import prepare, tasks_of
    from training.running.attempts import Attempt, attempt
    from training.running.worker import local_executor

    experiment = from_mapping(claim.about["experiment"], "the report's experiment")
    dataset = _data(experiment, data_home)
    cache = Cache.default()
    with cache.scratch() as scratch, local_executor() as executor:
        tasks = tasks_of(prepare(experiment, dataset, cache), cache, scratch, 1, cores())
        for task in [task for task in tasks if _matches(task.run, row)]:
            yield (task.run.repeat, task.run.fold), executor.submit(attempt, Attempt(task)).result()


def _data(experiment: Experiment, data_home: Path | None) -> Dataset:
    from gridzoo import api

    try:
        return api.load(
            experiment.source, target=experiment.target or None, group=experiment.group or None,
            part=experiment.part or None, modality=experiment.modality or None, data_home=data_home, seed=experiment.seed,
        )  # fmt: skip
    except DataError as error:
        raise ExperimentError(
            f"{error}; a cell can be run again only where its data is at hand. Pass --data-home, or --cells 0 "
            "to check the hashes alone (all there is to check for data that came as arrays from Python)"
        ) from None
