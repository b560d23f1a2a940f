"""Series as Markov transition fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray

from adapters.parameters import Count, Range
from adapters.series.lengths import Policy, aggregated, segments
from adapters.series.two_times import TwoTimes


@dataclass(repr=False, eq=False)
class MarkovField(TwoTimes):
    """Time series as probabilities to go from the value at one time to the value at another.

    Every channel of every series is cut into quantile bins of its own, and how often a
    sample of one bin is followed by one of another is counted. A cell is the mean over
    the samples of its two times. Level, amplitude and every other monotonic change of
    the values are gone: they cannot tell classes apart.

    Parameters
    ----------
    policy : {"resample", "pad"}
        As in `Series`.
    image_size : int
        Most cells along each time.
    n_bins : int
        Quantile bins, at least 2.

    Examples
    --------
    >>> MarkovField(n_bins=2).fit_transform([[0.0, 1.0, 0.0, 1.0]])[0, :2, :2, 0]
    array([[0., 1.],
           [1., 0.]], dtype=float32)

    References
    ----------
    Wang, Oates (2015). Encoding time series as images for visual inspection and
    classification using tiled convolutional neural networks. AAAI workshop.
    """

    policy: Policy = "resample"
    image_size: Count = 64
    n_bins: Annotated[int, Range(2)] = 8

    name: ClassVar[str] = "markov-field"
    quantity: ClassVar[str] = "transition probability"

    def _field(self, channel: NDArray[np.float64]) -> NDArray[np.float64]:
        inner = np.percentile(channel, np.linspace(0, 100, self.n_bins + 1)[1:-1])
        member = np.eye(self.n_bins)[np.searchsorted(inner, channel, side="left")]
        counts = member[:-1].T @ member[1:]
        transition = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        # The mean of a field over a block is bilinear in how its times' samples fall into
        # bins: a long series needs no field of all its samples.
        shares = aggregated(member, segments(self.length_, self.image_size))
        return np.asarray(shares @ transition @ shares.T)
