"""Predict raw items with an exported network: numpy, the adapter's libraries and ONNX Runtime, no Keras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from adapters import storage
from adapters.base import Adapter
from adapters.errors import DataError
from training.errors import ExperimentError
from training.export.manifest import MODELS, Manifest
from training.fitting.scaling import Scaler
from training.fitting.target import Target

BATCH = 256  # grids that the network reads at once
KINDS = {"float32": "tensor(float)", "int32": "tensor(int32)"}


@dataclass(frozen=True)
class Bundle:
    """A trained network with everything that leads from raw items to it, without TensorFlow.

    Parameters
    ----------
    adapter : Adapter
        Fitted.
    classes : tuple of str
        Labels, in the order of the outputs; empty for a regression.
    scaler : Scaler
    target : Target or None
        What the outputs of a regression stand for.
    session : onnxruntime.InferenceSession
        From grids ``(n, *grid)`` to outputs ``(n, outputs)``.

    Examples
    --------
    >>> predictor.export("onnx", "digits-onnx")  # doctest: +SKIP
    >>> Bundle.load("digits-onnx").predict(images)  # doctest: +SKIP
    array(['3', '8'], dtype='<U1')
    """

    adapter: Adapter
    classes: tuple[str, ...]
    scaler: Scaler
    target: Target | None
    session: Any

    @classmethod
    def load(cls, folder: str | Path) -> Bundle:
        """Read what ``Predictor.export("onnx", folder)`` wrote; runs no code from the folder.

        Parameters
        ----------
        folder : path

        Raises
        ------
        ExperimentError
            If the folder is not a whole, matching ONNX bundle, or ONNX Runtime is missing.
        """
        path = Path(folder)
        manifest = Manifest.read(path)
        if manifest.format != "onnx":
            raise ExperimentError(
                f"{path}: expected a network in the format onnx, got {manifest.format}; "
                f'export the predictor with export("onnx", folder)'
            )
        manifest.check(path, (storage.DESCRIPTION, storage.ARRAYS, MODELS["onnx"]))
        adapter = _adapter(path)
        made = cls(adapter, manifest.classes, manifest.scaler, manifest.target, session_of(path / MODELS["onnx"]))
        made._check(path)
        return made

    def predict(self, items: Sequence[Any]) -> NDArray[Any]:
        """Label raw items, or estimate their targets.

        Parameters
        ----------
        items : sequence
            As they were given for training: paths, arrays, strings or rows.

        Returns
        -------
        ndarray of str, shape ``(n,)``
            Or, of a regression, of float64, shape ``(n,)`` or ``(n, targets)``.

        Raises
        ------
        adapters.errors.ItemError
            At the first item that cannot become a grid.
        """
        outputs = self.logits(items)
        if self.target is not None:
            return self.target.restored(outputs)
        labels: NDArray[np.str_] = np.asarray(self.classes)[outputs.argmax(axis=1)]
        return labels

    def predict_proba(self, items: Sequence[Any]) -> NDArray[np.float32]:
        """Probabilities of the classes, shape ``(n, len(classes))``; the order is that of ``classes``.

        Raises
        ------
        ExperimentError
            If this predicts numbers.
        """
        if self.target is not None:
            raise ExperimentError("predict_proba: expected a network of classes, but this one predicts numbers")
        return np.asarray(softmax(self.logits(items), axis=1), np.float32)

    def logits(self, items: Sequence[Any]) -> NDArray[np.float32]:
        """Give the network's outputs: before the softmax, shape ``(n, len(classes))``; or standardised targets."""
        grids = self.adapter.transform(items)
        out = np.empty((len(grids), self._outputs), np.float32)
        for start in range(0, len(grids), BATCH):
            out[start : start + BATCH] = run(self.session, self.scaler(grids[start : start + BATCH]))
        return out

    @property
    def _outputs(self) -> int:
        return self.target.count if self.target else len(self.classes)

    def _check(self, path: Path) -> None:
        """Refuse parts that do not belong together."""
        grid = self.adapter.grid_
        expected = [(KINDS[grid.dtype], grid.shape), (KINDS["float32"], (self._outputs,))]
        found = [(one.type, tuple(one.shape[1:])) for one in (*self.session.get_inputs(), *self.session.get_outputs())]
        if found != expected:
            raise ExperimentError(
                f"{path}: expected a network from {expected[0][1]} to {expected[1][1]}, as the adapter and the classes "
                f"have it, got {found}; export the predictor again"
            )
        if not set(self.scaler.along) <= set(range(len(grid.axes))):
            raise ExperimentError(
                f"{path}: expected item_mean_along to name axes of {len(grid.axes)}, got {list(self.scaler.along)}; "
                "export again"
            )
        if self.scaler.mean.size not in (0, len(grid.channels)):
            raise ExperimentError(
                f"{path}: expected means of {len(grid.channels)} channels, got {self.scaler.mean.size}; export again"
            )


def session_of(path: Path) -> Any:
    """Open a network with ONNX Runtime.

    Raises
    ------
    ExperimentError
        If ONNX Runtime is missing, or refuses the file.
    """
    try:
        import onnxruntime
    except ImportError:
        raise ExperimentError(
            f"{path}: expected the package onnxruntime to run it; pip install gridzoo[onnx]"
        ) from None
    try:
        return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    except Exception as error:  # its exceptions have no base of their own
        raise ExperimentError(f"{path}: expected an ONNX network, but ONNX Runtime says: {error}") from None


def run(session: Any, x: NDArray[Any]) -> NDArray[np.float32]:
    """Give a network's only output for grids of any number."""
    (logits,) = session.run(None, {session.get_inputs()[0].name: x})
    return np.asarray(logits, np.float32)


def _adapter(path: Path) -> Adapter:
    try:
        return storage.load(path)
    except DataError as error:
        raise ExperimentError(f"{path}: expected a whole adapter, but: {error}") from None
