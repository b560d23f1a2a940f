"""Sizes of networks against published figures, without allocating a weight.

``published.csv`` holds the figures, with the row of the table of references that each
comes from; ``absent.csv`` holds the rows of that table's families that the zoo has not.
"""

import csv
from pathlib import Path

import pytest

import zoo
from zoo.checks import check_size


def read(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


PUBLISHED = read(Path(__file__).with_name("published.csv"))
ABSENT = read(Path(__file__).with_name("absent.csv"))
SMALL = 3_000_000  # parameters: what draws in a moment is always checked, the rest by pytest -m study


def sizes():
    distinct = {(row["variant"], row["input"], row["classes"], row["parameters"], row["macs"]) for row in PUBLISHED}
    for case in sorted(distinct):
        small = int(case[3]) <= SMALL
        yield pytest.param(*case, marks=() if small else pytest.mark.study, id="-".join(case[:2]))


@pytest.mark.parametrize(("name", "shape", "outputs", "parameters", "macs"), list(sizes()))
def test_size_is_the_published_one(name, shape, outputs, parameters, macs):
    grid = zoo.Grid(tuple(int(size) for size in shape.split("x")))
    check_size(zoo.architecture(name), grid, int(outputs), int(parameters), int(macs) if macs else None)


def test_figures_are_those_of_the_table_of_references(table):
    rows = {
        (row["family"], row["variant"], row["classes"], row["params_trainable"]): row
        for row in table("architectures.csv")
    }
    for row in PUBLISHED:
        if row["family"]:
            key = (row["family"], row["row"], row["classes"], row["parameters"])
            assert key in rows
            assert row["macs"] in ("", rows[key]["macs"])


def test_every_row_of_a_family_is_drawn_or_accounted_for(table):
    families = {row["family"] for row in PUBLISHED}
    accounted = {(row["family"], row["row"]) for row in (*PUBLISHED, *ABSENT)}
    rows = {(row["family"], row["variant"]) for row in table("architectures.csv") if row["family"] in families}
    assert rows <= accounted
