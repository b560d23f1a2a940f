"""What a walk's script draws: the record's maps, and how they lie on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from adapters.grid import Axis, GridSpec
from reports.wording import number
from training.walk.record import Walk


def scene(walk: Walk) -> dict[str, Any]:
    """Plain data for the script.

    Grids over time lie with time from left to right, and what has a unit rises, as in
    every other drawing of a report.
    """
    spec = GridSpec.from_json(walk.spec)
    return {
        "reading": asdict(walk.reading),
        "matching": walk.matching and asdict(walk.matching),
        "changes": [asdict(change) for change in walk.changes],
        "levels": [asdict(level) for level in walk.levels],
        "hidden": [asdict(layer) for layer in walk.hidden],
        "votes": walk.votes and asdict(walk.votes),
        "classes": walk.classes,
        "outputs": walk.outputs,
        "share": walk.probabilities[walk.classes.index(walk.label)],
        "error": walk.error,
        "descent": asdict(walk.descent),
        "look": _look(spec.axes),
        "axes": [{"name": axis.name, "cells": _cells(axis)} for axis in spec.axes],
    }


def _look(axes: Sequence[Axis]) -> dict[str, bool]:
    if len(axes) < 2:
        return {"turned": False, "upwards": False}
    turned = axes[0].name == "time" and axes[1].name != "time"
    rows, columns = (axes[1], axes[0]) if turned else (axes[0], axes[1])
    return {"turned": turned, "upwards": rows.unit not in ("", "px") or columns.name == "time"}


def _cells(axis: Axis) -> list[str]:
    """Name each cell: its own name, its number, or where its middle lies."""
    if axis.labels:
        return list(axis.labels)
    if axis.unit in ("", "px"):
        return [f"{axis.name} {index + 1}" for index in range(axis.size)]
    middles = ((low + high) / 2 for low, high in zip(axis.edges, axis.edges[1:], strict=False))
    return [f"{axis.name} {number(middle)} {axis.unit}" for middle in middles]
