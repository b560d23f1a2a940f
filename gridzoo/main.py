"""The command line. Each command lies in `gridzoo.commands`."""

from __future__ import annotations

import os
import warnings

import typer

from gridzoo.commands.catalogue import list_, show, suggest
from gridzoo.commands.compare import compare, demo
from gridzoo.commands.explain import explain
from gridzoo.commands.fit import export, fit, predict
from gridzoo.commands.learn import learn
from gridzoo.commands.play import play
from gridzoo.commands.reports import report, verify
from gridzoo.commands.tune import tune
from gridzoo.commands.verdict import verdict
from gridzoo.commands.walk import walk
from gridzoo.guard import guarded

COMMANDS = (
    verdict, compare, demo, suggest, fit, tune, predict, export, explain, walk, report, verify, play, learn, list_, show
)  # fmt: skip

app = typer.Typer(
    name="gridzoo",
    help="Which grid, which CNN, which hyperparameters - and was a CNN right at all?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in COMMANDS:
    app.command(command.__name__.rstrip("_"))(guarded(command))


def main() -> None:
    """Run the command line."""
    warnings.formatwarning = _one_line
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow is imported anywhere
    app()


def _one_line(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
) -> str:
    """Show a warning as what it says: where in the program it was raised helps nobody at a terminal."""
    return f"gridzoo: warning: {message}\n"


if __name__ == "__main__":
    main()
