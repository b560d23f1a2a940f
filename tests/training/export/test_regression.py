"""Networks that estimate numbers leave the house as those of classes do."""

import json

import numpy as np
import PIL.Image
import pytest
from typer.testing import CliRunner

import gridzoo as gz
from gridzoo.main import app
from training.errors import ExperimentError
from training.export.formats import WAYS

RNG = np.random.default_rng(0)
ROWS = RNG.normal(3, 2, (40, 5))


@pytest.fixture(scope="module", params=["one", "two"])
def regressor(request):
    y = 1000 + 50 * ROWS[:, :2]
    model = gz.GridRegressor({"name": "lenet5", "maps": [2, 3], "units": [4]}, epochs=2, random_state=0)
    return model.fit(ROWS, y[:, 0] if request.param == "one" else y)


def test_a_bundle_estimates_what_keras_does(regressor, tmp_path):
    predictor, rows = regressor.predictor(), list(ROWS)
    predictor.export("onnx", tmp_path / "out")
    bundle = gz.Bundle.load(tmp_path / "out")
    found = bundle.predict(rows)
    assert (found.shape, found.dtype) == (regressor.predict(ROWS).shape, np.float64)
    np.testing.assert_allclose(bundle.logits(rows), predictor.logits(rows), atol=1e-4)
    np.testing.assert_allclose(found, regressor.predict(ROWS), rtol=1e-5)
    with pytest.raises(ExperimentError, match="predicts numbers"):
        bundle.predict_proba(rows)
    said = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert said["output"]["shape"] == [None, said["target"]["mean"] and np.size(said["target"]["mean"])]
    by_hand = bundle.logits(rows).astype(float) * said["target"]["deviation"] + said["target"]["mean"]
    np.testing.assert_allclose(found.reshape(len(rows), -1), by_hand, rtol=1e-12)


@pytest.mark.parametrize("form", [form for form in WAYS if form != "onnx"])
def test_the_other_formats(regressor, form, tmp_path):
    predictor = regressor.predictor()
    predictor.export(form, tmp_path / "out")
    said = json.loads((tmp_path / "out" / "manifest.json").read_text())
    x = predictor.scaler(predictor.adapter.transform(list(ROWS)))
    outputs = WAYS[form].read(tmp_path / "out" / said["model"])(x)
    np.testing.assert_allclose(outputs, predictor.logits(list(ROWS)), atol=1e-4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target": None}, "expected classes or a target, got both or neither"),
        ({"classes": ["a"]}, "expected classes or a target, got both or neither"),
        ({"target": {"mean": 1.0}}, "whole manifest"),
        ({"target": {"mean": [1.0], "deviation": [1.0, 2.0]}}, "as many deviations as means"),
        ({"target": {"mean": 1.0, "deviation": 0.0}}, "deviations above 0"),
        ({"target": {"mean": 1e400, "deviation": 1.0}}, "finite means"),
        ({"target": {"mean": [0, 1, 2], "deviation": [1, 1, 1]}}, "expected a network from"),
    ],
)
def test_a_damaged_target_is_said(damaged, change, message):
    path = damaged / "manifest.json"
    whole = path.read_text()
    path.write_text(json.dumps(json.loads(whole) | change))
    with pytest.raises(ExperimentError, match=message):
        gz.Bundle.load(damaged)
    path.write_text(whole)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    files = [folder / f"{i}.png" for i in range(12)]
    for file in files:
        PIL.Image.fromarray(RNG.integers(0, 255, (8, 8)).astype(np.uint8)).save(file)
    return files


@pytest.fixture(scope="module")
def damaged(pictures, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle") / "out"
    adapter = {"name": "image", "height": 8, "width": 8}
    model = gz.GridRegressor({"name": "lenet5", "maps": [2, 3], "units": [4]}, adapter=adapter, epochs=1)
    model.fit(pictures, np.arange(len(pictures))).predictor().export("onnx", folder)
    return folder


def test_numbers_at_the_terminal(damaged, pictures):
    files = [str(file) for file in pictures[:2]]
    told = CliRunner().invoke(app, ["predict", str(damaged), *files])
    assert told.exit_code == 0, told.output
    rows = [line.split("\t") for line in told.output.splitlines()]
    assert [row[1] for row in rows] == files
    expected = gz.Bundle.load(damaged).predict(pictures[:2])
    np.testing.assert_allclose([float(row[0]) for row in rows], expected, rtol=1e-4)
