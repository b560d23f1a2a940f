"""Looks are added until it is decided or the time is up; what is decided is not asked again."""

from concurrent.futures import Executor, Future
from dataclasses import replace

import numpy as np
import pytest

from adapters.sources.memory import from_arrays
from adapters.sources.planted import planted
from gridzoo.api import declare
from gridzoo.judging import verdict_with_runs
from training.answers import JUSTIFIED, NEITHER, UNDECIDED
from training.errors import ExperimentError
from training.experiment import Experiment
from training.records import Cost, Record
from training.running.attempts import Attempt
from training.verdict.arms import is_graded
from training.verdict.evidence import Evidence
from training.verdict.session import USUAL, reach_verdict
from training.verdict.suited import draw, suited_to


class Oracle(Executor):
    """Knows what each arm would reach, and trains nothing."""

    def __init__(self, reached, noise=0.002, seconds=1.0):
        self.reached, self.noise, self.seconds = reached, noise, seconds

    def submit(self, function, *arguments):
        future = Future()
        first = arguments[0]
        future.set_result(self.record(first.task) if isinstance(first, Attempt) else function(*arguments))
        return future

    def record(self, task):
        run = task.run
        arm = "baseline" if run.kind == "baseline" else run.cell[5].split(" ")[0]
        rng = np.random.default_rng([run.repeat, run.fold, *run.arm.encode(), *run.kind.encode()])
        truth = task.labels[task.test]
        right = float(np.clip(self.reached.get(arm, 0.5) + rng.normal(0, self.noise), 0, 1))
        predicted = np.where(np.arange(len(truth)) < round(right * len(truth)), truth, 1 - truth)
        return Record(
            run, "ok", classes=list(task.classes), scores={"accuracy": right, "validation_accuracy": right},
            test=task.test.tolist(), truth=truth.tolist(), predicted=predicted.tolist(),
            cost=Cost(seconds=self.seconds),
        )  # fmt: skip


@pytest.fixture(scope="module")
def pictures():
    return planted("local", items=1000, size=8)


def judge(dataset, out, reached, *, noise=0.002, seconds=1.0, **settings):
    experiment = declare(dataset, {**USUAL, **settings})
    return reach_verdict(
        experiment, dataset, out, workers=2, executor=lambda: Oracle(reached, noise, seconds)
    )  # fmt: skip


PLAIN = {"original": 0.95, "permuted": 0.7, "axis": 0.7, "blocks": 0.95, "mlp": 0.6, "baseline": 0.7}


def test_a_plain_case_takes_one_look_and_says_what_it_saved(pictures, tmp_path):
    verdict, comparison = judge(pictures, tmp_path, PLAIN)
    assert (verdict.answer, verdict.repeats) == (JUSTIFIED, 1)
    assert "3 of 4 repeats were not needed" in verdict.saved
    runs = [record.run for record in comparison.chapters[0].records]
    assert {run.tuning["rule"] for run in runs if run.kind == "cnn"} == {"one-standard-error"}
    arms = [run.arm for run in runs]
    assert {arm: arms.count(arm) for arm in arms} == {
        "original": 10, **{f"permuted {k}": 5 for k in range(5)}, "mlp": 5, "mlp permuted": 5, "axis row": 5,
        "axis column": 5, "blocks 2": 5,
    }  # fmt: skip
    assert "along row matters" in verdict.finding
    assert "no further than 2 cells" in verdict.finding
    assert comparison.chapters[0].card.screen["sentence"]
    assert "expected a confidence" in comparison.chapters[0].insight.reason  # the oracle's records tell of none


def test_running_it_again_asks_no_worker(pictures, tmp_path):
    first, _ = judge(pictures, tmp_path, PLAIN)
    again, _ = judge(pictures, tmp_path, {})
    assert again == first


@pytest.fixture
def promising(monkeypatch):
    """Every open claim promises to be settled by the next repeat."""
    monkeypatch.setattr(Evidence, "more", lambda found, claim, other: 1)


def test_an_open_answer_takes_all_looks_but_asks_mlp_and_blocks_once(pictures, tmp_path, promising):
    open_ = {"original": 0.80, "permuted": 0.78, "axis": 0.8, "blocks": 0.8, "mlp": 0.7, "baseline": 0.79}
    verdict, comparison = judge(pictures, tmp_path, open_, noise=0.03)
    assert (verdict.answer, verdict.repeats, verdict.saved) == (UNDECIDED, 4, "")
    assert verdict.outlook == "About 1 more repeat needed."
    runs = [record.run for record in comparison.chapters[0].records]
    assert {run.repeat for run in runs if run.arm in ("mlp", "mlp permuted", "blocks 2")} == {0}


def test_orders_are_asked_again_while_that_is_open_and_the_baseline_where_it_may_decide(
    pictures, tmp_path, monkeypatch
):
    """Neither the order's two points nor the lead of one stands out of folds that differ by three."""
    open_ = {"original": 0.80, "permuted": 0.78, "axis": 0.8, "blocks": 0.8, "mlp": 0.7, "baseline": 0.79}
    monkeypatch.setattr(Evidence, "more", lambda found, claim, other: None)
    verdict, comparison = judge(pictures, tmp_path, open_, noise=0.03)
    assert (verdict.answer, verdict.repeats) == (UNDECIDED, 4)
    assert "More repeats would not decide it" in verdict.outlook
    runs = [record.run for record in comparison.chapters[0].records]
    assert {run.repeat for run in runs if run.kind == "baseline"} == {0}
    assert {run.repeat for run in runs if run.arm.startswith("permuted")} == {0, 1, 2, 3}
    assert verdict.among_orders.orders == 20


def test_of_rows_a_network_of_neighbours_is_asked_too_and_structure_is_located_for_the_judged_one_alone(tmp_path):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(1000, 12)), np.arange(1000) % 2
    rows = from_arrays(x, y.astype(str))
    verdict, comparison = judge(rows, tmp_path, PLAIN)
    runs = [record.run for record in comparison.chapters[0].records if record.run.kind == "cnn"]
    asked = {run.model["name"] for run in runs if run.arm.startswith("permuted")}
    assert asked == {"tc-resnet8", "res8"}
    assert {run.cell[4] for run in runs if run.arm.startswith("blocks")} == {verdict.model}


def test_few_groups_are_each_left_out_once_and_only_more_groups_would_tell_more(pictures, tmp_path):
    speakers = replace(pictures, groups=np.asarray(list("abcdef"))[np.arange(len(pictures)) % 6])
    open_ = {"original": 0.80, "permuted": 0.78, "axis": 0.8, "blocks": 0.8, "mlp": 0.7, "baseline": 0.79}
    verdict, comparison = judge(speakers, tmp_path, open_, noise=0.03)
    runs = [record.run for record in comparison.chapters[0].records]
    assert {(run.split, run.repeat) for run in runs} == {("leave-one-group-out", 0)}
    assert {run.fold for run in runs} == set(range(6))
    assert (verdict.answer, verdict.repeats) == (UNDECIDED, 1)
    assert "times as many groups would" in verdict.outlook


def test_an_open_axis_is_asked_about_again_beside_the_grid_as_it_is(pictures, tmp_path, promising):
    class Uneven(Oracle):
        """Shuffled rows cost two points, on folds that differ by two; the columns cost 25 on all."""

        def record(self, task):
            self.noise = 0.02 if task.run.arm == "axis row" else 0.002
            self.reached = {**PLAIN, "axis": 0.92 if task.run.arm == "axis row" else 0.7, "blocks": 0.92}
            return super().record(task)

    experiment = declare(pictures, USUAL)
    verdict, comparison = reach_verdict(experiment, pictures, tmp_path, workers=2, executor=lambda: Uneven(PLAIN))
    runs = [record.run for record in comparison.chapters[0].records if record.run.kind == "cnn"]
    repeats = {arm: {run.repeat for run in runs if run.arm == arm} for arm in dict.fromkeys(run.arm for run in runs)}
    assert repeats["axis row"] >= {0, 1}
    assert repeats["axis column"] == repeats["blocks 2"] == repeats["permuted 0"] == repeats["mlp"] == {0}
    assert repeats["original"] == repeats["axis row"]
    found = {control.arm: control for control in verdict.controls}
    assert found["axis row"].found.folds == 5 * len(repeats["axis row"])
    assert (verdict.answer, verdict.repeats) == (JUSTIFIED, 1)
    assert "3 of 4 repeats were not needed" in verdict.saved


def test_what_is_decided_is_not_asked_again(pictures, tmp_path, promising):
    """The order matters for sure, the baseline is open: more of the baseline, no more permutations."""
    reached = {**PLAIN, "original": 0.95, "baseline": 0.938}
    _, comparison = judge(pictures, tmp_path, reached, noise=0.012)
    runs = [record.run for record in comparison.chapters[0].records]
    assert max(run.repeat for run in runs if run.kind == "baseline") > 0
    assert max(run.repeat for run in runs if run.arm.startswith("permuted")) == 0


@pytest.mark.parametrize(("baseline", "answer"), [(0.9, NEITHER), (0.69, UNDECIDED)])
def test_where_no_structure_is_none_is_searched(pictures, tmp_path, baseline, answer):
    reached = {"original": 0.7, "permuted": 0.7, "mlp": 0.7, "baseline": baseline}
    verdict, comparison = judge(pictures, tmp_path, reached)
    assert verdict.answer == answer
    assert "the order of cells is worth nothing" in verdict.halves
    assert not any(is_graded(record.run.arm) for record in comparison.chapters[0].records)


def test_the_budget_ends_it(pictures, tmp_path, promising):
    open_ = {"original": 0.80, "permuted": 0.78, "mlp": 0.7, "baseline": 0.79}
    verdict, comparison = judge(pictures, tmp_path, open_, noise=0.03, seconds=10.0, budget=300.0)
    assert (verdict.answer, verdict.repeats) == (UNDECIDED, 1)
    assert verdict.outlook == "About 1 more repeat needed, which the budget left no time for."
    spent = sum(record.cost.seconds for record in comparison.chapters[0].records) / 2
    assert 225 <= spent <= 300  # the first look takes 225, and the axes are asked for with the rest


def test_no_baseline_has_more_time_than_a_network(pictures, tmp_path):
    _, comparison = judge(pictures, tmp_path, PLAIN, budget=100.0)
    runs = [record.run for record in comparison.chapters[0].records]
    network = next(run for run in runs if run.kind == "cnn").recipe["seconds"]
    baseline = next(run for run in runs if run.kind == "baseline").recipe["seconds"]
    share = 1 + 4 * 8 / 40  # a search tries 4 points for 8 of a training's 40 epochs
    assert baseline == pytest.approx(network * share, abs=0.01)
    assert network * share * 45 == pytest.approx(150, abs=1)  # three quarters of it, on two workers


def test_groups_stay_whole_and_items_are_drawn():
    groups = np.repeat(list("abcdef"), 10)
    data = from_arrays(np.random.default_rng(0).normal(size=(60, 4)), ["x", "y"] * 30, groups=groups)
    suited = suited_to(Experiment("data", looks=2, folds=2), data)
    assert (suited.splits, suited.folds, suited.repeats) == (("stratified-group",), 2, 2)
    few = suited_to(Experiment("data", looks=2, folds=3), data)
    assert (few.splits, few.repeats, few.looks) == (("leave-one-group-out",), 1, 1), "a repeat brings no other group"
    drawn = draw(data, 20, 0)
    assert drawn.counts == {"x": 10, "y": 10}
    assert "20 of 60 items" in drawn.provenance.guesses[-1]
    assert draw(data, None, 0) is draw(data, 60, 0) is data


def test_several_splits_are_for_compare(pictures, tmp_path):
    with pytest.raises(ExperimentError, match="gridzoo compare"):
        judge(pictures, tmp_path, PLAIN, splits=["stratified", "stratified-group"])


def test_failures_of_all_cnns_are_said(pictures, tmp_path):
    class Broken(Oracle):
        def record(self, task):
            return Record(task.run, "failed", reason="memory ran out")

    with pytest.raises(ExperimentError, match="memory ran out"):
        reach_verdict(declare(pictures, USUAL), pictures, tmp_path, workers=1, executor=lambda: Broken(PLAIN))


def test_a_failed_fold_is_no_bar(pictures, tmp_path):
    class Lame(Oracle):
        def record(self, task):
            record = super().record(task)
            lame = task.run.fold == 1 and task.run.arm == "original" and task.run.kind == "cnn"
            return replace(record, status="failed", scores={}, reason="lame") if lame else record

    verdict, _ = reach_verdict(declare(pictures, USUAL), pictures, tmp_path, workers=1, executor=lambda: Lame(PLAIN))
    assert verdict.answer == JUSTIFIED
    assert verdict.against_permuted.folds == 4


def test_what_is_given_joins_what_is_usual(pictures, tmp_path):
    settings = {"recipe": {"epochs": 3}, "arms": ["original", "permuted 0", "permuted 1"], "looks": 1}
    _, comparison = verdict_with_runs(
        pictures,
        out=tmp_path,
        settings=settings,
        data_home=None,
        workers=1,
        executor=lambda: Oracle(PLAIN),
        watch=None,
        command="",
    )
    recipe = next(record.run.recipe for record in comparison.chapters[0].records if record.run.kind == "cnn")
    assert (recipe["epochs"], recipe["augment"]) == (3, False)


def test_a_declared_experiment_is_taken_as_it_is_but_for_its_arms(pictures, tmp_path):
    declared = replace(declare(pictures, {"recipe": {"epochs": 7}, "folds": 3}), source="planted-local")
    verdict, comparison = verdict_with_runs(
        declared,
        out=tmp_path,
        settings=None,
        data_home=None,
        workers=1,
        executor=lambda: Oracle(PLAIN),
        watch=None,
        command="",
    )
    run = next(record.run for record in comparison.chapters[0].records if record.run.kind == "cnn")
    assert (run.recipe["epochs"], run.recipe["augment"], run.recipe["seconds"]) == (7, True, None)
    assert {cost.arm for cost in verdict.costs} >= {"permuted", "mlp", "baseline"}
