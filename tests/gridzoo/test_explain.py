"""From a saved predictor to a page: at the terminal and from Python."""

import numpy as np
import pytest
from typer.testing import CliRunner

import gridzoo as gz
from adapters.dataset import Dataset
from gridzoo.commands.items import read_item
from gridzoo.main import app
from training.errors import ExperimentError


def call(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved") / "digits"
    gz.fit("digits", "lenet5", epochs=1).save(folder)
    return folder


def test_an_item_of_a_data_set_is_explained_on_a_page(saved, tmp_path):
    page = tmp_path / "page.html"
    code, output = call("explain", saved, "@3", "--data", "digits", "--out", page)
    assert code == 0, output
    assert "probability" in output
    text = page.read_text()
    assert "Why “" in text
    assert "item 3" in text
    assert "Training items that excite them most" in text


def test_python_gives_plain_data_from_a_folder_or_a_predictor(saved):
    data = gz.load("digits")
    item = data.items[0]
    predictor = gz.Predictor.load(saved)
    first, second = gz.explain(saved, item, target="7"), gz.explain(predictor, item, target="7")
    assert first == second
    assert isinstance(first, gz.Explanation)
    assert first.target == "7"
    np.testing.assert_allclose(first.probabilities, predictor.predict_proba([item])[0], atol=1e-4)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("@0", "--data", "digits"), "expected '@1' to '@1797'"),
        (("@1",), "expected --data"),
        (("@1", "--data", "digits", "--class", "x"), "class to explain: got 'x'"),
        (("@1", "--data", "digits", "--tap", "stage9"), "Known: stage1, stage2"),
        (("nowhere.png",), "nowhere.png"),
    ],
)
def test_mistakes_end_in_one_message(saved, tmp_path, words, message):
    code, output = call("explain", saved, *words, "--out", tmp_path / "page.html")
    assert code == 2
    assert message in output
    assert "Traceback" not in output
    assert not (tmp_path / "page.html").exists()


def test_items_are_read_as_their_modality_is_written():
    assert read_item("a film", "text", None) == ("a film", "text")
    assert read_item("@3", "text", None) == ("@3", "text")
    assert read_item('{"age": 3}', "table", None)[0] == {"age": 3}
    assert read_item("[1, 2]", "series", None)[0] == [1, 2]
    assert read_item("8/8 w", "board", None)[0] == "8/8 w"
    assert read_item("a/b.wav", "sound", None)[1] == "b.wav"
    with pytest.raises(ExperimentError, match="JSON"):
        read_item("age=3", "table", None)
    data: Dataset = gz.load("wine")
    assert read_item("@2", "table", data)[0] == data.items[1]
