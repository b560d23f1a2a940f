"""The front door to one network: fit and tune it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridzoo.api import Source, load
from training.fitting.recipe import Recipe
from training.usual import usual_for

if TYPE_CHECKING:
    from training.fitting.predictor import Predictor
    from training.tuning.search import Watch
    from training.tuning.settings import Tuning
    from training.tuning.tune import Tuned


def fit(
    source: Source,
    architecture: str | dict[str, Any] | None = None,
    *,
    adapter: str | dict[str, Any] | None = None,
    recipe: Recipe | None = None,
    epochs: int | None = None,
    seed: int = 0,
    target: str | None = None,
    modality: str | None = None,
    data_home: str | Path | None = None,
    weights: str | Path | None = None,
    callbacks: Sequence[Any] = (),
) -> Predictor:
    """Train one network and give what predicts raw items with it.

    Parameters
    ----------
    source : str, path, tuple or Dataset
        As for `load`.
    architecture : str or dict, optional
        A variant of the zoo (``gridzoo list``), or settings with a ``name``. What suits the
        data by default: the network that verdicts take.
    adapter : str or dict, optional
        What suits the data by default.
    recipe : Recipe, optional
    epochs : int, optional
        Short for ``recipe=Recipe(epochs=…)``.
    seed : int
    target, modality, data_home : optional
        As for `load`.
    weights : str or path, optional
        What to start from: ``"imagenet"``, or the folder of a saved predictor of the same
        architecture. A warning says what does not carry over. Learning rates of a tenth
        of the recipe's and less suit weights that have learned much.
    callbacks : sequence of keras.callbacks.Callback
        Called around epochs with Keras' names in their logs; one that acts on batches is
        refused, since a whole epoch is one program. `MLflow` is one.

    Returns
    -------
    Predictor

    Examples
    --------
    >>> import gridzoo as gz
    >>> predictor = gz.fit("digits", "lenet5")  # doctest: +SKIP
    >>> predictor.predict(images)  # doctest: +SKIP
    """
    from training.fitting.train import fit_predictor  # here, since it imports TensorFlow

    dataset = load(source, target=target, modality=modality, data_home=data_home, seed=seed)
    settings = {"name": adapter} if isinstance(adapter, str) else adapter
    chosen = recipe or Recipe()
    chosen = chosen if epochs is None else replace(chosen, epochs=epochs)
    network = architecture or usual_for(dataset, [settings] if settings else ())
    return fit_predictor(dataset, network, settings, chosen, seed, weights, callbacks)


def tune(
    source: Source,
    architecture: str | dict[str, Any] | None = None,
    *,
    adapter: str | dict[str, Any] | Sequence[str | dict[str, Any]] | None = None,
    recipe: Recipe | None = None,
    epochs: int | None = None,
    tuning: Tuning | None = None,
    seed: int = 0,
    workers: int | None = None,
    target: str | None = None,
    modality: str | None = None,
    data_home: str | Path | None = None,
    tensorboard: str | Path | None = None,
    callbacks: Sequence[Any] = (),
    watch: Watch | None = None,
) -> Tuned:
    """Search the hyperparameters of one network, and train what was found.

    Parameters
    ----------
    source, architecture, recipe, epochs, target, modality, data_home
        As for `fit`.
    adapter : str, dict or a sequence of them, optional
        What suits the data by default. Several are chosen from, if ``tuning.over``
        names ``"adapter"``.
    tuning : Tuning, optional
        Oracle, trials, budgets.
    seed : int
    workers : int, optional
        Trials at once; all cores by default. The trials do not depend on it.
    tensorboard : path, optional
        Folder for the curves of all trials and of the final training.
    callbacks : sequence of keras.callbacks.Callback
        As for `fit`; called in the final training.
    watch : callable, optional
        Is told how many points were tried so far, of how many, and the best validation accuracy.

    Returns
    -------
    Tuned
        ``best``, ``trials()`` and ``predictor``.

    Examples
    --------
    >>> import gridzoo as gz
    >>> tuned = gz.tune("digits", "lenet5", tuning=gz.Tuning(trials=6))  # doctest: +SKIP
    >>> tuned.trials()[["score", "epochs", "seconds"]]  # doctest: +SKIP
    """
    from training.tuning.tune import tune as search  # here, since it imports TensorFlow

    dataset = load(source, target=target, modality=modality, data_home=data_home, seed=seed)
    given = [adapter] if isinstance(adapter, (str, dict)) else list(adapter or ())
    settings = [{"name": one} if isinstance(one, str) else one for one in given]
    chosen = recipe or Recipe()
    network = architecture or usual_for(dataset, settings)
    return search(
        dataset, network, settings, replace(chosen, epochs=epochs or chosen.epochs), tuning, seed, workers,
        Path(tensorboard) if tensorboard else None, callbacks, watch,
    )  # fmt: skip
