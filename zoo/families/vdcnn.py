"""Very deep CNN on characters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange

# Table 2 of the paper: blocks of two convolutions with 64, 128, 256 and 512 maps.
TABLE = {"9": (1, 1, 1, 1), "17": (2, 2, 2, 2), "29": (5, 5, 2, 2), "49": (8, 8, 5, 3)}


@dataclass(frozen=True)
class VDCNN(Architecture):
    """Blocks of two short convolutions; the text is halved where the maps double.

    Without the optional shortcuts, and pooled by maxima, as the paper recommends.

    Parameters
    ----------
    blocks : tuple of int
        Blocks of each stage.
    width : int
        Maps of the first stage; each further one has twice as many.
    kept : int
        Strongest answers that each map hands to the dense layers, in reading order.
    units : int
        Of the two dense layers before the last.
    embedding : int
        Dimension of the character vectors.
    """

    blocks: tuple[int, ...] = TABLE["9"]
    width: int = 64
    kept: int = 8
    units: int = 2048
    embedding: int = 16

    title: ClassVar[str] = "VDCNN"
    reference: ClassVar[Reference] = Reference(
        "Very deep convolutional networks for text classification",
        "Conneau, Schwenk, Barrault, LeCun",
        2017,
        "arXiv:1606.01781",
    )
    native: ClassVar[Native] = Native((1024, 16), 4)
    variants: ClassVar[Mapping[str, Variant]] = {
        f"vdcnn-{depth}": Variant(f"table 2, depth {depth}, for 1,024 characters", {"blocks": blocks})
        for depth, blocks in TABLE.items()
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": IntRange(16, 64, step=16),
        "kept": IntRange(2, 8, step=2),
        "units": Choice((128, 512, 2048)),
        "embedding": Choice((8, 16, 32)),
    }

    def embed(self, ids: Tensor, vocabulary_size: int) -> Tensor:
        """Draw the character vectors."""
        return _layers.embedding(ids, vocabulary_size, self.embedding)

    def features(self, x: Tensor) -> Tensor:
        """Draw the stages; each but the first starts by halving the text."""
        x = _nd.conv(x, self.width, 3, "stem_conv")
        for stage, blocks in enumerate(self.blocks, start=1):
            if stage > 1:
                x = _nd.pool(x, "Max", 3, f"stage{stage}_pool", stride=2, padding="same")
            for layer in range(1, 2 * blocks + 1):
                filters = self.width * 2 ** (stage - 1)
                x = _nd.conv_norm_act(x, filters, 3, f"stage{stage}_block{(layer + 1) // 2}_conv{2 - layer % 2}")
            x = _layers.tap(x, stage)
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the strongest answers and the dense layers."""
        x = _layers.flatten(_nd.k_max_pool(x, self.kept, "head_pool"), "head_flatten")
        for number in (1, 2):
            x = _layers.dense(x, self.units, f"head_dense{number}", act="relu")
            x = _layers.dropout(x, self.dropout, f"head_dropout{number}")
        return _layers.logits(x, outputs)
