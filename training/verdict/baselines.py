"""Classical models that a CNN has to beat, one that suits each modality.

Floors in the sense of the published tables: an RBF support vector machine for images,
TF-IDF with logistic regression for text, the UCR archive's one-nearest-neighbour for
series, statistics of MFCCs with a support vector machine for sound, boosted trees for
tables and boards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FunctionTransformer, Pipeline, make_pipeline, make_union
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from training.errors import ExperimentError, nearest

MFCCS = 20


@dataclass(frozen=True)
class Baseline:
    """A classical model.

    Parameters
    ----------
    name, title : str
    modalities : tuple of str
        For which it is the default.
    reads : {"grid", "text"}
        The flat grid, or the raw sentence.
    """

    name: str
    title: str
    modalities: tuple[str, ...]
    reads: str


BASELINES = (
    Baseline("svm", "RBF support vector machine on the flat grid", ("image",), "grid"),
    Baseline("tfidf", "TF-IDF of words and character n-grams, logistic regression", ("text",), "text"),
    Baseline("nearest", "one nearest neighbour on the flat grid", ("series",), "grid"),
    Baseline("mfcc-svm", "mean and deviation of MFCCs, RBF support vector machine", ("sound",), "grid"),
    Baseline("trees", "histogram gradient boosting on the flat grid", ("table", "board"), "grid"),
    Baseline("logistic", "logistic regression on the flat grid", (), "grid"),
)


def baseline(name: str) -> Baseline:
    """Look a baseline up.

    Raises
    ------
    ExperimentError
        If there is none of that name.
    """
    for candidate in BASELINES:
        if candidate.name == name:
            return candidate
    raise ExperimentError(f"baseline {name!r}: unknown; {nearest(name, [b.name for b in BASELINES])}")


def default_for(modality: str, axes: Sequence[str]) -> Baseline:
    """Give the baseline that suits a modality; sounds without mel bands get the one for images."""
    wanted = "image" if modality == "sound" and "mel band" not in axes else modality
    return next(candidate for candidate in BASELINES if wanted in candidate.modalities)


def check_suits(chosen: Baseline, modality: str, axes: Sequence[str]) -> None:
    """Refuse a baseline that cannot read these items.

    Raises
    ------
    ExperimentError
        If it reads sentences and these are none, or needs mel bands and there are none.
    """
    if chosen.reads == "text" and modality != "text":
        raise ExperimentError(f"baseline {chosen.name!r}: expected text, got {modality}; try 'logistic'")
    if chosen.name == "mfcc-svm" and "mel band" not in axes:
        raise ExperimentError(
            f"baseline {chosen.name!r}: expected a grid with axes 'time' and 'mel band', got {list(axes)}; try 'logistic'"
        )


def estimator(name: str, seed: int) -> Pipeline:
    """Draw up the scikit-learn pipeline of a baseline; it reads grids, or strings."""
    if name == "tfidf":
        return make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+"),  # noqa: S106
                TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True),
            ),
            LogisticRegression(C=10.0, max_iter=2000),
        )
    flat = FunctionTransformer(_flat)
    if name == "mfcc-svm":
        return make_pipeline(FunctionTransformer(mfcc_statistics), StandardScaler(), SVC(C=10.0, random_state=seed))
    if name == "trees":
        return make_pipeline(flat, HistGradientBoostingClassifier(random_state=seed))
    if name == "nearest":
        return make_pipeline(flat, KNeighborsClassifier(1))
    if name == "svm":
        return make_pipeline(flat, StandardScaler(), SVC(C=10.0, random_state=seed))
    return make_pipeline(flat, StandardScaler(), LogisticRegression(max_iter=2000, random_state=seed))


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


def _flat(x: NDArray[Any]) -> NDArray[Any]:
    return x.reshape(len(x), -1)
