"""Estimators inside scikit-learn's machinery, and on items of every modality."""

import pickle
import threading

import keras
import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import gridzoo as gz
from adapters.sound.mel_spectrogram import MelSpectrogram
from training.errors import ExperimentError
from training.fitting.estimators import GridClassifier, GridRegressor
from training.fitting.recipe import Recipe

QUICK = Recipe(epochs=30, batch_size=16, learning_rate=5e-3)


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 6))
    return X, np.where(X[:, 0] + X[:, 1] > 0, "yes", "no")


@pytest.fixture(scope="module")
def fitted(rows):
    return GridClassifier("mlp", recipe=QUICK, random_state=0).fit(*rows)


def test_string_labels_probabilities_and_scores(rows, fitted):
    X, y = rows
    assert fitted.classes_.tolist() == ["no", "yes"]
    assert fitted.score(X, y) > 0.9
    probabilities = fitted.predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_array_equal(fitted.classes_[probabilities.argmax(axis=1)], fitted.predict(X))


def test_a_seed_decides_everything_and_0_is_one(rows, fitted):
    X, y = rows
    again = clone(fitted).fit(X, y)
    np.testing.assert_array_equal(again.predict_proba(X), fitted.predict_proba(X))
    other = clone(fitted).set_params(random_state=1).fit(X, y)
    assert not np.array_equal(other.predict_proba(X), fitted.predict_proba(X))
    state = clone(fitted).set_params(random_state=np.random.RandomState(0)).fit(X, y)
    assert np.isfinite(state.predict_proba(X)).all()


def test_fits_of_the_same_shape_do_not_disturb_each_other(rows, fitted):
    X, y = rows
    before = fitted.predict_proba(X)
    clone(fitted).set_params(random_state=5).fit(X, y)  # uses the same traced network
    np.testing.assert_array_equal(fitted.predict_proba(X), before)


def test_threads_do_not_share_networks(rows, fitted):
    X, y = rows
    found = {}

    def run(seed):
        found[seed] = clone(fitted).set_params(random_state=seed, epochs=3).fit(X, y).predict_proba(X)

    threads = [threading.Thread(target=run, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {1, 2}
    assert not np.array_equal(found[1], found[2])


def test_it_survives_pickle_and_gives_a_predictor_that_says_the_same(rows, fitted, tmp_path):
    X, _ = rows
    copy = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(copy.predict_proba(X), fitted.predict_proba(X))
    fitted.predictor().save(tmp_path)
    loaded = gz.Predictor.load(tmp_path)
    np.testing.assert_allclose(loaded.predict_proba(X), fitted.predict_proba(X), atol=1e-6)
    assert loaded.predict(X).tolist() == fitted.predict(X).tolist()


def test_nested_parameters_are_reachable():
    model = GridClassifier("lenet5", adapter="mel-spectrogram")
    model.set_params(recipe__learning_rate=1e-3, adapter__n_mels=32, architecture__dropout=0.5, epochs=3)
    assert model.recipe.learning_rate == 1e-3
    assert model.adapter["n_mels"] == 32
    assert model.architecture["dropout"] == 0.5
    parameters = model.get_params()
    assert parameters["recipe__learning_rate"] == 1e-3
    assert parameters["adapter__n_mels"] == 32
    assert clone(model).get_params() == parameters
    instance = GridClassifier(adapter=MelSpectrogram(n_mels=16))
    assert instance.set_params(adapter__n_mels=24).adapter.n_mels == 24


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"recipe__learning_rat": 1}, "did you mean 'learning_rate'"),
        ({"adapter__n_mels": 32}, "named before"),
        ({"recipe__schedule": "cosin"}, "did you mean 'cosine'"),
    ],
)
def test_wrong_nested_parameters_are_named(parameters, message):
    with pytest.raises(ExperimentError, match=message):
        GridClassifier().set_params(**parameters)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"architecture": 3}, "architecture: expected a name"),
        ({"adapter": 3}, "adapter: expected a name"),
        ({"recipe": "fast"}, "recipe: expected a Recipe"),
        ({"class_weight": "balanced", "recipe": Recipe(balance=True)}, "got both"),
        ({"callbacks": ["x"]}, "expected a keras.callbacks.Callback"),
    ],
)
def test_wrong_parameters_are_named_when_it_is_fitted(rows, parameters, message):
    with pytest.raises(ExperimentError, match=message):
        GridClassifier(**{"architecture": "mlp", "epochs": 1, **parameters}).fit(*rows)


def test_search_folds_and_pipelines(rows):
    X, y = rows
    model = GridClassifier("mlp", recipe=QUICK, random_state=0)
    search = GridSearchCV(model, {"recipe__learning_rate": [1e-6, 5e-3], "epochs": [15]}, cv=2).fit(X, y)
    assert search.best_params_["recipe__learning_rate"] == 5e-3
    scores = cross_val_score(make_pipeline(StandardScaler(), model), X, y, cv=2)
    by_hand = []
    for train, test in StratifiedKFold(2).split(X, y):
        scaler = StandardScaler().fit(X[train])
        trained = clone(model).fit(scaler.transform(X[train]), y[train])
        by_hand.append(trained.score(scaler.transform(X[test]), y[test]))
    np.testing.assert_array_equal(scores, by_hand)


def test_two_processes_find_what_one_finds(rows):
    X, y = rows
    model = GridClassifier("mlp", epochs=3, random_state=0)
    alone = cross_val_score(model, X, y, cv=2)
    np.testing.assert_array_equal(cross_val_score(model, X, y, cv=2, n_jobs=2), alone)


def test_a_heavy_class_is_predicted_more_often(rows):
    X, y = rows
    model = GridClassifier("mlp", recipe=Recipe(epochs=3, batch_size=16), random_state=0)
    shares = [
        np.mean(clone(model).set_params(class_weight={"no": 1, "yes": weight}).fit(X, y).predict(X) == "yes")
        for weight in (0.05, 20)
    ]
    assert shares[0] < 0.4 < 0.6 < shares[1]
    noisy = y.copy()
    noisy[:60] = np.where(y[:60] == "yes", "no", "yes")  # half the labels are wrong, but weigh nothing
    weights = np.r_[np.zeros(60), np.ones(60)]
    assert GridClassifier("mlp", recipe=QUICK, random_state=0).fit(X, noisy, weights).score(X[60:], y[60:]) > 0.9


def test_balanced_is_what_scikit_learn_calls_so(rows):
    X, y = rows
    kept = np.r_[np.flatnonzero(y == "no"), np.flatnonzero(y == "yes")[:6]]
    model = GridClassifier("mlp", epochs=5, random_state=0)
    plain = clone(model).fit(X[kept], y[kept]).predict(X)
    balanced = clone(model).set_params(class_weight="balanced").fit(X[kept], y[kept]).predict(X)
    assert np.mean(balanced == "yes") > np.mean(plain == "yes")


def test_warm_start_goes_on_and_refuses_new_classes(rows):
    X, y = rows
    model = GridClassifier("mlp", recipe=Recipe(epochs=3, batch_size=16), random_state=0, warm_start=True).fit(X, y)
    first = model.history_.curves["loss"]
    model.fit(X, y)
    assert model.history_.curves["loss"][0] < first[0]
    assert model.history_.curves["loss"][-1] < first[-1]
    with pytest.raises(ExperimentError, match=r"got \['maybe'\]"):
        model.fit(X, np.where(X[:, 0] > 0, "maybe", "no"))


def test_partial_fit_learns_batch_by_batch(rows):
    X, y = rows
    model = GridClassifier("mlp", recipe=Recipe(batch_size=16, learning_rate=5e-3), random_state=0)
    for _ in range(15):
        for start in range(0, 120, 40):
            model.partial_fit(X[start : start + 40], y[start : start + 40], classes=["no", "yes"])
    assert model.score(X, y) > 0.9
    assert model.predictor().predict(X[:3]).tolist() == model.predict(X[:3]).tolist()
    with pytest.raises(ValueError, match="features"):
        model.partial_fit(X[:, :3], y)


def test_passes_go_on_as_if_they_had_never_stopped(rows):
    X, y = rows
    undisturbed, disturbed = (GridClassifier("mlp", random_state=0) for _ in range(2))
    for _ in range(3):
        undisturbed.partial_fit(X, y)
    for _ in range(3):
        disturbed.partial_fit(X, y)
        disturbed = pickle.loads(pickle.dumps(disturbed))
        GridClassifier("mlp", random_state=3, epochs=1).fit(X, y)  # uses the same traced network
    np.testing.assert_array_equal(disturbed.predict_proba(X), undisturbed.predict_proba(X))


def test_a_fit_that_fails_leaves_no_half_fitted_estimator(rows):
    X, y = rows
    model = GridClassifier("mlp", epochs=1, random_state=0).fit(X, y)
    with pytest.raises(ValueError, match="at least 2 classes"):
        model.fit(X, np.full(120, "no"))
    with pytest.raises(ValueError, match="not fitted"):
        model.predict(X)


def test_missing_values_and_words_in_a_frame(rows):
    X, y = rows
    frame = pd.DataFrame(X, columns=list("abcdef"))
    frame["word"] = np.where(np.arange(120) % 2, "odd", "even")
    frame.loc[::7, "c"] = np.nan
    model = GridClassifier("mlp", epochs=5, random_state=0).fit(frame, y)
    assert model.feature_names_in_.tolist() == [*"abcdef", "word"]
    assert model.predict(frame).shape == (120,)
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[["word", *"abcdef"]])


def bumps(n=60):
    """Pictures of a bright upper or lower half."""
    rng = np.random.default_rng(0)
    y = np.arange(n) % 2
    X = rng.integers(0, 100, (n, 10, 10)).astype(np.uint8)
    for picture, lower in zip(X, y, strict=True):
        picture[5 * lower : 5 * lower + 5] += 100
    return X, y


def test_pictures_in_an_array():
    X, y = bumps()
    model = GridClassifier("lenet5", epochs=6, random_state=0).fit(X, y)
    assert model.adapter_.name == "image"
    assert model.score(X, y) > 0.9


def test_texts():
    X = ["so good a film", "so bad a film", "good and fine", "bad and dull"] * 10
    y = [1, 0] * 20
    model = GridClassifier(recipe=QUICK, epochs=4, random_state=0).fit(X, y)
    assert model.architecture_["name"] == "textcnn"
    assert model.predict(["good", "bad"]).tolist() == [1, 0]
    column = pd.Series(X, index=range(7, 47))
    again = GridClassifier(recipe=QUICK, epochs=4, random_state=0).fit(column, y)
    assert np.array_equal(again.predict_proba(column), model.predict_proba(X))


def test_names_of_sound_files(tmp_path):
    rng, paths, y = np.random.default_rng(0), [], []
    for i in range(24):
        tone = np.sin(2 * np.pi * (400 if i % 2 else 1500) * np.arange(4000) / 8000) + rng.normal(0, 0.1, 4000)
        soundfile.write(tmp_path / f"{i}.wav", 0.3 * tone, 8000)
        paths.append(str(tmp_path / f"{i}.wav"))
        y.append("low" if i % 2 else "high")
    adapter = MelSpectrogram(sample_rate=8000, n_mels=16, duration=0.5)
    model = GridClassifier("lenet5", adapter=adapter, recipe=QUICK, epochs=8, random_state=0).fit(paths, y)
    assert model.score(paths, y) == 1.0
    assert not hasattr(adapter, "grid_")  # what was passed is left as it was
    named = GridClassifier("lenet5", recipe=QUICK, epochs=1, random_state=0).fit(paths, y)
    assert (named.adapter_.name, named.adapter_.duration) == ("mel-spectrogram", 0.5)


def test_series():
    rng = np.random.default_rng(0)
    X = [np.sin(np.arange(40) / (2 + 2 * (i % 2))) + rng.normal(0, 0.1, 40) for i in range(40)]
    model = GridClassifier("lenet5", recipe=QUICK, epochs=8, random_state=0).fit(X, np.arange(40) % 2)
    assert model.adapter_.modality == "series"
    assert model.score(X, np.arange(40) % 2) > 0.9


def test_items_of_no_known_kind_are_refused():
    with pytest.raises(ExperimentError, match="name one"):
        GridClassifier().fit([object(), object()], [0, 1])


@pytest.mark.parametrize("targets", [1, 2])
def test_numbers_in_their_own_unit(rows, targets, tmp_path):
    X, _ = rows
    y = 1000 + 50 * (X @ np.arange(12).reshape(6, 2))
    y = y[:, 0] if targets == 1 else y
    model = GridRegressor("mlp", recipe=QUICK, random_state=0).fit(X, y)
    assert model.score(X, y) > 0.8
    assert model.predict(X).shape == y.shape
    assert set(model.history_.curves) == {
        "loss", "mean_absolute_error", "validation_loss", "validation_mean_absolute_error",
    }  # fmt: skip
    model.predictor().save(tmp_path)
    loaded = gz.Predictor.load(tmp_path)
    assert loaded.classes == ()
    np.testing.assert_allclose(loaded.predict(X), model.predict(X), rtol=1e-5)
    with pytest.raises(ExperimentError, match="predicts numbers"):
        loaded.predict_proba(X)


def test_a_regression_stops_by_its_validation_loss(rows):
    X, _ = rows
    rng = np.random.default_rng(0)
    recipe = Recipe(epochs=60, patience=3, batch_size=16)
    history = GridRegressor("mlp", recipe=recipe, random_state=0).fit(X, rng.normal(size=120)).history_
    assert history.epochs == history.best_epoch + 4 < 60


def test_targets_of_another_number_are_refused(rows):
    X, _ = rows
    model = GridRegressor("mlp", random_state=0).partial_fit(X, X[:, :2])
    with pytest.raises(ExperimentError, match="2 targets"):
        model.partial_fit(X, X[:, 0])


def test_a_callback_sees_every_epoch(rows, capsys):
    seen = []
    callback = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(sorted(logs)))
    GridClassifier("mlp", epochs=2, callbacks=[callback], verbose=1, random_state=0).fit(*rows)
    assert seen == [["accuracy", "loss", "val_accuracy", "val_loss"]] * 2
    assert "epoch 2: loss" in capsys.readouterr().out
