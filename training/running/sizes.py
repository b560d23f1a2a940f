"""What the network of a run costs, known before it is trained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import zoo
from training.records import Settings, canonical
from training.running.attempts import here
from training.running.task import Task
from training.running.worker import settle


@dataclass(frozen=True)
class Spec:
    """A network on a grid.

    Parameters
    ----------
    model : str
        The architecture's settings as canonical JSON.
    shape : tuple of int
    vocabulary, outputs : int
    """

    model: str
    shape: tuple[int, ...]
    vocabulary: int
    outputs: int

    @classmethod
    def of(cls, model: Settings, grid: zoo.GridLike, outputs: int) -> Spec:
        """Make one of an architecture's settings and a grid."""
        settings = {key: value for key, value in model.items() if key != "label"}
        return cls(canonical(settings), tuple(grid.shape), grid.vocabulary_size, outputs)

    @classmethod
    def of_task(cls, task: Task) -> Spec:
        """Make the one that a task trains; its grids name their shape."""
        shape = tuple(int(size) for size in task.grids.stem.partition("-")[2].split("x")[1:])
        return cls.of(task.run.model, zoo.Grid(shape, task.vocabulary_size), len(task.classes))


@dataclass(frozen=True)
class NetworkSize:
    """Cost of a network.

    Parameters
    ----------
    macs : int
        Multiply–accumulates of a forward pass for one item.
    layers : int
        Layers of the graph; tracing takes longer the more there are.
    """

    macs: int
    layers: int


@cache
def size_of(spec: Spec) -> NetworkSize:
    """Measure a network without making its weights. Imports Keras."""
    layers = zoo.layers(zoo.from_config(json.loads(spec.model)), zoo.Grid(spec.shape, spec.vocabulary), spec.outputs)
    return NetworkSize(zoo.Size.of(layers).macs, len(layers))


def sizes_of(specs: Sequence[Spec], driver: str, threads: int = 1) -> list[NetworkSize]:
    """Measure several networks; in a worker, so that the driver needs no Keras.

    Parameters
    ----------
    specs : sequence of Spec
    driver : str
        The process that asks; another one gets the settings of workers first, since
        TensorFlow takes none once it is at work.
    threads : int
        Of the first runs.
    """
    if driver != here():
        settle("cnn", threads)
    return [size_of(spec) for spec in specs]
