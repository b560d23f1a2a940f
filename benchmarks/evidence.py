"""Whether relevance lands where the answer lies, on data whose answer lies in a known place.

    python benchmarks/evidence.py [task …]

For each task of `training.explain.planted`, networks of the zoo are trained, and every method
is asked about items that they have not seen. The table is printed and, for all tasks, written
to ``docs/evidence.md``. Costs some CPU-minutes; the rates do not depend on
how busy a machine is.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from adapters.sources.memory import from_arrays
from training.explain.lens import Lens, lens_for
from training.explain.methods import METHODS, ON_TAPS
from training.explain.planted import TASKS, Landed, Task, landed
from training.explain.subject import Subject
from training.fitting.predictor import Predictor
from training.fitting.recipe import Recipe
from training.fitting.train import fit_predictor

PAGE = Path(__file__).resolve().parent.parent / "docs" / "evidence.md"
TRAIN, TEST, SEED = 500, 30, 0
RECIPE = Recipe(epochs=20, patience=6, augment=False)  # a shifted grid has its evidence elsewhere
# One network that averages its maps before the classes and one that flattens them, where both learn the task.
NETWORKS: dict[str, tuple[dict[str, Any], ...]] = {
    "image": ({"name": "resnet8"}, {"name": "lenet5"}),
    "sound": ({"name": "res8", "width": 16}, {"name": "lenet5"}),
    "letters": ({"name": "fcn", "width": 32},),
    "words": ({"name": "textcnn", "embedding": 64, "filters": 32}, {"name": "fcn", "width": 32}),
    "series": ({"name": "fcn", "width": 32}, {"name": "lenet5"}),
    "table": ({"name": "fcn", "width": 32}, {"name": "lenet5"}),
    "board": ({"name": "resnet8"}, {"name": "lenet5"}),
}
# Networks that nobody had looked at when it was decided which taps claim to say where (``Place.localises``).
FRESH: dict[str, tuple[dict[str, Any], ...]] = {
    "image": ({"name": "allcnn"}, {"name": "resnet20"}),
    "sound": ({"name": "bc-resnet-1"}, {"name": "ds-cnn-s"}),
    "letters": ({"name": "ts-resnet", "width": 32}, {"name": "inceptiontime"}),
    "words": ({"name": "ts-resnet", "width": 32},),
    "series": ({"name": "ts-resnet", "width": 32}, {"name": "inceptiontime"}),
    "table": ({"name": "timecnn", "activation": "relu"},),
    "board": ({"name": "allcnn"},),
}
Asked = dict[str, Callable[[Subject], Any]]
INTRODUCTION = """# Does relevance land on the evidence?

`python benchmarks/evidence.py` printed what follows. Each task (`training/explain/planted.py`)
hides its answer in a known place: a glyph of 5 × 5 pixels in a corner, a chirp at 0.4 to 0.6 s, a
motif of seven letters, one telling word of twelve, a bump in a series, two columns of a table, one square
of a board. Networks learn {train} items; the methods are asked about {test} others, for the true class.

A cell holds two numbers: the share of positive relevance that lies at the evidence, and how often
the most relevant cell lies there (the pointing game). Chance is the evidence's share of
the item, in the column "area". **✕** marks a method whose pointing game is not better than that (binomial
test, one-sided, p ≥ 0.01).
"""
READING = """
## How to read this

Gradient × input, integrated gradients, SmoothGrad and occlusion are about the input itself.
Grad-CAM and Grad-CAM++ are about a tap, and claim to say where something lies only if the head
pools the maps (`lenet5` flattens them) and if a cell of the tap sees no more than half of the item along each
axis; the last two columns say so. Explanations tell the reader where either fails. The half was
chosen after a look at the first networks of these tasks; those marked * were tried only when it stood.
The default tap is the last one that sees no more than half, or else the last. Where a network's accuracy
is 50 %, it learned nothing, and no map of it can point at anything.
"""


def main() -> None:
    """Run the tasks that the command line names, all by default."""
    names = sys.argv[1:] or list(TASKS)
    head = ["data", "network", "accuracy", "area", *METHODS]
    taps = ["data", "network", "tap", *ON_TAPS, "sees", "claims"]
    rows, tap_rows = [_line(head), "|" + "---|" * len(head)], [_line(taps), "|" + "---|" * len(taps)]
    for name in names:
        for settings in (*NETWORKS[name], *FRESH[name]):
            row, more = study(name, settings)
            rows.append(row)
            tap_rows += more
            print("\n".join([row, *more]), flush=True)
    text = INTRODUCTION.format(train=TRAIN, test=TEST) + "\n" + "\n".join(rows) + "\n\n## Every tap\n\n"
    text += "\n".join(tap_rows) + "\n" + READING
    if names == list(TASKS):
        PAGE.write_text(text, encoding="utf-8")
    print(text)


def study(name: str, settings: dict[str, Any]) -> tuple[str, list[str]]:
    """Train one network on one task; give the row of all methods, and one for each tap."""
    started = time.process_time()
    task, test = (TASKS[name](count, np.random.default_rng(SEED + i)) for i, count in enumerate((TRAIN, TEST)))
    data = from_arrays(task.items, task.labels, modality=task.modality)
    predictor = fit_predictor(data, settings, task.adapter, RECIPE, SEED)
    accuracy = float(np.mean(predictor.predict(test.items) == np.asarray(test.labels)))
    found = ask(predictor, test, dict(METHODS))
    area = float(np.mean([one.area for one in found["occlusion"]]))
    title = settings["name"] + (" *" if settings in FRESH[name] else "")
    row = _line([name, title, f"{accuracy:.0%}", f"{area:.2f}", *(_rates(found[one]) for one in METHODS)])
    more = [tap_row(name, title, predictor, test, tap) for tap in _taps(lens_for(predictor))]
    print(f"{name} {settings['name']}: {time.process_time() - started:.0f} CPU-seconds", file=sys.stderr)
    return row, more


def tap_row(name: str, network: str, predictor: Predictor, test: Task, tap: str) -> str:
    """Ask the methods on taps about one of them."""
    lens = lens_for(predictor)
    asked: Asked = {one: partial(method, tap=tap) for one, method in ON_TAPS.items()}
    found = ask(predictor, test, asked)
    place = lens.place(tap)
    sees = f"{' × '.join(map(str, place.parts[-1].field.size))} of {' × '.join(map(str, lens.spatial))}"
    claims = "yes" if place.localises(lens.spatial) and not lens.flattens else "no"
    return _line([name, network, tap, *(_rates(found[one]) for one in ON_TAPS), sees, claims])


def ask(predictor: Predictor, test: Task, methods: Asked) -> dict[str, list[Landed]]:
    """Ask every method about every item."""
    lens = lens_for(predictor)
    found: dict[str, list[Landed]] = {one: [] for one in methods}
    for item, label, place in zip(test.items, test.labels, test.places, strict=True):
        subject = Subject.of(lens, predictor, item, label, SEED)
        for one, method in methods.items():
            found[one].append(landed(method(subject), place))
    return found


def _taps(lens: Lens) -> list[str]:
    return [stage.name for stage in lens.stages] or ([lens.pooled.name] if lens.pooled else [])


def _rates(found: Sequence[Landed]) -> str:
    hits, area = sum(one.hit for one in found), float(np.mean([one.area for one in found]))
    better = binomtest(hits, len(found), area, alternative="greater").pvalue < 0.01
    mark = "" if better else " **✕**"
    return f"{np.mean([one.mass for one in found]):.2f} / {hits / len(found):.0%}{mark}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
