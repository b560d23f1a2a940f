"""Published accuracy tables, run by gridzoo's own recipes.

    GRIDZOO_DATA=<folder> python benchmarks/published.py [group …]

``published.csv`` names the rows: what others reached, and where they say so. Each group
has one protocol below. Every row is one cell of ``gridzoo compare``, beside the classical
baseline of its modality. The table is written to ``docs/published.md``; of a
group that is not named, what is finished in ``runs/published`` is shown and nothing is run. From
nothing it costs about two hours on two cores, most of it series and text.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from gridzoo import api
from training.chapters import CellSummary
from training.comparison import Comparison

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or ROOT.parent / "shared" / "data")
OUT, PAGE = ROOT / "runs" / "published", ROOT / "docs" / "published.md"
ROWS = pd.read_csv(Path(__file__).with_suffix(".csv"))

FSDD = {"name": "mel-spectrogram", "sample_rate": 8000, "n_fft": 512, "hop_length": 256, "n_mels": 40}
SPOKEN = {"epochs": 40, "batch_size": 32, "learning_rate": 3e-3, "patience": 10}


@dataclass(frozen=True)
class Protocol:
    """How the rows of a group are run.

    Parameters
    ----------
    title, words : str
        The table's heading, and what one has to know of the protocol.
    split : str
    recipe : dict
    repeats, folds : int
    settings : dict
        Fields of the architecture that differ from its variant.
    adapter : dict or None
        None: what suits the modality.
    """

    title: str
    words: str
    split: str
    recipe: dict[str, Any]
    repeats: int = 1
    folds: int = 10
    settings: dict[str, Any] | None = None
    adapter: dict[str, Any] | None = None


TEXT = {"epochs": 10, "batch_size": 50, "learning_rate": 1e-3, "patience": 3, "validation": 0.1}
PROTOCOLS = {
    "text": Protocol(
        "Sentences",
        "Ten stratified folds (TREC: the official split); a tenth of the training items chooses the epoch, as in "
        "Kim (2014). Word vectors drawn at random.",
        "stratified",
        TEXT,
    ),
    "series": Protocol(
        "Series",
        "Official split, mean of the repeats' different weights; 150 epochs (published: 2,000 for FCN, 1,500 for the "
        "others), trained on all training items, last epoch kept.",
        "official",
        {"epochs": 150, "batch_size": 8, "learning_rate": 1e-3, "validation": 0.0, "augment": False},
        repeats=3,
    ),
    "image": Protocol(
        "Images",
        "All 60,000 training items, a twentieth of them to choose the epoch; official test items. Two threads, "
        "since there is one training only.",
        "official",
        {
            "epochs": 16,
            "batch_size": 128,
            "learning_rate": 4e-3,
            "weight_decay": 0.02,
            "validation": 0.05,
            "threads": 2,
        },
    ),
    "sound": Protocol(
        "Sounds",
        "Official split: recordings 0 to 4 of every speaker and digit are the test items.",
        "official",
        SPOKEN,
        settings={"width": 32},
        adapter=FSDD,
    ),
    "speaker": Protocol(
        "Sounds of an unseen speaker",
        "One of six speakers is left out in turn; the epoch is chosen by an unseen speaker, too. Each clip is scaled by "
        "its own mean and deviation, in windows of 32 ms every 10 ms: of a few such settings this one did best on those "
        "validation speakers (87.0 %). Test scores of the same folds had been seen before that choice.",
        "leave-one-group-out",
        SPOKEN | {"scale": "item"},
        settings={"width": 32},
        adapter=FSDD | {"n_fft": 256, "hop_length": 80},
    ),
    "dna": Protocol(
        "DNA",
        "Ten stratified folds; duplicates of training items in the test part are left in, as in the published figure.",
        "stratified",
        {"epochs": 30, "batch_size": 32, "learning_rate": 1e-3, "patience": 6},
    ),
}
HEAD = "| data | network | ours | sd | published | difference | baseline | seconds a run | where published |\n" + (
    "|---|---|---|---|---|---|---|---|---|\n"
)


def main() -> None:
    """Run the groups that the command line names, all by default, and write the page."""
    names = sys.argv[1:] or list(PROTOCOLS)
    parts = [
        "# Published tables, run by gridzoo's recipes\n",
        "`python benchmarks/published.py`. Accuracy on test items, %; `sd` over folds or repeats. Seconds are of one "
        "training with its tests on one core, other programs running beside it.\n",
    ]
    for group, protocol in PROTOCOLS.items():
        rows = ROWS[ROWS["group"] == group]
        found = [
            one
            for source, own in rows.groupby("source", sort=False)
            if (one := run(group, source, own, group in names))
        ]
        if found:
            parts += [f"## {protocol.title}\n", f"{protocol.words}\n", HEAD + "".join(found) + mean_row(found)]
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    print("\n".join(parts))


def run(group: str, source: str, rows: pd.DataFrame, wanted: bool) -> str:
    """Run one source's rows and write its lines; nothing if it is not wanted and was never run."""
    protocol, out = PROTOCOLS[group], OUT / group / source.replace("/", "-")
    if wanted:
        comparison = api.compare(source, out=out, settings=declared(protocol, source, rows), data_home=HOME)
    elif (out / "plans").exists():
        comparison = Comparison.read(out)
    else:
        return ""
    whole = [cell for cell in comparison.cells() if cell.done == cell.planned]
    cells = {cell.model: cell for cell in whole if cell.kind == "cnn"}
    floor = next((cell for cell in whole if cell.kind == "baseline"), None)
    return "".join(line(row, cells[one], floor) for _, row in rows.iterrows() if (one := row["architecture"]) in cells)


def declared(protocol: Protocol, source: str, rows: pd.DataFrame) -> dict[str, Any]:
    """Write the experiment of one source."""
    models = [{"name": name, "settings": protocol.settings or {}} for name in rows["architecture"]]
    return {
        "architectures": models,
        "adapters": [protocol.adapter] if protocol.adapter else [],
        "arms": ["original"],
        "splits": ["official" if source == "trec" else protocol.split],
        "folds": protocol.folds,
        "repeats": protocol.repeats,
        "recipe": protocol.recipe,
    }


def line(row: Any, cell: CellSummary, floor: CellSummary | None) -> str:
    """Write one line of the table."""
    ours, published = 100 * cell.mean, row["published"]
    beside = ("–", "–") if pd.isna(published) else (f"{published:.1f}", f"{ours - published:+.1f}")
    where = "" if pd.isna(row["cited"]) else row["cited"]
    return (
        f"| {row['source']} | {cell.model} | {ours:.1f} | {100 * cell.deviation:.1f} | {beside[0]} | {beside[1]} | "
        f"{f'{100 * floor.mean:.1f}' if floor else '–'} | {cell.seconds:.0f} | {where} |\n"
    )


def mean_row(lines: list[str]) -> str:
    """Sum a group of several published figures up: the mean difference to them."""
    cells = [text.split("|") for text in "".join(lines).splitlines()]
    differences = [float(cell[6]) for cell in cells if cell[6].strip() != "–"]
    if len(differences) < 2:
        return ""
    return f"| mean of {len(differences)} | | | | | {sum(differences) / len(differences):+.1f} | | | |\n"


if __name__ == "__main__":
    main()
