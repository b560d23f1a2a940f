"""An exported network says what Keras says: every adapter, a spread of architectures, every format."""

import subprocess
import sys
from importlib import util
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

from adapters.image import Image
from adapters.series.series import Series
from adapters.text.words import Words

HERE = Path(__file__).parent
TOLERANCE = 1e-4


def cases_of(package):
    spec = util.spec_from_file_location(f"{package}_cases", HERE.parents[1] / package / "test_contract.py")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CASES


ADAPTERS, ARCHITECTURES = cases_of("adapters"), cases_of("zoo")
FIRST = {case.adapter.name: name for name, case in reversed(ADAPTERS.items())}  # one case an adapter
RNG = np.random.default_rng(1)
TEXTS = ["not a bad film at all", "a good film", "no film", "good, not bad", "all is good in this film"]
PICTURES = list(RNG.random((5, 16, 12, 3)))
SERIES = list(RNG.normal(size=(5, 40, 3)))
# Between them: grouped, depthwise, dilated, causal and fixed convolutions, squeeze-and-excitation, every pooling,
# embeddings, k-max pooling, layer norms, GELU, ELU, channels that are padded, taken, shuffled, scaled, concatenated.
# The other families take minutes more, and are exported by `pytest -m study`.
SPREAD = (
    "charcnn-small", "convnext-atto", "densenet121", "lite", "regnet-y-200mf", "resnet8", "shufflenet-0.5-g3",
    "soft-ordering", "tcn", "textcnn-two-channel", "vdcnn-9", "xceptiontime",
)  # fmt: skip
TEXT_FAMILIES = ("charcnn-small", "dpcnn", "textcnn", "textcnn-two-channel", "vdcnn-9")


def same(found, expected):
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype == np.float32
    assert np.ptp(expected, axis=0).max() > 1e-3, "a network that says the same of everything proves nothing"
    assert np.abs(found - expected).max() <= TOLERANCE * max(1, np.abs(expected).max())


def drawn(predictor_of, name, settings):
    """A predictor with this architecture on a grid that it can read."""
    import zoo

    if name in TEXT_FAMILIES:
        return predictor_of(Words(12), TEXTS, name, settings), TEXTS
    if zoo.architecture(name, settings).supports(zoo.Grid((16, 12, 3))):
        return predictor_of(Series(), SERIES, name, settings), SERIES
    return predictor_of(Image(16, 12, "rgb"), PICTURES, name, settings), PICTURES


@pytest.fixture(scope="module")
def answers(predictor_of, tmp_path_factory):
    """Logits of Keras here, and of bundles in another process without it."""
    return asked(predictor_of, FIRST.values(), tmp_path_factory.mktemp("adapters"))


def asked(predictor_of, names, folder):
    keras = {}
    for name in names:
        case = ADAPTERS[name]
        predictor = predictor_of(clone(case.adapter), case.train)
        predictor.export("onnx", folder / name)
        keras[name] = predictor.logits([*case.train, *case.other])
    call = [
        sys.executable,
        HERE / "predict_without_keras.py",
        HERE.parents[1] / "adapters" / "test_contract.py",
        folder,
    ]
    result = subprocess.run([str(word) for word in call], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr[-2000:]
    assert result.stdout.split() == [], "loaded what is forbidden"
    with np.load(folder / "logits.npz") as found:
        return {name: (found[name], keras[name]) for name in keras}


@pytest.mark.parametrize("name", FIRST)
def test_every_adapter_without_keras(answers, name):
    same(*answers[FIRST[name]])


@pytest.mark.study
def test_every_setting_of_every_adapter_without_keras(predictor_of, tmp_path):
    for found, expected in asked(predictor_of, ADAPTERS, tmp_path).values():
        same(found, expected)


@pytest.mark.parametrize("name", SPREAD)
def test_a_spread_of_architectures(predictor_of, name, tmp_path):
    import gridzoo as gz

    predictor, items = drawn(predictor_of, name, ARCHITECTURES.get(name, {"filters": 8}))
    predictor.export("onnx", tmp_path / "bundle")
    bundle = gz.Bundle.load(tmp_path / "bundle")
    expected = predictor.logits(items)
    same(bundle.logits(items), expected)
    for item, row in zip(items, expected, strict=True):
        assert np.abs(bundle.logits([item])[0] - row).max() <= TOLERANCE * max(1, np.abs(expected).max())


def by_litert(folder, x):
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(str(folder / "model.tflite"))
    run.resize_tensor_input(run.get_input_details()[0]["index"], x.shape)
    run.allocate_tensors()
    run.set_tensor(run.get_input_details()[0]["index"], x)
    run.invoke()
    return run.get_tensor(run.get_output_details()[0]["index"])


def by_saved_model(folder, x):
    import tensorflow as tf

    loaded = tf.saved_model.load(str(folder / "model"))  # its function does not keep the variables alive
    return loaded.serve(x).numpy()


OTHERS = {"litert": by_litert, "saved_model": by_saved_model}


def test_every_format_is_tried():
    from training.export import formats, manifest

    assert {"onnx", *OTHERS} == formats.WAYS.keys() == manifest.MODELS.keys()


def check_format(predictor, items, form, folder):
    predictor.export(form, folder)
    x = predictor.scaler(predictor.adapter.transform(items))
    expected = predictor.logits(items)
    same(OTHERS[form](folder, x), expected)
    np.testing.assert_allclose(
        OTHERS[form](folder, x[:1]), expected[:1], rtol=0, atol=TOLERANCE * max(1, np.abs(expected).max())
    )


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize("name", ["lenet5", "shufflenet-0.5-g3", "textcnn"])
def test_other_formats(predictor_of, name, form, tmp_path):
    predictor, items = drawn(predictor_of, name, ARCHITECTURES[name])
    check_format(predictor, items, form, tmp_path / "out")


def test_factors_a_channel_on_one_axis(predictor_of, tmp_path):
    """TensorFlow Lite draws the einsum of ConvNeXt's layer scale wrong there, if it is left to it."""
    predictor = predictor_of(Series(), SERIES, "convnext-atto", ARCHITECTURES["convnext-atto"])
    check_format(predictor, SERIES, "litert", tmp_path / "out")


def test_mixed_precision_is_exported_in_float32(predictor_of, tmp_path):
    import keras

    import gridzoo as gz

    whole = predictor_of(Series(), SERIES)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        mixed = predictor_of(Series(), SERIES)
    finally:
        keras.config.set_dtype_policy(before)
    mixed.network.model.set_weights(whole.network.model.get_weights())
    mixed.export("onnx", tmp_path / "bundle")
    same(gz.Bundle.load(tmp_path / "bundle").logits(SERIES), whole.logits(SERIES))


@pytest.mark.study
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_default_network_of_every_family_in_every_format(predictor_of, name, tmp_path):
    import gc

    import keras

    import gridzoo as gz

    predictor, items = drawn(predictor_of, name, {})
    predictor.export("onnx", tmp_path / "bundle")
    same(gz.Bundle.load(tmp_path / "bundle").logits(items), predictor.logits(items))
    for form in OTHERS:
        check_format(predictor, items, form, tmp_path / form)
    keras.backend.clear_session()
    gc.collect()
