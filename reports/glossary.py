"""Terms that a page explains on hover, with the verdict's among them."""

from __future__ import annotations

from collections.abc import Mapping

from reports import wording

TERMS: Mapping[str, tuple[str, str]] = {
    "anytime": (
        "anytime curve",
        "The score of the model that one would have chosen had the experiment been stopped then.",
    ),
    "calibration": (
        "calibration",
        "Whether the model is right as often as it says: of 100 predictions with 80 % confidence, 80 should be right.",
    ),
    "critical": (
        "critical difference",
        "Mean ranks that lie closer than this cannot be told apart: the test allows for comparing all pairs at once.",
    ),
    "effect": (
        "effect",
        "The share of the ups and downs of the scores, in ranks, that go along with this hyperparameter alone.",
    ),
    "field": ("receptive field", "The part of the item that one cell of a feature map can see."),
    "gradients": (
        "integrated gradients",
        "The slope of the output, averaged on the way from “nothing there” to the item, times that way: its sum accounts "
        "for the whole output (Sundararajan et al. 2017).",
    ),
    "hyperparameter": ("hyperparameter", "A setting of a network or its training that training does not adjust."),
    "latency": (
        "time an item",
        "Time to predict one item, in batches, on one core of the machine that is named below.",
    ),
    "macs": (
        "multiply-accumulates",
        "Multiplications with an addition that one prediction needs, in convolutions and dense layers. "
        "Independent of the machine.",
    ),
    "map": ("feature map", "Where on the item one channel of a layer finds what it looks for, and how strongly."),
    "mlp": ("MLP of equal size", "A network without convolutions that has about as many parameters as the CNN."),
    "pareto": ("Pareto front", "The models that no other beats in both accuracy and cost."),
    "rank": ("mean rank", "On each data set the best model has rank 1, the next one 2; the mean over the data sets."),
    "recall": ("recall", "Of the test items of a class, the share that was recognised as such."),
    "relevance": (
        "relevance",
        "How much a part of the item adds to the network's label, or takes from it, as the method that is named finds it.",
    ),
    "repeat": ("repeat", "All folds once more, with other random numbers."),
}

GLOSSARY: Mapping[str, tuple[str, str]] = dict(
    sorted({**TERMS, **wording.GLOSSARY}.items(), key=lambda entry: entry[1][0].lower())
)
