"""Relevance by every method: it adds up, it lands where the evidence lies, it comes back to the item."""

from dataclasses import replace

import numpy as np
import pytest

from adapters.sources.memory import from_arrays
from training.errors import ExperimentError
from training.explain.cams import grad_cam, grad_cam_plus_plus
from training.explain.gradients import difference, gradient_times_input, integrated_gradients
from training.explain.lens import lens_for
from training.explain.methods import METHODS
from training.explain.occlusion import _windows
from training.explain.planted import TASKS, landed
from training.explain.subject import Subject
from training.fitting.recipe import Recipe
from training.fitting.train import fit_predictor

# One dense grid of each rank and one of ids; each network learns its task in a second or two.
NETWORKS = {
    "series": {"name": "fcn", "width": 12, "kernels": [5, 5, 3]},
    "board": {"name": "lenet5"},
    "words": {"name": "textcnn", "embedding": 16, "filters": 8},
}
ITEMS = 6


@pytest.fixture(scope="module", params=NETWORKS)
def planted(request):
    task = TASKS[request.param](200, np.random.default_rng(0))
    data = from_arrays(task.items, task.labels, modality=task.modality)
    recipe = Recipe(epochs=12, augment=False, learning_rate=8e-3, patience=12)
    predictor = fit_predictor(data, NETWORKS[request.param], task.adapter, recipe)
    return request.param, predictor, TASKS[request.param](ITEMS, np.random.default_rng(1))


def subjects(planted):
    _, predictor, test = planted
    lens = lens_for(predictor)
    return [Subject.of(lens, predictor, item, label) for item, label in zip(test.items, test.labels, strict=True)]


def test_the_lens_sees_the_predictors_network_and_leaves_it_alone(planted):
    _, predictor, test = planted
    before = predictor.logits(test.items)
    lens = lens_for(predictor)
    assert lens is lens_for(predictor)
    x = np.stack([one.x for one in subjects(planted)])
    np.testing.assert_allclose(lens.logits(x), before, atol=1e-5)
    with lens.randomised(1):
        assert np.abs(lens.logits(x) - before).max() > 1e-2
        np.testing.assert_array_equal(predictor.logits(test.items), before)
    np.testing.assert_allclose(lens.logits(x), before, atol=1e-5)


def test_integrated_gradients_account_for_the_output(planted):
    for subject in subjects(planted):
        expected = difference(subject)
        assert integrated_gradients(subject).total == pytest.approx(expected, abs=0.02 * max(1.0, abs(expected)))


@pytest.mark.parametrize("method", METHODS)
def test_no_relevance_is_lost_on_the_way_to_the_item(planted, method):
    _, predictor, test = planted
    for subject, item in zip(subjects(planted)[:2], test.items, strict=False):
        found = METHODS[method](subject)
        assert found.cells.shape == predictor.adapter.grid_.spatial
        assert found.total == pytest.approx(float(found.cells.sum()), rel=1e-6, abs=1e-9)
        assert np.isfinite(found.values).all()
        same = predictor.adapter.backproject(found.cells, item)
        np.testing.assert_array_equal(found.values, same.values)
        assert found.axes == same.axes


@pytest.mark.parametrize("method", [name for name in METHODS if not name.startswith("Grad-CAM")])
def test_relevance_lands_on_the_evidence(planted, method):
    """The pointing game; chance is the evidence's share of the item, at most 0.15."""
    _, _, test = planted
    found = [landed(METHODS[method](s), place) for s, place in zip(subjects(planted), test.places, strict=True)]
    assert np.mean([one.hit for one in found]) >= 5 / 6
    assert np.mean([one.mass for one in found]) > 2 * np.mean([one.area for one in found])


def test_gradients_are_slopes(planted):
    subject = subjects(planted)[0]
    rng = np.random.default_rng(0)
    way = rng.normal(size=subject.x.shape).astype(np.float32)
    way /= np.linalg.norm(way)
    step = 1e-3  # small, since a network of ReLUs and maxima has kinks
    ahead, behind = subject.scores(np.stack([subject.x + step * way, subject.x - step * way]))
    slope = float((subject.gradients(subject.x[None])[0] * way).sum())
    assert (ahead - behind) / (2 * step) == pytest.approx(slope, rel=0.1, abs=0.02)


def test_nothing_is_relevant_at_the_baseline(planted):
    """An item that is "nothing there" owes nothing to any cell."""
    subject = subjects(planted)[0]
    nothing = replace(subject, x=subject.baseline)
    for method in (gradient_times_input, integrated_gradients):
        assert np.abs(method(nothing).cells).max() == 0.0
    assert np.abs(METHODS["occlusion"](nothing).cells).max() < 1e-5


def test_class_activation_maps_are_not_negative_and_read_any_tap(planted):
    subject = subjects(planted)[0]
    taps = [place.name for place in subject.lens.stages] or ["before pooling"]
    maps = [grad_cam(subject, tap).cells for tap in taps]
    assert all((cells >= 0).all() for cells in maps)
    assert (grad_cam_plus_plus(subject, taps[0]).cells >= 0).all()
    with pytest.raises(ExperimentError, match="stage9"):
        grad_cam(subject, "stage9")


def test_two_classes_of_a_network_share_what_speaks_for_one_and_against_the_other(planted):
    """Of two classes, the log-odds of one are those of the other with the sign turned."""
    subject = subjects(planted)[0]
    other = replace(subject, target=1 - subject.target)
    np.testing.assert_allclose(gradient_times_input(subject).cells, -gradient_times_input(other).cells, atol=1e-5)


@pytest.mark.parametrize(("size", "most"), [(1, 16), (13, 16), (16, 16), (17, 16), (64, 16), (101, 16), (1000, 64)])
def test_windows_cover_every_cell(size, most):
    windows = _windows(size, most)
    covered = np.zeros(size, int)
    for window in windows:
        covered[window] += 1
    assert covered.min() >= 1
    assert len(windows) <= most
