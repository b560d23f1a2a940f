"""The whole explanation: plain data, the same twice, honest about what it could not do."""

import json
import time

import numpy as np
import pytest

from adapters.errors import DataError
from adapters.sources.memory import from_arrays
from training.errors import ExperimentError
from training.explain.explain import explain
from training.explain.explanation import Explanation
from training.explain.listening import most_relevant
from training.explain.planted import TASKS
from training.fitting.recipe import Recipe
from training.fitting.train import fit_predictor


def fitted(name, network, count=120, epochs=6):
    task = TASKS[name](count, np.random.default_rng(0))
    data = from_arrays(task.items, task.labels, modality=task.modality)
    recipe = Recipe(epochs=epochs, augment=False, learning_rate=5e-3, patience=epochs)
    return fit_predictor(data, network, task.adapter, recipe), task


@pytest.fixture(scope="module")
def board():
    return fitted("board", "lenet5", epochs=12)


@pytest.fixture(scope="module")
def sound():
    return fitted("sound", {"name": "lenet5"}, count=120, epochs=8)


def test_it_is_plain_data_and_a_seed_decides_it(board):
    predictor, task = board
    found = [explain(predictor, task.items[0], items=task.items, labels=task.labels, seed=s) for s in (0, 0, 1)]
    first, again, other = (one.to_json() for one in found)
    assert first == again
    assert first["random_order"] != other["random_order"]
    assert Explanation.from_json(json.loads(json.dumps(first))) == found[0]
    with pytest.raises(ValueError, match="schema"):
        Explanation.from_json({**first, "schema": 99})


def test_random_weights_change_a_map_and_the_map_beats_random_order(board):
    predictor, task = board
    found = explain(predictor, task.items[1])
    lead = found.relevances[0]
    assert lead.name == "integrated gradients"
    assert np.mean(np.abs([r for r in lead.randomised if r is not None])) < 0.5
    assert lead.deletion.area < np.mean([c.area for c in found.random_order.deletion])
    assert lead.insertion.area > np.mean([c.area for c in found.random_order.insertion])
    probability = found.probabilities[found.classes.index(found.target)]
    for relevance in found.relevances:
        assert relevance.deletion.values[0] == pytest.approx(probability, abs=1e-4)
        assert relevance.insertion.values[-1] == pytest.approx(probability, abs=1e-4)
        assert relevance.deletion.values[-1] == pytest.approx(relevance.insertion.values[0], abs=1e-4)
    size = len(found.relevances)
    assert np.shape(found.agreement) == (size, size)


def test_stages_say_what_they_see_and_what_excites_them(board):
    predictor, task = board
    found = explain(predictor, task.items[0], items=task.items, labels=task.labels)
    assert found.searched == len(task.items)
    for stage in found.stages:
        for (low, high), (first, last) in zip(stage.theoretical, stage.effective, strict=True):
            assert 0 <= low < high <= 7
            assert 0 <= first < last <= 7
        heights = [max(np.ravel(feature.values)) for feature in stage.features]
        assert heights == sorted(heights, reverse=True)
        matches = stage.features[0].matches
        assert [m.activation for m in matches] == sorted((m.activation for m in matches), reverse=True)
        assert all(found.gallery[m.item].label in predictor.classes for m in matches)
    assert found.filters.count == 6
    assert np.shape(found.filters.values)[0] == 6


def test_the_best_match_is_the_training_item_with_the_largest_activation(board):
    import keras

    predictor, task = board
    found = explain(predictor, task.items[0], items=task.items, labels=task.labels)
    feature = found.stages[0].features[0]
    model = keras.Model(predictor.network.model.input, predictor.network.model.get_layer("stage1").output)
    maps = np.asarray(model(predictor.scaler(predictor.adapter.transform(task.items))))[..., feature.channel]
    heights = maps.reshape(len(maps), -1).max(axis=1)
    assert found.gallery[feature.matches[0].item].name == f"item {int(heights.argmax()) + 1}"
    assert feature.matches[0].activation == pytest.approx(float(heights.max()), abs=1e-4)


def test_the_relevant_part_of_a_sound_is_where_the_relevance_is(sound):
    predictor, task = sound
    found = explain(predictor, task.items[0])
    heard = found.heard
    assert heard.rate == 8000
    assert len(heard.samples) == len(found.preview["samples"])
    assert 0 < heard.cells < 0.5
    assert np.abs(heard.samples).max() <= 1
    energy = np.square(heard.samples)
    # The chirp lies at 0.4 to 0.6 s; a frame reaches 16 ms to either side of its middle.
    assert energy[3000:5000].sum() > 0.8 * energy.sum() > 0


def test_a_sound_without_an_inverse_is_silenced_in_time():
    task = TASKS["sound"](40, np.random.default_rng(0))
    data = from_arrays(task.items, task.labels, modality="sound")
    settings = {"name": "chroma", "sample_rate": 8000, "n_fft": 512, "hop_length": 400}
    predictor = fit_predictor(data, "lenet5", settings, Recipe(epochs=1, augment=False))
    assert predictor.adapter.inverse == "none"
    found = explain(predictor, task.items[0])
    samples = np.asarray(found.heard.samples)
    whole = np.asarray(found.preview["samples"])
    kept = samples != 0
    assert 0 < kept.mean() < 1
    np.testing.assert_allclose(samples[kept] / whole[kept], np.median(samples[kept] / whole[kept]), rtol=0.2)


def test_the_fewest_cells_hold_most_of_the_relevance():
    cells = np.zeros((20, 30))
    cells[5:8, 10:14] = 1.0
    mask = most_relevant(cells)
    assert mask[6, 12]
    assert mask.mean() < 0.1
    assert not most_relevant(-cells).any()


def test_a_network_that_keeps_no_cells_says_so(board):
    _, task = board
    data = from_arrays(task.items, task.labels, modality="board")
    predictor = fit_predictor(data, "mlp", task.adapter, Recipe(epochs=1, augment=False))
    found = explain(predictor, task.items[0])
    assert [one.name for one in found.relevances if "CAM" in one.name] == []
    assert any("keeps the grid's cells" in note for note in found.notes)


def test_bad_input_is_refused_with_the_next_step(board):
    predictor, task = board
    with pytest.raises(ExperimentError, match="Known: O, X"):
        explain(predictor, task.items[0], target="draw")
    with pytest.raises(ExperimentError, match="stage1"):
        explain(predictor, task.items[0], tap="stage7")
    with pytest.raises(ExperimentError, match="a label for each"):
        explain(predictor, task.items[0], items=task.items, labels=["X"])
    with pytest.raises(DataError, match="7 × 7"):
        explain(predictor, ["XX"])


def test_an_explanation_takes_seconds(board):
    """Generous, since machines may be busy: the benchmark has the figures."""
    predictor, task = board
    explain(predictor, task.items[0])
    started = time.process_time()
    explain(predictor, task.items[1])
    assert time.process_time() - started < 10
