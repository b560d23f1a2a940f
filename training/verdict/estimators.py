"""The scikit-learn pipelines behind the names of baselines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.fft import dct
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifierCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FunctionTransformer, Pipeline, make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

from training.records import Settings

MFCCS = 20
KERNELS = 2000  # of ROCKET's 10,000: a fifth of the time, nearly all of the accuracy
TRIED = 0.2  # of the cells that a split of a tree looks at: neighbours say much the same
TREE_CELLS = 1024  # that trees are given: with four times as many they take longer than all other models together
CODES = 255  # categories of a column that trees can tell apart


def estimator(point: Settings, seed: int) -> Pipeline:
    """Draw up the pipeline of a baseline with its hyperparameters; it reads grids, strings or rows."""
    return MAKERS[point["baseline"]](point, seed)


def mfcc_statistics(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Summarise log-mel grids over time.

    Parameters
    ----------
    x : ndarray, shape ``(n, time, mel band, 1)``
        Log-mel spectrograms, in dB.

    Returns
    -------
    ndarray, shape ``(n, 2 * MFCCS)``
        Mean and deviation over time of the first cepstral coefficients: the
        orthonormal DCT-II of a log-mel frame, as librosa and HTK define MFCCs.
    """
    cepstra = dct(x[..., 0], axis=2, norm="ortho")[:, :, :MFCCS]
    return np.concatenate([cepstra.mean(axis=1), cepstra.std(axis=1)], axis=1)


def frame_of(rows: list[Settings]) -> pd.DataFrame:
    """Make a frame whose columns boosted trees can read: numbers, or categories where any value is a word.

    Rare categories beyond what trees can tell apart count as missing.
    """
    frame = pd.DataFrame(rows)
    for name in frame.columns:
        column = frame[name]
        if column.map(lambda value: isinstance(value, str)).any():
            words = column.map(lambda value: value if value is None or isinstance(value, str) else f"{value:g}")
            kept = words.value_counts().index[:CODES]
            frame[name] = pd.Categorical(words.where(words.isin(kept)), categories=sorted(kept))
        else:
            frame[name] = column.astype(float)
    return frame


def rocket(seed: int) -> Any:
    """Transform grids of one axis by random kernels, each channel by its own.

    Dempster, Petitjean and Webb 2020 (Data Mining and Knowledge Discovery 34:1454-1495,
    arXiv:1910.13051).
    """
    from pyts.multivariate.transformation import MultivariateTransformer
    from pyts.transformation import ROCKET

    return make_pipeline(
        FunctionTransformer(_channels_first),
        MultivariateTransformer(ROCKET(n_kernels=KERNELS, random_state=seed), flatten=True),
    )


def _channels_first(x: NDArray[Any]) -> NDArray[np.float64]:
    series = np.moveaxis(x, -1, 1) if x.ndim == 3 else x[:, None, :]
    # The kernels reach over nine steps at least.
    short = max(0, 12 - series.shape[2])
    return np.pad(series, ((0, 0), (0, 0), (0, short)), mode="edge").astype(float)


def _flat(x: NDArray[Any]) -> NDArray[Any]:
    return x.reshape(len(x), -1)


class Cells(TransformerMixin, BaseEstimator):
    """Flatten grids: numbers as they are or standardised, ids as one column for each id that a cell may have.

    Grids of numbers have shape ``(n, *spatial, channels)``, those of ids ``(n, length)``. The rows that
    come out are dense ``(n, cells * channels)``, or sparse ``(n, ids of all cells)``.

    Parameters
    ----------
    scaled : bool
        Whether numbers are standardised; ids never are.

    Examples
    --------
    >>> Cells(scaled=False).fit_transform(np.array([[3, 7], [3, 9]])).toarray()
    array([[1., 1., 0.],
           [1., 0., 1.]], dtype=float32)
    """

    def __init__(self, scaled: bool) -> None:
        self.scaled = scaled

    def fit(self, x: NDArray[Any], y: object = None) -> Cells:
        """Learn means and deviations, or which ids each cell has; ``x`` has no channels where it holds ids."""
        numbers = StandardScaler() if self.scaled else FunctionTransformer()
        self.coder_ = OneHotEncoder(handle_unknown="ignore", dtype=np.float32) if x.ndim == 2 else numbers
        self.coder_.fit(_flat(x))
        return self

    def transform(self, x: NDArray[Any]) -> Any:
        """Flatten; an id that a cell did not have in training has no column."""
        return self.coder_.transform(_flat(x))


def blocks(x: NDArray[Any], most: int = TREE_CELLS) -> NDArray[Any]:
    """Average neighbouring cells until there are few.

    Parameters
    ----------
    x : ndarray, shape ``(n, *spatial, channels)``, or ``(n, length)`` for ids, which have no means
    most : int
        Numbers of a grid; channels are not averaged, so there may be more.

    Returns
    -------
    ndarray, shape ``(n, numbers)``
        Unchanged but flat where there are few already. The longest axis is halved first; the
        last cell of an odd one stands alone.
    """
    while _flat(x[:1]).shape[1] > most and max(x.shape[1:-1], default=1) > 1:
        axis = 1 + int(np.argmax(x.shape[1:-1]))
        pairs = np.arange(0, x.shape[axis], 2)
        sums = np.add.reduceat(x, pairs, axis=axis, dtype=np.float32)
        counts = np.minimum(2, x.shape[axis] - pairs).reshape(-1, *[1] * (x.ndim - 1 - axis))
        x = sums / counts.astype(np.float32)
    return _flat(x)


def _nearest(point: Settings, seed: int) -> Pipeline:
    return make_pipeline(Cells(scaled=False), KNeighborsClassifier(point["neighbours"]))


def _svm(point: Settings, seed: int) -> Pipeline:
    return make_pipeline(Cells(scaled=True), SVC(C=point["C"], random_state=seed))


def _logistic(point: Settings, seed: int) -> Pipeline:
    return make_pipeline(Cells(scaled=True), _linear(point["C"], seed))


def _mfcc(point: Settings, seed: int) -> Pipeline:
    return make_pipeline(FunctionTransformer(mfcc_statistics), StandardScaler(), SVC(C=point["C"], random_state=seed))


def _trees(point: Settings, seed: int) -> Pipeline:
    return make_pipeline(
        FunctionTransformer(blocks), HistGradientBoostingClassifier(max_features=TRIED, random_state=seed)
    )


def _row_trees(point: Settings, seed: int) -> Pipeline:
    return make_pipeline(HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=seed))


def _rocket(point: Settings, seed: int) -> Pipeline:
    return make_pipeline(rocket(seed), StandardScaler(), RidgeClassifierCV(np.logspace(-3, 3, 10)))


def _words(point: Settings, seed: int) -> Pipeline:
    return make_pipeline(_word_pairs(), _linear(point["C"], seed))


def _letters(point: Settings, seed: int) -> Pipeline:
    return make_pipeline(_grams(), _linear(point["C"], seed))


def _both(point: Settings, seed: int) -> Pipeline:
    return make_pipeline(make_union(_word_pairs(), _grams()), _linear(point["C"], seed))


def _linear(cost: float, seed: int) -> LogisticRegression:
    return LogisticRegression(C=cost, max_iter=2000, random_state=seed)


def _word_pairs() -> TfidfVectorizer:
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")  # noqa: S106


def _grams() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)


MAKERS: dict[str, Callable[[Settings, int], Pipeline]] = {
    "nearest": _nearest,
    "svm": _svm,
    "logistic": _logistic,
    "trees": _trees,
    "mfcc-svm": _mfcc,
    "rocket": _rocket,
    "words": _words,
    "letters": _letters,
    "tfidf": _both,
    "row-trees": _row_trees,
}
