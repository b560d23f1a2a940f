"""What lies in an exported folder, and the seals that tell whether it is whole.

Read by programs without Keras, so it imports none. The manifest says in plain JSON what
anyone needs to feed the network by hand: axes, channels, preprocessing, classes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.grid import GridSpec
from training.errors import ExperimentError, nearest
from training.fitting.scaling import Scaler
from training.fitting.target import Target
from training.records import Settings

SCHEMA = 1
KIND = "gridzoo bundle"
MANIFEST = "manifest.json"
MODELS = {"onnx": "model.onnx", "litert": "model.tflite", "saved_model": "model"}  # format → file or folder
MOST_MANIFEST = 2**24  # bytes; the edges and labels of the longest axes take a few hundred kB
MOST_FILE = 2**31  # bytes; protocol buffers, which hold the networks, end there
BLOCK = 2**20
RULE = (
    "first, unless item_mean_along is empty: each grid minus its own mean along these of its axes (counted from 0, the "
    "batch left out), then each of its channels divided by the root of its mean square; then, unless mean is empty: "
    "(grid - mean) / deviation, channel by channel"
)
RESTORED = "output * deviation + mean, target by target"


@dataclass(frozen=True)
class Seal:
    """Size and SHA-256 of a file."""

    bytes: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Seal:
        """Read a file's seal."""
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
        return cls(path.stat().st_size, digest.hexdigest())


@dataclass(frozen=True)
class Manifest:
    """What a program must know about an exported network.

    Parameters
    ----------
    format : {"onnx", "litert", "saved_model"}
    classes : tuple of str
        Labels, in the order of the outputs; empty for a regression.
    scaler : Scaler
        What happens to grids before the network reads them.
    target : Target or None
        What the outputs of a regression stand for.
    files : dict
        Seal of every other file, by its path in the folder.
    """

    format: str
    classes: tuple[str, ...]
    scaler: Scaler
    target: Target | None
    files: dict[str, Seal]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of an exported folder.

        Raises
        ------
        ExperimentError
            If there is none, or it is damaged or of another version.
        """
        data = _plain(folder / MANIFEST)
        if data.get("kind") != KIND or data.get("schema") != SCHEMA:
            raise ExperimentError(
                f"{folder}: expected a {KIND} of schema {SCHEMA}, got {data.get('kind')!r} of schema "
                f"{data.get('schema')!r}; export the predictor again with this gridzoo"
            )
        try:
            prepare = data["preprocessing"]
            along = tuple(int(axis) for axis in prepare.get("item_mean_along", ()))
            scaler = Scaler(_numbers(prepare["mean"]), _numbers(prepare["deviation"]), along)
            files = {str(name): Seal(int(one["bytes"]), str(one["sha256"])) for name, one in data["files"].items()}
            classes = tuple(str(name) for name in data["classes"])
            target = _target(data.get("target"))
            made = cls(str(data["format"]), classes, scaler, target, files)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ExperimentError(
                f"{folder / MANIFEST}: expected a whole manifest, but {type(error).__name__}: {error}"
            ) from None
        if bool(classes) == (target is not None):
            raise ExperimentError(f"{folder / MANIFEST}: expected classes or a target, got both or neither")
        if scaler.mean.shape != scaler.deviation.shape or not (scaler.deviation > 0).all():
            raise ExperimentError(f"{folder / MANIFEST}: expected a deviation above 0 for each mean")
        return made

    def check(self, folder: Path, names: Iterable[str]) -> None:
        """Compare files with their seals.

        Raises
        ------
        ExperimentError
            If one is missing, too large, or not the one that was exported.
        """
        for name in names:
            path, seal = folder / name, self.files.get(name)
            if seal is None or not path.is_file():
                raise ExperimentError(f"{folder}: expected the file {name}, found none; export the predictor again")
            if path.stat().st_size != seal.bytes or seal.bytes > MOST_FILE or Seal.of(path) != seal:
                raise ExperimentError(
                    f"{path}: expected the file that was exported with {MANIFEST} ({seal.bytes:,} bytes, at most "
                    f"{MOST_FILE:,}), got another or a damaged one; copy the folder again, or export again"
                )


def write(
    folder: Path,
    format: str,
    grid: GridSpec,
    scaler: Scaler,
    classes: tuple[str, ...],
    target: Target | None,
    about: Settings,
) -> None:
    """Seal a folder by its manifest, the last file that is written.

    Parameters
    ----------
    folder : path
        With everything else in it.
    format : str
    grid : GridSpec
    scaler : Scaler
    classes : tuple of str
    target : Target or None
    about : dict
        What else is worth knowing: architecture, versions.
    """
    files = {
        path.relative_to(folder).as_posix(): vars(Seal.of(path)) for path in sorted(folder.rglob("*")) if path.is_file()
    }
    data = {
        "schema": SCHEMA,
        "kind": KIND,
        "format": format,
        "model": MODELS[format],
        "input": {"name": "grid", "shape": [None, *grid.shape], "dtype": grid.dtype},
        "output": {"name": "logits", "shape": [None, target.count if target else len(classes)], "dtype": "float32"},
        "classes": list(classes),
        "target": target and {"rule": RESTORED, "mean": target.mean.tolist(), "deviation": target.deviation.tolist()},
        "axes": [axis.to_json() for axis in grid.axes],
        "channels": list(grid.channels),
        "vocabulary_size": grid.vocabulary_size,
        "quantity": grid.quantity,
        "unit": grid.unit,
        "preprocessing": {
            "rule": RULE,
            "item_mean_along": list(scaler.along),
            "mean": scaler.mean.tolist(),
            "deviation": scaler.deviation.tolist(),
        },
        **about,
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1), encoding="utf-8")


def check_target(format: str, folder: Path) -> None:
    """Refuse an unknown format, and a folder whose files an export would mix with.

    Raises
    ------
    ExperimentError
    """
    if format not in MODELS:
        raise ExperimentError(f"format: got {format!r}; {nearest(format, MODELS)}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExperimentError(f"{folder}: expected a new or empty folder to export to; name another, or remove it")


def is_exported(folder: Path) -> bool:
    """Say whether a folder holds an exported network, whatever its state."""
    try:
        return _plain(folder / MANIFEST).get("kind") == KIND
    except ExperimentError:
        return False


def _plain(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_MANIFEST:
            raise ValueError(f"it has more than {MOST_MANIFEST:,} bytes")
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError(f"it holds a {type(data).__name__}")
    except (OSError, ValueError, RecursionError) as error:
        raise ExperimentError(f"{path.parent}: expected a folder with {MANIFEST}, but: {error}") from None
    return data


def _target(data: Any) -> Target | None:
    if data is None:
        return None
    mean, deviation = (np.asarray(data[name], np.float64) for name in ("mean", "deviation"))
    if mean.ndim > 1 or not mean.size or mean.shape != deviation.shape:
        raise ValueError("target: expected as many deviations as means")
    if not (np.isfinite(mean).all() and np.isfinite(deviation).all() and (deviation > 0).all()):
        raise ValueError("target: expected finite means, and deviations above 0")
    return Target(mean, deviation)


def _numbers(values: Any) -> NDArray[np.float32]:
    numbers = np.asarray(values, np.float32)
    if numbers.ndim != 1 or not np.isfinite(numbers).all():
        raise ValueError(f"expected a list of finite numbers, got {str(values)[:60]}")
    return numbers
