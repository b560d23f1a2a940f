"""TensorBoard sees every run and every trial, and changes nothing."""

from dataclasses import replace

import numpy as np
import pytest

import gridzoo as gz
from adapters.sources.memory import from_arrays
from training.comparison import compare, place_of
from training.experiment import Experiment, Model
from training.fitting.recipe import Recipe
from training.records import Cost
from training.tuning.settings import Tuning

RNG = np.random.default_rng(0)
PICTURES = list(RNG.integers(0, 255, (24, 8, 8)).astype(np.uint8))
DATA = from_arrays(PICTURES, ["a", "b"] * 12, modality="image")
SEARCH = Tuning(trials=2, epochs=2)


def curves(folder):
    """Read what TensorBoard would show of the files in one folder."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    found = {}
    for part, prefix in (("train", ""), ("validation", "validation_")):
        events = EventAccumulator(str(folder / part)).Reload()
        for tag in events.Tags()["tensors"]:
            values = [float(make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)]
            found[prefix + tag.removeprefix("epoch_")] = values
    return found


def same(shown, kept):
    assert kept.keys() <= shown.keys()
    for name, values in kept.items():
        np.testing.assert_allclose(shown[name], values, rtol=1e-5, atol=1e-6)


def test_a_comparison_shows_its_runs_and_their_trials(tmp_path):
    experiment = Experiment(
        "data", architectures=(Model("lenet5", tuned=True),), baselines=(), folds=2, arms=("original",),
        recipe=Recipe(epochs=3), tuning=SEARCH,
    )  # fmt: skip
    shown = compare([(experiment, DATA)], tmp_path / "shown", workers=1, tensorboard=tmp_path / "board")
    plain = compare([(experiment, DATA)], tmp_path / "plain", workers=1)
    records = shown.results[0].records
    assert len(records) == 2
    for record in records:
        place = tmp_path / "board" / place_of(record.run)
        same(curves(place), record.curves)
        for number, trial in enumerate(record.trials):
            same(curves(place / f"trial-{number}"), trial.curves)

    def without_times(comparison):
        return [
            replace(record, cost=Cost(), trials=[replace(trial, seconds=0.0) for trial in record.trials])
            for record in comparison.results[0].records
        ]

    assert without_times(shown) == without_times(plain)


def test_a_search_shows_its_trials_and_the_final_training(tmp_path):
    tuned = gz.tune(DATA, "lenet5", tuning=SEARCH, epochs=2, workers=1, tensorboard=tmp_path)
    same(curves(tmp_path), tuned.predictor.history.curves)
    assert [same(curves(tmp_path / f"trial-{i}"), trial.curves) for i, trial in enumerate(tuned.tried)] == [None] * 2


def test_a_folder_that_cannot_be_made_stops_before_anything_is_done(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        compare([], tmp_path / "out", tensorboard=tmp_path / "file" / "board")
    assert not (tmp_path / "out").exists()
