"""What grids are standardised by, from the recipe to what leaves the house."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gridzoo as gz
from adapters.cache import Cache
from adapters.series.series import Series
from adapters.sources.memory import from_arrays
from training.errors import ExperimentError
from training.experiment import Experiment, Model, from_mapping
from training.fitting.fit import History
from training.fitting.parts import Held
from training.fitting.predictor import Predictor
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler, own_axes, scaler_for
from training.planning import prepare, tasks_of
from training.running.cnn_run import prepare as parts_of

RNG = np.random.default_rng(0)
BANDS = ["time", "mel band"]
X = RNG.normal(3, 2, (5, 12, 7, 2)).astype(np.float32)
SERIES = [RNG.normal(size=(24, 2)).cumsum(0) for _ in range(12)]
SOUNDS = [(RNG.normal(0, 0.1, 2400).astype(np.float32), 8000) for _ in range(16)]
MEL = {"name": "mel-spectrogram", "sample_rate": 8000, "duration": 0.3, "n_mels": 12}


def scaler(scale, x=X, axes=BANDS, ids=False):
    return scaler_for(scale, Held(x, np.arange(len(x))), axes, ids)


@given(gain=st.floats(0.1, 10), level=st.floats(-10, 10), channel=st.integers(0, 1))
def test_an_items_own_level_and_contrast_are_not_seen(gain, level, channel):
    changed = X.copy()
    changed[2, ..., channel] = gain * changed[2, ..., channel] + level
    for scale in ("item", "band"):
        np.testing.assert_allclose(scaler(scale)(changed), scaler(scale)(X), atol=2e-4)


@given(st.lists(st.floats(-10, 10), min_size=7, max_size=7))
def test_a_colouring_of_the_bands_is_seen_unless_each_band_loses_its_mean(response):
    coloured = X + np.float32(response)[:, None]
    np.testing.assert_allclose(scaler("band")(coloured), scaler("band")(X), atol=2e-4)
    if np.ptp(response) > 1:
        assert np.abs(scaler("item")(coloured) - scaler("item")(X)).max() > 0.05


def test_moments_are_the_items_own():
    item, band = scaler("item")(X), scaler("band")(X)
    assert item.dtype == band.dtype == np.float32
    np.testing.assert_allclose(item.mean((1, 2)), 0, atol=1e-6)
    np.testing.assert_allclose(band.mean(1), 0, atol=1e-6)
    for scaled in (item, band):
        np.testing.assert_allclose(scaled.std((1, 2)), 1, rtol=1e-5)


@pytest.mark.parametrize("scale", ["item", "band"])
def test_no_item_knows_another(scale):
    for i in range(len(X)):
        np.testing.assert_array_equal(scaler(scale)(X[i : i + 1])[0], scaler(scale)(X)[i])


@pytest.mark.parametrize("value", [0.0, 0.1, -80.0, 1e6])
def test_a_constant_item_stays_at_zero_and_rounding_is_not_made_larger(value):
    x = np.full((2, 12, 7, 2), value, np.float32)
    x[1, 0, 0, 0] = np.nextafter(np.float32(value), np.float32(np.inf))
    for scale in ("item", "band"):
        assert np.abs(scaler(scale)(x)).max() <= max(1e-6 * abs(value), 1e-6)


def test_channel_and_none_are_as_ever():
    np.testing.assert_array_equal(scaler("channel")(X), Scaler.fitted([X])(X))
    assert scaler("none")(X) is X
    ids = np.zeros((3, 4), np.int32)
    for scale in ("channel", "item", "band", "none"):
        assert scaler(scale, ids, ["position"], ids=True)(ids) is ids


def test_what_pretrained_weights_expect_comes_after():
    then = scaler("item").then(np.array([2.0, 3.0]), np.array([1.0, -1.0]))
    np.testing.assert_allclose(then(X), scaler("item")(X) * [2, 3] + [1, -1], atol=1e-5)


def test_recordings_are_scaled_item_by_item_and_all_else_by_channel():
    assert own_axes("auto", ["mel band", "time"]) == own_axes("item", ["mel band", "time"]) == (0, 1)
    for axes in (["time"], ["time", "time"], ["row", "column"], ["word"]):
        assert own_axes("auto", axes) == own_axes("channel", axes) == ()


@pytest.mark.parametrize("axes", [["time"], ["time", "time"], ["row", "column"]])
def test_a_grid_without_bands_is_refused_by_band(axes):
    with pytest.raises(ExperimentError, match="expected a grid with the axis 'time' and another"):
        own_axes("band", axes)


@pytest.mark.parametrize(("value", "said"), [(True, "got True; Known: auto"), ("itme", "did you mean 'item'")])
def test_a_scale_that_is_none_names_those_there_are(value, said):
    with pytest.raises(ExperimentError, match=said):
        Recipe(scale=value)
    with pytest.raises(ExperimentError, match=f"recipe: scale: .*{said}"):
        from_mapping({"source": "digits", "recipe": {"scale": value}}, "e.toml")


def tasks(tmp_path, data, **settings):
    experiment = Experiment("data", architectures=(Model("lenet5"),), baselines=(), folds=2, **settings)
    cache = Cache(tmp_path / "cache")
    (tmp_path / "grids").mkdir(exist_ok=True)
    return list(tasks_of(prepare(experiment, data, cache), cache, tmp_path / "grids", workers=1))


def sounds():
    return from_arrays(SOUNDS, ["a", "b"] * 8, modality="sound")


def test_the_scale_is_part_of_a_runs_key(tmp_path):
    runs = [tasks(tmp_path, sounds(), adapters=(MEL,), recipe=Recipe(scale=s))[0].run for s in ("item", "band")]
    assert [run.recipe["scale"] for run in runs] == ["item", "band"]
    assert runs[0].key != runs[1].key


def test_a_plan_refuses_bands_that_a_grid_has_not(tmp_path):
    with pytest.raises(ExperimentError, match="choose 'item'"):
        tasks(tmp_path, from_arrays(SERIES, ["a", "b"] * 6, modality="series"), recipe=Recipe(scale="band"))


@pytest.mark.parametrize("scale", ["item", "band"])
def test_arms_differ_in_the_order_of_the_same_cells_alone(tmp_path, scale):
    plain, permuted = tasks(tmp_path, sounds(), adapters=(MEL,), recipe=Recipe(scale=scale, augment=False))[::2]
    assert (plain.run.arm, permuted.run.arm) == ("original", "permuted")
    one, other = (np.sort(parts_of(task, Recipe(**task.run.recipe))[1].x, axis=None) for task in (plain, permuted))
    np.testing.assert_array_equal(one, other)


@pytest.fixture(scope="module", params=["item", "band"])
def learned(request):
    recipe = Recipe(epochs=2, scale=request.param)
    return gz.fit(sounds(), "lenet5", adapter=MEL, recipe=recipe), request.param


def test_a_predictor_keeps_its_scale(learned, tmp_path):
    predictor, scale = learned
    assert predictor.scaler.along == own_axes(scale, [axis.name for axis in predictor.adapter.grid_.axes])
    predictor.save(tmp_path)
    loaded = Predictor.load(tmp_path)
    np.testing.assert_array_equal(loaded.logits(SOUNDS), predictor.logits(SOUNDS))
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"item_mean_along": [2]}))
    with pytest.raises(ExperimentError, match="item_mean_along"):
        Predictor.load(tmp_path)


def test_loudness_does_not_change_what_is_said(learned):
    predictor, _ = learned
    louder = [(4 * samples, rate) for samples, rate in SOUNDS]
    np.testing.assert_allclose(predictor.logits(louder), predictor.logits(SOUNDS), atol=2e-3)


def test_a_bundle_scales_alike(learned, tmp_path):
    predictor, _ = learned
    predictor.export("onnx", tmp_path / "out")
    np.testing.assert_allclose(gz.Bundle.load(tmp_path / "out").logits(SOUNDS), predictor.logits(SOUNDS), atol=1e-4)
    path = tmp_path / "out" / "manifest.json"
    said = json.loads(path.read_text())
    assert "its own mean along" in said["preprocessing"]["rule"]
    said["preprocessing"]["item_mean_along"] = [7]
    path.write_text(json.dumps(said))
    with pytest.raises(ExperimentError, match="item_mean_along to name axes"):
        gz.Bundle.load(tmp_path / "out")


def test_relevance_adds_up(learned):
    from training.explain.gradients import difference, integrated_gradients
    from training.explain.lens import lens_for
    from training.explain.subject import Subject

    predictor, _ = learned
    subject = Subject.of(lens_for(predictor), predictor, SOUNDS[0])
    expected = difference(subject)
    assert integrated_gradients(subject).total == pytest.approx(expected, abs=0.02 * max(1.0, abs(expected)))


def test_a_warm_start_keeps_the_first_scale():
    X, y = np.stack(SERIES), ["a", "b"] * 6
    model = gz.GridClassifier("lenet5", adapter=Series(), recipe=Recipe(epochs=1, scale="item"), random_state=0)
    model.fit(X, y)
    before = model.set_params(warm_start=True).scaler_
    assert model.set_params(recipe=replace(model.recipe, scale="none")).fit(X, y).scaler_ is before
    assert isinstance(model.history_, History)
