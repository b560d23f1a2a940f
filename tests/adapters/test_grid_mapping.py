"""Amounts move between edges without loss; compared with a plain matrix of overlaps."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from adapters.grid import Axis, project, redistribute


@st.composite
def edges(draw: st.DrawFn) -> np.ndarray:
    steps = draw(st.lists(st.floats(0.1, 5), min_size=1, max_size=12))
    return draw(st.floats(-10, 10)) + np.concatenate([[0.0], np.cumsum(steps)])


def overlaps(values: np.ndarray, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """What the definition says, cell by cell."""
    moved = np.zeros(len(target) - 1)
    low, high = target.copy(), target.copy()
    low[0], high[-1] = min(source[0], target[0]), max(source[-1], target[-1])
    for amount, start, stop in zip(values, source[:-1], source[1:], strict=True):
        for cell in range(len(moved)):
            shared = min(stop, high[cell + 1]) - max(start, low[cell])
            moved[cell] += amount * max(0.0, shared) / (stop - start)
    return moved


@given(edges(), edges(), st.data())
def test_redistribute_equals_its_definition(source: np.ndarray, target: np.ndarray, data: st.DataObject):
    values = data.draw(arrays(float, len(source) - 1, elements=st.floats(-100, 100)))
    moved = redistribute(values, 0, source, target)
    np.testing.assert_allclose(moved, overlaps(values, source, target), atol=1e-9)
    assert moved.sum() == pytest.approx(values.sum(), abs=1e-9)


@given(edges(), edges())
def test_dimensions_are_independent(rows: np.ndarray, columns: np.ndarray):
    values = np.random.default_rng(0).normal(size=(len(rows) - 1, len(columns) - 1))
    here = (Axis("row", "", tuple(rows)), Axis("column", "", tuple(columns)))
    there = (Axis.counted("row", 3), Axis.counted("column", 2))
    found = project(values, here, there).values
    other_order = redistribute(redistribute(values, 1, columns, np.arange(3.0)), 0, rows, np.arange(4.0))
    np.testing.assert_allclose(found, other_order, atol=1e-9)


def test_equal_edges_keep_values():
    values, same = np.array([1.0, -2.0, 0.5]), np.array([0.0, 1.0, 4.0, 5.0])
    np.testing.assert_allclose(redistribute(values, 0, same, same), values, atol=1e-12)


def test_many_cells_cost_little_memory():
    # A matrix of overlaps would take 20 GB here.
    values, fine = np.ones(50_000), np.arange(50_001.0)
    assert redistribute(values, 0, fine, fine).sum() == pytest.approx(50_000)


@pytest.mark.parametrize(
    "program",
    [
        "import adapters.grid, adapters.errors",
        "import adapters.registry as r; r.describe(); r.names(); r.default_settings('image')",
        "import adapters.sources.registry as r; r.describe(); r.names()",
    ],
)
def test_descriptions_are_light(program: str):
    heavy = "{'sklearn', 'pandas', 'scipy', 'librosa', 'soundfile', 'PIL', 'keras'}"
    subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; {program}; assert not {heavy} & set(sys.modules), {heavy} & set(sys.modules)",
        ],
        check=True,
        timeout=600,
    )
