"""``gridzoo play``: train a network to play a game, and write a page on how it does. What it takes, what it prints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridzoo.commands.terminal import command_line
from gridzoo.play import ARCHITECTURE, FRAMES, OUT


def play(
    game: Annotated[str, typer.Argument(help="minatar/breakout, …, cartpole or catch; 'games' lists them.")],
    architecture: Annotated[str, typer.Option("--architecture", "-a", help="Variant of the zoo.")] = ARCHITECTURE,
    algorithm: Annotated[str | None, typer.Option(help="dqn or ppo; what did better by default.")] = None,
    arm: Annotated[
        list[str] | None,
        typer.Option(help="original, permuted (cells shuffled) or mlp (equal parameters); repeatable."),
    ] = None,
    frames: Annotated[int, typer.Option(min=1, help="Steps of the game to learn from.")] = FRAMES,
    seed: Annotated[list[int] | None, typer.Option(min=0, help="Decides everything; repeatable. 0 by default.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of trainings and page; what is done is kept.")] = OUT,
) -> None:
    """Train a network to play a game by reward alone, and write a page on how it does."""
    from itertools import product

    from gridzoo import house, play, quiet

    house.check()
    if game == "games":
        print("\n".join(play.games()))
        return
    quiet.load()
    from rich.console import Console

    from training.running.worker import settle

    settle("cnn")
    console, records = Console(), []
    for one, own in product(seed or [0], arm or ["original"]):
        with console.status("") as status:

            def watch(frame: int, episodes: list[tuple[int, float, int]]) -> None:
                status.update(_progress(f"{game}, {own}, seed {one}", frame, frames, episodes))  # noqa: B023

            record = play.train(
                game, architecture, algorithm=algorithm, arm=own, frames=frames, seed=one, out=out, watch=watch
            )
        records.append(record)
        lost = sum(record.random) / len(record.random)
        console.print(f"{game}, {own}, seed {one}: mean return {record.mean:.2f}, at random {lost:.2f}", markup=False)
    page = play.report(records, out / f"{game.replace('/', '-')}.html", command_line())
    console.print(f"report: {page}", markup=False)


def _progress(name: str, frame: int, frames: int, episodes: list[tuple[int, float, int]]) -> str:
    """Say how far a training is."""
    last = [result for _, result, _ in episodes[-100:]]
    mean = f", last {len(last)} episodes {sum(last) / len(last):.2f}" if last else ""
    return f"{name}: {frame:,} of {frames:,} frames{mean}"
