"""How far one training is, or a search and the training that follows it, drawn by Rich."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from keras.callbacks import Callback

SHOWN = {"accuracy": "accuracy", "val_accuracy": "validation accuracy"}


class Epochs:
    """A bar of epochs and, before it, of trials; a context manager.

    Parameters
    ----------
    console : rich.console.Console, optional
    """

    def __init__(self, console: Console | None = None) -> None:
        console = console or Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[reached]}"),
            console=console,
            auto_refresh=console.is_terminal,
            refresh_per_second=2,  # drawing takes time from the training
        )
        self._task = self._bar.add_task("reading data", total=None, unit="", reached="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and not self._bar.tasks[self._task].completed:
            self._bar.update(self._task, visible=False)  # an empty bar above an error says nothing
        self._bar.stop()

    def tried(self, trials: int, of: int, best: float) -> None:
        """Show how many points were tried, and the best validation accuracy so far."""
        self._show("searching", trials, of, "trials", f"best validation accuracy {best:.1%}")

    def callback(self) -> Callback:
        """Make the callback that shows the epochs of a training."""
        import keras

        bar = self

        class Shown(keras.callbacks.Callback):
            """Draws the bar after every epoch."""

            def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
                bar._show("training", 0, self.params["epochs"], "epochs", "")

            def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
                reached = (f"{said} {logs[name]:.1%}" for name, said in SHOWN.items() if logs and name in logs)
                bar._show("training", epoch + 1, self.params["epochs"], "epochs", ", ".join(reached))

        return Shown()

    def _show(self, what: str, done: int, total: int, unit: str, reached: str) -> None:
        self._bar.update(self._task, description=what, completed=done, total=total, unit=unit, reached=reached)
