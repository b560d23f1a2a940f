"""The critical-difference diagram: mean ranks on a line, bars over what cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass

from reports.wording import isolated, number, plural, probability
from training.portraits import Ranking


@dataclass(frozen=True)
class Placed:
    """A model on the line: its mean rank, where it lies (0..1), and in which row its name stands."""

    name: str
    rank: float
    at: float
    row: int


@dataclass(frozen=True)
class RankDiagram:
    """Models from the best, left, to the worst; ``bars`` span models that cannot be told apart."""

    models: list[Placed]
    bars: list[tuple[float, float]]
    critical: float
    low: int
    high: int
    words: str

    def at(self, rank: float) -> float:
        """Place of a rank on the line, 0..1."""
        return (rank - self.low) / max(1, self.high - self.low)


def rank_diagram(found: Ranking) -> RankDiagram:
    """Lay the diagram out (Demsar 2006, JMLR 7:1-30, figure 1)."""
    high = len(found.names)
    span = max(1, high - 1)
    left = sum(rank - 1 <= span / 2 for rank in found.ranks)
    # Names on the left run to the right, those on the right to the left: in these rows no leader crosses one.
    models = [
        Placed(name, rank, (rank - 1) / span, left - 1 - place if place < left else place)
        for place, (name, rank) in enumerate(zip(found.names, found.ranks, strict=True))
    ]
    bars = [((a - 1) / span, (b - 1) / span) for a, b in _cliques(found.ranks, found.critical)]
    return RankDiagram(models, bars, found.critical / span, 1, high, _words(found))


def _cliques(ranks: list[float], critical: float) -> list[tuple[float, float]]:
    """Longest stretches of ranks that lie within the critical difference; ranks rise."""
    found: list[tuple[float, float]] = []
    for first in ranks:
        last = max(rank for rank in ranks if rank - first <= critical)
        if last > first and (not found or last > found[-1][1]):
            found.append((first, last))
    return found


def _words(found: Ranking) -> str:
    ranks = ", ".join(f"{isolated(name)} {rank:.2f}" for name, rank in zip(found.names, found.ranks, strict=True))
    alike = "the models differ" if found.p_value < 0.05 else "no difference between the models is shown"
    return (
        f"Mean rank over {plural(len(found.datasets), 'data set')} (1 is best): {ranks}. Friedman's test: {alike} "
        f"({probability(found.p_value)}). Ranks closer than {number(found.critical)} cannot be told apart "
        "(Nemenyi's critical difference at 5 %)."
    )
