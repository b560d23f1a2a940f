"""Relevance by class activation maps: Grad-CAM and Grad-CAM++, on any tap, on grids of any rank."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adapters.grid import FloatArray
from training.errors import ExperimentError
from training.explain.places import Place, deepest
from training.explain.subject import Subject, Traced

Weigh = Callable[[FloatArray, FloatArray], FloatArray]


def grad_cam(subject: Subject, tap: str | None = None) -> Traced:
    """Weigh the feature maps by their mean gradients, and keep what speaks for the class.

    Parameters
    ----------
    subject : Subject
    tap : str, optional
        Where the maps are read, such as ``"stage2"``. By default the last whose cells see no more
        than half of the grid along each axis; without one, the last that tells cells apart.

    Returns
    -------
    Traced
        Not negative. A cell of the tap lies where the middle of its receptive field does, one
        stride wide; where a network pools right behind its windows, over the whole window.

    Raises
    ------
    ExperimentError
        If there is no such tap, or no layer of the network keeps cells.

    Notes
    -----
    The mean gradient of a map says what the class owes to it only where the head averages
    over cells; a head that flattens them weighs each cell on its own.

    References
    ----------
    Selvaraju et al. (2017). Grad-CAM: visual explanations from deep networks via
    gradient-based localization. arXiv:1610.02391.
    """
    return _cam(subject, tap, _mean_gradients)


def grad_cam_plus_plus(subject: Subject, tap: str | None = None) -> Traced:
    """Weigh the feature maps by gradients that count each place of a feature that occurs several times.

    Parameters
    ----------
    subject, tap
        As for `grad_cam`.

    Returns
    -------
    Traced
        Not negative.

    Raises
    ------
    ExperimentError
        As for `grad_cam`.

    References
    ----------
    Chattopadhyay et al. (2018). Grad-CAM++: improved visual explanations for deep
    convolutional networks. arXiv:1710.11063.
    """
    return _cam(subject, tap, _weighted_gradients)


def place_of(subject: Subject, tap: str | None) -> Place:
    """Find the place that a tap names, or the default one."""
    if tap is not None:
        return subject.lens.place(tap)
    found = deepest(subject.lens.stages, subject.lens.pooled, subject.spatial)
    if found is None:
        raise ExperimentError(
            f"{subject.lens.model.name} on {subject.adapter.grid_.describe()}: expected a layer that keeps the grid's "
            "cells, found none; the methods on gradients and occlusion need none"
        )
    return found


def _cam(subject: Subject, tap: str | None, weigh: Weigh) -> Traced:
    place = place_of(subject, tap)
    outputs = subject.lens.tapped(subject.x, subject.target)
    total = np.zeros(subject.spatial)
    for part in place.parts:
        activations, gradients = (np.asarray(array, dtype=float) for array in outputs[part.layer])
        weights = weigh(activations, gradients)
        total += part.on_grid(np.maximum(activations @ weights, 0))
    return subject.trace(total)


def _mean_gradients(activations: FloatArray, gradients: FloatArray) -> FloatArray:
    return np.asarray(gradients.mean(axis=tuple(range(gradients.ndim - 1))))


def _weighted_gradients(activations: FloatArray, gradients: FloatArray) -> FloatArray:
    """Equations 11 and 19 of the paper: the second and third derivatives of exp(score) are powers of the first."""
    cells = tuple(range(gradients.ndim - 1))
    below = 2 * gradients**2 + activations.sum(axis=cells) * gradients**3
    alpha = np.divide(gradients**2, below, out=np.zeros_like(below), where=below > 0)
    return np.asarray((alpha * np.maximum(gradients, 0)).sum(axis=cells))
