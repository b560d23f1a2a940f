"""PANNs: CNN6, CNN10 and CNN14."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange


@dataclass(frozen=True)
class PANN(Architecture):
    """Pretrained audio networks: averaged 2×2 stages on time × mel bands.

    Parameters
    ----------
    stages : int
        Stages; filters double with each.
    width : int
        Filters of the first stage.
    kernel : int
    layers : int
        Convolutions of a stage.
    stage_dropout : float
        Rate after each stage.
    dropout : float
        Rate before each of the two dense layers.
    """

    dropout: float = 0.5
    stages: int = 4
    width: int = 64
    kernel: int = 3
    layers: int = 2
    stage_dropout: float = 0.2

    title: ClassVar[str] = "PANNs"
    reference: ClassVar[Reference] = Reference(
        "PANNs: large-scale pretrained audio neural networks for audio pattern recognition",
        "Kong, Cao, Iqbal, Wang, Wang, Plumbley",
        2020,
        "arXiv:1912.10211",
    )
    native: ClassVar[Native] = Native((1001, 64, 1), 527)
    variants: ClassVar[Mapping[str, Variant]] = {
        "cnn6": Variant("table 1, for 1001×64 log-mel, without its frozen front end", {"kernel": 5, "layers": 1}),
        "cnn10": Variant("table 1, for 1001×64 log-mel, without its frozen front end"),
        "cnn14": Variant("table 1, for 1001×64 log-mel, without its frozen front end", {"stages": 6}),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"stages": IntRange(2, 4), "width": IntRange(8, 64, step=8)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the normalisation of mel bands and the stages; the paper's sixth stage is not pooled."""
        x = _layers.norm(x, "bands_norm", axis=-2)
        for stage in range(1, self.stages + 1):
            for layer in range(1, self.layers + 1):
                x = _nd.conv_norm_act(x, self.width * 2 ** (stage - 1), self.kernel, f"stage{stage}_conv{layer}")
            if stage < 6:
                x = _nd.pool(x, "Average", 2, f"stage{stage}_pool", keep=2)
            x = _layers.tap(_layers.dropout(x, self.stage_dropout, f"stage{stage}_dropout"), stage)
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw maximum plus average over time of the average over bands, and two dense layers."""
        channels, (*times, bands) = _nd.channels_of(x), _nd.lengths_of(x)
        if any(cells > 1 for cells in times):  # an axis on its own is time
            bands_only = (1,) * (_nd.rank_of(x) - 1) + (bands,)
            x = _nd.pool(x, "Average", bands_only, "head_bands", stride=bands_only, keep=1)
        x = _layers.add([_nd.global_pool(x, kind, f"head_{kind.lower()}") for kind in ("Max", "Average")], "head_add")
        x = _layers.dropout(x, self.dropout, "head_dropout1")
        x = _layers.dense(x, channels, "head_dense", act="relu")
        return _layers.logits(_layers.dropout(x, self.dropout, "head_dropout2"), outputs)
