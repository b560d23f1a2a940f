"""Which network may stand for all CNNs: candidates on data of a modality, in seconds of one core.

    GRIDZOO_DATA=<folder> python benchmarks/default_networks.py [data …]   # about twenty-five minutes of one core

Each is trained by the default recipe without augmentation, for 15 epochs, on four fifths of at
most 2,500 items; the rest (other speakers, where speakers are known) say how well. Two draws
of that fifth. Where there are fewer than a thousand items: for the recipe's own epochs, eight draws. Results are printed, and kept in ``default_networks.csv``.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rows import write_rows

from adapters import registry
from adapters.cache import Cache
from gridzoo import api
from training.fitting.recipe import Recipe
from training.fitting.teach import Lesson, teach
from training.fitting.train import settled_architecture
from training.running.worker import settle
from training.verdict.suited import draw

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or HERE.parent.parent / "shared" / "data")
OUT = HERE / "default_networks.csv"
ITEMS, EPOCHS, DRAWS = 2500, 15, 2
FEW, DRAWS_OF_FEW = 1000, 8
Networks = tuple[tuple[str, dict[str, Any]], ...]
TWO_AXES: Networks = (
    ("lenet5", {}),
    ("lenet5", {"activation": "relu", "width": 2.0, "dropout": 0.25}),
    ("res8-narrow", {}),
    ("res8", {"width": 32}),
    ("res8", {}),
    ("resnet8", {}),
    ("ds-cnn-s", {}),
)
BOARDS: Networks = (
    *TWO_AXES,
    ("lenet5", {"activation": "relu", "width": 4.0, "dropout": 0.25}),
    ("allcnn", {}),
    ("fcn", {}),
)
ALIGNED: Networks = tuple((name, {}) for name in ("textcnn", "fcn", "timecnn", "lenet5", "tc-resnet8", "res8-narrow"))
TEXTS: Networks = (
    ("textcnn", {}),
    ("textcnn", {"embedding": 100}),
    ("textcnn", {"embedding": 50}),
    ("fcn", {}),
    ("lenet5", {}),
)
ROWS: Networks = (
    ("fcn", {}),
    ("timecnn", {}),
    ("lenet5", {}),
    ("lenet5", {"activation": "relu", "width": 2.0, "dropout": 0.25}),
    ("tc-resnet8", {}),
    ("res8", {"width": 32}),
)
SERIES: Networks = (*((name, {}) for name in ("fcn", "lite", "timecnn", "tc-resnet8")), ("res8", {"width": 32}))
DATA: dict[str, Networks] = {
    **dict.fromkeys(("digits", "mnist-5k", "fashion-mnist", "sign-language-digits", "tones", "fsdd"), TWO_AXES),
    **dict.fromkeys(("tic-tac-toe", "rook-endgame"), BOARDS),
    "dna-splice": ALIGNED,
    **dict.fromkeys(("subj", "mr", "trec"), TEXTS),
    **dict.fromkeys(("sonar", "ionosphere", "pendigits", "german", "vehicle", "letter", "segment", "phoneme"), ROWS),
    **dict.fromkeys(("gunpoint", "ucr/ItalyPowerDemand", "ucr/ECG200", "ucr/ArrowHead", "ucr/JapaneseVowels"), SERIES),
}
ADAPTERS = {"sign-language-digits": {"name": "image", "height": 32, "width": 32}}
HEAD = ("data", "network", "settings", "accuracy", "seconds")


def rows(source: str) -> Iterator[tuple[Any, ...]]:
    """Train all candidates on one data set."""
    data = draw(api.load(source, data_home=HOME), ITEMS, seed=0)
    adapter = registry.from_settings(ADAPTERS.get(source) or data.adapter or registry.default_settings(data.modality))
    reading = Cache.default().read(adapter, data.items)
    adapter.fit_read(reading.values)
    codes = np.searchsorted(np.asarray(data.classes), data.labels).astype(np.int32)
    for name, settings in DATA[source]:
        model = settled_architecture({"name": name, **settings})
        lesson = Lesson(model, adapter, reading.values, codes, len(data.classes), groups=data.groups)
        said = " ".join(f"{key}={value}" for key, value in settings.items())
        few = len(data) < FEW
        epochs = Recipe().epochs if few else EPOCHS
        recipe = Recipe(epochs=epochs, patience=epochs, augment=False, validation=0.2, threads=1)
        found = [teach(lesson, recipe, seed).history for seed in range(DRAWS_OF_FEW if few else DRAWS)]
        accuracy = statistics.fmean(history.curves["validation_accuracy"][-1] for history in found)
        yield source, name, said, round(100 * accuracy, 1), round(found[-1].seconds, 1)


def main() -> None:
    """Train what the command line names, or all."""
    settle("cnn")
    wanted = sys.argv[1:] or list(DATA)
    for source in wanted:
        found = []
        for row in rows(source):
            print(*row, flush=True)
            found.append(row)
        write_rows(OUT, HEAD, found, [source])


if __name__ == "__main__":
    main()
