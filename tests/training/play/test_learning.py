"""Learners: targets by hand, a small game learned, and a killed training that goes on as if nothing had been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from training.errors import ExperimentError
from training.lock import locked
from training.play.dqn import double_target, huber, worths
from training.play.learner import begin, evaluate
from training.play.player import drawn
from training.play.ppo import log_chance
from training.play.records import PlayRecord
from training.play.settings import algorithm
from training.play.train import load_record, prepare, train

SMALL = {"name": "dqn-minatar", "layers": ((8, 3, 1),), "units": 32}
PPO = {"name": "ppo", "games": 16, "steps": 32, "batches": 4, "rate": 3e-3}
DQN = {"name": "dqn", "games": 16, "warm_up": 500, "sync": 100, "memory": 4_000, "explore": 0.3, "batch": 64}
LEARNERS = {"ppo": PPO, "dqn": DQN}
FRAMES = 12_000
DRIVER = """
import sys
from pathlib import Path
from training.play import train
train.EVERY = 0.0  # a checkpoint after each cycle
own = train.prepare("catch", {architecture!r}, {algorithm!r}, "permuted", {frames}, 0)
train.train(own, Path(sys.argv[1]), lambda frame, episodes: print(frame, flush=True))
"""


def test_the_target_takes_the_networks_action_and_the_other_networks_worth():
    chosen = tf.constant([[1.0, 3.0, 2.0], [5.0, 0.0, 1.0]])
    judged = tf.constant([[10.0, 20.0, 40.0], [7.0, 90.0, 80.0]])
    target = double_target(tf.constant([1.0, 2.0]), tf.constant([0.5, 0.0]), chosen, judged)
    assert target.numpy().tolist() == [1 + 0.5 * 20, 2.0]  # 40 and 90 would be the plain maximum's


def test_advantages_are_centred_around_the_value():
    outputs = tf.constant([[1.0, 2.0, 6.0, 10.0]])
    assert worths(outputs, duelling=True).numpy().tolist() == [[8.0, 9.0, 13.0]]
    assert worths(outputs, duelling=False).numpy().tolist() == [[1.0, 2.0, 6.0, 10.0]]


def test_large_errors_count_by_their_size():
    assert huber(tf.constant([0.5, -1.0, 3.0])).numpy().tolist() == [0.125, 0.5, 2.5]


def test_actions_are_drawn_by_their_chances():
    outputs = np.log(np.array([[0.1, 0.6, 0.3]], np.float32)).repeat(20_000, axis=0)
    actions = drawn(outputs, np.random.default_rng(0))
    assert np.bincount(actions) / len(actions) == pytest.approx([0.1, 0.6, 0.3], abs=0.015)
    assert log_chance(outputs[:3], np.array([0, 1, 2], np.int32)) == pytest.approx(np.log([0.1, 0.6, 0.3]), abs=1e-5)


@pytest.mark.parametrize("name", LEARNERS)
def test_catch_is_learned(name: str, tmp_path: Path):
    record = train(prepare("catch", SMALL, LEARNERS[name], "original", FRAMES, 0), tmp_path)
    lost = float(np.mean(record.random))
    assert lost < -0.2  # a player at random drops most balls
    assert record.mean > 0.7  # nine balls in ten are caught, against three in ten before
    assert len(record.returns) == 100
    assert sum(length for *_, length in record.episodes) <= FRAMES + 16 * 32
    assert {watcher.plane for watcher in record.watchers} <= {"ball", "paddle"}


def test_a_learner_that_learns_nothing_fails_the_margin():
    training = prepare("catch", SMALL, PPO, "original", FRAMES, 0)
    player, learner, _ = begin(training)
    returns, lengths, cut = evaluate(training, player, learner, 100)
    assert np.mean(returns) < 0.2
    assert set(lengths) == {9}
    assert cut == 0


@pytest.mark.parametrize("name", LEARNERS)
def test_a_killed_training_goes_on_to_the_same_end(name: str, tmp_path: Path):
    training = prepare("catch", SMALL, LEARNERS[name], "permuted", 1_500, 0)
    undisturbed = train(training, tmp_path / "undisturbed")
    text = DRIVER.format(architecture=SMALL, algorithm=LEARNERS[name], frames=1_500)
    doomed = subprocess.Popen(
        [sys.executable, "-c", text, tmp_path / "killed"], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )  # fmt: skip
    assert doomed.stdout is not None
    reached = 0
    while reached < 700:
        reached = int(doomed.stdout.readline())
    doomed.send_signal(signal.SIGKILL)
    doomed.wait()
    folder = tmp_path / "killed" / training.key
    assert (folder / "checkpoint.npz").exists()
    assert load_record(folder) is None
    seen: list[int] = []
    resumed = train(training, tmp_path / "killed", lambda frame, _: seen.append(frame))
    assert seen[0] > 600  # it went on, and did not begin anew
    assert timeless(resumed) == timeless(undisturbed)
    assert not (folder / "checkpoint.npz").exists()


def timeless(record: PlayRecord) -> PlayRecord:
    return replace(record, seconds=0.0, cpu=0.0)


def test_a_damaged_checkpoint_begins_anew_and_a_done_training_is_read(tmp_path: Path):
    training = prepare("catch", SMALL, PPO, "mlp", 600, 3)
    folder = tmp_path / training.key
    folder.mkdir()
    (folder / "checkpoint.npz").write_bytes(b"PK\x03\x04 this was cut off")
    record = train(training, tmp_path)
    began = time.monotonic()
    again = train(training, tmp_path, lambda *_: pytest.fail("it is done already"))
    assert again == record
    assert time.monotonic() - began < 5
    assert record.watchers == []  # an MLP keeps no cells


def test_two_processes_do_not_train_the_same(tmp_path: Path):
    training = prepare("catch", SMALL, PPO, "original", 600, 0)
    (tmp_path / training.key).mkdir()
    with locked(tmp_path / training.key), pytest.raises(ExperimentError, match="is at work in this folder"):
        train(training, tmp_path)


def test_seeds_differ_and_zero_is_a_seed(tmp_path: Path):
    records = [train(prepare("catch", SMALL, PPO, "original", 600, seed), tmp_path / str(seed)) for seed in (0, 1)]
    assert records[0].episodes != records[1].episodes
    assert records[0].training.key != records[1].training.key


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"name": "dqm"}, "did you mean 'dqn'"),
        ({"name": "ppo", "game": 3}, "did you mean 'games'"),
        ({"name": "ppo", "games": 0}, "ppo.games: expected 1 or more, got 0"),
        ({"name": "ppo", "games": True}, "ppo.games: expected int, got True"),
        ({"name": "ppo", "batches": 7}, "a divisor of games × steps"),
        ({"name": "dqn", "discount": 1.5}, "dqn.discount: expected 0 to 1, got 1.5"),
        ({"name": "dqn", "warm_up": 10}, "at least one batch"),
    ],
)
def test_settings_outside_their_range_are_refused(given: dict[str, object], reason: str):
    own = dict(given)
    with pytest.raises(ExperimentError, match=reason):
        algorithm(str(own.pop("name")), own)


def test_arms_and_frames_outside_their_range_are_refused():
    with pytest.raises(ExperimentError, match="arm: got 'shuffled'"):
        prepare("catch", SMALL, PPO, "shuffled", 100, 0)
    with pytest.raises(ExperimentError, match="frames: expected 1 or more, got 0"):
        prepare("catch", SMALL, PPO, "original", 0, 0)
    with pytest.raises(ExperimentError, match="seed: expected 0 or more, got -1"):
        prepare("catch", SMALL, PPO, "original", 100, -1)


def test_the_mlp_has_as_many_parameters_and_no_dropout():
    training = prepare("catch", SMALL, PPO, "mlp", 100, 0)
    mlp, cnn = begin(training)[0], begin(prepare("catch", SMALL, PPO, "original", 100, 0))[0]
    assert 0.9 * cnn.parameters < mlp.parameters <= cnn.parameters
    assert training.architecture["dropout"] == training.architecture["hidden_dropout"] == 0.0
