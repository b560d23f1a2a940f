"""Estimates are sums that can be checked, and learn from runs that have finished."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training.fitting.recipe import Recipe
from training.records import Cost, Record, Run, Trial
from training.running.estimate import Estimate, Learned, Memory, spoken
from training.running.guess import BASELINE, LAYER, RATE, STEP, Guess, guess
from training.running.sizes import NetworkSize, Spec, size_of
from training.running.task import Task
from training.tuning.flops import training_flops

RECIPE = {"epochs": 10, "batch_size": 32, "seconds": None}


def task(kind="cnn", fold=0, recipe=RECIPE, tuning=(), model="lenet5"):
    run = Run(
        "d",
        "f",
        {"name": "a"},
        kind,
        model if isinstance(model, dict) else {"name": model},
        "original",
        dict(recipe),
        dict(tuning),
        "s",
        0,
        fold,
        0,
        {},
    )
    rows = np.arange(100)
    return Task(
        run, Path("k-100x8x8x1.npy"), None, np.zeros(100, np.int32), ("a", "b"),
        rows[:64], rows[64:76], rows[76:], ("x", "y"), 0, (),
    )  # fmt: skip


def record(run, seconds, build=0.0, status="ok"):
    return Record(run, status, cost=Cost(seconds=seconds, build_seconds=build))


def test_a_training_is_its_steps_and_its_operations():
    size = NetworkSize(macs=1_000_000, layers=10)
    one = guess(task(), size)
    # 64 items are two steps of 32; a validation item costs a third of a training item.
    assert one.seconds == pytest.approx(10 * (STEP * 2 + 6e6 * (64 + 12 / 3) / RATE))
    assert one.tracing == pytest.approx(10 * LAYER)
    tuned = guess(task(tuning={"trials": 4, "epochs": 5, "over": ["recipe"]}), size)
    assert tuned.seconds == pytest.approx(3 * one.seconds)  # 10 + 4 × 5 epochs
    drawn = guess(task(tuning={"trials": 4, "epochs": 5, "over": ["architecture", "recipe"]}), size)
    assert drawn.seconds == pytest.approx(tuned.seconds + 4 * one.tracing)  # lenet5's width is any number: all differ
    few = {"name": "fcn", "width": 64}  # eight widths, which a worker keeps: it traces each once in five runs
    widths = task(model=few, tuning={"trials": 18, "epochs": 5, "over": ["architecture", "recipe"]})
    again = task(model=few, tuning={"trials": 18, "epochs": 5, "over": ["recipe"]})
    assert guess(widths, size).seconds == pytest.approx(guess(again, size).seconds + 8 / 5 * one.tracing)
    short = guess(task(recipe={**RECIPE, "seconds": one.seconds / 2}), size)
    assert short.seconds == pytest.approx(one.seconds / 2)
    assert guess(task("baseline"), None).seconds == BASELINE


def test_operations_are_those_of_the_zoo():
    spec = Spec.of_task(task())
    assert spec.shape == (8, 8, 1)
    macs = size_of(spec).macs
    assert macs > 0
    assert training_flops(macs, 64) == 6 * macs * 64
    assert (
        Spec.of({"name": "lenet5", "label": "lenet5 a"}, type("G", (), {"shape": (8, 8, 1), "vocabulary_size": 0}), 2)
        == spec
    )


def estimate(guesses, workers=1, kept=None):
    runs = [task(fold=i).run for i in range(len(guesses))]
    return runs, Estimate({run.key: one for run, one in zip(runs, guesses, strict=True)}, workers, kept or Learned())


def test_what_is_left_is_shared_by_the_workers_but_no_run_is_cut():
    same = [Guess("n", 10.0, 0.0)] * 4
    assert estimate(same)[1].seconds == 40
    assert estimate(same, workers=2)[1].seconds == 20
    assert estimate(same, workers=64)[1].seconds == 10
    assert estimate([Guess("n", 100.0, 0.0), Guess("m", 1.0, 0.0)], workers=2)[1].seconds == 100
    assert estimate([])[1].seconds == 0


def test_tracing_is_paid_once_a_network():
    assert estimate([Guess("n", 10.0, 3.0), Guess("n", 10.0, 3.0), Guess("m", 1.0, 2.0)])[1].seconds == 26


def test_finished_runs_correct_their_network_first_and_then_the_others():
    runs, left = estimate([Guess("n", 10.0, 0.0), Guess("n", 10.0, 0.0), Guess("m", 5.0, 0.0)])
    left.finished(record(runs[0], 20.0))
    assert left.learned.paces == {"n": 2.0}
    assert left.seconds == pytest.approx(20 + 10)  # the other network is as slow, as far as is known
    assert left.runs == 2
    left.finished(record(runs[2], 5.0))
    assert left.seconds == pytest.approx(20)


def test_a_run_that_traced_says_less_than_one_that_did_not():
    runs, left = estimate([Guess("n", 10.0, 3.0)] * 3)
    left.finished(record(runs[0], 14.0, build=1.0))
    assert left.learned.paces == {"n": pytest.approx(1.0)}  # 14 - 1 of building - 3 of tracing
    left.finished(record(runs[1], 5.0))
    assert left.learned.paces == {"n": pytest.approx(0.5)}
    assert left.seconds == pytest.approx(5.0)


def test_failed_runs_teach_nothing_but_leave_the_list():
    runs, left = estimate([Guess("n", 10.0, 0.0)] * 2)
    left.finished(record(runs[0], 0.0, status="failed"))
    assert left.learned == Learned()
    assert left.seconds == 10


def trained(run, seconds, epochs, busy=0.0):
    cost = Cost(seconds=seconds, processor_seconds=busy)
    return Record(run, "ok", cost=cost, curves={"loss": [0.5] * epochs})


def test_trainings_that_stop_early_are_expected_to_and_their_pace_is_not_mistaken():
    """Half of the epochs in half of the time is the pace of the formula."""
    long, other = Guess("n", 10.0, 0.0, "n, 40 epochs", 40), Guess("n", 2.0, 0.0, "n, 8 epochs", 8)
    runs, left = estimate([long, long, long, other])
    assert left.seconds == 32
    left.finished(trained(runs[0], 5.0, epochs=20))
    assert left.learned == Learned({"n": 1.0}, {"n, 40 epochs": 0.5})
    assert left.seconds == pytest.approx(2 * 5 + 2)  # by another recipe all epochs may be done
    left.finished(trained(runs[1], 10.0, epochs=40))
    assert left.seconds == pytest.approx(0.75 * 10 + 2)


def test_epochs_of_trials_count():
    runs, left = estimate([Guess("n", 10.0, 0.0, "tuned", 40)] * 2)
    trials = [Trial({}, 0.5, 5, 1.0), Trial({}, 0.5, 5, 1.0)]
    left.finished(replace(trained(runs[0], 5.0, epochs=10), trials=trials))
    assert left.learned.shares == {"tuned": 0.5}


def test_a_busy_machine_slows_this_comparison_and_not_the_next():
    kept = Learned({"known": 1.0})
    runs, left = estimate([Guess("n", 10.0, 0.0), Guess("n", 10.0, 0.0), Guess("known", 10.0, 1.0)], kept=kept)
    left.finished(trained(runs[0], 40.0, epochs=3, busy=10.0))
    assert left.load == pytest.approx(4)
    assert left.seconds == pytest.approx(40 + 4 * 11)  # a network that is known from quieter times is as slow now
    assert left.learned.paces == {"n": pytest.approx(1.0)}
    threads = estimate([Guess("n", 10.0, 0.0)])
    threads[1].finished(trained(threads[0][0], 10.0, epochs=3, busy=19.0))  # two threads at work
    assert (threads[1].load, threads[1].learned.paces) == (1.0, {"n": 1.0})


def test_what_was_learned_is_kept_for_the_next_comparison(tmp_path):
    kept = Memory(tmp_path)
    assert kept.read() == Learned()
    kept.keep(Learned({"n": 2.0}, {"c": 0.25}))
    kept.keep(Learned({"m": 3.0}))
    assert kept.read() == Learned({"n": 2.0, "m": 3.0}, {"c": 0.25})
    assert estimate([Guess("n", 10.0, 0.0, "c", 9)], kept=kept.read())[1].seconds == 5
    assert estimate([Guess("new", 10.0, 0.0)], kept=kept.read())[1].seconds == 25  # the median
    told = json.loads((tmp_path / "speed" / "learned.json").read_text())
    older = {**told, "formula": told["formula"] - 1}  # paces of another formula mislead
    for damage in ('{"paces": {"n": "fast', "[]", {**told, "paces": 3}, {**told, "shares": None}, older):
        (tmp_path / "speed" / "learned.json").write_text(damage if isinstance(damage, str) else json.dumps(damage))
        assert kept.read() == Learned()


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "5 s"), (3.2, "5 s"), (54, "55 s"), (56, "1 min"), (372, "6 min"), (8_000, "2.2 h")]
)
def test_times_are_said_as_roughly_as_they_are_known(seconds, said):
    assert spoken(seconds) == said


def test_it_opens_a_comparison_in_one_line():
    assert str(estimate([Guess("n", 10.0, 0.0)] * 38, workers=2)[1]) == "38 runs, about 3 min on 2 cores"


def test_a_real_recipe_has_what_the_formula_reads():
    from dataclasses import asdict

    assert guess(task(recipe=asdict(Recipe())), NetworkSize(1, 1)).seconds > 0
    assert replace(Recipe(), seconds=1.0).seconds == 1.0
