"""Export a predictor: convert, compare with Keras, seal, and only then put it in its place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from adapters import storage
from adapters.grid import GridSpec
from training.errors import ExperimentError
from training.export import manifest
from training.export.formats import WAYS, Way, in_float32

if TYPE_CHECKING:
    from training.fitting.predictor import Predictor

TOLERANCE = 1e-4  # largest difference to Keras, as a share of the largest output, or of 1 if that is smaller
PROBES = 4
ALWAYS = ("gridzoo", "numpy", "keras", "tensorflow")


def export(predictor: Predictor, format: str, folder: str | Path) -> None:
    """Write a predictor for programs without Keras.

    Parameters
    ----------
    predictor : Predictor
    format : {"onnx", "litert", "saved_model"}
    folder : path
        New or empty. It appears as a whole, or not at all.

    Raises
    ------
    ExperimentError
        If the format is unknown, the folder is not empty, a package is missing, the
        network cannot be converted, or its outputs then differ from those of Keras.
    OSError
        If the folder cannot be written.
    """
    target = Path(folder)
    manifest.check_target(format, target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=target.parent) as scratch:
        made = Path(scratch) / "bundle"
        made.mkdir()
        storage.save(predictor.adapter, made)
        difference = _convert(predictor, WAYS[format], made / manifest.MODELS[format])
        about = {
            "architecture": predictor.architecture,
            "difference_to_keras": difference,
            "versions": {name: version(name) for name in (*ALWAYS, *WAYS[format].libraries)},
        }
        manifest.write(
            made, format, predictor.adapter.grid_, predictor.scaler, predictor.classes, predictor.target, about
        )
        os.replace(made, target)


def _convert(predictor: Predictor, way: Way, path: Path) -> float:
    model = in_float32(predictor.network.model)
    try:
        way.write(model, path)
        read = way.read(path)
    except (ExperimentError, OSError):
        raise
    except Exception as error:  # converters raise whatever their parts raise
        raise ExperimentError(
            f"{predictor.architecture['name']}: this network cannot be converted ({type(error).__name__}: {error}); "
            f"choose another format of {', '.join(WAYS)}"
        ) from error
    return _difference(model, read, probes(predictor.adapter.grid_), predictor.architecture["name"])


def probes(grid: GridSpec) -> NDArray[Any]:
    """Draw grids on which two networks are compared."""
    rng = np.random.default_rng(0)
    shape = (PROBES, *grid.shape)
    if grid.vocabulary_size:
        return rng.integers(0, grid.vocabulary_size, shape, np.int32)
    return rng.standard_normal(shape, np.float32)


def _difference(model: Any, read: Callable[[NDArray[Any]], NDArray[np.float32]], x: NDArray[Any], name: str) -> float:
    """Compare with Keras for a batch and for one grid."""
    expected = np.asarray(model(x, training=False))
    scale = max(1.0, float(np.abs(expected).max()))
    worst = max(float(np.abs(read(part) - expected[: len(part)]).max()) / scale for part in (x, x[:1]))
    if not worst <= TOLERANCE:
        raise ExperimentError(
            f"{name}: expected outputs as Keras gives them to {TOLERANCE}, but the converted network's differ by "
            f"{worst:.1e}; nothing was written, choose another format"
        )
    return worst
