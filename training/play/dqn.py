"""Deep Q-learning: double, n-step, prioritised, optionally duelling."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from training.play.arena import Arena
from training.play.player import Player, arrays_of, assign
from training.play.replay import Drawn, Replay
from training.play.returns import Chain
from training.play.settings import DQN
from training.play.simulator import State

LONGEST = 10.0  # norm that a gradient is cut to (Wang et al. 2016)
PLAYING = 0.01  # rate of random actions of a trained player: some policies would wait for ever without any
PREFIX = "replay."


class ValueLearner:
    """A player that learns the worth of actions.

    Parameters
    ----------
    player : Player
        With an output for the value if ``settings.duelling``.
    settings : DQN
    shape : tuple of int
        Of an observation.
    frames : int
        Of the whole training.
    seed : int
        Decides random actions and what is replayed.
    """

    def __init__(self, player: Player, settings: DQN, shape: tuple[int, ...], frames: int, seed: int) -> None:
        self._player, self._settings, self._frames = player, settings, frames
        self._random = np.random.default_rng([seed, 1])
        self._target = keras.models.clone_model(player.model)
        self._target.set_weights(player.model.get_weights())
        self._replay = Replay(settings.memory, shape, settings.priority)
        self._chain = Chain(settings.games, settings.steps, settings.discount)
        self._updated = 0
        seen = tf.TensorSpec([None, None, *shape], tf.uint8)
        numbers, number = tf.TensorSpec([None, None], tf.float32), tf.TensorSpec([], tf.float32)
        signature = [seen, tf.TensorSpec([None, None], tf.int32), numbers, seen, numbers, numbers, number]
        self._learn = tf.function(self._updates, input_signature=signature, jit_compile=False)

    def choose(self, outputs: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.int64]:
        """Choose the best actions, rarely a random one, as a trained player does."""
        return self._explored(outputs, PLAYING, random)

    def _explored(self, outputs: Any, rate: float, random: np.random.Generator) -> NDArray[np.int64]:
        worth = outputs[:, :-1] if self._settings.duelling else outputs
        count, actions = worth.shape
        astray = random.random(count) < rate
        return np.asarray(np.where(astray, random.integers(actions, size=count), worth.argmax(axis=1)))

    def cycle(self, arena: Arena, frame: int) -> int:
        """Do one step in all games, then learn from replay; give the number of frames."""
        own = self._settings
        falling = 1 - frame / max(1.0, own.explore * self._frames)
        rate = max(own.least_random, falling)
        before = arena.seen
        actions = self._explored(self._player.outputs(before), rate, self._random)
        self._replay.add(self._chain.add(before, actions, arena.step(actions)))
        if self._replay.count >= own.warm_up:
            self._replayed(frame / self._frames)
        return own.games

    def _replayed(self, progress: float) -> None:
        own = self._settings
        correction = own.correction + (1 - own.correction) * min(1.0, progress)
        batches = [self._replay.draw(own.batch, correction, self._random) for _ in range(own.updates)]
        errors = self._learn(*_stacked(batches), np.float32(own.rate * (1 - 0.9 * min(1.0, progress))))
        self._replay.learn(np.concatenate([one.places for one in batches]), np.asarray(errors).ravel())
        self._updated += own.updates
        if self._updated // own.sync > (self._updated - own.updates) // own.sync:
            self._target.set_weights(self._player.model.get_weights())

    def _updates(
        self, before: Any, actions: Any, rewards: Any, after: Any, discounts: Any, weights: Any, rate: Any
    ) -> Any:
        """Several updates in one program; gives the error of every transition."""
        found = tf.TensorArray(tf.float32, size=tf.shape(actions)[0])
        for at in tf.range(tf.shape(actions)[0]):
            later = self._player.grids(after[at])
            chosen = worths(self._player.model(later, training=False), self._settings.duelling)
            judged = worths(self._target(later, training=False), self._settings.duelling)
            target = double_target(rewards[at], discounts[at], chosen, judged)
            x = self._player.grids(before[at])
            with tf.GradientTape() as tape:
                own = worths(self._player.model(x, training=True), self._settings.duelling)
                error = tf.gather(own, actions[at], axis=1, batch_dims=1) - tf.stop_gradient(target)
                loss = tf.reduce_mean(weights[at] * huber(error))
            self._player.step(tape, loss, rate, LONGEST)
            found = found.write(at, error)
        return found.stack()

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what learning has changed, for a checkpoint."""
        kept = {f"{PREFIX}{name}": array for name, array in self._replay.arrays().items()}
        return arrays_of(self._player.variables, "v") | arrays_of(self._target.variables, "t") | kept

    def state(self) -> State:
        """Copy random numbers, open steps and the count of updates, as plain data."""
        return {"random": self._random.bit_generator.state, "open": self._chain.state(), "updated": self._updated}

    def restore(self, state: State, arrays: dict[str, NDArray[Any]]) -> None:
        """Go on from where `state` and `arrays` were taken."""
        self._random.bit_generator.state, self._updated = state["random"], int(state["updated"])
        self._chain.restore(state["open"])
        assign(self._player.variables, arrays, "v")
        assign(self._target.variables, arrays, "t")
        self._replay.restore({n.removeprefix(PREFIX): a for n, a in arrays.items() if n.startswith(PREFIX)})


def worths(outputs: Any, duelling: bool) -> Any:
    """Worth of each action: the outputs, or value plus centred advantages (Wang et al. 2016, equation 9)."""
    if not duelling:
        return outputs
    gains = outputs[:, :-1]
    return outputs[:, -1:] + gains - tf.reduce_mean(gains, axis=1, keepdims=True)


def double_target(rewards: Any, discounts: Any, chosen: Any, judged: Any) -> Any:
    """Say what a step was worth: its rewards, and what the target network thinks of the best action to come.

    Parameters
    ----------
    rewards, discounts : tensor, shape (batch,)
    chosen, judged : tensor, shape (batch, actions)
        Worths of the actions that come next, by the network and by the target network.

    References
    ----------
    van Hasselt, Guez, Silver (2016), arXiv:1509.06461.
    """
    best = tf.argmax(chosen, axis=1)
    return rewards + discounts * tf.gather(judged, best, axis=1, batch_dims=1)


def huber(error: Any) -> Any:
    """Half the square of a small error, the size of a large one."""
    size = tf.abs(error)
    return tf.where(size <= 1, size * size / 2, size - 0.5)


def _stacked(batches: list[Drawn]) -> list[NDArray[Any]]:
    fields = ("before", "actions", "rewards", "after", "discounts", "weights")
    return [np.stack([getattr(batch, name) for batch in batches]) for name in fields]
