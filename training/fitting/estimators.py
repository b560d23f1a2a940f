"""CNNs on grids as scikit-learn's estimators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils import check_array, column_or_1d
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from training.errors import ExperimentError
from training.fitting.grid_estimator import GridEstimator
from training.fitting.target import Target


@dataclass(repr=False, eq=False)
class GridClassifier(ClassifierMixin, GridEstimator):
    """Classify raw items: an adapter makes grids of them, a CNN tells the classes apart.

    Parameters
    ----------
    architecture : str or dict, optional
        A variant of the zoo (``gridzoo list``), or settings with a ``name``. By default
        the first that suits the modality.
    adapter : str, dict or Adapter, optional
        An adapter's name, settings with a ``name``, or an adapter, which is copied. By
        default what suits the items: rows of numbers are tables, arrays of more
        dimensions images, strings texts, one-dimensional arrays series; paths are what
        their endings say.
    recipe : Recipe, optional
        How it is trained.
    epochs : int, optional
        Takes precedence over the recipe's.
    weights : str or path, optional
        What to start from: ``"imagenet"``, or the folder of a saved predictor.
    warm_start : bool
        Whether a further `fit` goes on from the weights, with the grid, architecture,
        scale and classes of the first.
    callbacks : sequence of keras.callbacks.Callback, optional
        Called around epochs; one that acts on batches is refused.
    random_state : int, RandomState or None
        A seed decides everything; 0 is one. None: another each time.
    verbose : int
        Other than 0: a line an epoch.
    class_weight : {"balanced"}, dict or None
        Weights of the classes, which multiply those of the items.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The labels.
    adapter_ : Adapter
        Fitted.
    architecture_ : dict
        All its settings.
    recipe_ : Recipe
        As it was used.
    history_ : History
        Curves of the last `fit`.
    weights_ : list of ndarray
    n_features_in_, feature_names_in_
        Of tables alone, as scikit-learn has them.

    Examples
    --------
    >>> from sklearn.model_selection import GridSearchCV
    >>> model = GridClassifier("lenet5", epochs=20, random_state=0)
    >>> search = GridSearchCV(model, {"recipe__learning_rate": [1e-3, 3e-3]})
    >>> search.fit(images, labels).predict(others)  # doctest: +SKIP
    """

    class_weight: str | dict[Any, float] | None = None

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Train for one epoch on some more items, at the recipe's peak rate.

        The first call decides the grid and its scale, so it should hold typical items.

        Parameters
        ----------
        X : sequence
        y : array-like, shape (n,)
        classes : array-like, optional
            All labels that will come; by default those of the first call.
        sample_weight : array-like, shape (n,), optional
        """
        self._announced = None if classes is None else np.unique(classes)
        return self._fit_pass(X, y, sample_weight)

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Train; see `GridEstimator.fit`."""
        self._announced = None
        return super().fit(X, y, sample_weight)

    def predict(self, X: Any) -> NDArray[Any]:
        """Label raw items.

        Returns
        -------
        ndarray, shape (n,)
            Of the kind of ``y``.
        """
        outputs = self._network_outputs(X)
        labels: NDArray[Any] = self.classes_[outputs.argmax(axis=1)]
        return labels

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probabilities of the classes, shape ``(n, n_classes)``; the order is that of ``classes_``."""
        return np.asarray(softmax(self._network_outputs(X).astype(np.float64), axis=1))

    def _checked_targets(self, y: Any) -> NDArray[Any]:
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        return np.asarray(y)

    def _learn_targets(self, y: NDArray[Any]) -> None:
        self.classes_ = np.unique(y) if self._announced is None else self._announced
        if len(self.classes_) < 2:
            raise ExperimentError(
                f"y: expected at least 2 classes, got 1 class ({self.classes_[0]!r}); add items of another"
            )

    def _encoded(self, y: NDArray[Any]) -> NDArray[Any]:
        strangers = np.setdiff1d(y, self.classes_)
        if len(strangers):
            raise ExperimentError(
                f"y: expected classes of {self.classes_.tolist()}, got {strangers.tolist()}; "
                "name them all in the first call (classes=), or fit anew (warm_start=False)"
            )
        return np.searchsorted(self.classes_, y).astype(np.int32)

    def _weighed(self, y: NDArray[Any], sample_weight: Any) -> NDArray[np.float64] | None:
        weights = super()._weighed(y, sample_weight)
        if self.class_weight is None:
            return weights
        if self.recipe is not None and self.recipe.balance:
            raise ExperimentError("class_weight: expected it or the recipe's balance, got both; leave one out")
        of_class: NDArray[np.float64] = compute_sample_weight(self.class_weight, y)
        return of_class if weights is None else weights * of_class

    @property
    def _labels(self) -> tuple[str, ...]:
        return tuple(str(label) for label in self.classes_)

    @property
    def _target(self) -> None:
        return None


@dataclass(repr=False, eq=False)
class GridRegressor(RegressorMixin, GridEstimator):
    """Estimate numbers from raw items: an adapter makes grids of them, a CNN learns the numbers.

    The network learns standardised targets by their squared error.

    Parameters
    ----------
    architecture, adapter, recipe, epochs, weights, warm_start, callbacks, random_state, verbose
        As for `GridClassifier`.

    Attributes
    ----------
    target_ : Target
        Mean and deviation of each target.
    adapter_, architecture_, recipe_, history_, weights_, n_features_in_, feature_names_in_
        As for `GridClassifier`.

    Examples
    --------
    >>> model = GridRegressor(epochs=20, random_state=0)
    >>> model.fit(rows, prices).predict(others)  # doctest: +SKIP
    """

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train for one epoch on some more items, at the recipe's peak rate.

        The first call decides the grid, its scale and that of the targets.

        Parameters
        ----------
        X : sequence
        y : array-like, shape (n,) or (n, targets)
        sample_weight : array-like, shape (n,), optional
        """
        return self._fit_pass(X, y, sample_weight)

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Estimate the targets of raw items, in their own unit.

        Returns
        -------
        ndarray of float64, shape (n,) or (n, targets)
            As ``y`` was.
        """
        outputs = self._network_outputs(X)
        return self.target_.restored(outputs)

    def __sklearn_tags__(self) -> Any:
        """Say that several targets at once are welcome."""
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def _checked_targets(self, y: Any) -> NDArray[Any]:
        y = check_array(y, ensure_2d=False, dtype="numeric", input_name="y")
        if y.ndim > 2:
            raise ExperimentError(f"y: expected numbers of shape (n,) or (n, targets), got {y.shape}")
        return np.asarray(y)

    def _learn_targets(self, y: NDArray[Any]) -> None:
        self.target_ = Target.fitted(y)

    def _encoded(self, y: NDArray[Any]) -> NDArray[Any]:
        if y.shape[1:] != self.target_.mean.shape:
            raise ExperimentError(f"y: expected {self.target_.count} targets as before, got shape {y.shape}")
        return self.target_.standardised(y)

    @property
    def _labels(self) -> tuple[str, ...]:
        return ()

    @property
    def _target(self) -> Target:
        check_is_fitted(self, "target_")
        return self.target_
