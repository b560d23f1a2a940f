"""A bundle is data: whatever is wrong with it is said, and nothing in it is run."""

import hashlib
import io
import json
import pickle
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import gridzoo as gz
from adapters.errors import ItemError
from gridzoo.main import app
from training.errors import ExperimentError

FILES = {"adapter.json", "adapter.npz", "manifest.json", "model.onnx"}


@pytest.fixture
def folder(bundles, tmp_path):
    return shutil.copytree(bundles / "words", tmp_path / "words")


def edit(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def reseal(folder):
    """Do what an attacker would: make the seals fit."""
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in folder.iterdir()
        if path.name != "manifest.json"
    }
    edit(folder, files=files)


def refused(folder, *words):
    with pytest.raises(ExperimentError) as error:
        gz.Bundle.load(folder)
    for word in words:
        assert word in str(error.value)


def test_labels_and_probabilities_are_those_of_the_predictor(words, bundles):
    predictor, items = words
    bundle = gz.Bundle.load(bundles / "words")
    assert {path.name for path in (bundles / "words").iterdir()} == FILES
    assert bundle.predict(items).tolist() == predictor.predict(items).tolist()
    np.testing.assert_allclose(bundle.predict_proba(items), predictor.predict_proba(items), atol=1e-5)
    with pytest.raises(ItemError, match=r"items\[1\]"):
        bundle.predict(["good", 3])


@pytest.mark.parametrize("count", [0, 1, 257])
def test_any_number_of_items(words, bundles, count):
    predictor, items = words
    many = [items[i % len(items)] for i in range(count)]
    found = gz.Bundle.load(bundles / "words").logits(many)
    assert found.shape == (count, 3)
    np.testing.assert_allclose(found, predictor.logits(many), atol=1e-5)


def test_the_manifest_says_all_that_is_needed_by_hand(series, bundles):
    import onnxruntime

    predictor, items = series
    said = json.loads((bundles / "series" / "manifest.json").read_text())
    assert said["classes"] == ["a", "b", "c"]
    assert [axis["name"] for axis in said["axes"]] == [axis.name for axis in predictor.adapter.grid_.axes]
    assert said["input"] == {"name": "grid", "shape": [None, 24, 2], "dtype": "float32"}
    assert said["versions"].keys() >= {"gridzoo", "keras", "tensorflow", "tf2onnx", "onnxruntime"}
    assert said["difference_to_keras"] <= 1e-4
    prepare = said["preprocessing"]
    x = predictor.adapter.transform(items)
    x = ((x - np.float32(prepare["mean"])) / np.float32(prepare["deviation"])).astype(np.float32)
    session = onnxruntime.InferenceSession(bundles / "series" / said["model"])
    assert session.get_inputs()[0].shape == ["batch", 24, 2]
    (logits,) = session.run(["logits"], {"grid": x})
    np.testing.assert_allclose(logits, predictor.logits(items), atol=1e-4)


def test_at_the_terminal_without_keras(words, bundles):
    predictor, items = words
    code = (
        "import sys; [sys.modules.__setitem__(name, None) for name in ('tensorflow', 'keras')];"
        "from gridzoo.main import app; app(sys.argv[1:])"
    )
    words = ["predict", str(bundles / "words"), *items]
    result = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr[-2000:]
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [row[0] for row in rows] == predictor.predict(items).tolist()
    assert [float(row[1]) for row in rows] == pytest.approx(predictor.predict_proba(items).max(axis=1), abs=1e-3)


def test_exported_at_the_terminal(words, tmp_path):
    predictor, items = words
    predictor.save(tmp_path / "saved")
    call = ["export", str(tmp_path / "saved"), "--out", str(tmp_path / "out")]
    for extra, message in ((["--format", "onx"], "did you mean 'onnx'"), (["--out", str(tmp_path / "saved")], "empty")):
        result = CliRunner().invoke(app, [*call, *extra])
        assert result.exit_code == 2
        assert message in " ".join(result.output.split())
    assert CliRunner().invoke(app, call).exit_code == 0
    assert gz.Bundle.load(tmp_path / "out").predict(items).tolist() == predictor.predict(items).tolist()
    result = CliRunner().invoke(app, ["export", str(tmp_path / "out"), "--out", str(tmp_path / "again")])
    assert result.exit_code == 2
    assert "expected a predictor" in " ".join(result.output.split())


def test_another_format_is_no_bundle(words, tmp_path):
    words[0].export("saved_model", tmp_path / "out")
    refused(tmp_path / "out", "saved_model", 'export("onnx"')
    said = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert "model/saved_model.pb" in said["files"]


def test_a_folder_in_use_is_left_alone(words, tmp_path):
    words[0].save(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ExperimentError, match="new or empty"):
        words[0].export("onnx", tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("fault", "message"),
    [(RuntimeError("no such operation"), "no such operation"), (OSError(28, "No space left"), "No space")],
)
def test_a_conversion_that_fails_leaves_nothing(words, tmp_path, monkeypatch, fault, message):
    from training.export import formats

    def fail(model, path):
        path.write_bytes(b"half")
        raise fault

    monkeypatch.setitem(formats.WAYS, "onnx", formats.Way(fail, formats.read_onnx, ()))
    with pytest.raises((ExperimentError, OSError), match=message):
        words[0].export("onnx", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_conversion_that_says_something_else_is_refused(words, tmp_path, monkeypatch):
    from training.export import formats

    def read(path):
        true = formats.read_onnx(path)
        return lambda x: true(x) + (len(x) == 1) * np.float32(2e-3)  # wrong for one item alone

    monkeypatch.setitem(formats.WAYS, "onnx", formats.Way(formats.write_onnx, read, ()))
    with pytest.raises(ExperimentError, match="differ by"):
        words[0].export("onnx", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "package", "extra"),
    [("onnx", "tf2onnx", "onnx"), ("onnx", "onnxruntime", "onnx"), ("litert", "ai_edge_litert.interpreter", "litert")],
)
def test_a_missing_package_is_named(words, tmp_path, monkeypatch, form, package, extra):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ExperimentError, match=rf"pip install gridzoo\[{extra}\]"):
        words[0].export(form, tmp_path / "out")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "gridzoo predictor"}, "gridzoo predictor"),
        ({"schema": 2}, "schema 2"),
        ({"classes": ["a", "b"]}, "expected a network from (4,) to (2,)"),
        ({"classes": []}, "expected classes"),
        ({"classes": 3}, "whole manifest"),
        ({"files": {}}, "adapter.json"),
        ({"files": {"model.onnx": 3}}, "whole manifest"),
        ({"preprocessing": {"mean": [0.0], "deviation": [0.0]}}, "above 0"),
        ({"preprocessing": {"mean": [0.0], "deviation": [1.0]}}, "expected means of 0 channels"),
        ({"preprocessing": {"mean": [1e400], "deviation": [1.0]}}, "finite"),
        ({"preprocessing": {"mean": [], "deviation": [1.0]}}, "deviation"),
        ({"preprocessing": None}, "whole manifest"),
    ],
)
def test_a_manifest_that_is_wrong(folder, changes, message):
    edit(folder, **changes)
    refused(folder, message)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, '"' + "x" * 2**24 + '"', "\udcff"])
def test_a_manifest_that_is_none(folder, text):
    (folder / "manifest.json").write_text(text, errors="surrogateescape")
    refused(folder, "expected a folder with manifest.json")


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    refused(folder, name)


@given(st.data())
def test_damage_to_any_byte_is_seen(bundles, tmp_path_factory, data):
    folder = shutil.copytree(bundles / "words", tmp_path_factory.mktemp("damaged") / "words")
    name = data.draw(st.sampled_from(sorted(FILES - {"manifest.json"})))
    content = bytearray((folder / name).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    (folder / name).write_bytes(content)
    refused(folder, name, "damaged")


def test_files_of_another_bundle(bundles, folder):
    shutil.copy(bundles / "series" / "model.onnx", folder)
    refused(folder, "model.onnx", "got another")
    reseal(folder)
    refused(folder, "expected a network from (4,)", "(24, 2)")


def array(value, **options):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, value, **options)
    return stream.getvalue()


def claims(shape):
    """A file whose header promises far more than is there."""
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": shape})
    return stream.getvalue()


class Trap:
    def __reduce__(self):
        return Path.touch, (Path("sprung"),)


@pytest.mark.parametrize(
    ("content", "compression", "message"),
    [
        (array(np.zeros(10**6)), zipfile.ZIP_DEFLATED, "at most"),
        (claims((10**12,)), zipfile.ZIP_STORED, "at most"),
        (b"no array", zipfile.ZIP_STORED, "whole adapter"),
        (array(np.array([Trap()]), allow_pickle=True), zipfile.ZIP_STORED, "whole adapter"),
        (pickle.dumps(Trap()), zipfile.ZIP_STORED, "whole adapter"),
    ],
    ids=["bomb", "claim", "text", "object array", "pickle"],
)
def test_hostile_arrays(folder, monkeypatch, content, compression, message):
    monkeypatch.chdir(folder.parent)
    with zipfile.ZipFile(folder / "adapter.npz", "w", compression) as archive:
        archive.writestr("table_.npy", content)
    reseal(folder)
    refused(folder, message)
    assert not Path("sprung").exists()


def test_only_registered_adapters(folder):
    path = folder / "adapter.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "settings": {"name": "os.system"}}))
    reseal(folder)
    refused(folder, "expected an adapter of")


def test_a_network_may_not_read_files_elsewhere(folder):
    onnx = pytest.importorskip("onnx", reason="needs gridzoo[test]")
    (folder.parent / "secret").write_bytes(np.arange(3, dtype=np.float32).tobytes())
    secret = onnx.TensorProto(name="secret", data_type=1, dims=[3], data_location=onnx.TensorProto.EXTERNAL)
    secret.external_data.add(key="location", value="../secret")
    nodes = [
        onnx.helper.make_node("Cast", ["grid"], ["cells"], to=1),
        onnx.helper.make_node("ReduceMean", ["cells"], ["mean"], axes=[1]),
        onnx.helper.make_node("Add", ["mean", "secret"], ["logits"]),
    ]
    grid = onnx.helper.make_tensor_value_info("grid", onnx.TensorProto.INT32, ["batch", 4])
    logits = onnx.helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, ["batch", 3])
    graph = onnx.helper.make_graph(nodes, "spy", [grid], [logits], [secret])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    reseal(folder)
    refused(folder, "secret")


def test_a_network_that_is_none(folder):
    (folder / "model.onnx").write_bytes(b"\x08no network")
    reseal(folder)
    refused(folder, "expected an ONNX network")
