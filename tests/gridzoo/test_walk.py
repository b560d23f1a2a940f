"""From a saved predictor to a walk: at the terminal and from Python."""

import pytest
from typer.testing import CliRunner

import gridzoo as gz
from gridzoo.main import app


def call(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved") / "wine"
    gz.fit("wine", "lenet5", epochs=2).save(folder)
    return folder


def test_an_item_of_a_data_set_brings_its_label(saved, tmp_path):
    page = tmp_path / "page.html"
    code, output = call("walk", saved, "@3", "--data", "wine", "--out", page)
    assert code == 0, output
    assert "(label class_0)" in output
    assert "after a step" in output
    text = page.read_text(encoding="utf-8")
    assert "item 3" in text
    assert "The label says" in text


def test_a_label_may_be_given_or_be_missing(saved, tmp_path):
    page = tmp_path / "page.html"
    code, output = call("walk", saved, "@3", "--data", "wine", "--label", "class_2", "--out", page)
    assert code == 0, output
    assert "(label class_2)" in output
    data = gz.load("wine")
    found = gz.walk(saved, data.items[2], path=tmp_path / "python.html")
    assert isinstance(found, gz.Walk)
    assert not found.given
    assert "No label was given" in (tmp_path / "python.html").read_text(encoding="utf-8")
    assert gz.walk(gz.Predictor.load(saved), data.items[2]) == found


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("@0", "--data", "wine"), "expected '@1' to '@178'"),
        (("@1",), "expected --data"),
        (("@1", "--data", "wine", "--label", "class_7"), "label: got 'class_7'"),
        (("@1", "--data", "wine", "--rate", "-1"), "rate: expected a number above 0"),
        (("age=3",), "as JSON"),
    ],
)
def test_mistakes_end_in_one_message(saved, tmp_path, words, message):
    code, output = call("walk", saved, *words, "--out", tmp_path / "page.html")
    assert code == 2
    assert message in output
    assert "Traceback" not in output
    assert not (tmp_path / "page.html").exists()
