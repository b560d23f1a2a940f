"""What records say beyond their row: shares, calibration, effects, ranks, moments, experiments side by side."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.chapters import Chapter, DataCard, Plan
from training.describing.across import across, side_by_side
from training.describing.describe import described, only
from training.describing.effects import effects
from training.describing.moments import moments
from training.describing.ranking import critical_difference, ranking
from training.describing.shares import Answers, calibration, class_shares, group_shares, share, wilson
from training.records import Cost, Record, Run, Trial
from training.summary import summarise
from training.verdict.judge import verdicts


def make_run(**changes):
    settings = {
        "dataset": "toy", "fingerprint": "f", "adapter": {"name": "image"}, "kind": "cnn", "model": {"name": "lenet5"},
        "arm": "original", "recipe": {}, "tuning": {}, "split": "official", "repeat": 0, "fold": 0, "seed": 0, "versions": {},
    }  # fmt: skip
    return Run(**(settings | changes))


def make_record(right=8, items=10, at="01", seconds=1.0, validation=0.5, **changes):
    run = make_run(**changes)
    first = items * run.fold
    predicted = [0] * right + [1] * (items - right)
    scores = {"accuracy": right / items, "validation_accuracy": validation}
    return Record(
        run, "ok", classes=["a", "b"], scores=scores, test=list(range(first, first + items)), truth=[0] * items,
        predicted=predicted, confidence=[0.9] * items, cost=Cost(seconds=seconds, finished=f"2026-01-01T00:00:{at}"),
    )  # fmt: skip


def make_chapter(records, dataset="toy", **changes):
    card = DataCard(dataset, "image", "", "", "", "", False, [], {"a": 9, "b": 1}, {}, "group", [], 0, [])
    runs = [record.run for record in records]
    plan = Plan(dataset, {"source": dataset}, "", runs, {})
    return Chapter(plan, replace(card, **changes), list(records), summarise(runs, records), verdicts(records))


def test_wilson_equals_the_published_example():
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I: 81 of 263.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@given(st.integers(1, 400), st.floats(0, 1))
def test_a_share_lies_in_its_interval_and_the_interval_in_0_to_1(items, part):
    right = np.arange(items) < round(part * items)
    found = share("x", right, np.arange(items))
    assert 0 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1


def test_items_of_several_repeats_count_once_for_the_interval():
    right = np.array([True, False] * 10)
    once, twice = share("x", right, np.arange(20)), share("x", np.tile(right, 2), np.tile(np.arange(20), 2))
    assert (once.low, once.high) == (twice.low, twice.high)
    assert twice.items == 20


def test_classes_and_groups_count_their_own_items():
    record = replace(make_record(right=6), truth=[0] * 5 + [1] * 5, predicted=[0] * 4 + [1] + [1] * 2 + [0] * 3)
    answers = Answers.of([record])
    assert [(found.name, found.items, found.value) for found in class_shares(answers)] == [("a", 5, 0.8), ("b", 5, 0.4)]
    groups = group_shares(answers, [0, 1] * 5, ["x", "y", "nobody"])
    assert [(found.name, found.items) for found in groups] == [("x", 5), ("y", 5)]
    assert group_shares(answers, [], []) == []


def test_calibration_error_is_the_distance_of_confidence_and_accuracy():
    found = calibration(Answers.of([make_record(right=7)]))
    assert found.error == pytest.approx(0.2)
    assert found.excess == pytest.approx(0.2)
    assert [(one.confidence, one.right.value) for one in found.bins] == [(pytest.approx(0.9), 0.7)]


def test_one_fold_without_probabilities_means_no_calibration():
    records = [make_record(), replace(make_record(fold=1), confidence=[])]
    assert calibration(Answers.of(records)) is None


def test_certainty_itself_falls_into_the_last_bin():
    record = replace(make_record(right=10), confidence=[1.0] * 10)
    assert calibration(Answers.of([record])).error == 0


def trials(scores, values):
    return [
        Trial({"rate": rate, "kind": kind, "same": 1}, score, 1, 1.0)
        for score, (rate, kind) in zip(scores, values, strict=True)
    ]


def test_the_hyperparameter_that_decides_comes_first_and_one_that_never_changed_is_left_out():
    rates = [0.1 * step for step in range(1, 11)]
    record = replace(make_record(), trials=trials(rates, [(rate, "xy"[step % 2]) for step, rate in enumerate(rates)]))
    found = effects([record])
    assert [effect.name for effect in found] == ["rate", "kind"]
    assert found[0].strength == pytest.approx(1)
    assert found[0].p_value < 0.001
    assert found[1].strength < 0.2
    assert found[1].test == "Kruskal-Wallis test"


def test_a_harder_fold_does_not_look_like_an_effect():
    easy = [(rate, "x") for rate in (1, 2, 3, 4)]
    hard = [(rate, "y") for rate in (1, 2, 3, 4)]
    records = [
        replace(make_record(), trials=trials([0.9, 0.8, 0.9, 0.8], easy)),
        replace(make_record(fold=1), trials=trials([0.2, 0.1, 0.2, 0.1], hard)),
    ]
    assert {effect.name: effect.p_value > 0.9 for effect in effects(records)}["kind"]


def test_few_trials_have_no_effects():
    assert effects([replace(make_record(), trials=trials([0.1, 0.2], [(1, "x"), (2, "y")]))]) == []


def test_moments_follow_the_choice_by_validation_and_count_all_seconds():
    good, better = {"name": "good"}, {"name": "better"}
    records = [
        make_record(right=9, at="01", validation=0.6, model=good),
        make_record(right=2, at="02", seconds=5, model=good, arm="permuted"),
        make_record(right=9, at="03", validation=0.6, model=good, fold=1),
        make_record(right=7, at="04", validation=0.8, model=better),
        make_record(right=7, at="05", validation=0.8, model=better, fold=1),
    ]
    found = moments([record.run for record in records], records, "official")
    # The second choice tests worse: validation knows no better, and the curve must not either.
    assert [(moment.model, moment.score, moment.seconds) for moment in found] == [("good", 0.9, 7), ("better", 0.7, 9)]


def test_a_cell_whose_folds_are_not_all_done_is_no_choice_yet():
    runs = [make_run(), make_run(fold=1)]
    assert moments(runs, [make_record()], "official") == []


def test_critical_difference_equals_the_published_example():
    # Demsar 2006, JMLR 7:1-30, section 3.2.2: four classifiers on 14 data sets; q = 2.569.
    assert critical_difference(4, 14) == pytest.approx(2.569 * np.sqrt(4 * 5 / (6 * 14)), rel=1e-3)


def ranked(dataset, **rights):
    return make_chapter([make_record(right=n, dataset=dataset, model={"name": m}) for m, n in rights.items()], dataset)


def test_models_are_ranked_over_the_largest_complete_table():
    chapters = [ranked(name, a=9, b=7, c=5) for name in ("x", "y", "z")] + [ranked("w", a=1, d=9)]
    found = ranking(chapters)
    assert found.names == ["a", "b", "c"]
    assert found.ranks == [1, 2, 3]
    assert found.datasets == ["x", "y", "z"]
    assert found.p_value == pytest.approx(0.0498, abs=1e-4)  # chi-square of 6 with 2 degrees of freedom


def test_ties_everywhere_are_no_difference():
    found = ranking([ranked(name, a=5, b=5, c=5) for name in ("x", "y", "z")])
    assert found.ranks == [2, 2, 2]
    assert found.p_value == 1


def test_two_data_sets_are_not_ranked():
    assert ranking([ranked(name, a=9, b=7, c=5) for name in ("x", "y")]) is None


def test_experiments_are_tested_against_each_other_only_on_the_same_items():
    first = replace(make_chapter([make_record(right=9)]), experiment="first")
    second = replace(make_chapter([make_record(right=5)]), experiment="second")
    other = replace(make_chapter([make_record(right=5, fingerprint="g")]), experiment="other data")
    rows = side_by_side([first, second, other])
    assert [row.experiment for row in rows] == ["first", "second", "other data"]
    assert rows[0].to_first is None
    assert rows[1].to_first.mean == pytest.approx(-0.4)
    assert rows[2].to_first is None
    assert rows[2].untested == "not tested: other test items"
    assert across([first]).beside == []


def test_one_run_is_a_chapter_without_a_verdict():
    records = [make_record(), make_record(fold=1)]
    chapter = only(described(make_chapter(records)), records[1].run.key)
    assert [record.run.fold for record in chapter.records] == [1]
    assert [(cell.planned, cell.done) for cell in chapter.cells] == [(1, 1)]
    assert chapter.verdicts == []
    assert len(chapter.portraits) == 1


def test_the_interval_of_a_row_is_over_folds_where_there_are_some_and_over_items_otherwise():
    folds = [make_record(right=7 + fold % 3, fold=fold) for fold in range(5)]
    row = summarise([record.run for record in folds], folds)[0]
    assert row.interval == "corrected resampled t over folds"
    assert row.low < row.mean < row.high
    alone = summarise([folds[0].run], folds[:1])[0]
    assert alone.interval == "Wilson over test items"
    assert (alone.low, alone.high) == wilson(7, 10)
    same = [make_record(right=10, fold=fold) for fold in range(5)]
    assert summarise([record.run for record in same], same)[0].low < 1  # folds that agree are no proof


def test_the_spread_over_repeats_is_that_of_their_means():
    records = [
        make_record(right=n, repeat=repeat, fold=fold)
        for repeat, pair in enumerate([(8, 6), (9, 9)])
        for fold, n in enumerate(pair)
    ]
    row = summarise([record.run for record in records], records)[0]
    assert row.repeats == 2
    assert row.repeat_deviation == pytest.approx(np.std([0.7, 0.9], ddof=1))


def test_every_way_to_end_is_counted():
    records = [
        make_record(),
        Record(make_run(fold=1), "failed", reason="a"),
        Record(make_run(fold=2), "timed out", reason="b"),
    ]
    row = summarise([*(record.run for record in records), make_run(fold=3)], records)[0]
    assert (row.planned, row.done, row.failed) == (4, 1, 2)
    assert row.outcomes == {"failed": 1, "timed out": 1}


def test_experiments_under_other_splits_stand_side_by_side_untested():
    first, second = make_chapter([make_record()]), make_chapter([make_record(split="stratified 3-fold")])
    rows = side_by_side([first, second])
    assert [(row.cell.split, row.to_first, row.untested) for row in rows] == [
        ("official", None, ""),
        ("stratified 3-fold", None, ""),
    ]
