"""The front door to what happens inside one network: explain a label, walk an item through."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.dataset import Dataset

if TYPE_CHECKING:
    from training.explain.explanation import Explanation
    from training.fitting.predictor import Predictor
    from training.walk.record import Walk


def explain(
    predictor: Predictor | str | Path,
    item: Any,
    *,
    path: str | Path | None = None,
    name: str = "",
    target: str | None = None,
    tap: str | None = None,
    data: Dataset | None = None,
    seed: int = 0,
) -> Explanation:
    """Show what a label rests on: relevance by several methods, their checks, filters and feature maps.

    Parameters
    ----------
    predictor : Predictor or path
        A path is a folder that `Predictor.save` wrote.
    item : object
        Raw, as for ``predictor.predict([item])``.
    path : path, optional
        HTML page to write.
    name : str
        What the page calls the item; a path's own name by default.
    target : str, optional
        The class to explain; the predicted one by default.
    tap : str, optional
        Where Grad-CAM reads feature maps, such as ``"stage2"``; see `training.explain.cams.grad_cam`.
    data : Dataset, optional
        Training items, to look for those that excite a feature most.
    seed : int
        Decides noise and random orders.

    Returns
    -------
    Explanation
        Plain data; ``to_json`` gives it for a file.

    Raises
    ------
    training.errors.ExperimentError, adapters.errors.DataError
        If there is no such predictor, class or tap, or the item cannot become a grid.
    OSError
        If the page cannot be written.

    Examples
    --------
    >>> import gridzoo as gz
    >>> data = gz.load("digits")
    >>> predictor = gz.fit(data, "lenet5")  # doctest: +SKIP
    >>> gz.explain(predictor, data.items[0], path="explanation.html").target  # doctest: +SKIP
    '0'
    """
    from training.explain.explain import explain as explained  # here, since it imports TensorFlow

    searched = (data.items, data.labels.tolist()) if data else ((), ())
    explanation = explained(
        _loaded(predictor), item, name=name or _name_of(item), target=target, tap=tap, items=searched[0],
        labels=searched[1], seed=seed,
    )  # fmt: skip
    if path is not None:
        from reports.inside import page as pages

        pages.write(explanation, Path(path))
    return explanation


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
    from training.walk.walk import walk as walked  # here, since it imports TensorFlow

    found = walked(_loaded(predictor), item, name=name or _name_of(item), label=label, rate=rate)
    if path is not None:
        from reports import walk as pages

        pages.write(found, Path(path))
    return found


def _loaded(predictor: Predictor | str | Path) -> Predictor:
    """Load a predictor unless it is one."""
    from training.fitting.predictor import Predictor as Trained

    return predictor if isinstance(predictor, Trained) else Trained.load(predictor)


def _name_of(item: Any) -> str:
    """Name an item that is a file."""
    return item.name if isinstance(item, Path) else ""
