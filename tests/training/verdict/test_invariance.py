"""Real trainings, few and small: the order of a table's columns says nothing, the command line says what it found."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from adapters.sources.memory import from_arrays
from gridzoo.api import declare
from gridzoo.main import app
from training.answers import ANSWERS, JUSTIFIED
from training.running import session as running
from training.verdict import session

SMALL = {"folds": 3, "looks": 1, "budget": None, "recipe": {"epochs": 4, "batch_size": 64}, "architectures": ["lenet5"]}


@pytest.fixture(scope="module")
def table():
    """Ten measurements without any order; each says a little, as those of a wine or a tumour do."""
    rng = np.random.default_rng(0)
    y = np.arange(240) % 2
    x = rng.normal(size=(240, 10)) + np.where(y[:, None], 0.5, -0.5) * rng.uniform(0.2, 1.5, 10)
    return pd.DataFrame(x, columns=[f"m{i}" for i in range(10)]), y


def test_columns_in_another_order_change_nothing_in_the_verdict(table, tmp_path):
    (frame, y), seed = table, 0
    answers = []
    for name, columns in (
        ("as given", list(frame)),
        ("drawn", list(np.random.default_rng(seed).permutation(frame.columns))),
    ):
        data = from_arrays(frame[columns], y, name="table")
        experiment = declare(data, {**session.USUAL, **SMALL, "arms": ["original", *session.JUDGED[1:6]], "seed": seed})
        verdict, _ = session.reach_verdict(
            experiment, data, tmp_path / name, workers=1, executor=lambda: ThreadPoolExecutor(1)
        )
        answers.append(verdict.answer)
    assert answers[0] == answers[1] != JUSTIFIED


def test_the_command_line_answers_in_json_and_in_words(table, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "local_executor", lambda: ThreadPoolExecutor(1))
    frame, y = table
    frame.assign(label=y).to_csv(tmp_path / "table.csv", index=False)
    words = [
        "verdict", str(tmp_path / "table.csv"), "--looks", "1", "--epochs", "1", "--limit", "100", "-a", "lenet5",
        "--budget", "30", "--workers", "1", "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    told = CliRunner().invoke(app, [*words, "--json"])
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert found["answer"] in ANSWERS
    assert {cost["arm"] for cost in found["costs"]} >= {"original", "permuted", "mlp", "mlp permuted", "baseline"}
    said = CliRunner().invoke(app, words)  # all runs are there already
    assert said.exit_code == 0
    assert found["answer"] in said.stdout
    assert "Seen without training" in " ".join(said.stdout.split())
    assert f"100 of {len(frame)} items, drawn in proportion" in " ".join(said.stdout.split())
    assert (tmp_path / "out" / "report.html").is_file()
