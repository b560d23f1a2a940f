"""Every family × every promise, on small settings: one line a family."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zoo
from zoo import checks
from zoo.registry import FAMILIES

CASES = {
    "alexnet": {"width": 0.0625, "units": 64},
    "allcnn": {"width": 8},
    "bc-resnet-1": {},
    "charcnn-small": {"filters": 4, "units": 8},
    "cnn6": {"width": 4, "stages": 2},
    "convmixer-256-8": {"width": 8, "depth": 2},
    "convnext-atto": {"width": 8, "blocks": (1, 1, 1)},
    "dai-m34-res": {"first": 8, "stages": ((8, 2), (16, 4))},
    "darknet53": {"width": 4, "blocks": (1, 1), "partial": True},
    "densenet121": {"layers": (2, 2), "growth": 4, "stem": 8},
    "dpcnn": {"filters": 8, "blocks": 2, "embedding": 8},
    "dqn-2013": {"width": 0.25},
    "ds-cnn-s": {"width": 8, "blocks": 1},
    "efficientnet-b0": {"width": 0.25, "depth": 0.25},
    "efficientnet-v2-b0": {"width": 0.25, "depth": 0.25},
    "fcn": {"width": 8},
    "ghostnet": {"width": 0.25},
    "googlenet": {"width": 0.0625},
    "inception-v3": {"width": 0.03125},
    "inceptiontime": {"filters": 4},
    "lenet5": {},
    "lite": {"filters": 4, "kernel": 12},
    "matchboxnet-3x1x64": {"width": 8},
    "mlp": {"units": 8},
    "mnasnet": {"width": 0.125},
    "mobilenet": {"width": 0.125},
    "mobilenet-v2": {"width": 0.125},
    "mobilenet-v3-small": {"width": 0.125},
    "nin": {"width": 24},
    "piczak": {"filters": 4, "units": 8},
    "regnet-y-200mf": {"depth": 4, "slope": 8.0},
    "repvgg-a0": {"blocks": (1, 2), "filters": (8, 16), "stem": 8},
    "res8": {"width": 8},
    "resnet18": {"width": 4, "blocks": (1, 1)},
    "resnet50-v2": {"width": 4, "blocks": (1, 2)},
    "resnet8": {"width": 4},
    "resnext50-32x4d": {"width": 16, "groups": 4, "blocks": (1, 1)},
    "sb-cnn": {"width": 4, "units": 8},
    "se-resnet18": {"width": 16, "blocks": (1, 1)},
    "shufflenet-0.5-g3": {"blocks": (2,)},
    "shufflenet-v2-0.5": {"blocks": (2, 1, 1)},
    "soft-ordering": {},
    "squeezenet-1.1": {"width": 0.125},
    "tc-resnet8": {"width": 0.5},
    "tcn": {"levels": 3, "width": 6},
    "textcnn": {"filters": 8, "embedding": 16},
    "timecnn": {},
    "ts-resnet": {"width": 8, "blocks": 2},
    "vdcnn-9": {"width": 4, "units": 8},
    "vgg11": {"width": 2, "units": 16},
    "vggish": {"width": 2, "units": 8},
    "wrn-16-1": {"blocks": 1},
    "wrn-50-2": {"width": 4, "blocks": (1, 1)},
    "xception": {"width": 0.03125, "middle": 1},
    "xceptiontime": {"filters": 4},
    "xo": {},
}
# Between them they use every kind of building block. The others take minutes more, and are
# run by `pytest -m study`.
ALWAYS = ("lenet5", "fcn", "allcnn", "densenet121", "ds-cnn-s", "lite", "tcn")
CHECKS = (
    checks.check_config_round_trip,
    checks.check_draws_on_any_grid,
    checks.check_learns,
    checks.check_one_and_two_axes_agree,
    checks.check_output,
    checks.check_random_points_draw,
    checks.check_receptive_fields,
    checks.check_space_starts_at_variant,
)


@pytest.mark.parametrize(
    "name", [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.study) for name in CASES]
)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
def test_promise(check, name):
    check(zoo.architecture(name, CASES[name]))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
def test_promise_of_windows_beyond_the_ends(check):
    check(zoo.architecture("textcnn", {**CASES["textcnn"], "beyond": True}))


@pytest.mark.study
@pytest.mark.parametrize("name", CASES)
def test_learns_on_any_grid(name):
    checks.check_learns(zoo.architecture(name, CASES[name]), checks.GRIDS)


@pytest.mark.study
@pytest.mark.parametrize("name", CASES)
def test_fifty_random_points_draw(name):
    checks.check_random_points_draw(zoo.architecture(name, CASES[name]), points=50)


sizes = st.integers(1, 40)
shapes = st.one_of(st.tuples(sizes, st.integers(1, 4)), st.tuples(sizes, sizes, st.integers(1, 4)))


@given(name=st.sampled_from(ALWAYS), shape=shapes)
@settings(max_examples=10)
def test_draws_on_whatever_shape(name, shape):
    arch = zoo.architecture(name, CASES[name])
    for grid in checks.readable(arch, (zoo.Grid(shape),)):
        assert zoo.measure(arch, grid, 2).parameters > 0


@pytest.mark.study
@given(name=st.sampled_from(sorted(CASES)), shape=shapes)
@settings(max_examples=100)
def test_learns_on_whatever_shape(name, shape):
    checks.check_learns(zoo.architecture(name, CASES[name]), (zoo.Grid(shape),))


# Between them they use every kind of layer that the zoo draws with.
SAVED = (
    "bc-resnet-1", "charcnn-small", "convnext-atto", "darknet53", "lite", "mobilenet-v3-small", "resnet8",
    "shufflenet-0.5-g3", "tcn", "textcnn-two-channel", "vdcnn-9", "xceptiontime",
)  # fmt: skip


@pytest.mark.study
def test_saved_networks_need_keras_alone(tmp_path):
    for name in SAVED:
        arch = zoo.architecture(name, CASES.get(name, {}))
        checks.check_saves(arch, tmp_path / f"{name}.keras")
    code = (
        "import sys, keras; [keras.saving.load_model(path, compile=False) for path in sys.argv[1:]];"
        "sys.exit('zoo' in sys.modules)"
    )
    paths = sorted(map(str, tmp_path.glob("*.keras")))
    assert len(paths) == len(SAVED)
    assert subprocess.run([sys.executable, "-c", code, *paths], check=False).returncode == 0


def test_another_seed_gives_other_weights():
    checks.check_seeds_differ(zoo.architecture("lenet5"))


def test_every_family_has_a_case():
    covered = {type(zoo.architecture(name)) for name in CASES}
    assert covered == set(FAMILIES)


@pytest.mark.parametrize("name", zoo.names())
def test_every_variant_round_trips_and_starts_its_search(name):
    arch = zoo.architecture(name)
    checks.check_config_round_trip(arch)
    checks.check_space_starts_at_variant(arch)
