"""Multilayer perceptrons: the control that sees no grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class MLP(Architecture):
    """Dense layers on the flattened grid; permuting the cells changes nothing.

    Parameters
    ----------
    units : int
        Units of each hidden layer.
    layers : int
        Hidden layers.
    input_dropout, hidden_dropout, dropout : float
        Rates on the grid, after each hidden layer but the last, and after the last.
    """

    dropout: float = 0.2
    input_dropout: float = 0.0
    hidden_dropout: float = 0.2
    units: int = 128
    layers: int = 2

    title: ClassVar[str] = "MLP"
    reference: ClassVar[Reference] = Reference(
        "Time series classification from scratch with deep neural networks: a strong baseline",
        "Wang, Yan, Oates",
        2017,
        "arXiv:1611.06455",
    )
    native: ClassVar[Native] = Native((150, 1), 2)
    variants: ClassVar[Mapping[str, Variant]] = {
        "mlp": Variant("a small control for networks on grids"),
        "ts-mlp": Variant(
            "figure 1(a): 577,502 parameters at 150×1, 2 classes",
            {"units": 500, "layers": 3, "input_dropout": 0.1, "dropout": 0.3},
        ),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "units": Choice((32, 64, 128, 256, 512)),
        "layers": IntRange(1, 3),
        "hidden_dropout": Choice((0.0, 0.1, 0.2, 0.4), when=("layers", (2, 3))),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the hidden layers, each a stage."""
        x = _layers.dropout(_layers.flatten(x, "flatten"), self.input_dropout, "input_dropout")
        for stage in range(1, self.layers + 1):
            x = _layers.tap(_layers.dense(x, self.units, f"stage{stage}_dense", act="relu"), stage)
            rate = self.dropout if stage == self.layers else self.hidden_dropout
            x = _layers.dropout(x, rate, f"stage{stage}_dropout")
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the classifier."""
        return _layers.logits(x, outputs)
