"""What the estimators share: an adapter, an architecture and a recipe, fitted as scikit-learn fits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from pathlib import Path
from typing import Any, Self

import numpy as np
from keras.callbacks import Callback
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_consistent_length, check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from adapters.base import Adapter
from adapters.reading import Values
from training.errors import ExperimentError
from training.fitting.callbacks import Hooks, printing
from training.fitting.fit import History
from training.fitting.items import adapter_for, listed
from training.fitting.nested import OWNERS, changed, nested, settings_of
from training.fitting.objective import Goal
from training.fitting.passes import Progress, one_pass
from training.fitting.predictor import Predictor
from training.fitting.recipe import Recipe
from training.fitting.start import Start
from training.fitting.target import Target
from training.fitting.teach import Learned, Lesson, network_on, teach
from training.fitting.train import about, prepared, settled_architecture, start_from
from training.usual import usual_architecture


@dataclass(repr=False, eq=False)
class GridEstimator(BaseEstimator, ABC):
    """Adapter, architecture and recipe as one scikit-learn estimator; see its members.

    What it learned are plain arrays, so that it can be copied, pickled and sent to
    other processes. The network that computes with them is the thread's, shared by all
    estimators of one shape.
    """

    architecture: str | dict[str, Any] | None = None
    adapter: str | dict[str, Any] | Adapter | None = None
    recipe: Recipe | None = None
    epochs: int | None = None
    weights: str | Path | None = None
    warm_start: bool = False
    callbacks: Sequence[Callback] | None = None
    random_state: int | np.random.RandomState | None = None
    verbose: int = 0

    @abstractmethod
    def _learn_targets(self, y: NDArray[Any]) -> None:
        """Learn what the targets are."""

    @abstractmethod
    def _checked_targets(self, y: Any) -> NDArray[Any]:
        """Refuse targets of another kind."""

    @abstractmethod
    def _encoded(self, y: NDArray[Any]) -> NDArray[Any]:
        """Give targets as a network learns them."""

    @property
    @abstractmethod
    def _labels(self) -> tuple[str, ...]:
        """Names of the classes; none for a regression."""

    @property
    @abstractmethod
    def _target(self) -> Target | None:
        """What numbers the outputs stand for; None for classes."""

    @property
    def _outputs(self) -> int:
        return self._target.count if self._target else len(self._labels)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Give the parameters; with ``deep`` also those of adapter, architecture and recipe.

        Their names are as in ``recipe__learning_rate`` and ``adapter__n_mels``.
        """
        found: dict[str, Any] = super().get_params(deep=deep)
        if deep:
            for owner in OWNERS:
                found |= nested(owner, getattr(self, owner))
        return found

    def set_params(self, **params: Any) -> Self:
        """Set parameters, also nested ones; a part that is left open must be named first."""
        owned = {owner: {} for owner in OWNERS}  # type: dict[str, dict[str, Any]]
        own = {}
        for name, value in params.items():
            owner, _, inner = name.partition("__")
            if inner and owner in owned:
                owned[owner][inner] = value
            else:
                own[name] = value
        super().set_params(**own)
        for owner, changes in owned.items():
            if changes:
                setattr(self, owner, changed(owner, getattr(self, owner), changes))
        return self

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Train on raw items but for a validation part, which chooses the epoch.

        Parameters
        ----------
        X : sequence
            Items as the adapter reads them: rows, arrays, strings, paths.
        y : array-like
        sample_weight : array-like, shape (n,), optional
            How much each item counts. One of weight 0 is left out.

        Raises
        ------
        ValueError
            If items, targets and parameters do not fit together.
        """
        go_on = self.warm_start and "weights_" in vars(self)
        recipe, seed = self._settled(), self._seed()
        lesson = self._lesson(X, y, sample_weight, anew=not go_on)
        shown = [printing()] if self.verbose else []
        hooks = Hooks([*(self.callbacks or ()), *shown], about(lesson, recipe, seed))
        learned = teach(lesson, recipe, seed, self._start(lesson, seed, go_on), hooks)
        self._progress: Progress | None = None
        self.recipe_, self.scaler_, self.history_ = learned.recipe, learned.scaler, learned.history
        self.weights_ = learned.weights
        return self

    def _fit_pass(self, X: Any, y: Any, sample_weight: Any) -> Self:
        go_on = "weights_" in vars(self)
        recipe, seed = self._settled(), self._seed()
        lesson = self._lesson(X, y, sample_weight, anew=not go_on)
        before = self._progress if go_on and self._progress else self._start(lesson, seed, go_on)
        progress = one_pass(lesson, recipe, seed, before)
        self.recipe_, self.scaler_, self.history_ = progress.recipe, progress.scaler, History()
        self._progress, self.weights_ = progress, progress.weights
        return self

    def predictor(self) -> Predictor:
        """Give what predicts raw items on its own, and can be saved.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        """
        check_is_fitted(self, "weights_")
        learned = Learned(self.recipe_, self.scaler_, self.weights_, self.history_)
        return Predictor.of(self.adapter_, self.architecture_, self._labels, learned, self._target)

    def __sklearn_tags__(self) -> Any:
        """Say what tables may hold; other modalities are for scikit-learn no arrays of two dimensions."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = tags.input_tags.categorical = tags.input_tags.string = True
        tags.target_tags.required = True
        tags.non_deterministic = False
        return tags

    def _network_outputs(self, X: Any) -> NDArray[np.float32]:
        check_is_fitted(self, "weights_")
        items = self._items(X, anew=False)
        recipe = replace(self.recipe_, precision="float32")
        goal: Goal = "regression" if self._target else "classification"
        network = network_on(self.architecture_, self.adapter_, self._outputs, recipe, goal)
        network.model.set_weights(self.weights_)
        return network.predict(self.scaler_(self.adapter_.transform(items)))

    def _lesson(self, X: Any, y: Any, sample_weight: Any, *, anew: bool) -> Lesson:
        """Check and decode what is to be learned; anew, learn also what grid and targets are."""
        if y is None:
            raise ExperimentError(f"{type(self).__name__} requires y to be passed, but the target y is None")
        if anew:
            self.__dict__.pop("weights_", None)  # they would not fit what is learned now, should the training fail
            self.adapter_ = adapter_for(self.adapter, X)
        items, y = self._items(X, anew=anew), self._checked_targets(y)
        check_consistent_length(items, y)
        weighed, weights = self._weighed(y, sample_weight), None
        if weighed is not None:
            kept = np.flatnonzero(weighed)
            items, y, weights = [items[i] for i in kept], y[kept], weighed[kept].astype(np.float32)
        values = self._decoded(items)
        if anew:
            self.adapter_.fit_read(values)
            self._learn_targets(y)
            usual = usual_architecture(self.adapter_.modality, items, self.adapter_.rank)
            self.architecture_ = settled_architecture(_architecture(self.architecture, usual))
        return Lesson(self.architecture_, self.adapter_, values, self._encoded(y), self._outputs, weights)

    def _items(self, X: Any, *, anew: bool) -> list[Any]:
        items = listed(self.adapter_, X)
        if self.adapter_.modality == "table":
            validate_data(self, X, reset=anew, skip_check_array=True)
        return items

    def _decoded(self, items: list[Any]) -> Values:
        reading = self.adapter_.read(items)
        if reading.errors:
            raise reading.errors[0]
        return reading.values

    def _weighed(self, y: NDArray[Any], sample_weight: Any) -> NDArray[np.float64] | None:
        """Weigh the items; None where all count the same."""
        if sample_weight is None:
            return None
        weights: NDArray[np.float64] = _check_sample_weight(
            sample_weight, y, dtype=np.float64, ensure_non_negative=True
        )
        if not weights.any():
            raise ExperimentError("sample_weight: expected a weight above zero, got zero weights alone")
        return weights

    def _start(self, lesson: Lesson, seed: int, go_on: bool) -> Start:
        if go_on:
            return Start(self.weights_, self.scaler_)
        return start_from(self.weights, lesson, self._labels, seed)

    def _settled(self) -> Recipe:
        if not (self.recipe is None or isinstance(self.recipe, Recipe)):
            raise ExperimentError(
                f"recipe: expected a Recipe or None, got {self.recipe!r}; write Recipe(epochs=20), say"
            )
        recipe = self.recipe or Recipe()
        return prepared(recipe if self.epochs is None else replace(recipe, epochs=self.epochs))

    def _seed(self) -> int:
        if isinstance(self.random_state, Integral) and self.random_state >= 0:
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))


def _architecture(value: Any, usual: dict[str, Any]) -> dict[str, Any]:
    settings = usual if value is None else settings_of(value)
    if settings is None:
        raise ExperimentError(f"architecture: expected a name, settings with a name or None, got {value!r}")
    return settings
