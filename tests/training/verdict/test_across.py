"""Comparisons across data sets against the examples of Demšar, Derrac and Benavoli."""

import json
from pathlib import Path

import numpy as np
import pytest

from training.errors import ExperimentError
from training.verdict.across import critical_difference, friedman, holm, nemenyi, signed_rank, wilcoxon

REFERENCE = Path(__file__).parents[3].parent / "shared" / "references" / "stats_reference.json"


@pytest.fixture(scope="module")
def reference():
    if not REFERENCE.is_file():
        pytest.skip(f"no reference values: {REFERENCE}")
    return json.loads(REFERENCE.read_text(encoding="utf-8"))


def test_friedman_equals_demsars_example(reference):
    example = reference["demsar_friedman"]
    found, paper, measured = friedman(np.array(example["data"])), example["paper"], example["measured"]
    np.testing.assert_allclose(found.ranks, example["avg_ranks"])
    np.testing.assert_allclose(found.ranks, paper["avg_ranks"], atol=5e-4)
    assert (round(found.chi_square, 2), round(found.f, 2)) == (paper["chi2_F"], paper["F_F"])
    assert found.p_value == pytest.approx(measured["p_chi2"])
    assert found.p_of_f == pytest.approx(measured["p_F"])


def test_friedman_equals_derracs_example(reference):
    example = reference["derrac2011"]
    ranks = 10 - friedman(-np.array(example["toy_errors_problems_x_algos"])).ranks
    np.testing.assert_allclose(10 - ranks, example["toy_avg_ranks"])


def test_critical_differences_equal_the_tables(reference):
    paper = reference["demsar_friedman"]["paper"]
    assert round(critical_difference(4, 14), 2) == paper["CD_nemenyi_05"]
    assert round(critical_difference(4, 14, 0.10), 2) == paper["CD_nemenyi_10"]
    for alpha, table in ((0.05, "nemenyi_q05"), (0.10, "nemenyi_q10")):
        for models, q in reference["q_tables"][table].items():
            k = int(models)
            assert critical_difference(k, 6, alpha) == pytest.approx(q * np.sqrt(k * (k + 1) / 36), rel=1e-6)


def test_nemenyi_says_what_the_critical_difference_says(reference):
    data = np.array(reference["demsar_friedman"]["data"])
    pytest.importorskip("scikit_posthocs")
    found, ranks = nemenyi(data), friedman(data).ranks
    apart = np.abs(ranks[:, None] - ranks[None, :]) > critical_difference(4, 14)
    np.testing.assert_array_equal(found < 0.05, apart)


def test_wilcoxon_equals_demsars_example(reference):
    example = reference["demsar_wilcoxon"]
    statistic, p_value = wilcoxon(example["x"], example["y"])
    assert statistic == example["T"]
    # The paper's p is of its plain normal approximation, SciPy's corrects it for ties.
    assert p_value == pytest.approx(example["scipy"]["zsplit"][1])
    assert p_value == pytest.approx(example["p_two_sided"], abs=1e-4)


def test_holm_equals_derracs_example(reference):
    example = reference["derrac2011"]
    np.testing.assert_allclose(
        holm(example["p_values_vs_control"]), example["published_adjusted"]["holm"], atol=example["tolerance"]
    )


@pytest.mark.parametrize("pair", ["nbc_vs_j48", "nbc_vs_aode", "j48_vs_j48gr", "hnb_vs_aode"])
def test_signed_rank_equals_benavolis_example(reference, pair):
    example = reference["benavoli2017"]
    first, second = (example["mean_accuracy"][name] for name in pair.split("_vs_"))
    left, middle, right = example["results_p_left_rope_right"][pair]["signed_rank_rope1"]
    worse, equivalent, better = signed_rank(first, second, 1.0)  # "left" is what the first is better by
    np.testing.assert_allclose((better, equivalent, worse), (left, middle, right), atol=example["mc_tolerance"])


def test_equal_models_are_equal():
    scores = np.linspace(0.5, 0.9, 10)
    assert wilcoxon(scores, scores)[1] == 1
    assert signed_rank(scores, scores, 0.01) == (0, 1, 0)
    assert friedman(np.tile(scores[:, None], 3)).p_value == 1


def test_two_models_are_no_case_for_friedman():
    with pytest.raises(ExperimentError, match="'wilcoxon'"):
        friedman(np.ones((5, 2)))
