"""``gridzoo verdict``: is a CNN the right tool for this data? What it takes, and what it prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gridzoo.commands.options import DataHome, Group, Modality, Out, Seed, Target, Workers
from gridzoo.commands.terminal import command_line

if TYPE_CHECKING:
    from training.answers import Verdict
    from training.comparison import Comparison


def verdict(
    source: Annotated[str, typer.Argument(help="A data set's name, a folder, a table, or an experiment.toml.")],
    target: Target = None,
    group: Group = None,
    modality: Modality = None,
    adapter: Annotated[str | None, typer.Option("--adapter", "-g", help="Adapter; what suits by default.")] = None,
    architecture: Annotated[
        list[str] | None, typer.Option("--architecture", "-a", help="Variant; repeatable. 'name+' tunes it.")
    ] = None,
    budget: Annotated[float | None, typer.Option(help="Seconds; 600 by default.")] = None,
    margin: Annotated[float | None, typer.Option(help="Differences up to it count as none; 0.01 by default.")] = None,
    looks: Annotated[int | None, typer.Option(help="Repeats of the cross-validation, at most; 4 by default.")] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many items are drawn; 5000 by default.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Epochs of a training, at most.")] = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Out = Path("runs/verdict"),
    data_home: DataHome = None,
    json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
) -> None:
    """Judge whether a CNN is the right tool: shuffled cells, an MLP and classical models on the same folds."""
    given: dict[str, Any] = {
        "target": target, "group": group, "modality": modality, "adapters": adapter, "architectures": architecture,
        "budget": budget, "margin": margin, "looks": looks, "limit": limit, "seed": seed,
        "recipe": None if epochs is None else {"epochs": epochs},
    }  # fmt: skip
    run_verdict(
        source, {key: value for key, value in given.items() if value is not None}, out, workers, data_home, json
    )


def run_verdict(
    source: str, settings: dict[str, Any], out: Path, workers: int | None, data_home: Path | None, as_json: bool
) -> None:
    """Reach the verdict, write the report and print the answer."""
    import json

    from gridzoo import api, house, judging
    from gridzoo.belief import Belief

    house.check()
    with Belief() as display:
        found, comparison = judging.verdict_with_runs(
            source, out=out, settings=settings, data_home=data_home, workers=workers, executor=None, watch=display.watch,
            command=command_line(),
        )  # fmt: skip
    page = api.report(comparison, out / "report.html")
    if as_json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        _say(found, comparison, page)


def _say(found: Verdict, comparison: Comparison, page: Path) -> None:
    """Print the verdict for people."""
    from rich.console import Console
    from rich.table import Table

    from training.verdict.words import detectable

    console = Console()
    answer = " – ".join(filter(None, (found.answer, found.halves)))
    lines = [f"{found.dataset} ({found.split}, {found.model}): {answer}", found.sentence, found.finding]
    (card,) = (chapter.card for chapter in comparison.chapters if chapter.card.name == found.dataset)
    lines += [found.outlook, found.saved, detectable(found.against_permuted, found.against_baseline)]
    lines += [card.screen.get("sentence", "")]
    if card.guesses:
        lines.append(f"Assumed without being told: {'; '.join(card.guesses)}")
    if card.quarantined:
        lines.append(f"{len(card.quarantined)} items could not be read; the report names them")
    for line in filter(None, lines):
        console.print(line, markup=False, highlight=False)
    table = Table(title="Arms", title_justify="left")
    for column in ("arm", "model", "accuracy", "runs", "seconds a run"):
        table.add_column(column)
    for cost in found.costs:
        table.add_row(cost.arm, cost.model, f"{cost.accuracy:.1%}", str(cost.runs), f"{cost.seconds:.1f}")
    console.print(table, markup=False)
    if comparison.failed:
        console.print(f"{len(comparison.failed)} runs failed; the report says why", markup=False)
    console.print(f"report: {page}", markup=False)
