"""DPCNN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class DPCNN(Architecture):
    """A pyramid: every block halves the text and keeps the maps.

    Parameters
    ----------
    filters : int
        Feature maps throughout.
    blocks : int
        Blocks that halve the text, after one that does not.
    embedding : int
        Dimension of the word vectors.
    """

    dropout: float = 0.5
    filters: int = 250
    blocks: int = 6
    embedding: int = 300

    title: ClassVar[str] = "DPCNN"
    reference: ClassVar[Reference] = Reference(
        "Deep pyramid convolutional neural networks for text categorization",
        "Johnson, Zhang",
        2017,
        "doi:10.18653/v1/P17-1052",
    )
    native: ClassVar[Native] = Native((128, 300), 2)
    variants: ClassVar[Mapping[str, Variant]] = {
        "dpcnn": Variant(
            "15 weight layers, region of 3 words: 2,854,252 parameters beside the word vectors, 2 classes"
        ),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "filters": IntRange(50, 250, step=50),
        "blocks": IntRange(1, 6),
        "embedding": Choice((50, 100, 300)),
    }

    def embed(self, ids: Tensor, vocabulary_size: int) -> Tensor:
        """Draw the word vectors."""
        return _layers.embedding(ids, vocabulary_size, self.embedding)

    def features(self, x: Tensor) -> Tensor:
        """Draw the region convolution and the blocks, each a stage."""
        x = _layers.tap(self._block(_nd.conv(x, self.filters, 3, "stem_conv"), "stage1"), 1)
        for stage in range(2, self.blocks + 2):
            x = _nd.pool(x, "Max", 3, f"stage{stage}_pool", stride=2, padding="same", keep=2)
            x = _layers.tap(self._block(x, f"stage{stage}"), stage)
        return x

    def _block(self, x: Tensor, name: str) -> Tensor:
        shortcut = x
        for number in (1, 2):
            x = _layers.activation(x, "relu", f"{name}_relu{number}")
            x = _nd.conv(x, self.filters, 3, f"{name}_conv{number}")
        return _layers.add([shortcut, x], f"{name}_add")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the maximum over the text and the classifier."""
        x = _layers.dropout(_nd.global_pool(x, "Max", "head_pool"), self.dropout, "head_dropout")
        return _layers.logits(x, outputs)
