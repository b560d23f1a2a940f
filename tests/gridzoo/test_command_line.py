"""At the terminal: help is quick, mistakes end in one message and exit code 2, never a traceback."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import gridzoo as gz
from adapters import registry
from adapters.errors import DataError
from gridzoo.main import app
from training.fitting.predictor import Predictor
from training.usual import usual_architecture

HEAVY = ("tensorflow", "keras", "librosa", "sklearn", "numpy", "pandas", "matplotlib", "plotly")


def call(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture
def pictures(tmp_path):
    for label in ("a", "b"):
        (tmp_path / "pictures" / label).mkdir(parents=True)
        for i in range(3):
            Image.fromarray(np.full((8, 8), 40 * i, np.uint8)).save(tmp_path / "pictures" / label / f"{i}.png")
    return tmp_path / "pictures"


def test_help_loads_nothing_heavy():
    program = "import sys; from gridzoo.main import app; print(*(m for m in sys.argv[1:] if m in sys.modules))"
    result = subprocess.run([sys.executable, "-c", program, *HEAVY], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []
    code, output = call("--help")
    assert code == 0
    assert all(
        command in output
        for command in ("compare", "verdict", "suggest", "demo", "report", "fit", "predict", "list", "show")
    )


def test_lists_name_what_there_is_without_tensorflow():
    program = "import sys; from gridzoo.main import app\ntry: app(['list'])\nexcept SystemExit: print('tensorflow' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.rstrip().endswith("False")
    for name in ("mel-spectrogram", "lenet5", "digits"):
        assert name in result.stdout


def test_suggestions_are_settings_with_reasons(pictures):
    code, output = call("suggest", pictures)
    assert code == 0
    for fact in ("image", "height = 8", "channels = grey", "8 × 8"):
        assert fact in output


def test_show_tells_what_a_network_costs_on_a_grid():
    code, output = call("show", "lenet5", "--grid", "32x32x1")
    assert code == 0
    for fact in ("LeCun", "61,706", "416,520", "28×28×6", "stage2"):
        assert fact in output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("compare", "nowhere"), "nowhere"),
        (("compare", "digts"), "digits"),
        (("compare", "digits", "--split", "stratifed"), "did you mean 'stratified'"),
        (("compare", "digits", "-a", "lenet"), "lenet5"),
        (("compare", "digits", "-g", "imgae"), "image"),
        (("compare", "digits", "--folds", "1"), "at least 2"),
        (("compare", "digits", "--folds", "five"), "valid integer"),
        (("compare", "digits", "--sed", "1"), "--sed"),
        (("compare", "wine", "--split", "leave-one-group-out"), "expected groups"),
        (("compare", "wine", "--part", "split"), "expected no part, its classes are given"),
        (("verdict", "nowhere"), "nowhere"),
        (("verdict", "digits", "--margin", "2"), "margin: expected a share"),
        (("verdict", "digits", "--looks", "0"), "looks: expected at least 1"),
        (("verdict", "digits", "-a", "lenet"), "lenet5"),
        (("fit", "wine", "-a", "lenet5", "--out", "saved", "--modality", "text"), "expected no modality"),
        (("suggest", "digts"), "digits"),
        (("list", "adaptors"), "did you mean 'adapters'"),
        (("show", "lenet5", "--grid", "8 by 8"), "expected sizes such as 64x40x1"),
        (("show", "lenet6"), "lenet5"),
        (("show", "dai-m5", "--grid", "8x8x1"), "rank=2"),
        (("report", "nowhere"), "nowhere"),
        (("predict", "nowhere", "x"), "nowhere"),
    ],
)
def test_mistakes_end_in_one_message(words, message, tmp_path):
    out = ("--out", tmp_path / "out") if words[0] in ("compare", "verdict") else ()
    code, output = call(*words, *out)
    assert code == 2
    assert message in output
    assert "Traceback" not in output


def test_fit_takes_the_grid_and_the_network_that_suit_the_data(tmp_path):
    letters = np.random.default_rng(0).choice(list("ACGT"), (40, 24))
    rows = [f"{''.join(row)},{'ab'[i % 2]}\n" for i, row in enumerate(letters)]
    (tmp_path / "dna.csv").write_text("sequence,label\n" + "".join(rows))
    code, output = call("fit", tmp_path / "dna.csv", "--epochs", 1, "--out", tmp_path / "saved")
    assert code == 0, output
    saved = Predictor.load(tmp_path / "saved")
    assert (saved.adapter.name, saved.architecture["name"]) == (
        "k-mers",
        usual_architecture("text", ["A" * 24] * 40, rank=1)["name"],
    )


def test_fit_goes_on_without_a_picture_that_cannot_be_read_and_says_so(pictures, tmp_path):
    (pictures / "a" / "1.png").write_bytes(b"no picture")
    words = ("fit", pictures, "-a", "lenet5", "--epochs", "1", "--out", tmp_path / "saved")
    command = [sys.executable, "-m", "gridzoo", *map(str, words)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    said = [line for line in result.stderr.splitlines() if line.startswith("gridzoo: warning:")]
    assert len(said) == 1
    assert "1 of 6 items could not be read and were left out" in said[0]
    assert f"{pictures / 'a' / '1.png'}: expected a readable picture" in said[0]
    assert "1/1 epochs" in result.stderr
    assert Predictor.load(tmp_path / "saved").classes == ("a", "b")


def test_tune_goes_on_without_a_picture_that_cannot_be_read(pictures):
    (pictures / "a" / "1.png").write_bytes(b"no picture")
    tuning = gz.Tuning(trials=2, epochs=1, over=("recipe",))
    told = []
    with pytest.warns(UserWarning, match=r"1 of 6 items could not be read and were left out: .*1\.png") as caught:
        tuned = gz.tune(pictures, "lenet5", epochs=1, tuning=tuning, workers=1, watch=lambda *said: told.append(said))
    assert told[-1] == (2, 2, tuned.trials()["score"].max())
    assert sum("left out" in str(one.message) for one in caught) == 1  # not again for the final training
    assert tuned.predictor.classes == ("a", "b")


def test_a_class_that_cannot_be_read_at_all_is_no_class(pictures):
    for path in (pictures / "a").iterdir():
        path.write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"expected at least 2 classes, found 1 \('b'\)"):
        gz.fit(pictures, "lenet5", epochs=1)
    for path in (pictures / "b").iterdir():
        path.write_bytes(b"no picture")
    with pytest.raises(DataError, match="expected a readable picture"):
        gz.fit(pictures, "lenet5", epochs=1)


def test_rows_of_a_table_are_predicted_by_their_file_or_as_json(tmp_path):
    rows = [f"{i % 9},5;{'Ulm' if i % 2 else 'Bonn'};{'ab'[i % 2]}\n" for i in range(40)]
    (tmp_path / "t.csv").write_text("age;town;label\n" + "".join(rows))
    code, output = call("fit", tmp_path / "t.csv", "-a", "mlp", "--epochs", "2", "--out", tmp_path / "saved")
    assert code == 0, output
    assert "mlp on column 3 × 1 channel" in output  # a number and two towns
    (tmp_path / "new.csv").write_text("town;age;id\nUlm;3,5;7\nBonn;1,5;8\n")
    row = '{"age": 3.5, "town": "Ulm"}'
    with pytest.warns(UserWarning, match=r"new\.csv: left out columns that the network has not learned: id"):
        result = CliRunner().invoke(app, ["predict", str(tmp_path / "saved"), str(tmp_path / "new.csv"), row])
    assert result.exit_code == 0
    labels, shares, names = zip(*(line.split("\t") for line in result.stdout.splitlines()), strict=True)
    assert names == ("new.csv line 2", "new.csv line 3", row)
    assert (labels[0], shares[0]) == (labels[2], shares[2])
    for words, message in (
        ("absent.csv", "expected a readable file"),
        ("3.5,Ulm", "expected a table as JSON, such as '{\"age\": 30}', or a table's file"),
        (tmp_path / "t2.csv", "expected columns age, town, but there is no town"),
    ):
        (tmp_path / "t2.csv").write_text("age\n1\n")
        code, output = call("predict", tmp_path / "saved", words)
        assert code == 2
        assert message in output


def test_a_typo_in_a_toml_key_names_the_nearest(tmp_path):
    (tmp_path / "e.toml").write_text('source = "digits"\narchitecture = ["lenet5"]\n')
    code, output = call("compare", tmp_path / "e.toml", "--out", tmp_path / "out")
    assert code == 2
    assert "did you mean 'architectures'" in output


def test_an_empty_folder_and_a_single_class_are_refused(tmp_path, pictures):
    (tmp_path / "empty").mkdir()
    (tmp_path / "one" / "a").mkdir(parents=True)
    (pictures / "a" / "0.png").rename(tmp_path / "one" / "a" / "0.png")
    for folder in ("empty", "one"):
        code, output = call("compare", tmp_path / folder, "--out", tmp_path / "out")
        assert code == 2
        assert "expected" in output


def test_fewer_items_than_folds_are_refused(pictures, tmp_path):
    code, output = call("compare", pictures, "--out", tmp_path / "out")
    assert code == 2
    assert "at least 5 items a class" in output


def test_infinity_in_a_table_is_set_aside_and_a_missing_target_refused(tmp_path):
    (tmp_path / "t.csv").write_text("x,y,kind\n1,2,a\n3,4,b\n")
    code, output = call("compare", tmp_path / "t.csv", "--target", "kinds", "--out", tmp_path / "out")
    assert code == 2
    assert "kind" in output


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("here is a file, not a folder")
    code, output = call("compare", "digits", "--out", tmp_path / "file" / "out")
    assert code == 2
    assert "file" in output
    assert "Traceback" not in output


def test_a_fault_of_the_program_is_no_traceback_either(monkeypatch):
    def fault():
        raise RuntimeError("something broke")

    monkeypatch.setattr(registry, "describe", fault)
    code, output = call("list")
    assert code == 1
    assert "fault of gridzoo" in output
    assert "Traceback" not in output


def test_interrupting_says_how_to_go_on(monkeypatch):
    def stop():
        raise KeyboardInterrupt

    monkeypatch.setattr(registry, "describe", stop)
    result = CliRunner().invoke(app, ["list"])
    assert result.exit_code == 130
    assert "goes on from there" in result.output


def test_what_a_search_is_over_is_checked_by_name(tmp_path):
    code, output = call("tune", "wine", "-a", "lenet5", "--out", tmp_path / "out", "--over", "recipee")
    assert code == 2
    assert "did you mean 'recipe'" in output


def test_fit_says_which_rows_had_no_class(tmp_path):
    (tmp_path / "t.csv").write_text("age,label\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(20)) + "3,\n")
    with pytest.warns(
        UserWarning, match="1 of 21 items could not be read and were left out: t.csv line 22: expected a class"
    ):
        gz.fit(tmp_path / "t.csv", "mlp", epochs=1)
