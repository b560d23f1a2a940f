"""How a network is trained: every choice a named field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from training.errors import ExperimentError, nearest, require
from training.fitting.precision import Precision, multiplies_bfloat16
from training.fitting.scaling import Scaling

Optimizer = Literal["adam", "sgd"]
Schedule = Literal["cosine", "constant"]
CHOICES = (("optimizer", Optimizer), ("schedule", Schedule), ("precision", Precision), ("scale", Scaling))


@dataclass(frozen=True)
class Recipe:
    """How one network is trained.

    Parameters
    ----------
    epochs : int
        At most so many passes over the training part.
    batch_size : int
    optimizer : {"adam", "sgd"}
        ``sgd`` has Nesterov momentum 0.9.
    learning_rate : float
        Peak of the schedule.
    schedule : {"cosine", "constant"}
        After a linear warm-up over the first twentieth of the steps: half a cosine down
        to zero (Loshchilov and Hutter 2017, arXiv:1608.03983), or the peak to the end.
    weight_decay : float
        Decoupled (Loshchilov and Hutter 2019, arXiv:1711.05101), on kernels alone.
    label_smoothing : float
        Share of the target spread over all classes (Szegedy et al. 2016). Without
        effect on a regression.
    validation : float
        Share of the training items set apart to choose the epoch and the
        hyperparameters. Never test items. With 0 all of them are trained on, and the last
        epoch's weights are kept: for data sets too small to spare any.
    patience : int
        Stop after so many epochs of which none was better on the validation part; the best epoch's
        weights are kept.
    balance : bool
        Weight classes by the inverse of their frequency. Without effect on a regression.
    augment : bool
        Apply the transformations that the adapter declares label-preserving.
    scale : {"auto", "channel", "item", "band", "none"}
        What dense grids are standardised by: ``auto``, item by item where a grid has a time
        axis and another, as spectrograms do, by channel elsewhere; ``channel``, each channel by the training part's
        mean and deviation; ``item``, each channel of each item by its own, so that a
        level or a contrast that a whole item shares (a microphone, a lamp) is not seen;
        ``band``, for grids with a time axis and another: each band of each item loses
        its own mean over time, as in cepstral mean normalisation (Atal 1974, JASA 55(6)),
        then each channel is divided by the item's own deviation.
    precision : {"float32", "mixed_bfloat16", "auto"}
        In which layers compute while they learn; weights and outputs are float32 in any
        case, and so is all that a trained `Predictor` computes. Layers in bfloat16 keep 8
        bits of a number. With ``auto`` networks of two million multiply-accumulates or more
        have them, where the machine that plans the training multiplies them faster
        (`training.fitting.precision`). A record and a predictor say which it was.
    threads : int, optional
        Threads of TensorFlow for one training. By default `gridzoo.compare` gives it one
        or, where it plans fewer trainings than there are cores, an equal share of the
        cores; elsewhere TensorFlow has those of its process. Their number decides the
        order of sums, and so the last digits: a record says it.
    seconds : float, optional
        Train only as many epochs as end within so many seconds, by the pace so far, and one
        at least; the schedule then ends with the last of them (budgeted training, Li, Yumer
        and Ramanan 2020, arXiv:1905.04753). Results depend on the machine's speed.

    Examples
    --------
    >>> Recipe(epochs=2).epochs
    2
    """

    epochs: int = 40
    batch_size: int = 32
    optimizer: Optimizer = "adam"
    learning_rate: float = 2e-3
    schedule: Schedule = "cosine"
    weight_decay: float = 1e-4
    label_smoothing: float = 0.0
    validation: float = 0.15
    patience: int = 10
    balance: bool = False
    augment: bool = True
    scale: Scaling = "auto"
    precision: Precision = "auto"
    threads: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name, kind in CHOICES:
            if (value := getattr(self, name)) not in get_args(kind):
                raise ExperimentError(f"{name}: got {value!r}; {nearest(str(value), get_args(kind))}")
        require(self.epochs >= 1, "epochs", "at least 1", self.epochs)
        require(self.batch_size >= 1, "batch_size", "at least 1", self.batch_size)
        require(self.learning_rate > 0, "learning_rate", "more than 0", self.learning_rate)
        require(self.weight_decay >= 0, "weight_decay", "0 or more", self.weight_decay)
        require(0 <= self.label_smoothing < 1, "label_smoothing", "0 or more and below 1", self.label_smoothing)
        require(0 <= self.validation < 0.9, "validation", "a share from 0 to below 0.9", self.validation)
        require(self.patience >= 1, "patience", "at least 1", self.patience)
        require(self.threads is None or self.threads >= 1, "threads", "at least 1", self.threads)
        require(self.seconds is None or self.seconds > 0, "seconds", "more than 0", self.seconds)

    def rates(self, steps: int) -> NDArray[np.float32]:
        """Learning rate of every training step, shape ``(steps,)``."""
        warm = max(1, steps // 20)
        position = np.arange(steps)
        rise = (position + 1) / warm
        if self.schedule == "cosine":
            after = 0.5 * (1 + np.cos(np.pi * (position - warm) / max(1, steps - warm)))
        else:
            after = np.ones(steps)
        return (self.learning_rate * np.where(position < warm, rise, after)).astype(np.float32)

    def settled(self) -> Recipe:
        """Decide what this machine decides: it may be another that trains.

        A precision that stays ``auto`` is decided network by network.
        """
        if self.precision == "auto" and not multiplies_bfloat16():
            return replace(self, precision="float32")
        return self
