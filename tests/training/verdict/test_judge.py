"""Answers from made-up scores: the right one where it is plain, none where it is not, and seldom a false one."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from training.answers import CLASSICAL, ELSEWHERE, JUSTIFIED, NEITHER, UNDECIDED
from training.records import Cost, Record, Run
from training.verdict.contrasts import among_orders, model_contrast, order_contrast
from training.verdict.evidence import _claim
from training.verdict.judge import verdicts
from training.verdict.posterior import Posterior
from training.verdict.rules import Claim, Rules

ITEMS = 200  # of a fold
PERMUTED = tuple(f"permuted {k}" for k in range(5))
RUN = Run(
    dataset="toy", fingerprint="f", adapter={"name": "image"}, kind="cnn", model={"name": "lenet5"}, arm="original",
    recipe={}, tuning={}, split="stratified 5-fold", repeat=0, fold=0, seed=0, versions={},
)  # fmt: skip


def record(arm, repeat, fold, accuracy, model="lenet5", kind="cnn"):
    run = replace(RUN, arm=arm, repeat=repeat, fold=fold, model={"name": model}, kind=kind)
    right = round(accuracy * ITEMS)
    return Record(
        run, "ok", classes=["a", "b"], scores={"accuracy": accuracy, "validation_accuracy": accuracy},
        test=list(range(fold * ITEMS, (fold + 1) * ITEMS)), truth=[0] * ITEMS,
        predicted=[0] * right + [1] * (ITEMS - right), cost=Cost(seconds=2.0),
    )  # fmt: skip


def records_of(means, *, repeats=1, folds=5, noise=0.005, seed=0, model="lenet5"):
    """Runs of every arm around its mean; ``permuted`` stands for five orders."""
    rng = np.random.default_rng(seed)
    found = []
    for arm, mean in means.items():
        for one in PERMUTED if arm == "permuted" else [arm]:
            for repeat, fold in np.ndindex(repeats, folds):
                score = float(np.clip(mean + rng.normal(0, noise), 0, 1))
                kind, name = (
                    ("baseline", "svm")
                    if arm == "baseline"
                    else ("cnn", f"MLP as large as {model}" if "mlp" in arm else model)
                )
                found.append(record("original" if arm == "baseline" else one, repeat, fold, score, name, kind))
    return found


@pytest.mark.parametrize(
    ("original", "permuted", "baseline", "answer", "halves"),
    [
        (0.95, 0.80, 0.85, JUSTIFIED, "the order of cells helps; it beats the baseline"),
        (0.95, 0.80, 0.95, CLASSICAL, "the order of cells helps; it does not beat the baseline"),
        (0.95, 0.80, 0.99, CLASSICAL, "the order of cells helps; the baseline beats it"),
        (0.95, 0.95, 0.85, ELSEWHERE, "the order of cells is worth nothing; it beats the baseline"),
        (0.80, 0.80, 0.90, NEITHER, "the order of cells is worth nothing; the baseline beats it"),
        (0.80, 0.85, 0.80, NEITHER, "the order of cells is worth nothing; it does not beat the baseline"),
    ],
)
def test_plain_cases(original, permuted, baseline, answer, halves):
    means = {"original": original, "permuted": permuted, "baseline": baseline}
    (verdict,) = verdicts(records_of(means, noise=0.002))
    assert verdict.answer == answer
    assert verdict.halves == halves
    assert f"{original:.0%}"[:-1] in verdict.sentence
    assert max(verdict.belief, key=verdict.belief.get) == answer
    assert sum(verdict.belief.values()) == pytest.approx(1)
    assert not verdict.outlook
    assert "likeliest" not in verdict.halves


def test_noise_is_undecided_and_says_what_it_would_take():
    means = {"original": 0.80, "permuted": 0.77, "baseline": 0.80}
    (verdict,) = verdicts(records_of(means, noise=0.03))
    assert verdict.answer == UNDECIDED
    assert "repeat" in verdict.outlook or "times as many items" in verdict.outlook
    likeliest = max(verdict.belief, key=verdict.belief.get)
    assert verdict.halves.endswith(f"open; likeliest: {likeliest} ({100 * verdict.belief[likeliest]:.0f} %)")


def test_a_better_classical_model_settles_it_while_the_order_is_open():
    means = {"original": 0.80, "permuted": 0.79, "baseline": 0.95}
    (verdict,) = verdicts(records_of(means, noise=0.01))
    assert verdict.against_permuted.better > 0.05
    assert verdict.answer == NEITHER
    assert verdict.halves == "the order of cells: open; the baseline beats it"


@pytest.mark.parametrize(
    ("permuted", "said"),
    [
        (0.82, "shuffling the cells cost it nothing here"),
        (0.798, "shuffling the cells cost it nothing to speak of here"),
        (0.77, "the order of cells: open"),
    ],
)
def test_an_open_order_is_said_to_cost_nothing_where_the_mean_is_within_the_margin(permuted, said):
    records = [record("original", 0, fold, 0.8 + change) for fold, change in enumerate((-0.03, 0, 0.03))]
    records += [record("original", 0, fold, 0.8, "svm", "baseline") for fold in range(3)]
    records += [record(arm, 0, fold, permuted) for arm in PERMUTED for fold in range(3)]
    (verdict,) = verdicts(records)
    assert verdict.halves.split("; ")[0] == said
    assert ("which is no proof" in verdict.sentence) == said.startswith("shuffling")


def test_an_mlp_that_moves_withholds_the_answer():
    means = {"original": 0.95, "permuted": 0.80, "baseline": 0.85, "mlp": 0.85, "mlp permuted": 0.75}
    (verdict,) = verdicts(records_of(means))
    assert verdict.answer == UNDECIDED
    assert "MLP" in verdict.sentence
    (sound,) = verdicts(records_of({**means, "mlp permuted": 0.85}))
    assert sound.answer == JUSTIFIED


def test_a_cnn_that_had_no_time_is_not_dismissed_but_may_win():
    def cut(records, done=3):
        recipe = {"seconds": 1.0, "epochs": 40, "patience": 10}
        return [
            replace(
                r,
                run=replace(r.run, recipe=recipe),
                curves={"loss": [1.0] * done},
                scores={**r.scores, "best_epoch": float(done)},
            )
            for r in records
        ]

    (lost,) = verdicts(cut(records_of({"original": 0.7, "permuted": 0.7, "baseline": 0.9}, noise=0.002)))
    assert lost.answer == UNDECIDED
    assert "larger budget" in lost.outlook
    assert "likeliest" not in lost.halves, "nothing is said against it"
    worse = records_of({"original": 0.7, "permuted": 0.7, "baseline": 0.9}, noise=0.002)
    assert [verdicts(cut(worse, done))[0].answer for done in (19, 20)] == [UNDECIDED, NEITHER]
    (won,) = verdicts(cut(records_of({"original": 0.95, "permuted": 0.7, "baseline": 0.8})))
    assert won.answer == JUSTIFIED
    perfect = records_of({"original": 1.0, "permuted": 1.0, "baseline": 1.0}, noise=0)
    assert verdicts(cut(perfect))[0].answer == NEITHER  # without a mistake on validation items it had time enough


def test_what_is_settled_has_its_interval_on_one_side_of_zero_and_its_mean_beyond_the_margin():
    settled = dict.fromkeys(("the order of cells helps", "it beats the baseline", "the baseline beats it"), 0)
    for seed in range(60):
        worth = np.random.default_rng(seed).uniform(-0.06, 0.08, 2)
        means = {"original": 0.8, "permuted": 0.8 - worth[0], "baseline": 0.8 - worth[1]}
        (verdict,) = verdicts(records_of(means, noise=0.01, seed=seed))
        order, against = verdict.against_permuted, verdict.against_baseline
        margin = verdict.margin
        clear = (
            order.low > 0 and order.mean > margin,
            against.low > 0 and against.mean > margin,
            against.high < 0 and against.mean < -margin,
        )
        for half, holds in zip(settled, clear, strict=True):
            assert (half in verdict.halves.split("; ")) == holds
            settled[half] += holds
    assert min(settled.values()) > 5


def test_missing_arms_are_said():
    (verdict,) = verdicts(records_of({"original": 0.9, "permuted": 0.6}))
    assert verdict.answer == UNDECIDED
    assert "missing" in verdict.outlook
    assert verdicts(records_of({"permuted": 0.9})) == []


def test_axes_and_blocks_are_put_into_words():
    means = {
        "original": 0.95, "permuted": 0.7, "baseline": 0.8, "axis time": 0.7, "axis mel band": 0.95,
        "blocks 2": 0.80, "blocks 4": 0.95, "blocks 8": 0.95,
    }  # fmt: skip
    (verdict,) = verdicts(records_of(means, noise=0.001))
    assert {control.arm: control.matters for control in verdict.controls} == {
        "axis time": True, "axis mel band": False, "blocks 2": True, "blocks 4": False, "blocks 8": False,
    }  # fmt: skip
    assert "along time matters (+25" in verdict.finding
    assert "along mel band does not matter" in verdict.finding
    assert "no further than 4 cells" in verdict.finding


def test_larger_blocks_are_asked_about_only_where_smaller_ones_cost():
    """A cost of blocks of 4 beside none of blocks of 2 is no finding: structure cannot begin there."""
    means = {"original": 0.95, "permuted": 0.7, "baseline": 0.8, "blocks 2": 0.95, "blocks 4": 0.80, "blocks 8": 0.80}
    (verdict,) = verdicts(records_of(means, noise=0.001))
    assert {control.arm: control.matters for control in verdict.controls} == {
        "blocks 2": False, "blocks 4": None, "blocks 8": None,
    }  # fmt: skip


def test_axes_are_adjusted_for_their_number_alone():
    """What one axis shows with a doubt of 0.004 is shown beside ten sizes of blocks as well."""
    records = records_of({"original": 0.95, "permuted": 0.7, "baseline": 0.8}, noise=0)
    records += [record("axis a", 0, fold, 0.90 + lost) for fold, lost in enumerate((-0.01, -0.005, 0, 0.005, 0.01))]
    records += [record("axis b", 0, fold, 0.95) for fold in range(5)]
    sizes = records_of({f"blocks {2**i}": 0.95 for i in range(1, 11)}, noise=0)
    for given in (records, records + sizes):
        (verdict,) = verdicts(given)
        first = verdict.controls[0]
        assert (first.arm, first.matters) == ("axis a", True)
        assert 0.025 / 12 < first.found.p_value / 2 < 0.025 / 2


def test_accuracies_of_the_folds_in_common_stand_beside_each_other():
    """Two repeats of the grid and the baseline, one of the shuffled cells: each difference is that of two numbers beside it."""
    twice = [record("original", r, fold, 0.95 - 0.02 * r) for r in (0, 1) for fold in range(5)]
    twice += [record("original", r, fold, 0.90, "svm", "baseline") for r in (0, 1) for fold in range(5)]
    shuffled = [record(arm, 0, fold, 0.90) for arm in PERMUTED for fold in range(5)]
    (verdict,) = verdicts([*twice, *shuffled])
    assert "lenet5 reaches 94.0%" in verdict.sentence
    assert "it reaches 90.0% on folds where the CNN on the grid reaches 95.0% (+5.0 points" in verdict.sentence
    assert "svm reaches 90.0% (+4.0 points" in verdict.sentence


def test_every_arm_has_its_cost_and_all_is_plain_data():
    means = {"original": 0.95, "permuted": 0.8, "baseline": 0.85, "axis time": 0.7}
    (verdict,) = verdicts(records_of(means))
    assert {cost.arm: cost.runs for cost in verdict.costs} == {
        "original": 5, "permuted": 25, "axis time": 5, "baseline": 5,
    }  # fmt: skip
    assert all(cost.seconds == 2.0 for cost in verdict.costs)
    assert json.loads(json.dumps(verdict.to_json()))["answer"] == JUSTIFIED


def test_orders_of_another_repeat_are_other_orders():
    """Two numbers on two repeats are four orders, as four numbers are; two orders would be believed less."""
    scores = {(0, 0): 0.70, (1, 0): 0.80, (0, 1): 0.75, (1, 1): 0.85}  # by number and repeat
    grid = [record("original", repeat, fold, 0.9) for repeat in (0, 1) for fold in range(5)]

    def contrast(name):
        orders = [record(name(*key), key[1], fold, score) for key, score in scores.items() for fold in range(5)]
        return order_contrast(grid, orders)

    assert contrast(lambda number, repeat: f"permuted {number}") == contrast(
        lambda number, repeat: f"permuted {number + 2 * repeat}"
    )


def test_the_margin_is_the_users():
    records = records_of({"original": 0.95, "permuted": 0.90, "baseline": 0.85}, noise=0.002)
    assert verdicts(records, Rules(margin=0.01))[0].answer == JUSTIFIED
    assert verdicts(records, Rules(margin=0.08))[0].answer == ELSEWHERE


def test_where_fewer_mistakes_are_left_than_the_margin_it_is_said():
    """At 99.6 % no lead of a point is left over it: that says more of the margin than of the CNN."""
    records = records_of({"original": 0.999, "permuted": 0.996, "baseline": 0.97}, noise=0.0005)
    said = "That leaves less than 1 point to win"
    assert verdicts(records)[0].sentence.count(said) == 1
    assert said not in verdicts(records, Rules(margin=0.002))[0].sentence
    below = records_of({"original": 0.93, "permuted": 0.929, "baseline": 0.93}, noise=0.0005)
    assert said not in verdicts(below)[0].sentence


def test_more_looks_ask_for_more_certainty():
    assert Rules(looks=1).level == 0.025
    assert Rules(looks=4).level < 0.025


def test_of_several_cnns_the_claim_is_adjusted():
    """One CNN alone is sure enough; as one of six it is not."""
    good, poor = Posterior(0.026, 0.01, 8), Posterior(0.0, 0.01, 8)
    assert 0.005 < 1 - good.above(0.0) < 0.025
    assert _claim([good], 0, Rules()).holds is True
    assert _claim([good, None], 0, Rules()).holds is True
    assert _claim([poor, poor, good, poor, poor, poor], 2, Rules()).holds is None
    assert _claim([poor, good, None], 2, Rules()) is None


def test_an_interval_above_zero_beside_an_open_claim_is_explained():
    scores = {"original": (0.90, 0.91, 0.92, 0.93, 0.94), "poor": (0.80,) * 5, "worse": (0.79,) * 5}
    found = [record("original", 0, fold, score, name) for name, row in scores.items() for fold, score in enumerate(row)]
    lower = [record("original", 0, fold, 0.89, "svm", "baseline") for fold in range(5)]
    alone, several = verdicts(found[:5] + lower, Rules()), verdicts(found + lower, Rules(looks=2))
    assert alone[0].against_baseline == replace(
        several[0].against_baseline, detectable=alone[0].against_baseline.detectable
    )
    assert several[0].against_baseline.low > 0
    assert "It beats the classical baseline" in alone[0].sentence
    assert "is open" in several[0].sentence
    assert "As one of 3 CNNs and 2 looks it must be surer than this interval." in several[0].sentence
    assert "surer" not in alone[0].sentence


@pytest.mark.parametrize(
    ("mean", "error", "holds"),
    [
        (0.02, 0.005, True),  # more than nothing, and more than the margin by the best estimate
        (0.02, 0.012, None),  # it may be nothing
        (0.008, 0.0005, False),  # more than nothing for sure, and less than the margin
        (0.008, 0.003, None),  # more than nothing, and perhaps more than the margin
        (-0.02, 0.005, False),
    ],
)
def test_a_claim_needs_both_certainty_and_size(mean, error, holds):
    assert Claim.alone(Posterior(mean, error, 19), Rules()).holds is holds
    assert Claim.alone(Posterior(-mean, error, 19), Rules()).reversed is (holds is True)


def test_the_cnn_is_chosen_by_validation_not_by_test_items():
    records = records_of({"original": 0.9, "permuted": 0.6, "baseline": 0.8})
    lucky = [
        replace(r, scores={**r.scores, "validation_accuracy": 0.5})
        for r in records_of({"original": 0.99}, model="lucky")
    ]
    assert verdicts(records + lucky)[0].model == "lenet5"


def test_one_test_set_is_compared_item_by_item():
    means = {"original": 0.95, "permuted": 0.7, "baseline": 0.8}
    (verdict,) = verdicts(records_of(means, folds=1, noise=0))
    assert "items" in verdict.against_permuted.test
    assert verdict.answer == JUSTIFIED


def test_folds_that_all_agree_are_no_certainty_where_items_are_few():
    """Perfect scores on 200 items a fold: no difference seen, but one of a point cannot be excluded by much."""
    posterior = model_contrast(*[[record("original", 0, fold, 1.0) for fold in range(5)] for _ in range(2)])
    assert posterior.mean == 0
    assert 0 < posterior.error < 0.01


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_records_says_nothing(seed):
    records = records_of({"original": 0.9, "permuted": 0.85, "baseline": 0.85, "axis time": 0.9})
    shuffled = [records[i] for i in np.random.default_rng(seed).permutation(len(records))]
    first, second = verdicts(records)[0], verdicts(shuffled)[0]
    assert first.answer == second.answer
    assert first.against_permuted.mean == pytest.approx(second.against_permuted.mean)
    assert first.against_permuted.low == pytest.approx(second.against_permuted.low)


def simulated(rng, luck, folds=5, noise=0.01):
    """Scores where the given order is an order like any other: each has its luck, each fold its noise."""
    found = []
    for arm in ("original", *PERMUTED):
        own = rng.normal(0, luck)
        found += [record(arm, 0, fold, 0.8 + own + rng.normal(0, noise)) for fold in range(folds)]
    return found


@pytest.mark.parametrize("luck", [0.0, 0.02, 0.05])
def test_an_order_like_any_other_is_seldom_taken_for_structure(luck):
    """Even where orders differ by five points, as they may for a table: folds alone would be sure each time."""
    rng = np.random.default_rng(0)
    false = naive = 0
    trials = 300
    for _ in range(trials):
        records = simulated(rng, luck)
        original, permuted = records[:5], records[5:]
        false += order_contrast(original, permuted).above(0.01) >= 0.95
        naive += model_contrast(original, permuted).above(0.01) >= 0.95
    assert false / trials <= 0.05
    if luck == 0.05:
        assert naive / trials > 0.2


def test_intervals_cover_what_they_should():
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(300):
        low, high = order_contrast(*np.split(np.array(simulated(rng, 0.02), dtype=object), [5])).interval()
        covered += low <= 0 <= high
    assert covered / 300 >= 0.95


@pytest.mark.parametrize("luck", [0.0, 0.02, 0.05])
def test_the_given_order_stands_out_by_chance_as_often_as_was_allowed(luck):
    rng = np.random.default_rng(2)
    made = [simulated(rng, luck) for _ in range(400)]
    p_values = np.array([among_orders(records[:5], records[5:]).p_value for records in made])
    for level in (0.05, 0.5):
        within = 3 * np.sqrt(level * (1 - level) / len(p_values))
        assert np.mean(p_values <= level) == pytest.approx(level, abs=within)


def test_the_given_order_is_held_against_orders_as_one_draw_against_a_sample():
    rng = np.random.default_rng(3)
    records = simulated(rng, 0.02)
    means = np.array([one.scores["accuracy"] for one in records]).reshape(6, 5).mean(axis=1)
    expected = stats.ttest_ind(means[:1], means[1:], alternative="greater").pvalue
    found = among_orders(records[:5], records[5:])
    assert found.p_value == pytest.approx(expected)
    assert found.orders == 5
    unfinished = [one for one in records[5:] if (one.run.arm, one.run.fold) != ("permuted 4", 2)]
    assert among_orders(records[:5], unfinished).orders == 4  # a mean over other folds says nothing beside theirs
    assert among_orders(records[:5], records[5:10]) is None  # one order alone
    alone = [replace(one, run=replace(one.run, arm="permuted")) for one in records[5:10]]
    assert among_orders(records[:5], alone) is None  # an order a fold: nothing tells order from fold


def test_orders_that_all_agree_are_no_certainty_where_items_are_few():
    grid = [record("original", 0, fold, 0.805 if fold == 0 else 0.8) for fold in range(5)]
    orders = [record(arm, 0, fold, 0.8) for arm in PERMUTED for fold in range(5)]
    assert among_orders(grid, orders).p_value > 0.05  # one item in a thousand


@pytest.mark.parametrize(
    ("gain", "said"), [(0.004, "an effect, though one below the margin"), (0.0, "does not stand out among 5")]
)
def test_an_effect_below_the_margin_is_said_and_changes_no_answer(gain, said):
    means = {"original": 0.99 + gain, "permuted": 0.99, "baseline": 0.99}
    (verdict,) = verdicts(records_of(means, noise=0.0005))
    assert verdict.answer == NEITHER
    assert said in verdict.finding
    assert (verdict.among_orders.p_value <= 0.05) == (gain > 0)


def test_where_the_order_is_shown_to_help_nothing_more_is_said_of_it():
    (verdict,) = verdicts(records_of({"original": 0.95, "permuted": 0.80, "baseline": 0.85}, noise=0.002))
    assert verdict.among_orders.p_value < 0.001
    assert "random ones" not in verdict.finding


def test_of_several_cnns_the_order_may_suit_one_that_is_not_judged():
    """It is named, and what it says is adjusted for the number that was asked."""
    wide = records_of({"original": 0.95, "permuted": 0.95, "baseline": 0.95}, noise=0.0005)
    local = records_of({"original": 0.91, "permuted": 0.90}, noise=0.0005, model="res8")
    (alone,) = verdicts([*local, *wide[-5:]])
    (verdict,) = verdicts(wide + local)
    assert (verdict.model, verdict.answer) == ("lenet5", NEITHER)
    assert (verdict.among_orders.model, verdict.among_orders.asked) == ("res8", 2)
    assert verdict.among_orders.p_value == pytest.approx(2 * alone.among_orders.p_value)
    assert "suits res8 better than 5 random ones" in verdict.finding
    assert "whatever it is worth on others" in verdict.finding, "the margin was asked of the judged network alone"
