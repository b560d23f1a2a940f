"""Curves for people who watch: TensorBoard and MLflow, as callbacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import keras

from training.errors import ExperimentError


def tensorboard_in(folder: Path) -> keras.callbacks.TensorBoard:
    """Make the callback that writes curves for ``tensorboard --logdir FOLDER``."""
    return keras.callbacks.TensorBoard(log_dir=str(folder), write_graph=False)


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
