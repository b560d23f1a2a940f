"""Proximal policy optimisation: play a while with the policy, then move it a little, several times."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from training.play.arena import Arena
from training.play.player import Player, arrays_of, assign, drawn
from training.play.returns import Floats, advantages
from training.play.settings import PPO
from training.play.simulator import Planes, State

ROUNDING = 1e-8


class PolicyLearner:
    """A player that learns by PPO.

    Parameters
    ----------
    player : Player
        With an output for the value.
    settings : PPO
    frames : int
        Of the whole training: the learning rate falls to zero by then.
    seed : int
        Decides actions and batches.
    """

    def __init__(self, player: Player, settings: PPO, frames: int, seed: int) -> None:
        self._player, self._settings, self._frames = player, settings, frames
        self._random = np.random.default_rng([seed, 1])
        number, numbers = tf.TensorSpec([], tf.float32), tf.TensorSpec([None], tf.float32)
        places = tf.TensorSpec([None, None], tf.int32)
        signature = [player.signature, tf.TensorSpec([None], tf.int32), numbers, numbers, numbers, places, number]
        self._learn = tf.function(self._updates, input_signature=signature, jit_compile=False)

    def choose(self, outputs: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.int64]:
        """Draw actions from the policy, as a trained player does."""
        return drawn(outputs[:, :-1], random)

    def cycle(self, arena: Arena, frame: int) -> int:
        """Play some steps of all games and learn from them; give the number of frames."""
        own = self._settings
        count = own.steps * own.games
        seen, actions, logs, targets, gains = self._played(arena)
        order = np.concatenate([self._random.permutation(count) for _ in range(own.epochs)])
        places = order.reshape(own.epochs * own.batches, -1).astype(np.int32)
        rate = own.rate * max(0.0, 1 - frame / self._frames)
        self._learn(seen, actions, logs, gains, targets, places, np.float32(rate))
        return count

    def _played(self, arena: Arena) -> tuple[Planes, NDArray[np.int32], Floats, Floats, Floats]:
        """Play with the policy; give flat arrays of observations, actions, log odds, targets and advantages."""
        own = self._settings
        size = (own.steps, own.games)
        seen = np.zeros((*size, *arena.seen.shape[1:]), np.uint8)
        actions, over = np.zeros(size, np.int32), np.zeros(size, np.bool_)
        rewards, values, logs = (np.zeros(size, np.float32) for _ in range(3))
        for at in range(own.steps):
            seen[at] = arena.seen
            outputs = self._player.outputs(arena.seen)
            actions[at] = drawn(outputs[:, :-1], self._random)
            values[at], logs[at] = outputs[:, -1], log_chance(outputs[:, :-1], actions[at])
            step = arena.step(actions[at].astype(np.int64))
            rewards[at], over[at] = step.rewards, step.over
            if step.cut.any():
                rewards[at][step.cut] += own.discount * self._player.outputs(step.after[step.cut])[:, -1]
        last = self._player.outputs(arena.seen)[:, -1]
        gains, targets = advantages(rewards, values, last, over, own.discount, own.smoothing)
        return seen.reshape(-1, *seen.shape[2:]), actions.ravel(), logs.ravel(), targets.ravel(), gains.ravel()

    def _updates(self, seen: Any, actions: Any, logs: Any, gains: Any, targets: Any, places: Any, rate: Any) -> None:
        """All epochs in one program."""
        own = self._settings
        for batch in places:
            gain = tf.gather(gains, batch)
            gain = (gain - tf.reduce_mean(gain)) / (tf.math.reduce_std(gain) + ROUNDING)
            x = self._player.grids(tf.gather(seen, batch))
            with tf.GradientTape() as tape:
                outputs = self._player.model(x, training=True)
                chances = tf.nn.log_softmax(outputs[:, :-1])
                log = tf.gather(chances, tf.gather(actions, batch), axis=1, batch_dims=1)
                odds = tf.exp(log - tf.gather(logs, batch))
                held = tf.clip_by_value(odds, 1 - own.clip, 1 + own.clip)
                policy = -tf.reduce_mean(tf.minimum(odds * gain, held * gain))
                error = tf.reduce_mean(tf.square(outputs[:, -1] - tf.gather(targets, batch))) / 2
                entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(chances) * chances, axis=1))
                loss = policy + own.value * error - own.entropy * entropy
            self._player.step(tape, loss, rate, own.longest)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what learning has changed, for a checkpoint."""
        return arrays_of(self._player.variables, "v")

    def state(self) -> State:
        """Copy the random numbers' state, as plain data."""
        return {"random": self._random.bit_generator.state}

    def restore(self, state: State, arrays: dict[str, NDArray[Any]]) -> None:
        """Go on from where `state` and `arrays` were taken."""
        self._random.bit_generator.state = state["random"]
        assign(self._player.variables, arrays, "v")


def log_chance(outputs: Floats, actions: NDArray[np.int32]) -> Floats:
    """Log probability of each row's action under the softmax of its outputs."""
    shifted = outputs - outputs.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return np.asarray(np.take_along_axis(logs, actions[:, None], axis=1)[:, 0])
