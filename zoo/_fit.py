"""The fit rule: how a paper's window becomes one for the grid at hand.

A paper's kernel and stride are for the paper's grid; on another one they are fitted,
axis by axis, to the axis' current length n:

- stride: the largest s up to the paper's that leaves ``keep`` cells (four, unless
  the paper itself goes below), else 1;
- kernel: at most 2n − 1, so that its centre reaches every cell and no more;
- a patch kernel (as long as its stride) follows its stride;
- ``valid`` padding gives way to ``same`` where it would leave fewer than ``keep``;
- dilation: at most what keeps the outermost taps on the axis.

On the paper's own grid nothing of this applies, and the network is the paper's. On
an axis of one cell every kernel is 1, so ``(1, n)`` and ``(n,)`` give one network.
Sizes given for each axis (``(10, 4)``) are read from the last axis backwards.
"""

from __future__ import annotations

from dataclasses import dataclass

KEEP = 4  # an axis is not strided below this many cells

Sizes = int | tuple[int, ...]


@dataclass(frozen=True)
class Window:
    """A window as it suits one grid: one size an axis, and the padding they share."""

    lengths: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: str

    @property
    def margins(self) -> tuple[tuple[int, int], ...]:
        """Zeros before and after each axis that the padding stands for."""
        axes = zip(self.lengths, self.kernel, self.stride, self.dilation, strict=True)
        totals = [self._total(n, (k - 1) * d + 1, s) for n, k, s, d in axes]
        return tuple((total // 2, total - total // 2) for total in totals)

    def _total(self, n: int, span: int, stride: int) -> int:
        if self.padding == "valid":
            return 0
        if self.padding == "symmetric":
            return span - 1
        return max((-(-n // stride) - 1) * stride + span - n, 0)


def per_axis(sizes: Sizes, rank: int) -> tuple[int, ...]:
    """Give each axis its size; the last entry belongs to the last axis."""
    if isinstance(sizes, int):
        return (sizes,) * rank
    return (sizes[0],) * (rank - len(sizes)) + sizes[-rank:]


def _cells(n: int, span: int, stride: int, padding: str) -> int:
    return (n - span) // stride + 1 if padding == "valid" else -(-n // stride)


def _longest_stride(n: int, span: int, stride: int, patch: bool, padding: str, keep: int) -> int:
    for s in range(min(stride, n), 1, -1):
        if _cells(n, s if patch else span, s, padding) >= keep:
            return s
    return 1


def fit(lengths: tuple[int, ...], kernel: Sizes, stride: Sizes, dilation: Sizes, padding: str, keep: int) -> Window:
    """Fit a window to axes of these lengths.

    Parameters
    ----------
    lengths : tuple of int
        Current length of each axis.
    kernel, stride, dilation : int or tuple of int
        As the paper says.
    padding : {"valid", "same", "symmetric"}
    keep : int
        Fewest cells that a stride or ``valid`` padding may leave.

    Examples
    --------
    >>> fit((224, 224), 7, 2, 1, "same", 4).stride
    (2, 2)
    >>> fit((40, 7), 7, 2, 1, "same", 4).stride
    (2, 1)
    >>> fit((1, 50), 3, 1, 1, "same", 4).kernel
    (1, 3)
    """
    rank = len(lengths)
    strides, kernels = per_axis(stride, rank), per_axis(kernel, rank)
    patches = [k == s for k, s in zip(kernels, strides, strict=True)]
    kernels = tuple(min(k, 2 * n - 1) for k, n in zip(kernels, lengths, strict=True))
    reaches = [(n - 1) // max(1, k // 2) for k, n in zip(kernels, lengths, strict=True)]
    dilations = tuple(max(1, min(d, reach)) for d, reach in zip(per_axis(dilation, rank), reaches, strict=True))
    spans = [(k - 1) * d + 1 for k, d in zip(kernels, dilations, strict=True)]
    axes = list(zip(lengths, spans, strides, patches, strict=True))
    if padding == "valid" and any(n - span + 1 < keep for n, span, _, patch in axes if span > 1 and not patch):
        padding = "same"
    strides = tuple(_longest_stride(n, span, s, patch, padding, keep) for n, span, s, patch in axes)
    kernels = tuple(s if patch else k for k, s, patch in zip(kernels, strides, patches, strict=True))
    return Window(lengths, kernels, strides, dilations, padding)
