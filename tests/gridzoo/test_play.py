"""``gz.play`` and ``gridzoo play``: lazy, kind about mistakes, and done to the page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gridzoo as gz
from gridzoo.main import app

SMALL = {"name": "dqn-minatar", "layers": ((8, 3, 1),), "units": 32}
PPO = {"name": "ppo", "games": 16, "steps": 32, "batches": 4, "rate": 3e-3}


@pytest.fixture(autouse=True)
def unsettled(monkeypatch):
    """Leave this process its threads: other tests have been at work in it."""
    monkeypatch.setattr("training.running.worker.settle", lambda kind: None)


def test_the_room_is_there_and_loads_nothing_heavy():
    code = (
        "import sys, gridzoo as gz; names = gz.play.games(); assert 'minatar/breakout' in names, names;"
        "loaded = {'tensorflow', 'keras', 'minatar', 'gymnasium'} & set(sys.modules); assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert "play" in dir(gz)


def test_a_training_is_a_call_and_a_page_another(tmp_path: Path):
    record = gz.play.train("catch", SMALL, algorithm=PPO, frames=600, out=tmp_path)
    assert record.training.seed == 0
    page = gz.play.report(record, tmp_path / "catch.html")
    assert "How a network plays catch" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["minatar/brakeout"], "did you mean 'minatar/breakout'"),
        (["catch", "--algorithm", "a2c"], "algorithm: got 'a2c'"),
        (["catch", "--arm", "shuffled"], "arm: got 'shuffled'"),
        (["catch", "-a", "lenet6"], "lenet5"),
    ],
)
def test_mistakes_are_answered_with_what_to_do(words: list[str], reason: str, tmp_path: Path):
    result = CliRunner().invoke(app, ["play", *words, "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert reason in result.stderr


def test_games_are_listed():
    result = CliRunner().invoke(app, ["play", "games"])
    assert result.exit_code == 0
    assert "minatar/space_invaders" in result.stdout.split()
