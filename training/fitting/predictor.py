"""Raw items in, labels out: a fitted adapter and a trained network in one piece."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

import zoo
from adapters import storage
from adapters.base import Adapter
from training.errors import ExperimentError
from training.fitting.fit import History
from training.fitting.network import Network
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler
from training.fitting.target import Target
from training.fitting.teach import Learned
from training.records import Settings

SCHEMA, KIND = 1, "gridzoo predictor"
MANIFEST, WEIGHTS = "manifest.json", "weights.npz"
HEADER = 4096  # bytes an array's header may take in an npz member


@dataclass(frozen=True)
class Predictor:
    """A trained network with everything that leads from raw items to it.

    Parameters
    ----------
    adapter : Adapter
        Fitted.
    architecture : dict
        The architecture's settings.
    classes : tuple of str
        Labels, in the order of the outputs; empty for a regression.
    scaler : Scaler
    recipe : Recipe
        What it was trained by.
    network : Network
    history : History
        Curves of the training; empty after `load`.
    target : Target, optional
        What the outputs of a regression stand for.

    Examples
    --------
    >>> predictor = gz.fit("digits", "lenet5")  # doctest: +SKIP
    >>> predictor.predict(images)  # doctest: +SKIP
    array(['3', '8'], dtype='<U1')
    """

    adapter: Adapter
    architecture: Settings
    classes: tuple[str, ...]
    scaler: Scaler
    recipe: Recipe
    network: Network
    history: History
    target: Target | None = None

    @classmethod
    def of(
        cls,
        adapter: Adapter,
        architecture: Settings,
        classes: tuple[str, ...],
        learned: Learned,
        target: Target | None = None,
    ) -> Predictor:
        """Give what was learned a network of its own, which computes in float32."""
        network = _network(architecture, adapter, target.count if target else len(classes), learned.recipe)
        network.model.set_weights(learned.weights)
        return cls(adapter, architecture, classes, learned.scaler, learned.recipe, network, learned.history, target)

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
            raise ExperimentError("predict_proba: expected a predictor of classes, but this one predicts numbers")
        return np.asarray(softmax(self.logits(items), axis=1), np.float32)

    def logits(self, items: Sequence[Any]) -> NDArray[np.float32]:
        """Give the network's outputs: before the softmax, shape ``(n, len(classes))``; or standardised targets."""
        return self.network.predict(self.scaler(self.adapter.transform(items)))

    def save(self, folder: str | Path) -> None:
        """Write the predictor into a folder: JSON and npz files, no code, no pickle.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        storage.save(self.adapter, path)
        weights = {f"weight{i}": value for i, value in enumerate(self.network.model.get_weights())}
        np.savez(path / WEIGHTS, mean=self.scaler.mean, deviation=self.scaler.deviation, **weights)
        manifest = {
            "schema": SCHEMA,
            "kind": KIND,
            "architecture": self.architecture,
            "classes": list(self.classes),
            "recipe": asdict(self.recipe),
            "item_mean_along": list(self.scaler.along),
            "target": self.target and {"mean": self.target.mean.tolist(), "deviation": self.target.deviation.tolist()},
            "versions": {name: version(name) for name in ("gridzoo", "keras", "tensorflow")},
        }
        (path / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")

    def export(self, format: str, folder: str | Path) -> None:
        """Write the predictor for programs without Keras; see `training.export.write.export`.

        Parameters
        ----------
        format : {"onnx", "litert", "saved_model"}
            `training.export.bundle.Bundle` predicts raw items with the first.
        folder : path
            New or empty.

        Raises
        ------
        ExperimentError
            If the folder is not empty, a package is missing, or the converted network
            would not say what this one says.
        """
        from training.export.write import export  # here, since most predictors are not exported

        export(self, format, folder)

    @classmethod
    def load(cls, folder: str | Path) -> Predictor:
        """Read a predictor that `save` wrote; runs no code from the folder.

        Raises
        ------
        ExperimentError
            If the folder is not a whole, matching predictor.
        """
        path = Path(folder)
        try:
            manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ExperimentError(f"{path}: expected a predictor folder with {MANIFEST}, but: {error}") from None
        if not isinstance(manifest, dict) or (manifest.get("kind"), manifest.get("schema")) != (KIND, SCHEMA):
            raise ExperimentError(f"{path}: expected a predictor of schema {SCHEMA}; save it again with this gridzoo")
        try:
            adapter = storage.load(path)
            recipe, classes = Recipe(**manifest["recipe"]), tuple(str(name) for name in manifest["classes"])
            target = _target(manifest.get("target"))
            network = _network(manifest["architecture"], adapter, target.count if target else len(classes), recipe)
            scaler = replace(_load_weights(network, path / WEIGHTS, adapter), along=_along(manifest, adapter))
        except (KeyError, TypeError, OSError, ValueError, zipfile.BadZipFile) as error:
            raise ExperimentError(f"{path}: expected a whole predictor, but: {error}") from None
        return cls(adapter, manifest["architecture"], classes, scaler, recipe, network, History(), target)


def _network(architecture: Settings, adapter: Adapter, outputs: int, recipe: Recipe) -> Network:
    drawn, grid = zoo.from_config(architecture), adapter.grid_
    shape = zoo.Grid(grid.shape, grid.vocabulary_size)
    return Network(drawn, shape, outputs, recipe.optimizer, recipe.weight_decay > 0)


def _target(data: Any) -> Target | None:
    if data is None:
        return None
    return Target(np.asarray(data["mean"], np.float64), np.asarray(data["deviation"], np.float64))


def _along(manifest: Settings, adapter: Adapter) -> tuple[int, ...]:
    along = tuple(manifest["item_mean_along"])
    if not set(along) <= set(range(len(adapter.grid_.axes))):
        raise ValueError(f"item_mean_along: expected axes of the grid, got {along}")
    return along


def _load_weights(network: Network, path: Path, adapter: Adapter) -> Scaler:
    """Read weights of exactly the expected shapes; nothing larger is unpacked."""
    expected = {f"weight{i}": value for i, value in enumerate(network.model.get_weights())}
    channels = len(adapter.grid_.channels)
    with zipfile.ZipFile(path) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    limits = {f"{name}.npy": value.nbytes + HEADER for name, value in expected.items()}
    limits |= {"mean.npy": 8 * channels + HEADER, "deviation.npy": 8 * channels + HEADER}
    if set(sizes) != set(limits) or any(sizes[name] > limit for name, limit in limits.items()):
        raise ValueError(f"the arrays in {path.name} are not those of the architecture")
    with np.load(path, allow_pickle=False) as arrays:
        for name, value in expected.items():
            if arrays[name].shape != value.shape:
                raise ValueError(f"{name}: expected shape {value.shape}, got {arrays[name].shape}")
        network.model.set_weights([arrays[name] for name in expected])
        return Scaler(arrays["mean"], arrays["deviation"])
