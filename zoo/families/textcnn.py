"""TextCNN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class TextCNN(Architecture):
    """Filters over windows of a few words; of each, its strongest answer anywhere.

    On dense grids it has no embedding and reads the channels as word vectors. Vectors
    from elsewhere go into the layers ``embedding`` (learned) and ``static_embedding``
    (kept as they are): ``model.get_layer("static_embedding").set_weights([vectors])``.

    Parameters
    ----------
    kernels : tuple of int
        Window lengths.
    filters : int
        Filters of each window length.
    embedding : int
        Dimension of the word vectors.
    vectors : {"learned", "static", "both"}
        Which word vectors the filters read; ``both`` adds a filter's answers to the two.
    beyond : bool
        Let windows reach over both ends of the text, into zeros: a filter then tells a first word from others. The
        author's own code does (github.com/yoonkim/CNN_sentence); the paper pads "where necessary".
    """

    dropout: float = 0.5
    kernels: tuple[int, ...] = (3, 4, 5)
    filters: int = 100
    embedding: int = 300
    vectors: str = "learned"
    beyond: bool = False

    title: ClassVar[str] = "TextCNN"
    reference: ClassVar[Reference] = Reference(
        "Convolutional neural networks for sentence classification", "Kim", 2014, "arXiv:1408.5882"
    )
    native: ClassVar[Native] = Native((56, 300), 2)
    variants: ClassVar[Mapping[str, Variant]] = {
        "textcnn": Variant("CNN-rand of section 3.1: 360,902 parameters beside the word vectors, 2 classes"),
        "textcnn-static": Variant("CNN-static of section 3.1: word vectors are not trained", {"vectors": "static"}),
        "textcnn-two-channel": Variant("CNN-multichannel of section 3.1", {"vectors": "both"}),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "filters": IntRange(25, 200, step=25),
        "embedding": Choice((50, 100, 200, 300)),
    }

    def embed(self, ids: Tensor, vocabulary_size: int) -> Tensor:
        """Draw the word vectors."""
        size = (vocabulary_size, self.embedding)
        if self.vectors == "learned":
            return _layers.embedding(ids, *size)
        static = _layers.embedding(ids, *size, "static_embedding", learned=False)
        if self.vectors == "static":
            return static
        # The same filters read both channels and their answers are added: so are the vectors.
        return _layers.add([static, _layers.embedding(ids, *size)], "embedding_sum")

    def features(self, x: Tensor) -> Tensor:
        """Draw one convolution for each window length, and its maximum over the text."""
        strongest = []
        for kernel in self.kernels:
            name = f"window{kernel}"
            read = _ends(x, kernel, f"{name}_pad") if self.beyond else x
            maps = _nd.conv(read, self.filters, kernel, f"{name}_conv", padding="valid")
            maps = _layers.activation(maps, "relu", name)
            strongest.append(_nd.global_pool(maps, "Max", f"{name}_pool"))
        return _layers.tap(_layers.concat(strongest, "concat"), 1)

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the classifier."""
        return _layers.logits(_layers.dropout(x, self.dropout, "head_dropout"), outputs)


def _ends(x: Tensor, kernel: int, name: str) -> Tensor:
    """Put zeros before and after every axis of more than one cell, so that each cell has all places in a window."""
    margins = tuple((kernel - 1,) * 2 if length > 1 else (0, 0) for length in _nd.lengths_of(x))
    return _nd.pad(x, margins, name)
