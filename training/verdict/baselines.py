"""Classical models that a CNN has to beat: a pack that suits each modality.

The one that a fold is judged by is chosen among them, with its hyperparameters, by a
cross-validation within the fold's training items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from training.errors import ExperimentError, nearest
from training.records import Settings
from training.usual import ALIGNED

AUTO = "auto"
MEL = "mel band"


@dataclass(frozen=True)
class Baseline:
    """A classical model.

    Parameters
    ----------
    name, title : str
    reads : {"grid", "text", "row"}
        The flat grid, the raw sentence, or the raw row of a table.
    points : tuple of dict
        The hyperparameters that are tried.
    needs : str
        A package that does not come with gridzoo; empty for none.
    """

    name: str
    title: str
    reads: str
    points: tuple[Settings, ...] = ({},)
    needs: str = ""


COSTS = ({"C": 1.0}, {"C": 10.0}, {"C": 100.0})
BASELINES = (
    Baseline("nearest", "nearest neighbours on the flat grid", "grid", ({"neighbours": 1}, {"neighbours": 5})),
    Baseline("svm", "RBF support vector machine on the flat grid", "grid", COSTS),
    Baseline("logistic", "logistic regression on the flat grid", "grid", ({"C": 0.01}, {"C": 1.0})),
    Baseline("trees", "histogram gradient boosting on the flat grid, on means of blocks where it is large", "grid"),
    Baseline("mfcc-svm", "mean and deviation of MFCCs, RBF support vector machine", "grid", COSTS),
    Baseline("rocket", "random convolution kernels (ROCKET), ridge regression", "grid", needs="pyts"),
    Baseline("words", "TF-IDF of words and pairs, logistic regression", "text", COSTS[1:]),
    Baseline("letters", "TF-IDF of character n-grams, logistic regression", "text", COSTS[1:]),
    Baseline("tfidf", "TF-IDF of words and character n-grams, logistic regression", "text", COSTS[1:]),
    Baseline("row-trees", "histogram gradient boosting on the raw columns", "row"),
)

# The quick ones first: where time is short, the rest is not tried.
PACKS = {
    "image": ("nearest", "svm", "logistic", "trees"),
    "sound": ("mfcc-svm", "nearest", "svm", "logistic", "trees"),
    "text": ("words", "letters", "tfidf"),
    ALIGNED: ("logistic", "svm", "nearest", "trees", "letters"),
    "series": ("nearest", "svm", "logistic", "rocket", "trees"),
    "table": ("row-trees", "svm", "logistic", "nearest"),
    "board": ("nearest", "svm", "logistic", "trees"),
}


def baseline(name: str) -> Baseline:
    """Look a baseline up.

    Raises
    ------
    ExperimentError
        If there is none of that name.
    """
    for candidate in BASELINES:
        if candidate.name == name:
            return candidate
    raise ExperimentError(f"baseline {name!r}: unknown; {nearest(name, [AUTO, *(b.name for b in BASELINES)])}")


def settings_of(name: str, modality: str, axes: Sequence[str], pack: str | None = None) -> Settings:
    """Give the settings of a run: one baseline by its name, or all of a pack that suit (``"auto"``).

    Parameters
    ----------
    name, modality : str
    axes : sequence of str
        Of the grid.
    pack : str, optional
        That of the modality by default.

    Raises
    ------
    ExperimentError
        If the baseline is unknown, or cannot read these items.
    """
    if name == AUTO:
        members = [one.name for one in map(baseline, PACKS[pack or modality]) if not _unsuited(one, modality, axes)]
        return {"name": "pack", "label": f"best of {', '.join(members)}", "members": members}
    chosen = baseline(name)
    if reason := _unsuited(chosen, modality, axes):
        raise ExperimentError(f"baseline {name!r}: {reason}")
    return {"name": chosen.name, "label": chosen.title, "members": [chosen.name]}


def points_of(settings: Settings) -> list[Settings]:
    """List what a run tries: a baseline with hyperparameters each."""
    return [{"baseline": name, **point} for name in settings["members"] for point in baseline(name).points]


def _unsuited(chosen: Baseline, modality: str, axes: Sequence[str]) -> str:
    if chosen.reads == "text" and modality != "text":
        return f"expected text, got {modality}; try 'logistic'"
    if chosen.reads == "row" and modality != "table":
        return f"expected rows of a table, got {modality}; try 'trees'"
    if chosen.name == "mfcc-svm" and MEL not in axes:
        return f"expected a grid with axes 'time' and {MEL!r}, got {list(axes)}; try 'logistic'"
    if chosen.name == "rocket" and len(axes) != 1:
        return f"expected a grid with one axis, got {list(axes)}; try 'svm'"
    if chosen.needs and find_spec(chosen.needs) is None:
        return f"expected the package {chosen.needs}; install it with: pip install 'gridzoo[demo]'"
    return ""


def readings(settings: Settings) -> set[str]:
    """Say what the members of a run read."""
    return {baseline(name).reads for name in settings["members"]}


def describe() -> list[tuple[str, Any]]:
    """Name every baseline with its title."""
    return [(one.name, one.title) for one in BASELINES]
