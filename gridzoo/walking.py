"""The front door to a walk: one item's way through a trained network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.fitting.predictor import Predictor
    from training.walk.record import Walk


def walk(
    predictor: Predictor | str | Path,
    item: Any,
    *,
    path: str | Path | None = None,
    name: str = "",
    label: str | None = None,
    rate: float | None = None,
) -> Walk:
    """Follow one item through a trained network, number by number, and take one step of learning from it.

    Parameters
    ----------
    predictor : Predictor or path
        Of classes. A path is a folder that `Predictor.save` wrote. It is not changed.
    item : object
        Raw, as for ``predictor.predict([item])``.
    path : path, optional
        HTML page to write.
    name : str
        What the page calls the item; a path's own name by default.
    label : str, optional
        The item's true class. Without one the error is measured against the predicted class.
    rate : float, optional
        Of the step downhill; the learning rate of the training by default.

    Returns
    -------
    Walk
        Plain data; ``to_json`` gives it for a file.

    Raises
    ------
    training.errors.ExperimentError, adapters.errors.DataError
        If there is no such predictor or class, or the item cannot become a grid.
    OSError
        If the page cannot be written.

    Examples
    --------
    >>> import gridzoo as gz
    >>> data = gz.load("digits")
    >>> predictor = gz.fit(data, "lenet5")  # doctest: +SKIP
    >>> gz.walk(predictor, data.items[0], label="0", path="walk.html").predicted  # doctest: +SKIP
    '0'
    """
    from training.fitting.predictor import Predictor  # here, since they import TensorFlow
    from training.walk.walk import walk as walked

    own = predictor if isinstance(predictor, Predictor) else Predictor.load(predictor)
    called = name or (item.name if isinstance(item, Path) else "")
    found = walked(own, item, name=called, label=label, rate=rate)
    if path is not None:
        from reports import walk as pages

        pages.write(found, Path(path))
    return found
