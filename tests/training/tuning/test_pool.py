"""Legs in several workers: order, deaths, and the same trials for any number of them."""

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest

import gridzoo as gz
from training.errors import ExperimentError
from training.tuning import pool as pools
from training.tuning.pool import Pool
from training.tuning.proposals import Leg
from training.tuning.trainer import Lap

LEGS = [Leg(i, {"x": i}, (1,)) for i in range(9)]


@pytest.fixture
def made_up(monkeypatch):
    """Workers that train nothing; gives who trained what."""
    seen = []

    def train(site, leg):
        seen.append(leg.trial)
        return Lap((float(leg.trial), 0.0))

    monkeypatch.setattr(pools, "train_there", train)
    return seen


class Frail(Executor):
    """Dies at some trials, so many times; what is given to it afterwards falls too."""

    def __init__(self, deaths):
        self.deaths, self.dead = deaths, False

    def submit(self, function, site, leg):
        future = Future()
        if self.dead or self.deaths.get(leg.trial, 0) > 0:
            self.deaths[leg.trial] = self.deaths.get(leg.trial, 0) - 1
            self.dead = True
            future.set_exception(BrokenProcessPool("killed"))
        else:
            future.set_result(function(site, leg))
        return future


@pytest.mark.parametrize("workers", [1, 2, 5, 20])
def test_laps_come_in_the_order_of_their_legs(made_up, workers):
    with Pool(workers, lambda: ThreadPoolExecutor(1)) as pool:
        assert [lap.score[0] for lap in pool.train(None, LEGS)] == list(range(9))
    assert sorted(made_up) == list(range(9))


@pytest.mark.parametrize(("times", "failed"), [(1, []), (99, [4])])
def test_a_trial_that_kills_its_worker_costs_itself_alone(made_up, times, failed):
    deaths = {4: times}
    with Pool(2, lambda: Frail(deaths)) as pool:
        laps = pool.train(None, LEGS)
    assert [leg.trial for leg, lap in zip(LEGS, laps, strict=True) if lap.score is None] == failed
    assert all("died twice" in lap.reason for lap in laps if lap.score is None)


def test_a_trial_goes_on_where_it_was_traced(monkeypatch):
    where = {}

    class Named(Executor):
        count = 0

        def __init__(self):
            Named.count += 1
            self.name = Named.count

        def submit(self, function, site, leg):
            where.setdefault(leg.trial, []).append(self.name)
            future = Future()
            future.set_result(Lap((0.0, 0.0)))
            return future

    with Pool(3, Named) as pool:
        pool.train(None, LEGS)
        pool.train(None, [Leg(i, {}, (1, 2)) for i in range(9)])
    assert sum(first == second for first, second in where.values()) >= 7


@pytest.fixture(scope="module")
def bars():
    rng = np.random.default_rng(0)
    x, labels = rng.uniform(0, 60, (80, 8, 8)).astype(np.uint8), np.array(["lies", "stands"] * 40)
    for cells, label in zip(x, labels, strict=True):
        cells[(3, slice(None)) if label == "lies" else (slice(None), 3)] = 200
    return list(x), labels


def test_tuning_from_python_gives_the_same_for_any_number_of_workers(bars, tmp_path):
    """Real processes: two adapters to choose from, six trials on two rungs, then the final training."""
    tuning = gz.Tuning(trials=6, epochs=4, factor=2, over=("recipe", "adapter"))
    adapters = [{"name": "image", "height": 8, "width": 8}, {"name": "image", "height": 6, "width": 6}]

    def run(workers):
        return gz.tune(bars, "lenet5", adapter=adapters, epochs=4, tuning=tuning, workers=workers)

    one, two = run(1), run(2)
    assert one.best == two.best
    for a, b in zip(one.tried, two.tried, strict=True):
        assert (a.values, a.score, a.curves, a.status) == (b.values, b.score, b.curves, b.status)
    table = two.trials()
    assert len(table) == 6
    assert table["chosen"].sum() == 1
    assert set(table["values.adapter.setting"]) == {"image height=8, width=8", "image height=6, width=6"}
    size = 8 if "8" in one.best["adapter.setting"] else 6
    assert two.predictor.adapter.grid_.shape == (size, size, 1)
    np.testing.assert_array_equal(one.predictor.logits(bars[0][:5]), two.predictor.logits(bars[0][:5]))


def test_several_adapters_need_to_be_searched_over(bars):
    with pytest.raises(ExperimentError, match="'adapter' in tuning"):
        gz.tune(bars, "lenet5", adapter=[{"name": "image", "height": 8}, {"name": "image", "height": 6}])
