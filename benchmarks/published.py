"""Published accuracy tables, run by gridzoo's own recipes.

    GRIDZOO_DATA=<folder> python benchmarks/published.py [group …]

``published.csv`` names the rows: what others reached, and where they say so. Each group
has one protocol below. Every row is one cell of ``gridzoo compare``, beside the classical
baseline that its protocol names. What was reached is kept in ``published_results.csv``, so that groups
can be run on different days, and written to ``docs/published.md``. All of them cost about half an
hour on two cores, most of it series and text.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from gridzoo import api
from training.verdict.baselines import baseline

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or ROOT.parent / "shared" / "data")
PAGE = ROOT / "docs" / "published.md"
ROWS, RESULTS = pd.read_csv(HERE / "published.csv"), HERE / "published_results.csv"
COLUMNS = ["group", "source", "architecture", "ours", "sd", "baseline", "seconds"]

FSDD = {"name": "mel-spectrogram", "sample_rate": 8000, "n_fft": 512, "hop_length": 256, "n_mels": 40}
SPOKEN = {"epochs": 40, "batch_size": 32, "learning_rate": 3e-3, "patience": 10, "scale": "channel"}


@dataclass(frozen=True)
class Protocol:
    """How the rows of a group are run.

    Parameters
    ----------
    title, words : str
        The table's heading, and what one has to know of the protocol.
    split : str
    recipe : dict
    baseline : str
        One quick member of the modality's pack.
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
    baseline: str
    repeats: int = 1
    folds: int = 10
    settings: dict[str, Any] | None = None
    adapter: dict[str, Any] | None = None


TEXT = {"epochs": 10, "batch_size": 50, "learning_rate": 1e-3, "patience": 3, "validation": 0.1}
PROTOCOLS = {
    "text": Protocol(
        "Sentences",
        "Ten stratified folds; a tenth of the training items chooses the epoch, as in Kim (2014). Word vectors drawn at "
        "random.",
        "stratified",
        TEXT,
        "words",
    ),
    "questions": Protocol(
        "Questions",
        "Official split, mean of five trainings; a tenth of the training items chooses the epoch. Words are not "
        "lower-cased and windows reach over both ends of a question, as in Kim's own code "
        "(github.com/yoonkim/CNN_sentence): in ten folds of the training items that is 87.5 % instead of 86.8. Test scores "
        "of the plain form, 89.3 and 89.6 %, had been seen before that choice.",
        "official",
        TEXT,
        "words",
        repeats=5,
        settings={"beyond": True},
        adapter={"name": "words", "lower": False},
    ),
    "series": Protocol(
        "Series",
        "Official split, mean of the repeats' different weights; 150 epochs (published: 2,000 for FCN, 1,500 for the "
        "others), trained on all training items, last epoch kept.",
        "official",
        {"epochs": 150, "batch_size": 8, "learning_rate": 1e-3, "validation": 0.0, "augment": False},
        "rocket",
        repeats=3,
    ),
    "image": Protocol(
        "Images",
        "All 60,000 training items, last epoch kept; official test items. Two threads, since there is one training "
        "only: three minutes with nothing beside it. Epochs and whether to hold out validation items were chosen on 10,000 "
        "training items and 3,000 others.",
        "official",
        {
            "epochs": 16,
            "batch_size": 128,
            "learning_rate": 4e-3,
            "weight_decay": 0.02,
            "validation": 0.0,
            "threads": 2,
        },
        "logistic",
    ),
    "sound": Protocol(
        "Sounds",
        "Official split: recordings 0 to 4 of every speaker and digit are the test items.",
        "official",
        SPOKEN,
        "mfcc-svm",
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
        "mfcc-svm",
        settings={"width": 32},
        adapter=FSDD | {"n_fft": 256, "hop_length": 80},
    ),
    "dna": Protocol(
        "DNA",
        "Ten stratified folds, one-hot letters; duplicates of training items in the test part are left in, as in the "
        "published figure. Of six networks and a few recipes these did best on the validation items of five other folds "
        "(96.9 %), which are all of the same 3,190 windows.",
        "stratified",
        {
            "epochs": 40,
            "batch_size": 32,
            "learning_rate": 3e-3,
            "weight_decay": 0.05,
            "label_smoothing": 0.1,
            "validation": 0.1,
            "patience": 40,
        },
        "letters",
    ),
}
HEAD = "| data | network | ours | sd | published | difference | baseline | seconds a run | where published |\n" + (
    "|---|---|---|---|---|---|---|---|---|\n"
)


def main() -> None:
    """Run the groups that the command line names, all by default, and write the page."""
    names = sys.argv[1:] or list(PROTOCOLS)
    for group in names:
        for source, rows in ROWS[ROWS["group"] == group].groupby("source", sort=False):
            keep(run(group, str(source), rows))
    write_page()


def run(group: str, source: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Run one source's rows; give what they reached."""
    settings = declared(PROTOCOLS[group], rows)
    out = ROOT / "runs" / "published" / group / source.replace("/", "-")
    cells = api.compare(source, out=out, settings=settings, data_home=HOME).cells()
    whole = {(cell.kind, cell.model): cell for cell in cells if cell.done == cell.planned}
    floor = next((cell.mean for (kind, _), cell in whole.items() if kind == "baseline"), None)
    found = [
        (group, source, name, cell.mean, cell.deviation, floor, cell.seconds)
        for name in rows["architecture"]
        if (cell := whole.get(("cnn", name)))
    ]
    return pd.DataFrame(found, columns=COLUMNS)


def keep(found: pd.DataFrame) -> None:
    """Add what was reached to the table, in the place of what it held of the same rows."""
    both = pd.concat([results(), found.round({"ours": 4, "sd": 4, "baseline": 4, "seconds": 1})])
    ROWS[COLUMNS[:3]].merge(both.drop_duplicates(COLUMNS[:3], keep="last")).to_csv(RESULTS, index=False)


def results() -> pd.DataFrame:
    """Read what was reached so far."""
    return pd.read_csv(RESULTS) if RESULTS.is_file() else pd.DataFrame(columns=COLUMNS)


def declared(protocol: Protocol, rows: pd.DataFrame) -> dict[str, Any]:
    """Write the experiment of one source."""
    models = [{"name": name, "settings": protocol.settings or {}} for name in rows["architecture"]]
    return {
        "architectures": models,
        "adapters": [protocol.adapter] if protocol.adapter else [],
        "arms": ["original"],
        "baselines": [protocol.baseline],
        "splits": [protocol.split],
        "folds": protocol.folds,
        "repeats": protocol.repeats,
        "recipe": protocol.recipe,
    }


def write_page() -> None:
    """Write the table of each group, published figures beside ours."""
    table = results().merge(ROWS, on=COLUMNS[:3], how="left")
    parts = [
        "# Published tables, run by gridzoo's recipes\n",
        "`python benchmarks/published.py`. Accuracy on test items, %; `sd` over folds or repeats. Seconds are of one "
        "training with its tests on one core.\n",
    ]
    for group, rows in table.groupby("group", sort=False):
        protocol = PROTOCOLS[str(group)]
        lines = "".join(line(row) for _, row in rows.iterrows())
        words = f"{protocol.words} Baseline: {baseline(protocol.baseline).title}."
        parts += [f"## {protocol.title}\n", f"{words}\n", HEAD + lines + mean_line(rows)]
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    print("\n".join(parts))


def line(row: Any) -> str:
    """Write one line of the table."""
    where = "" if pd.isna(row["cited"]) else row["cited"]
    return (
        f"| {row['source']} | {row['architecture']} | {percent(row['ours'])} | {percent(row['sd'])} | "
        f"{percent(row['published'] / 100)} | {percent(row['ours'] - row['published'] / 100, '+')} | "
        f"{percent(row['baseline'])} | {row['seconds']:.0f} | {where} |\n"
    )


def percent(share: float, sign: str = "") -> str:
    """Write a share in percent, or a dash for none."""
    return "–" if pd.isna(share) else f"{100 * share:{sign}.1f}"


def mean_line(rows: pd.DataFrame) -> str:
    """Sum a group of several published figures up: the mean difference to them."""
    differences = (rows["ours"] - rows["published"] / 100).dropna()
    if len(differences) < 2:
        return ""
    return f"| mean of {len(differences)} | | | | | {percent(differences.mean(), '+')} | | | |\n"


if __name__ == "__main__":
    main()
