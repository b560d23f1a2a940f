"""Every baseline learns what it should, and refuses what it cannot read."""

import numpy as np
import pytest

from training.errors import ExperimentError
from training.verdict.baselines import BASELINES, baseline, check_suits, default_for, estimator, mfcc_statistics


@pytest.mark.parametrize("name", [b.name for b in BASELINES if b.reads == "grid" and b.name != "mfcc-svm"])
def test_it_learns_from_a_flat_grid(name):
    rng = np.random.default_rng(0)
    y = np.arange(120) % 3
    x = (rng.normal(size=(120, 4, 3, 1)) + 2 * y[:, None, None, None]).astype(np.float32)
    assert (estimator(name, 0).fit(x[:90], y[:90]).predict(x[90:]) == y[90:]).mean() > 0.9


def test_it_learns_from_sentences():
    texts = ["what a good film", "so bad and dull", "good fun", "dull and long"] * 10
    labels = np.array([1, 0, 1, 0] * 10)
    assert (estimator("tfidf", 0).fit(texts[:32], labels[:32]).predict(texts[32:]) == labels[32:]).all()


def test_mfcc_statistics_equal_their_definition():
    """The orthonormal DCT-II of a log-mel frame, written out as cosines."""
    bands, wanted = 40, 20
    grid = np.random.default_rng(0).normal(-40, 10, (2, 30, bands, 1)).astype(np.float32)
    k, m = np.arange(wanted)[:, None], np.arange(bands)[None, :]
    cosines = np.sqrt(2 / bands) * np.cos(np.pi * k * (2 * m + 1) / (2 * bands))
    cosines[0] /= np.sqrt(2)
    cepstra = grid[0, :, :, 0] @ cosines.T
    expected = np.r_[cepstra.mean(axis=0), cepstra.std(axis=0)]
    np.testing.assert_allclose(mfcc_statistics(grid)[0], expected, atol=1e-3)


def test_every_modality_has_a_default():
    defaults = {
        modality: default_for(modality, ["time", "mel band"]).name
        for modality in ("image", "text", "series", "sound", "table", "board")
    }
    assert defaults == {
        "image": "svm", "text": "tfidf", "series": "nearest", "sound": "mfcc-svm", "table": "trees",
        "board": "trees",
    }  # fmt: skip


@pytest.mark.parametrize("axes", [["time"], ["time", "coefficient"], ["time", "frequency"], ["time", "pitch class"]])
def test_sounds_without_mel_bands_have_a_default_that_suits_them(axes):
    check_suits(default_for("sound", axes), "sound", axes)


def test_mistakes_are_named():
    with pytest.raises(ExperimentError, match="did you mean 'svm'"):
        baseline("smv")
    with pytest.raises(ExperimentError, match="expected text, got image"):
        check_suits(baseline("tfidf"), "image", ["row", "column"])
    with pytest.raises(ExperimentError, match="mel band"):
        check_suits(baseline("mfcc-svm"), "sound", ["time"])
