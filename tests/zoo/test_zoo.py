"""The front of the zoo: names, errors, sizes, tuning."""

import random
import subprocess
import sys

import pytest

import zoo
from zoo._fit import fit


def test_importing_the_zoo_loads_no_keras():
    code = (
        "import sys, zoo; zoo.names(); zoo.describe(); sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_names_filter_by_pattern_and_rank():
    assert {"resnet20", "resnet50"} <= set(zoo.names("resnet?0")) <= set(zoo.names("resnet*"))
    assert "dai-m5" in zoo.names(rank=1)
    assert "dai-m5" not in zoo.names(rank=2)
    assert zoo.names("no such*") == []


def test_variants_filter_by_what_a_grid_and_a_budget_allow():
    small = zoo.variants("res8*", grid=zoo.Grid((20, 16, 1)), max_params=50_000)
    assert small == ["res8-narrow"]
    assert "tc-resnet8" not in zoo.variants(grid=zoo.Grid((8, 8, 1)))
    assert zoo.variants("lenet*") == ["lenet5"]
    with pytest.raises(zoo.ZooError, match="expected a grid beside max_params"):
        zoo.variants(max_params=1000)


def test_layers_add_up_to_the_network():
    grid = zoo.Grid((32, 32, 3))
    layers = zoo.layers("resnet8", grid, 10)
    size = zoo.measure("resnet8", grid, 10)
    model = zoo.build("resnet8", grid, 10)
    assert sum(layer.total for layer in layers) == size.total == model.count_params()
    assert [layer.name for layer in layers] == [layer.name for layer in model.layers]
    assert layers[0].activation_bytes == 4 * 32 * 32 * 3


def test_description_cites_a_paper_for_every_variant():
    rows = zoo.describe()
    assert [row[0] for row in rows] == zoo.names()
    for name, title, line, reference in rows:
        assert all((title, line, reference)), name
        assert any(year in reference for year in map(str, range(1998, 2027))), name


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: zoo.architecture("resnet21"), "resnet20"),
        (lambda: zoo.architecture("resnet20", {"widht": 8}), "width"),
        (lambda: zoo.architecture("resnet20", {"width": "wide"}), "resnet20.width"),
        (lambda: zoo.architecture("resnet20", {"width": True}), "resnet20.width"),
        (lambda: zoo.from_config({"width": 8}), "name"),
        (lambda: zoo.Grid((8,)), r"\(\*spatial, channels\)"),
        (lambda: zoo.Grid((0, 3)), "1 or more"),
        (lambda: zoo.Grid((8, 8), vocabulary_size=5), r"\(length,\)"),
        (lambda: zoo.build("dai-m5", zoo.Grid((8, 8, 1)), 2), "rank=2"),
        (lambda: zoo.build("lenet5", zoo.Grid((8, 8, 1)), 0), "1 output"),
        (lambda: zoo.build("lenet5", zoo.Grid((8, 8, 1)), 2, seed=-1), "seed"),
    ],
)
def test_errors_name_the_fault(call, message):
    with pytest.raises(zoo.ZooError, match=message):
        call()


def test_building_leaves_the_callers_random_numbers_alone():
    random.seed(3)
    expected = random.random()
    random.seed(3)
    zoo.build("xo", zoo.Grid((9, 9, 1)), 2)
    assert random.random() == expected


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 7, 8, 9, 64])
@pytest.mark.parametrize("padding", ["same", "valid", "symmetric"])
def test_fit_keeps_four_cells_and_never_asks_for_more_than_there_is(length, padding):
    for kernel, stride, dilation in ((7, 2, 1), (2, 2, 1), (3, 1, 8), (80, 4, 1), (3, 3, 1)):
        window = fit((length,), kernel, stride, dilation, padding, 4)
        (before, after), (k,), (s,), (d,) = window.margins[0], window.kernel, window.stride, window.dilation
        cells = (length + before + after - (k - 1) * d - 1) // s + 1
        assert cells >= min(4, length)
        assert s <= stride
        assert k <= kernel


def test_control_has_nearly_as_many_parameters_and_no_more():
    grid = zoo.Grid((28, 28, 1))
    wanted = zoo.measure("lenet5", grid, 10).parameters
    control = zoo.equal_mlp("lenet5", grid, 10)
    found = zoo.measure(control, grid, 10).parameters
    wider = zoo.measure(zoo.architecture("mlp", {"units": control.config()["units"] + 1}), grid, 10).parameters
    assert found <= wanted < wider


@pytest.mark.parametrize("name", ["mlp", "resnet8", "textcnn"])
def test_hypermodel_starts_at_the_variant_in_stock_keras_tuner(name):
    import keras_tuner

    grid = zoo.Grid((12, 2))
    hp = keras_tuner.HyperParameters()
    model = zoo.hypermodel(name, grid, 3).build(hp)
    assert model.count_params() == zoo.measure(name, grid, 3).total
    assert {"dropout", "learning_rate"} <= set(hp.values)
