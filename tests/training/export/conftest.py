import os

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def made(adapter, items, architecture="lenet5", settings=None, classes=("a", "b", "c")):
    """A predictor that was not trained, but whose every weight says something."""
    import zoo
    from training.fitting.fit import History
    from training.fitting.network import Network
    from training.fitting.predictor import Predictor
    from training.fitting.recipe import Recipe
    from training.fitting.scaling import Scaler

    adapter = adapter.fit(items)
    drawn = zoo.architecture(architecture, settings or {})
    grid = zoo.Grid(adapter.grid_.shape, adapter.grid_.vocabulary_size)
    network = Network(drawn, grid, len(classes), "adam", False)
    rng = np.random.default_rng(0)
    for variable in network.model.variables:
        if len(variable.shape) == 1:  # biases, and all of a normalisation: zeros and ones would hide a mistake
            variable.assign(variable.numpy() + 0.3 * rng.random(variable.shape))
    scaler = Scaler.identity() if grid.vocabulary_size else Scaler.fitted([adapter.transform(items)])
    return Predictor(adapter, drawn.config(), tuple(classes), scaler, Recipe(), network, History())


@pytest.fixture(scope="session")
def predictor_of():
    return made


@pytest.fixture(scope="session")
def words():
    """A predictor of texts, with what it was fitted on."""
    from adapters.text.words import Words

    items = ["not a bad film", "a good film", "no film at all", "good, not bad"]
    return made(Words(6), items, "textcnn", {"filters": 4, "embedding": 8}), items


@pytest.fixture(scope="session")
def series():
    """A predictor of series."""
    from adapters.series.series import Series

    items = list(np.random.default_rng(0).normal(2, 3, (9, 24, 2)))
    return made(Series(), items), items


@pytest.fixture(scope="session")
def bundles(words, series, tmp_path_factory):
    """Both, exported to ONNX; not to be changed."""
    folder = tmp_path_factory.mktemp("bundles")
    words[0].export("onnx", folder / "words")
    series[0].export("onnx", folder / "series")
    return folder
