"""Paired tests against published and re-run worked examples."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.verdict.looks import level_of
from training.verdict.posterior import correlated_t
from training.verdict.statistics import corrected_t, five_by_two, mcnemar

# Ten folds of 90 training and 10 test items; t and p of the corrected resampled t-test
# after Nadeau and Bengio (2003), computed independently.
TEN_FOLDS = [0.02, 0.01, 0.03, -0.01, 0.02, 0.0, 0.01, 0.04, 0.02, 0.01]
SHARED = Path(__file__).parents[3].parent / "shared" / "references"


@pytest.fixture
def scikit_learn():
    path = SHARED / "sklearn_nadeau_bengio.json"
    if not path.is_file():
        pytest.skip(f"no reference values in {SHARED}")
    return json.loads(path.read_text(encoding="utf-8"))


def test_corrected_t_equals_the_worked_example():
    result = corrected_t(TEN_FOLDS, 10 / 90)
    assert result.p_value == pytest.approx(0.04879793444448794, rel=1e-9)
    half = (result.high - result.low) / 2
    assert result.mean / half == pytest.approx(2.2770423280802516 / 2.2621571627409915, rel=1e-9)


def test_correlated_t_equals_the_worked_example():
    worse, equivalent, better = correlated_t(TEN_FOLDS, 10 / 90).thirds(0.01)
    assert worse == pytest.approx(0.0021247088254403527, rel=1e-9)
    assert equivalent == pytest.approx(0.23150350842790024, rel=1e-9)
    assert better == pytest.approx(0.7663717827466594, rel=1e-9)


@pytest.mark.parametrize(("repeated", "runs", "freedom"), [([1, 5, -3], 1, 2), ([1, 5, -3, 1], 2, 3)])
def test_variance_and_freedom_equal_baycomp(repeated, runs, freedom):
    """Mean 1 and variance 13.333 in both, by baycomp's own tests."""
    folds = len(repeated) / runs
    rho = 1 / folds
    found = correlated_t(repeated, rho / (1 - rho))
    assert (found.mean, found.error**2, found.freedom) == (1, pytest.approx(40 / 3), freedom)


def test_equals_scikit_learns_example(scikit_learn):
    found = correlated_t(scikit_learn["diff_best_second"], scikit_learn["n_test"] / scikit_learn["n_train"])
    assert found.mean / found.error == pytest.approx(scikit_learn["t_corrected"], rel=1e-9)
    assert found.above(0) == pytest.approx(scikit_learn["P_first_better"], rel=1e-9)
    assert found.thirds(0.01)[1] == pytest.approx(scikit_learn["P_rope_0.01"], rel=1e-9)


def test_test_and_posterior_are_two_views_of_one_thing():
    test, posterior = corrected_t(TEN_FOLDS, 10 / 90), correlated_t(TEN_FOLDS, 10 / 90)
    assert posterior.p_value() == pytest.approx(test.p_value)
    assert posterior.interval() == pytest.approx((test.low, test.high))


def test_five_by_two_equals_the_worked_example():
    differences = np.array([[0.01, 0.02], [0.03, 0.01], [0.0, 0.02], [0.02, 0.03], [0.01, 0.0]])
    assert five_by_two(differences) == pytest.approx(
        (0.9534625892455924, 0.38414219638485414, 3.0, 0.11848355278206942), rel=1e-9
    )


def test_mcnemar_equals_the_worked_example():
    first = [True] * 25 + [False] * 15 + [True] * 60
    second = [False] * 25 + [True] * 15 + [True] * 60
    result = mcnemar(first, second)
    assert result.p_value == pytest.approx(0.1538599441628321, rel=1e-9)
    assert result.mean == pytest.approx(0.10)


@given(st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=20))
def test_swapping_the_models_turns_the_sign_alone(differences):
    there, back = corrected_t(differences, 0.25), corrected_t([-d for d in differences], 0.25)
    assert there.mean == pytest.approx(-back.mean)
    assert there.p_value == pytest.approx(back.p_value, abs=1e-12)
    assert there.low == pytest.approx(-back.high)
    thirds = correlated_t(differences, 0.25, 0.01).thirds(0.01)
    turned = correlated_t([-d for d in differences], 0.25, 0.01).thirds(0.01)
    assert thirds == pytest.approx(turned[::-1], abs=1e-12)
    assert sum(thirds) == pytest.approx(1)


def test_no_difference_at_all_is_no_evidence():
    assert corrected_t([0.0, 0.0, 0.0], 0.25).p_value == 1.0
    assert mcnemar([True, False], [True, False]).p_value == 1.0


def test_folds_of_few_items_that_agree_are_not_certain():
    assert correlated_t([0.0] * 5, 0.25).thirds(0.01)[1] == 1
    assert correlated_t([0.0] * 5, 0.25, floor=0.04).thirds(0.01)[1] < 0.5


@pytest.mark.parametrize("scale", [1.0, 0.1])  # what rules: that it is not nothing, or that it exceeds the margin
def test_the_detectable_difference_is_detected_that_often(scale):
    posterior = correlated_t([scale * one for one in (0.01, 0.05, 0.02, 0.04, 0.03)] * 4, 0.25)
    true = posterior.detectable(0.01, 0.05)
    rng = np.random.default_rng(0)
    means = true + posterior.error * rng.standard_t(posterior.freedom, 20_000)
    bound = max(0.01, posterior.error * 1.729)  # t with 19 degrees of freedom, 5 % above
    assert np.mean(means > bound) == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(("looks", "published"), [(2, 0.0294), (3, 0.0221), (4, 0.0182), (5, 0.0158)])
def test_levels_of_looks_are_pococks(looks, published):
    """Two-sided nominal levels for 5 % in all, table 2 of Pocock 1977."""
    assert 2 * level_of(looks, 0.025) == pytest.approx(published, abs=5e-5)


def test_looks_at_repeats_err_less_often_than_allowed():
    """Repeats share their data: part of the error stays the same from look to look."""
    rng = np.random.default_rng(0)
    looks, trials = 4, 4000
    level = level_of(looks, 0.05)
    shared = rng.normal(0, 0.5, (trials, 1, 1))
    folds = rng.normal(0, 1, (trials, looks, 5)) + shared
    false = 0
    for trial in folds:
        false += any(correlated_t(trial[: look + 1].ravel(), 0.25).above(0) >= 1 - level for look in range(looks))
    assert false / trials <= 0.05


def test_the_correction_holds_its_level_where_the_plain_t_does_not():
    """Folds of two equally good classifiers, correlated as Nadeau and Bengio assume: by n_test / n."""
    rng = np.random.default_rng(0)
    share, folds, trials = 0.2, 5, 1000
    corrected = plain = 0
    for _ in range(trials):
        # Overlapping training sets share an error; the correlation of two folds is `share`.
        differences = rng.normal(0, np.sqrt(share)) + rng.normal(0, np.sqrt(1 - share), folds)
        corrected += corrected_t(differences, share / (1 - share)).p_value < 0.05
        plain += corrected_t(differences, 0.0).p_value < 0.05
    assert corrected / trials <= 0.065
    assert plain / trials >= 0.10
