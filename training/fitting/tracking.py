"""Curves for people who watch: TensorBoard and MLflow, as callbacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from training.errors import ExperimentError
from training.records import Trial

VALIDATION = "validation_"  # begins the names of the validation part's curves


def tensorboard_in(folder: Path) -> keras.callbacks.TensorBoard:
    """Make the callback that writes curves for ``tensorboard --logdir FOLDER``."""
    return keras.callbacks.TensorBoard(log_dir=str(folder), write_graph=False)


def watched(folder: Path | None, trials: Sequence[Trial]) -> list[keras.callbacks.Callback]:
    """Show TensorBoard the trials of a search that is over, and make the callback for the training that follows."""
    if folder is None:
        return []
    for number, trial in enumerate(trials):
        write_curves(folder / f"trial-{number}", trial.curves)
    return [tensorboard_in(folder)]


def write_curves(folder: Path, curves: Mapping[str, Sequence[float]]) -> None:
    """Write the curves of a training that is over, as that callback writes those of one under way.

    Parameters
    ----------
    folder : path
    curves : mapping of str to sequence of float
        As in `training.records.Record`.
    """
    for part, prefix in (("train", ""), ("validation", VALIDATION)):
        writer = tf.summary.create_file_writer(str(folder / part))
        with writer.as_default():
            for name, values in curves.items():
                if name.startswith(VALIDATION) == bool(prefix):
                    for epoch, value in enumerate(values):
                        tf.summary.scalar(f"epoch_{name.removeprefix(prefix)}", value, epoch)
        writer.close()


class MLflow(keras.callbacks.Callback):
    """Log a training to MLflow: its settings, a point an epoch on every curve, the final values.

    Needs the extra ``gridzoo[mlflow]``. Names of settings are as in
    ``recipe.learning_rate``, names of curves as Keras has them.

    Parameters
    ----------
    experiment : str
        MLflow's name for runs that belong together; made if it does not exist.
    run : str, optional
        Name of the run; MLflow makes one up by default.
    uri : str, optional
        Address of a server or store; by default what ``MLFLOW_TRACKING_URI`` says.

    Attributes
    ----------
    run_id : str
        MLflow's identifier of the last run; empty before the first.

    Raises
    ------
    ExperimentError
        If MLflow is not installed.

    Examples
    --------
    >>> import gridzoo as gz
    >>> gz.fit("digits", "lenet5", callbacks=[gz.MLflow("digits", uri="http://127.0.0.1:5000")])  # doctest: +SKIP
    """

    def __init__(self, experiment: str, run: str | None = None, uri: str | None = None) -> None:
        super().__init__()
        self.experiment, self.run, self.uri = experiment, run, uri
        self.run_id = ""
        self._client()

    def on_train_begin(self, logs: Any = None) -> None:
        """Open a run and log the settings."""
        client = self._client()
        known = client.get_experiment_by_name(self.experiment)
        number = known.experiment_id if known else client.create_experiment(self.experiment)
        self.run_id = client.create_run(number, run_name=self.run).info.run_id
        for name, value in _flat(self.params):
            client.log_param(self.run_id, name, value)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Log a point of every curve."""
        client = self._client()
        for name, value in (logs or {}).items():
            client.log_metric(self.run_id, name, value, step=epoch + 1)

    def on_train_end(self, logs: Mapping[str, float] | None = None) -> None:
        """Log the last values once more, as the run's, and close it."""
        client = self._client()
        for name, value in (logs or {}).items():
            client.log_metric(self.run_id, f"final_{name}", value)
        client.set_terminated(self.run_id)

    def _client(self) -> Any:
        try:
            from mlflow import MlflowClient
        except ImportError as error:
            raise ExperimentError(
                f"MLflow: expected the package mlflow-skinny, but {error}; install gridzoo[mlflow]"
            ) from None
        return MlflowClient(tracking_uri=self.uri)


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Name nested settings as in ``recipe.epochs``."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
