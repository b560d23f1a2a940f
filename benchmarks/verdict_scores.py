"""How often the order claim errs, finds, and covers, by simulated scores of folds.

    python benchmarks/verdict_scores.py [simulations]     # 1,000 by default: about 3 minutes of one core

Prints a table and keeps it in ``verdict_scores.json``, from where ``verdicts.py page``
takes it. Expected: at most 5 of 100 claims where the order is worth nothing and folds are as
correlated as the test takes them to be, whatever the luck of orders; intervals that hold the truth in
95 of 100 or more.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.folder import write_atomically
from training.records import Record, Run
from training.verdict.contrasts import order_contrast
from training.verdict.posterior import MARGIN, Posterior, correlated_t
from training.verdict.rules import Claim, Rules

OUT = Path(__file__).with_suffix(".json")
FOLDS, ORDERS, LOOKS, ITEMS = 5, 5, 4, 100


@dataclass(frozen=True)
class World:
    """How scores come about.

    Parameters
    ----------
    effect : float
        What the given order is worth.
    noise : float
        Deviation of a score from training to training and fold to fold.
    shared : float
        Correlation of the folds' differences, from the items that all folds share.
    luck : float
        Deviation between orders. Each look has ``ORDERS`` new ones, every one on all of its folds.
    fresh : bool
        Whether each fold has one new order, as the arms of single axes and `compare` have.
    """

    effect: float
    noise: float = 0.01
    shared: float = 1 / FOLDS
    luck: float = 0.0
    fresh: bool = False


WORLDS = {
    "nothing, folds correlated as assumed": World(0.0),
    "nothing, folds more correlated": World(0.0, shared=0.4),
    "nothing, orders differ by 1 point": World(0.0, luck=0.01),
    "nothing, orders differ by 5 points": World(0.0, luck=0.05),
    "exactly the margin of a point": World(MARGIN),
    "2 points": World(0.02),
    "4 points": World(0.04),
    "8 points": World(0.08),
    "8 points, noise 3 points": World(0.08, noise=0.03),
    "8 points, orders differ by 2 points": World(0.08, luck=0.02),
    "15 points, orders differ by 5 points": World(0.15, luck=0.05),
    "one order a fold: nothing": World(0.0, fresh=True),
    "one order a fold: nothing, orders differ by 1 point": World(0.0, luck=0.01, fresh=True),
    "one order a fold: nothing, orders differ by 5 points": World(0.0, luck=0.05, fresh=True),
    "one order a fold: 2 points": World(0.02, fresh=True),
    "one order a fold: 4 points, orders differ by 1 point": World(0.04, luck=0.01, fresh=True),
    "one order a fold: 8 points, orders differ by 1 point": World(0.08, luck=0.01, fresh=True),
}


def simulate(world: World, rng: np.random.Generator) -> tuple[list[Posterior], Posterior]:
    """Give the posterior at each look, and that over folds alone at the first."""
    if world.fresh:
        return _one_order_a_fold(world, rng)
    common = rng.normal(0, world.noise * np.sqrt(world.shared), 2)  # of the grid's and the orders' scores
    own = world.noise * np.sqrt(1 - world.shared)
    grid = world.effect + rng.normal(0, world.luck) + common[0] + rng.normal(0, own, (LOOKS, FOLDS))
    lucks = rng.normal(0, world.luck, (LOOKS, ORDERS, 1))
    orders = lucks + common[1] + rng.normal(0, own, (LOOKS, ORDERS, FOLDS))
    found = [_posterior(grid[:look].ravel(), orders[:look]) for look in range(1, LOOKS + 1)]
    return found, correlated_t((grid[0] - orders[0].mean(axis=0)).tolist(), 1 / (FOLDS - 1))


def _one_order_a_fold(world: World, rng: np.random.Generator) -> tuple[list[Posterior], Posterior]:
    common = rng.normal(0, world.noise * np.sqrt(world.shared), 2)
    own = world.noise * np.sqrt(1 - world.shared)
    grid = world.effect + rng.normal(0, world.luck) + common[0] + rng.normal(0, own, LOOKS * FOLDS)
    shuffled = rng.normal(0, world.luck, LOOKS * FOLDS) + common[1] + rng.normal(0, own, LOOKS * FOLDS)
    looks = shuffled.reshape(LOOKS, 1, FOLDS)
    found = [_posterior(grid[: look * FOLDS], looks[:look], "permuted") for look in range(1, LOOKS + 1)]
    return found, correlated_t((grid - shuffled)[:FOLDS].tolist(), 1 / (FOLDS - 1))


def _posterior(grid: NDArray[np.float64], shuffled: NDArray[np.float64], arm: str = "permuted {}") -> Posterior:
    """Contrast scores of the grid, of all folds, with those of orders, of shape ``(looks, orders, folds)``."""
    original = [_record("original", i, score) for i, score in enumerate(grid)]
    orders = [
        _record(arm.format(order), look * FOLDS + fold, float(shuffled[look, order, fold]))
        for look, order, fold in np.ndindex(*shuffled.shape)
    ]
    posterior = order_contrast(original, orders)
    assert posterior is not None
    return posterior


def _record(arm: str, place: int, score: float) -> Record:
    repeat, fold = divmod(place, FOLDS)
    run = Run("toy", "", {"name": "g"}, "cnn", {"name": "m"}, arm, {}, {}, "s", repeat, fold, 0, {})
    return Record(run, "ok", scores={"accuracy": float(score)}, test=list(range(fold * ITEMS, (fold + 1) * ITEMS)))


def _end(claims: list[Claim]) -> tuple[Claim, int]:
    """Go from look to look as a verdict does, until the claim is settled."""
    for look, claim in enumerate(claims, start=1):
        if claim.holds is not None:
            return claim, look
    return claims[-1], len(claims)


def scores(trials: int) -> None:
    """Measure error, power and coverage of the order claim, and how many looks it takes."""
    rules, rows = Rules(looks=LOOKS), []
    for name, world in WORLDS.items():
        rng = np.random.default_rng(0)
        found = [simulate(world, rng) for _ in range(trials)]
        first = [looks[0] for looks, _ in found]
        ends = [_end([Claim.alone(posterior, rules) for posterior in looks]) for looks, _ in found]
        early = [Claim.alone(posterior, rules).holds is True for posterior in first]
        shown, none = ([claim.holds is held for claim, _ in ends] for held in (True, False))
        naive = [Claim.alone(posterior, Rules()).holds is True for _, posterior in found]
        covered = [low <= world.effect <= high for low, high in (posterior.interval() for posterior in first)]
        shares = (np.mean(values) for values in (early, shown, none, naive, covered))
        rows.append([name, *(f"{100 * share:.1f} %" for share in shares), f"{np.mean([n for _, n in ends]):.1f}"])
        print(rows[-1], flush=True)
    write_atomically(OUT, json.dumps({"trials": trials, "rows": rows}, indent=1))


if __name__ == "__main__":
    scores(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
