"""What the command line says of runs: a plan without running, how to go on, how long it takes."""

import io

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

from gridzoo import api
from gridzoo.commands import compare
from gridzoo.main import app
from gridzoo.progress import Display
from training.lock import locked
from training.records import Cost, Record, Run
from training.running.estimate import Estimate
from training.running.guess import Guess


@pytest.fixture
def table(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(60, 4)), columns=list("abcd"))
    frame["label"] = np.where(frame["a"] > 0, "yes", "no")
    frame.to_csv(tmp_path / "t.csv", index=False)
    return tmp_path / "t.csv"


def call(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, " ".join(result.output.split())


def test_a_dry_run_prints_the_plan_and_the_estimate_and_runs_nothing(table, tmp_path):
    code, said = call(
        "compare", table, "-a", "lenet5", "--folds", 3, "--workers", 2, "--dry-run", "--out", tmp_path / "out"
    )
    assert code == 0, said
    assert "9 runs, about" in said  # 3 folds × (2 arms + a baseline)
    assert "on 2 cores" in said
    assert not (tmp_path / "out").exists()


def test_robustness_is_asked_for_on_the_command_line_and_from_python(table, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(compare, "_compare", lambda source, settings, *rest: told.append(settings))
    assert call("compare", table, "--robustness")[0] == 0
    assert call("compare", table)[0] == 0
    assert [settings.get("robustness", False) for settings in told] == [True, False]
    assert api.declare(str(table), told[0]).robustness
    assert "--robustness" in call("compare", "--help")[1]


def test_a_folder_that_is_at_work_is_refused(table, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    with locked(out):
        code, said = call("compare", table, "--out", out)
    assert code == 2
    assert "is at work in this folder" in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--budget-unit", "flop"), "did you mean 'flops'"),
        (("--time-limit", -1), "time_limit: expected more than 0 seconds"),
        (("--memory-limit", -1), "memory_limit: expected more than 0 megabytes"),
        (("--scheduler", "nowhere"), "--scheduler"),
    ],
)
def test_mistakes_are_named(table, tmp_path, words, expected):
    code, said = call("compare", table, *words, "--out", tmp_path / "out")
    assert code == 2
    assert expected in said


def test_the_display_opens_with_the_estimate_and_keeps_it_up_to_date():
    runs = [Run("d", "f", {"name": "a"}, "cnn", {"name": "n"}, "original", {}, {}, "s", 0, i, 0, {}) for i in range(3)]
    estimate = Estimate({run.key: Guess("n", 100.0, 0.0) for run in runs}, 1)
    screen = io.StringIO()
    with Display(Console(file=screen, width=200)) as display:
        display.watch.planned(runs)
        display.watch.estimated(estimate)
        assert "3 runs, about 5 min on one core" in screen.getvalue()
        record = Record(runs[0], "ok", scores={"accuracy": 0.5}, cost=Cost(seconds=50))
        estimate.finished(record)
        display.watch.finished(record, False)
        display.watch.estimated(estimate)
        display.watch.interrupted()
    said = screen.getvalue()
    assert said.count("runs, about") == 1
    assert "about 2 min left" in said
    assert "Ctrl-C once more" in said
