"""The sides of `games.py speed`: our learners, and loops as tutorials write them.

A plain loop plays one game, asks the network once a step and updates it eagerly. It learns
as much from each frame as ours does: PPO looks at each step four times, DQN at eight
transitions a frame, in the usual batches of 32.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Cycle = Callable[[int], int]
ARCHITECTURE = "dqn-minatar"
FRAMES = 3_000_000
FIRST = 500  # frames that the plain DQN only plays
BATCH, HORIZON, EPOCHS = 32, 128, 4
DISCOUNT, SMOOTHING = 0.99, 0.95
NOTE = "One TensorFlow thread a process. 'By processor time' is what a busy machine leaves nearly unchanged."


def ours(algorithm: str) -> Callable[[str], Cycle]:
    def made(game: str) -> Cycle:
        from training.play.learner import begin
        from training.play.train import prepare

        training = prepare(game, ARCHITECTURE, {"name": algorithm}, "original", FRAMES, 0)
        _, learner, arena = begin(training)

        def cycle(frame: int) -> int:
            arena.episodes.clear()
            return learner.cycle(arena, frame)

        return cycle

    return made


def _alone(game: str, outputs_more: int) -> tuple[Any, ...]:
    """One game, its network and an optimizer."""
    import keras

    import zoo
    from training.play.games import game as game_named

    found = game_named(game)
    simulator = found.start()
    simulator.seed(0)
    simulator.reset()
    actions = len(found.actions)
    model = zoo.build(ARCHITECTURE, zoo.Grid(found.shape), actions + outputs_more)
    return found, simulator, actions, model, keras.optimizers.Adam(5e-4)


def plain_dqn(game: str) -> Cycle:
    """Double DQN with even replay: an eager update with a batch of 32 every four frames."""
    import tensorflow as tf

    found, simulator, actions, model, optimizer = _alone(game, 0)
    random, memory = np.random.default_rng(0), deque[Any](maxlen=100_000)
    target = _copied(model)
    seen = np.zeros(found.shape, np.uint8)
    simulator.draw(seen)

    def update() -> None:
        chosen = [memory[i] for i in random.integers(len(memory), size=BATCH)]
        before, action, reward, after, left = (np.stack([one[i] for one in chosen]) for i in range(5))
        later = after.astype(np.float32)
        best = tf.argmax(model(later), axis=1)
        wanted = reward + left * tf.gather(target(later), best, axis=1, batch_dims=1)
        with tf.GradientTape() as tape:
            own = tf.gather(model(before.astype(np.float32)), action, axis=1, batch_dims=1)
            loss = tf.reduce_mean(tf.square(own - wanted))
        weights = [variable.value for variable in model.trainable_variables]
        optimizer.apply(tape.gradient(loss, weights), model.trainable_variables)

    def cycle(frame: int) -> int:
        nonlocal seen
        worth = model(seen[None].astype(np.float32)).numpy()[0]
        action = int(worth.argmax()) if random.random() > 0.1 else int(random.integers(actions))
        reward, ended = simulator.step(action)
        after = np.zeros_like(seen)
        simulator.draw(after)
        memory.append((seen, action, np.float32(reward), after, np.float32(0 if ended else DISCOUNT)))
        if ended:
            simulator.reset()
            after = np.zeros_like(seen)
            simulator.draw(after)
        seen = after
        if frame > FIRST and frame % 4 == 0:
            update()
        if frame % 4_000 == 0:
            target.set_weights(model.get_weights())
        return 1

    return cycle


def plain_ppo(game: str) -> Cycle:
    """PPO on 128 steps of one game: four passes in eager batches of 32."""
    import tensorflow as tf

    found, simulator, _, model, optimizer = _alone(game, 1)
    random = np.random.default_rng(0)

    def play() -> tuple[np.ndarray, ...]:
        seen = np.zeros((HORIZON + 1, *found.shape), np.uint8)
        action, log, reward, over = (np.zeros(HORIZON, kind) for kind in (np.int64, np.float32, np.float32, np.float32))
        value = np.zeros(HORIZON + 1, np.float32)
        simulator.draw(seen[0])
        for at in range(HORIZON):
            outputs = model(seen[at][None].astype(np.float32)).numpy()[0]
            chances = np.exp(outputs[:-1] - outputs[:-1].max())
            chances /= chances.sum()
            action[at] = random.choice(len(chances), p=chances / chances.sum(dtype=float))
            log[at], value[at] = np.log(chances[action[at]]), outputs[-1]
            reward[at], over[at] = simulator.step(int(action[at]))
            if over[at]:
                simulator.reset()
            simulator.draw(seen[at + 1])
        value[-1] = model(seen[-1][None].astype(np.float32)).numpy()[0, -1]
        gain, running = np.zeros(HORIZON, np.float32), 0.0
        for at in reversed(range(HORIZON)):
            goes_on = 1 - over[at]
            running = (
                reward[at] + DISCOUNT * value[at + 1] * goes_on - value[at] + DISCOUNT * SMOOTHING * goes_on * running
            )
            gain[at] = running
        return seen[:-1], action, log, gain, gain + value[:-1]

    def update(seen: Any, action: Any, log: Any, gain: Any, wanted: Any) -> None:
        gain = (gain - gain.mean()) / (gain.std() + 1e-8)
        with tf.GradientTape() as tape:
            outputs = model(seen.astype(np.float32))
            logs = tf.nn.log_softmax(outputs[:, :-1])
            odds = tf.exp(tf.gather(logs, action, axis=1, batch_dims=1) - log)
            policy = -tf.reduce_mean(tf.minimum(odds * gain, tf.clip_by_value(odds, 0.8, 1.2) * gain))
            entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(logs) * logs, axis=1))
            loss = policy + 0.25 * tf.reduce_mean(tf.square(outputs[:, -1] - wanted)) - 0.01 * entropy
        weights = [variable.value for variable in model.trainable_variables]
        optimizer.apply(tape.gradient(loss, weights), model.trainable_variables)

    def cycle(frame: int) -> int:
        played = play()
        for _ in range(EPOCHS):
            for batch in random.permutation(HORIZON).reshape(-1, BATCH):
                update(*(one[batch] for one in played))
        return HORIZON

    return cycle


def _copied(model: Any) -> Any:
    import keras

    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return copy


# What makes a side's cycle, and the frames after which it learns with every cycle.
SIDES: Mapping[str, tuple[Callable[[str], Cycle], int]] = {
    "ppo": (ours("ppo"), 1),
    "plain ppo": (plain_ppo, 1),
    "dqn": (ours("dqn"), 5_200),
    "plain dqn": (plain_dqn, FIRST + 20),
}
