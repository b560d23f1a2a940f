"""Pictures of digits, of clothing, of animals and vehicles, and of hands that sign digits."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.sources.about import about
from adapters.sources.folder import load_folder
from adapters.sources.home import find

CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
DIGITS = tuple("0123456789")
CLASSES = {"mnist": DIGITS, "fashion-mnist": CLOTHES}
SMALL = {"name": "image", "height": 28, "width": 28, "channels": "grey"}
COLOURED = {"name": "image", "height": 32, "width": 32, "channels": "rgb"}
IDX_BYTES = 0x08  # the type code of unsigned bytes in the third byte of an IDX file
CIFAR = {"train": tuple(f"data_batch_{i}.bin" for i in range(1, 6)), "test": ("test_batch.bin",)}
CIFAR_RECORD = 1 + 3 * 32 * 32  # a class, then the planes red, green and blue
FULL_SIZE = frozenset(["IMG_5874.JPG", "IMG_5935.JPG", "IMG_5978.JPG"])  # photographs of 4:3, not 100 × 100


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load ``mnist``, ``fashion-mnist``, ``mnist-5k``, ``cifar-10`` or ``sign-language-digits``."""
    return LOADERS[name](name, data_home)


def _idx_pair(name: str, data_home: Path | None) -> Dataset:
    files = {"train": "train", "test": "t10k"}
    pictures = [_idx(find(data_home, f"{name}/{file}-images-idx3-ubyte.gz")) for file in files.values()]
    codes = [_idx(find(data_home, f"{name}/{file}-labels-idx1-ubyte.gz")) for file in files.values()]
    return Dataset(
        name,
        "image",
        [picture for part in pictures for picture in part],
        np.asarray(CLASSES[name])[np.concatenate(codes)],
        about(name),
        parts=np.repeat(list(files), [len(part) for part in codes]),
        adapter=SMALL,
    )


def _mnist_5k(name: str, data_home: Path | None) -> Dataset:
    path = find(data_home, f"{name}/mnist_5k.csv.gz")
    table = np.loadtxt(path, delimiter=",", dtype=np.uint8)
    if table.ndim != 2 or table.shape[1] != 785:
        raise DataError(f"{path}: expected 784 pixels and a digit in every row, got {table.shape}")
    pictures = list(table[:, :-1].reshape(-1, 28, 28))
    return Dataset(name, "image", pictures, table[:, -1].astype(str), about(name), adapter=SMALL)


def _cifar(name: str, data_home: Path | None) -> Dataset:
    folder = find(data_home, name)
    try:
        names = np.asarray((folder / "batches.meta.txt").read_text(encoding="utf-8").split())
        raw = {part: b"".join((folder / file).read_bytes() for file in files) for part, files in CIFAR.items()}
    except OSError as error:
        raise DataError(f"{folder}: expected the binary version of CIFAR-10: {error}; download it again") from error
    if any(len(part) % CIFAR_RECORD for part in raw.values()):
        raise DataError(f"{folder}: expected records of {CIFAR_RECORD} bytes, got a part of one; download it again")
    parts = {part: np.frombuffer(content, np.uint8).reshape(-1, CIFAR_RECORD) for part, content in raw.items()}
    records = np.concatenate(list(parts.values()))
    planes = records[:, 1:].reshape(-1, 3, 32, 32)
    return Dataset(
        name,
        "image",
        list(np.moveaxis(planes, 1, -1)),
        names[records[:, 0]],
        about(name),
        parts=np.repeat(list(parts), [len(part) for part in parts.values()]),
        adapter=COLOURED,
    )


def _signs(name: str, data_home: Path | None) -> Dataset:
    dataset = load_folder(find(data_home, f"{name}/Dataset"), modality="image")
    small = [i for i, path in enumerate(dataset.items) if path.name not in FULL_SIZE]
    provenance = about(name, (*dataset.provenance.guesses, "three photographs that are not 100 × 100 left out"))
    return replace(dataset.take(small), name=name, provenance=provenance, adapter=COLOURED)


def _idx(path: Path) -> NDArray[np.uint8]:
    """Read an array of the IDX format, described at the end of LeCun's page on MNIST."""
    try:
        raw = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise DataError(f"{path}: expected a gzip file: {error}; copy it again") from error
    if len(raw) < 4 or raw[:3] != bytes([0, 0, IDX_BYTES]):
        raise DataError(f"{path}: expected an IDX file of unsigned bytes; copy it again")
    start = 4 + 4 * raw[3]
    shape = np.frombuffer(raw[4:start], dtype=">u4").astype(int)
    if len(raw) - start != shape.prod():
        raise DataError(f"{path}: expected {shape.prod()} bytes as its header says, got {len(raw) - start}")
    return np.frombuffer(raw, dtype=np.uint8, offset=start).reshape(shape)


LOADERS: dict[str, Callable[[str, Path | None], Dataset]] = {
    "mnist": _idx_pair,
    "fashion-mnist": _idx_pair,
    "mnist-5k": _mnist_5k,
    "cifar-10": _cifar,
    "sign-language-digits": _signs,
}
