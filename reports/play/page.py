"""Render trainings of one game as a page that opens offline and runs no code at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from reports.drawings import PLOT_HEIGHT, PLOT_WIDTH, AxisMarks, Frame, Line, line_path
from reports.play.film import Piece, Shot, Watched, pieces, shots, watched
from reports.rendering import asset, environment, framed
from reports.saving import save
from reports.scales import Scale
from reports.wording import compact, duration, number
from training.play.records import PlayRecord
from training.play.summary import Reached, at_random, curve, reached

ARMS = {
    "original": "the network on the board",
    "permuted": "the same network, cells shuffled in one fixed way",
    "mlp": "an MLP of equal parameters",
}
WIDE, HIGH = 2.6 * PLOT_WIDTH, 1.5 * PLOT_HEIGHT


@dataclass(frozen=True)
class PlayView:
    """Trainings of one game, arranged for a page."""

    records: Sequence[PlayRecord]

    @property
    def game(self) -> str:
        """Name of the game."""
        return self.records[0].training.game

    @cached_property
    def shown(self) -> PlayRecord:
        """The training whose film is shown: the first on the board as it is, if there is one."""
        return next((one for one in self.records if one.training.arm == "original"), self.records[0])

    @cached_property
    def reached(self) -> list[Reached]:
        """What each arm reaches."""
        return reached(self.records)

    @cached_property
    def random(self) -> tuple[float, float, float]:
        """Mean return of a player at random, with its interval."""
        return at_random(self.records)

    @cached_property
    def curves(self) -> Frame:
        """Mean return over frames, a line an arm."""
        drawn = {arm: curve([one for one in self.records if one.training.arm == arm]) for arm in arms_of(self.records)}
        end = max(one.training.frames for one in self.records)
        values = [value for _, returns in drawn.values() for value in returns.tolist()]
        scale = Scale.around([*values, self.random[0]])
        lines = [Line(line_path(returns, scale, WIDE, HIGH), ARMS[arm]) for arm, (_, returns) in drawn.items()]
        flat = np.full(2, self.random[0])
        lines.append(Line(line_path(flat, scale, WIDE, HIGH), "a player at random"))
        last = "; ".join(f"{ARMS[arm]}: {number(_last(returns))} at the end" for arm, (_, returns) in drawn.items())
        across = Scale(0.0, float(end))
        ticks = [type(tick)(tick.at, compact(tick.at * end)) for tick in across.ticks(5)]
        return Frame(
            alt=f"mean return of training episodes over frames; {last}",
            x=AxisMarks("frames", ticks), y=AxisMarks("return", scale.ticks(5)), width=WIDE, height=HIGH, lines=lines,
        )  # fmt: skip

    @cached_property
    def pieces(self) -> list[Piece]:
        """Planes with their colours."""
        return pieces(self.shown)

    @cached_property
    def shots(self) -> list[Shot]:
        """The film."""
        return shots(self.shown)

    @property
    def better(self) -> int:
        """Planes that a trained map follows better than the best untrained one."""
        return sum(one.correlation > one.untrained for one in self.shown.watchers)

    @cached_property
    def watched(self) -> list[Watched]:
        """Feature maps beside the planes that they follow."""
        return watched(self.shown)


def arms_of(records: Sequence[PlayRecord]) -> list[str]:
    """Give the arms of records, in their order."""
    return list(dict.fromkeys(record.training.arm for record in records))


def _last(returns: np.ndarray) -> float:
    finite = returns[np.isfinite(returns)]
    return float(finite[-1]) if len(finite) else float("nan")


def render(records: Sequence[PlayRecord], command: str = "") -> str:
    """Render a page.

    Parameters
    ----------
    records : sequence of PlayRecord
        Of one game.
    command : str
        What makes the page again; empty to leave it out.

    Returns
    -------
    str
        One HTML page. It needs no network and holds no script; its Content-Security-Policy
        allows none.

    Raises
    ------
    ValueError
        If there are no records, or they are of several games.
    """
    games = sorted({record.training.game for record in records})
    if len(games) != 1:
        raise ValueError(f"expected records of one game, got {', '.join(games) or 'none'}; write a page for each game")
    view = PlayView(records)
    body = environment().get_template("play.html.j2").render(
        view=view, arms=ARMS, duration=duration, command=command, glossary={}, badges={}
    )  # fmt: skip
    style = asset("page.css") + asset("inside.css") + asset("play.css")
    return framed(f"How a network plays {view.game}", body, style)


def write(records: Sequence[PlayRecord], path: Path, command: str = "") -> Path:
    """Write a page to a file, wholly or not at all.

    Raises
    ------
    ValueError
        As for `render`.
    OSError
        If the page cannot be written.
    """
    return save(render(records, command), path)
