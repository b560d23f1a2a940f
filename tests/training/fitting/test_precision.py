"""In which precision a network computes: by the machine that plans, and by the network's own size."""

import subprocess
import sys

import numpy as np
import pytest

import gridzoo as gz
import zoo
from training.fitting import precision, recipe
from training.fitting.network import Network
from training.fitting.parts import Part
from training.fitting.precision import GAINS_FROM, computed_in
from training.fitting.recipe import Recipe
from training.tuning.bench import Bench

GRID = zoo.Grid((32, 32, 1))
ADAPTER = {"name": "image", "height": 32, "width": 32}
LARGE, SMALL = "resnet8", "lenet5"


@pytest.fixture
def machine(monkeypatch):
    """Say whether this machine multiplies bfloat16 fast."""
    return lambda fast: monkeypatch.setattr(recipe, "multiplies_bfloat16", lambda: fast)


def pictures(n=40):
    rng = np.random.default_rng(0)
    y = np.arange(n) % 2
    x = rng.integers(0, 60, (n, 32, 32), np.uint8)
    x[y == 1, 8:24] += 120
    return list(x), y


def trained(architecture):
    x, y = pictures()
    return gz.GridClassifier(adapter=ADAPTER, architecture=architecture, epochs=2, random_state=0).fit(x, y), x


def test_the_size_of_a_network_decides_unless_it_is_said():
    assert computed_in("auto", lambda: GAINS_FROM) == "mixed_bfloat16"
    assert computed_in("auto", lambda: GAINS_FROM - 1) == "float32"
    for said in ("float32", "mixed_bfloat16"):
        assert computed_in(said, lambda: pytest.fail("nobody needs to count")) == said


def test_a_machine_without_bfloat16_settles_on_float32_for_all(machine):
    machine(fast=False)
    assert Recipe().settled().precision == "float32"
    assert Recipe(precision="mixed_bfloat16").settled().precision == "mixed_bfloat16", "it was asked for"
    machine(fast=True)
    assert Recipe().settled().precision == "auto"


@pytest.mark.parametrize(
    ("flags", "fast"),
    [("fpu avx512f avx512_bf16 avx512_vnni", True), ("fpu amx_bf16", True), ("fpu avx512f avx2", False), ("", False)],
)
def test_what_a_processor_says_of_itself(monkeypatch, tmp_path, flags, fast):
    facts = tmp_path / "cpuinfo"
    facts.write_text(f"processor\t: 0\nflags\t\t: {flags}\n")
    monkeypatch.setattr(precision, "CPU_FACTS", facts)
    monkeypatch.setattr(precision, "_gpu_generation", lambda: None)
    assert precision.multiplies_bfloat16.__wrapped__() is fast
    facts.unlink()
    assert precision.multiplies_bfloat16.__wrapped__() is False, "other systems have no such file"


def test_planning_without_a_gpu_does_not_wait_for_tensorflow():
    code = """
import sys
from pathlib import Path
from training.fitting import precision
precision.DEVICES = Path("nowhere")
from training.fitting.recipe import Recipe
Recipe().settled()
assert "tensorflow" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("generation", "fast"), [(8, True), (7, False)])
def test_a_gpu_decides_where_there_is_one(monkeypatch, generation, fast):
    monkeypatch.setattr(precision, "_gpu_generation", lambda: generation)
    assert precision.multiplies_bfloat16.__wrapped__() is fast


@pytest.mark.parametrize(("name", "computed"), [(LARGE, "bfloat16"), (SMALL, "float32")])
def test_layers_compute_in_it_while_weights_and_outputs_are_float32(name, computed):
    network = Network(zoo.architecture(name), GRID, 2, "adam", decays=True, precision="auto")
    assert network.precision.removeprefix("mixed_") == computed
    convolutions = [layer for layer in network.model.layers if layer.name.startswith("conv")] or network.model.layers[
        1:2
    ]
    assert {layer.compute_dtype for layer in convolutions} == {computed}
    assert {weight.dtype for weight in network.model.weights} == {"float32"}
    assert network.predict(np.zeros((1, *GRID.shape), np.float32)).dtype == np.float32


@pytest.mark.parametrize(("name", "computed"), [(LARGE, "mixed_bfloat16"), (SMALL, "float32")])
def test_what_was_trained_says_it_and_predicts_in_float32(machine, tmp_path, name, computed):
    machine(fast=True)
    found, x = trained(name)
    assert found.recipe_.precision == computed
    predictor = found.predictor()
    predictor.save(tmp_path)
    again = gz.Predictor.load(tmp_path)
    for one in (predictor, again):
        assert one.recipe.precision == computed
        assert {layer.compute_dtype for layer in one.network.model.layers} == {"float32"}
        np.testing.assert_allclose(one.predict_proba(x), found.predict_proba(x), atol=1e-6)


def test_what_learned_in_bfloat16_is_used_in_float32_with_the_same_weights():
    x, y = pictures(16)
    part = Part(np.asarray(x, np.float32)[..., None] / 255, y.astype(np.int32))
    bench = Bench(part, part, GRID, 2, [], seed=0)
    model, recipe = zoo.architecture(LARGE).config(), Recipe(epochs=1)
    learned, _ = bench.train_on(model, recipe)
    used = bench.as_used(learned, model, recipe)
    assert (learned.precision, used.precision) == ("mixed_bfloat16", "float32")
    for one, other in zip(learned.weights(), used.weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert np.any(learned.predict(part.x) != used.predict(part.x)), "8 bits of a number are not 24"
    assert bench.as_used(used, model, recipe) is used


def test_an_export_of_what_learned_in_bfloat16_says_what_it_says(machine, tmp_path):
    machine(fast=True)
    found, x = trained(LARGE)
    predictor = found.predictor()
    predictor.export("onnx", tmp_path / "bundle")
    np.testing.assert_allclose(gz.Bundle.load(tmp_path / "bundle").logits(x), predictor.logits(x), atol=1e-4)


def test_records_say_it_and_a_look_inside_labels_as_they_do(machine, tmp_path):
    machine(fast=True)
    x, y = pictures()
    settings = {
        "adapters": [ADAPTER], "architectures": [LARGE, SMALL], "baselines": [], "arms": ["original"],
        "folds": 2, "recipe": {"epochs": 2},
    }  # fmt: skip
    done = gz.compare((x, y.astype(str)), out=tmp_path, settings=settings)
    (chapter,) = done.chapters
    said = {record.run.model["name"]: record.precision for record in chapter.records}
    assert said == {LARGE: "mixed_bfloat16", SMALL: "float32"}
    assert {record.run.recipe["precision"] for record in chapter.records} == {"auto"}
    assert {cell.model: cell.precision for cell in chapter.cells} == said
    insight = chapter.insight
    assert (insight.reason, insight.unwalked, insight.same) == ("", "", insight.items), "scores are float32's, too"
