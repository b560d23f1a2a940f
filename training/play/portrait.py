"""What a trained player looks at: a film with relevance on the board, and the maps that follow its pieces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import zoo
from adapters.grid import FloatArray
from training.explain.gradients import integrated_gradients
from training.explain.lens import Array, Lens
from training.explain.places import Part
from training.explain.rounding import rounded
from training.explain.subject import Subject
from training.play.arena import Arena
from training.play.games import Game
from training.play.player import Player, softmax
from training.play.records import Film, Frame, Training, Watcher
from training.play.simulator import Planes
from training.verdict.arms import Order

PICTURES = 10  # of a film
AFTER = 2  # pictures after the one whose action was rewarded
FILMED = 2_000  # steps of the episode, at most
GAMES, STEPS, EVERY = 16, 320, 10  # pictures for the maps: 16 games, each tenth of 320 steps
METHOD = "integrated gradients"
Choose = Callable[[NDArray[np.float32], np.random.Generator], NDArray[np.int64]]


@dataclass(frozen=True)
class Scene:
    """One step of an episode as it was played."""

    seen: Planes
    outputs: NDArray[np.float32]
    action: int
    reward: float


def lens_on(training: Training, player: Player, game: Game) -> Lens:
    """Make a lens on the actions alone: the output for the value says nothing of what is done.

    The softmax of a policy's outputs is its policy. Of worths it is a preference: the
    log-odds of an action fall and rise as its worth does against the others'.
    """
    lens = Lens(training.architecture, zoo.Grid(game.shape), len(game.actions))
    whole = player.model.get_weights()
    sizes = [tuple(slice(0, size) for size in weight.shape) for weight in lens.model.get_weights()]
    lens.model.set_weights([weight[size] for weight, size in zip(whole, sizes, strict=True)])
    return lens


def portrait(
    training: Training, game: Game, player: Player, choose: Choose, order: Order | None
) -> tuple[Film, list[Watcher]]:
    """Film an episode, and find the feature maps that follow the planes of the board."""
    lens = lens_on(training, player, game)
    random = np.random.default_rng([training.seed, 4])
    scenes = _episode(Arena(game, 1, training.seed + 3_000_003, order), player, choose, random)
    chosen = _window(scenes)
    film = Film(
        METHOD, float(sum(scene.reward for scene in scenes)), len(scenes),
        [_frame(scenes[at], at, lens, game, order, training.seed) for at in chosen],
    )  # fmt: skip
    seen = _pictures(Arena(game, GAMES, training.seed + 4_000_003, order), player, choose, random)
    middle = scenes[chosen[len(chosen) // 2]].seen
    return film, watchers(lens, game, seen, middle, len(chosen) // 2, training.seed)


def _episode(arena: Arena, player: Player, choose: Choose, random: np.random.Generator) -> list[Scene]:
    scenes: list[Scene] = []
    while not arena.episodes and len(scenes) < FILMED:
        seen, outputs = arena.seen, player.outputs(arena.seen)
        action = choose(outputs, random)
        step = arena.step(action)
        scenes.append(Scene(seen[0], outputs[0], int(action[0]), float(step.rewards[0])))
    return scenes


def _window(scenes: list[Scene]) -> list[int]:
    """Choose successive steps that lead to a reward, the middle one of the episode; to a punishment if there is none."""
    won = [at for at, scene in enumerate(scenes) if scene.reward > 0]
    told = won or [at for at, scene in enumerate(scenes) if scene.reward] or [len(scenes) // 2]
    end = min(len(scenes), max(told[len(told) // 2] + 1 + AFTER, PICTURES))
    return list(range(max(0, end - PICTURES), end))


def _frame(scene: Scene, at: int, lens: Lens, game: Game, order: Order | None, seed: int) -> Frame:
    x = (scene.seen / game.full).astype(np.float32)
    subject = Subject(lens, game.adapter(), x, x, np.zeros_like(x), scene.action, seed)
    relevance = in_place(np.asarray(integrated_gradients(subject).cells), order)
    chances = softmax(scene.outputs[None, : len(game.actions)])[0]
    return Frame(
        rounded(in_place(x, order)), rounded(relevance), game.actions[scene.action], rounded(chances), scene.reward, at
    )


def in_place(cells: FloatArray, order: Order | None) -> FloatArray:
    """Put cells that were given in another order back to where they lie on the board.

    Parameters
    ----------
    cells : ndarray, shape (rows, columns) or (rows, columns, planes)
    """
    if order is None:
        return cells
    flat = cells.reshape(len(order), *cells.shape[2:])
    back = np.empty_like(flat)
    back[order] = flat
    return back.reshape(cells.shape)


def _pictures(arena: Arena, player: Player, choose: Choose, random: np.random.Generator) -> Planes:
    kept = []
    for step in range(STEPS):
        if step % EVERY == 0:
            kept.append(arena.seen)
        arena.step(choose(player.outputs(arena.seen), random))
    return np.concatenate(kept)


def watchers(lens: Lens, game: Game, seen: Planes, shown: Planes, frame: int, seed: int) -> list[Watcher]:
    """Find for each plane the feature map that follows it best; none where the network keeps no cells.

    A map is chosen on half of the pictures and judged on the others. It may follow a plane
    from aside: the plane is looked up at the corners and in the middle of what a map's cell sees.
    """
    if not lens.parts:
        return []
    x, own = (seen / game.full).astype(np.float32), (shown / game.full).astype(np.float32)
    maps, drawn = lens.maps(x), lens.maps(own[None])
    with lens.randomised(seed + 1):
        fresh = lens.maps(x)
    found = []
    for plane, name in enumerate(game.planes):
        best = _follower(lens.parts, maps, x[..., plane])
        if best is not None:
            part, channel, correlation = best
            untrained = _follower(lens.parts, fresh, x[..., plane])
            found.append(
                Watcher(
                    name, part.layer, channel, round(correlation, 3), round(untrained[2] if untrained else 0.0, 3),
                    rounded(drawn[part.layer][0, ..., channel]), frame,
                )
            )  # fmt: skip
    return found


def _follower(parts: list[Part], maps: dict[str, Array], plane: FloatArray) -> tuple[Part, int, float] | None:
    """Choose part, channel and place on even pictures; give the correlation on odd ones."""
    best: tuple[float, Part, int, FloatArray] | None = None
    for part in parts:
        for there in _looked_up(part, plane):
            scores = correlations(maps[part.layer][::2], there[::2])
            channel = int(scores.argmax())
            if best is None or scores[channel] > best[0]:
                best = (float(scores[channel]), part, channel, there)
    if best is None or best[0] <= 0:
        return None
    _, part, channel, there = best
    judged = correlations(maps[part.layer][1::2, ..., channel : channel + 1], there[1::2])
    return part, channel, float(judged[0])


def _looked_up(part: Part, plane: FloatArray) -> list[FloatArray]:
    """Read a plane at the first, middle and last cell of what each cell of a map sees, along either axis.

    Beyond the edge of the board there is nothing, as a network's padding has it.
    """
    places = []
    for axis, spans in enumerate(part.field.spans):
        size, stride, start = part.field.size[axis], part.field.stride[axis], part.field.start[axis]
        corners = start + stride * np.arange(len(spans))
        places.append([corners + offset for offset in sorted({0, size // 2, size - 1})])
    around = max(max(part.field.size), *plane.shape[1:])
    padded = np.pad(plane, [(0, 0), (around, around), (around, around)])
    return [padded[:, row + around][:, :, column + around] for row in places[0] for column in places[1]]


def correlations(maps: FloatArray, plane: FloatArray) -> FloatArray:
    """Correlate each channel of maps ``(n, rows, columns, channels)`` with a plane ``(n, rows, columns)``."""
    features = maps.reshape(-1, maps.shape[-1]).astype(float)
    features = features - features.mean(axis=0)
    wanted = plane.ravel().astype(float) - plane.mean()
    norms = np.sqrt((features**2).sum(axis=0) * (wanted**2).sum())
    return np.asarray(np.divide(features.T @ wanted, norms, out=np.zeros(features.shape[1]), where=norms > 0))
