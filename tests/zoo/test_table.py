"""docs/zoo.md is what benchmarks/architectures.py prints today."""

import importlib.util
from pathlib import Path

import pytest

import zoo

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("benchmark_of_the_zoo", ROOT / "benchmarks" / "architectures.py")
benchmark = importlib.util.module_from_spec(spec)
spec.loader.exec_module(benchmark)

QUICK = 300_000  # parameters: what draws in a moment is always checked, the rest by pytest -m study


def rows():
    lines = (ROOT / "docs" / "zoo.md").read_text(encoding="utf-8").splitlines()
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {row[0]: dict(zip(cells[0], row, strict=True)) for row in cells[1:]}


ROWS = rows()


def test_every_network_has_its_row():
    assert list(ROWS) == zoo.names()


@pytest.mark.parametrize(
    "name",
    [
        name if int(ROWS[name]["parameters"].replace(",", "")) <= QUICK else pytest.param(name, marks=pytest.mark.study)
        for name in ROWS
    ],
)
def test_row_is_current(name):
    row = benchmark.size_row(name).strip("| ").split(" | ")
    assert row == list(ROWS[name].values())
