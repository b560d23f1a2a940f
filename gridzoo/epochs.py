"""How far one training is, or a search and the training that follows it, drawn by Rich."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gridzoo.bar import Bar

if TYPE_CHECKING:
    from keras.callbacks import Callback

SHOWN = {"accuracy": "accuracy", "val_accuracy": "validation accuracy"}


class Epochs(Bar):
    """A bar of epochs and, before it, of trials; a context manager."""

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
        self.show(description=what, completed=done, total=total, unit=unit, best=reached)
