"""Paired tests against published and re-run worked examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.verdict.statistics import corrected_t, mcnemar

# Ten folds of 90 training and 10 test items; t and p of the corrected resampled t-test
# after Nadeau and Bengio (2003), computed independently.
TEN_FOLDS = [0.02, 0.01, 0.03, -0.01, 0.02, 0.0, 0.01, 0.04, 0.02, 0.01]


def test_corrected_t_equals_the_worked_example():
    result = corrected_t(TEN_FOLDS, 10 / 90)
    assert result.p_value == pytest.approx(0.04879793444448794, rel=1e-9)
    half = (result.high - result.low) / 2
    assert result.mean / half == pytest.approx(2.2770423280802516 / 2.2621571627409915, rel=1e-9)


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


def test_no_difference_at_all_is_no_evidence():
    assert corrected_t([0.0, 0.0, 0.0], 0.25).p_value == 1.0
    assert mcnemar([True, False], [True, False]).p_value == 1.0


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
