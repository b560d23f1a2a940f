"""CSV and TSV files, whole and faulty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adapters.errors import DataError
from adapters.sources import registry


def written(folder: Path, text: str, name: str = "data.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_table(tmp_path: Path):
    path = written(tmp_path, 'age,city,who,y\n31,"Bonn, Germany",p1,yes\n?,NA,p2,no\n5e1, Kiel ,p1,no\n')
    dataset = registry.load(path, target="y", group="who")
    assert (dataset.modality, dataset.name, dataset.group_name) == ("table", "data", "who")
    assert dataset.labels.tolist() == ["yes", "no", "no"]
    assert dataset.groups is not None
    assert dataset.groups.tolist() == ["p1", "p2", "p1"]
    assert dataset.items[0] == {"age": 31.0, "city": "Bonn, Germany"}
    assert np.isnan(dataset.items[1]["age"])
    assert dataset.items[1]["city"] is None
    assert dataset.items[2] == {"age": 50.0, "city": "Kiel"}


@pytest.mark.parametrize(
    ("name", "separator", "encoding"),
    [("a.csv", ",", "utf-8"), ("a.csv", ";", "utf-8-sig"), ("a.tsv", "\t", "utf-8"), ("a.CSV", "|", "utf-8")],
)
def test_separators_and_marks(tmp_path: Path, name: str, separator: str, encoding: str):
    lines = [["x", "y"], ["1", "ä"], ["2", "b"]]
    path = written(tmp_path, "\r\n".join(separator.join(line) for line in lines), name, encoding)
    dataset = registry.load(path, target="y")
    assert dataset.items == [{"x": 1.0}, {"x": 2.0}]
    assert dataset.labels.tolist() == ["ä", "b"]


def test_numbers_with_a_decimal_comma(tmp_path: Path):
    lines = ["price;size;code;y", "1.234,5;3;1,2,3;a", "-0,25;;4;b", "7;2;5,5;a"]
    dataset = registry.load(written(tmp_path, "\n".join(lines)), target="y")
    assert [item["price"] for item in dataset.items] == [1234.5, -0.25, 7.0]
    assert [item["code"] for item in dataset.items] == ["1,2,3", "4", "5,5"]  # not all are numbers
    assert "numbers with a decimal comma in 'price'" in dataset.provenance.guesses
    assert dataset.items[0]["size"] == 3.0


def test_texts(tmp_path: Path):
    path = written(tmp_path, "name,from\nRossi,it\nMüller,de\n")
    dataset = registry.load(path, target="from")
    assert (dataset.modality, dataset.items) == ("text", ["Rossi", "Müller"])
    path = written(tmp_path, "id,text,y\n1,a good day,+\n2,a bad day,-\n3,the worst of days,-\n")
    dataset = registry.load(path, target="y")
    assert (dataset.modality, dataset.items[2]) == ("text", "the worst of days")
    assert "columns left out beside 'text': id" in dataset.provenance.guesses


def test_rows_without_a_class_are_set_aside(tmp_path: Path):
    path = written(tmp_path, "x,y\n1,a\n2,\n3,b\n")
    dataset = registry.load(path, target="y")
    assert dataset.labels.tolist() == ["a", "b"]
    assert [error.item for error in dataset.bad] == ["data.csv line 3"]


@pytest.mark.parametrize(
    ("text", "target", "reason"),
    [
        ("x,y\n1,a\n2,b,c\n", "y", "line 3: expected 2 cells as in the first line, got 3"),
        ("x,y\n1,a\n2\n", "y", "line 3: expected 2 cells as in the first line, got 1"),
        ("x,class\n1,a\n2,b\n", "clas", "did you mean 'class'"),
        ("x,y\n1,a\n2,b\n", None, "target column to be named"),
        ("x,x,y\n1,1,a\n2,2,b\n", "y", "'x' more than once"),
        ("x,y\n1,a\n2,a\n", "y", "at least 2 classes, found 1"),
        ("x,y\n1,\n2,NA\n", "y", "got none in 2 rows"),
        ("x,y\n", "y", "got 1 lines"),
        ("", "y", "got 0 lines"),
        ("y\na\nb\n", "y", "at least one column besides"),
        (
            "x,y\n" + "".join(f"1,{i / 7}\n" for i in range(10)),
            "y",
            "expected classes, got 10 different labels of 10 items",
        ),
        ('x,y\n"1,a\n2,b\n', "y", "expected a table in UTF-8"),
    ],
)
def test_faulty_files_are_explained(tmp_path: Path, text: str, target: str | None, reason: str):
    with pytest.raises(DataError, match=reason):
        registry.load(written(tmp_path, text), target=target)


def test_another_encoding_is_explained(tmp_path: Path):
    with pytest.raises(DataError, match="save it as CSV in UTF-8"):
        registry.load(written(tmp_path, "x,y\n1,ä\n2,b\n", encoding="latin-1"), target="y")


def test_an_unknown_group_is_explained(tmp_path: Path):
    with pytest.raises(DataError, match="expected a group column of x, y"):
        registry.load(written(tmp_path, "x,y\n1,a\n2,b\n"), target="y", group="who")
