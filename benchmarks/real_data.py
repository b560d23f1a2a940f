"""Accuracy on real data beside the bars that this project sets itself.

    GRIDZOO_DATA=<folder> python benchmarks/real_data.py [name …]

Each row is one command line of ``gridzoo compare`` with one architecture: what it
reached, what was asked, and the seconds that training took. The table is printed and
written to ``docs/real-data.md``. Costs about half an hour on two
cores; finished runs in ``runs/real-data`` are not run again.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridzoo import api
from training.comparison import Comparison

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or ROOT.parent / "shared" / "data")
OUT, PAGE = ROOT / "runs" / "real-data", ROOT / "docs" / "real-data.md"


@dataclass(frozen=True)
class Bar:
    """What is run, and what it should reach."""

    source: str
    asked: float
    published: str
    settings: dict[str, Any]


BARS = (
    Bar(
        "fsdd",
        0.975,
        "97 % on an older, random split",
        {
            "adapters": [
                {"name": "mel-spectrogram", "sample_rate": 8000, "n_fft": 512, "hop_length": 256, "n_mels": 40}
            ],
            "architectures": [{"name": "res8", "settings": {"width": 32}}],
            "splits": ["official", "leave-one-group-out"],
            "recipe": {"epochs": 40, "batch_size": 32, "learning_rate": 3e-3, "patience": 10},
        },
    ),
    Bar(
        "trec",
        0.89,
        "91.2 %, CNN-rand, Kim 2014, table 2",
        {
            "architectures": ["textcnn"],
            "splits": ["official"],
            "recipe": {"epochs": 15, "batch_size": 50, "learning_rate": 1e-3, "patience": 4, "validation": 0.1},
        },
    ),
    Bar(
        "fashion-mnist",
        0.89,
        "88-93 % for small CNNs on all 60,000",
        {
            "architectures": [{"name": "resnet8", "settings": {"width": 32}}],
            "splits": ["official"],
            "limit": 10_000,
            "recipe": {
                "epochs": 15,
                "batch_size": 64,
                "learning_rate": 2e-3,
                "weight_decay": 0.02,
                "patience": 5,
                "validation": 0.1,
            },
        },
    ),
)


def main() -> None:
    """Run the bars that the command line names, all by default, and print their table."""
    names = sys.argv[1:]
    rows = ["| data | split | CNN | baseline | asked | published | seconds a fold |", "|" + "---|" * 7]
    for bar in BARS:
        if names and bar.source not in names:
            continue
        comparison = run(bar, OUT / bar.source)
        api.report(comparison)
        rows += [row(bar, comparison, split) for split in dict.fromkeys(cell.split for cell in comparison.cells())]
    text = "\n".join(rows)
    print(text)
    command = " ".join(["python benchmarks/real_data.py", *names])
    PAGE.write_text(f"# Accuracy on real data\n\n`{command}` printed:\n\n{text}\n", encoding="utf-8")


def run(bar: Bar, out: Path) -> Comparison:
    """Run what a bar declares."""
    return api.compare(bar.source, out=out, settings={**bar.settings, "arms": ["original"]}, data_home=HOME)


def row(bar: Bar, comparison: Comparison, split: str) -> str:
    """Write one split's line of the table."""
    cells = {cell.kind: cell for cell in comparison.cells() if cell.split == split}
    cnn, floor = cells["cnn"], cells["baseline"]
    asked, published = (f"{bar.asked:.1%}", bar.published) if split.startswith("official") else ("–", "–")
    return (
        f"| {bar.source} | {split} | {cnn.model} {cnn.mean:.1%} | {floor.mean:.1%} | {asked} | "
        f"{published} | {cnn.seconds:.0f} |"
    )


if __name__ == "__main__":
    main()
