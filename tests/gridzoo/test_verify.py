"""A report is held against its records, and a cell is run again."""

import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

import gridzoo as gz
from gridzoo.main import app
from gridzoo.verifying import tolerance

BASELINES = {"arms": ("original",), "architectures": ("lenet5",), "folds": 3, "recipe": {"epochs": 1}}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One small experiment: digits by LeNet-5 for one epoch, and a baseline."""
    folder = tmp_path_factory.mktemp("runs")
    comparison = gz.compare("wine", out=folder, settings={**BASELINES, "baselines": ("logistic",)}, workers=1)
    return folder, comparison


def call(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, " ".join(result.output.split())


def test_an_untouched_report_holds_and_its_cell_comes_out_the_same(made):
    page = gz.report(made[1])
    code, output = call("verify", page, "--cells", 1, "--seed", 0)
    assert code == 0, output
    assert "6 of 6 as the page says" in output
    again = re.findall(r"difference ([0-9.]+) of", output)
    assert again == ["0.0000"]


def test_a_changed_record_and_a_changed_page_are_named(made, tmp_path):
    folder, comparison = made
    page = gz.report(comparison, tmp_path / "report.html")
    path = sorted((folder / "records").glob("*.json"))[0]
    before = path.read_text()
    data = json.loads(before)
    data["scores"]["accuracy"] = 1.0
    try:
        path.write_text(json.dumps(data))
        code, output = call("verify", page, "--runs", folder, "--cells", 0)
    finally:
        path.write_text(before)
    assert code == 1
    assert f"1 changed, 0 missing or damaged, such as {path.stem}" in output
    assert "rows do not follow" in output
    page.write_text(page.read_text().replace("</h1>", "!</h1>"))
    code, output = call("verify", page, "--runs", folder, "--cells", 0)
    assert code == 1
    assert "FAILS page: was changed after it was written" in output


def test_missing_records_are_counted(made, tmp_path):
    page = gz.report(made[1], tmp_path / "report.html")
    code, output = call("verify", page, "--cells", 0)
    assert code == 1
    assert "0 of 6 as the page says; 0 changed, 6 missing" in output


def test_what_is_no_report_is_refused(tmp_path):
    (tmp_path / "x.html").write_text("<p>hello")
    code, output = call("verify", tmp_path / "x.html")
    assert code == 2
    assert "expected a page that gridzoo wrote" in output


def test_tolerance_shrinks_with_items_but_never_to_nothing():
    assert tolerance(0.9, 100) > tolerance(0.9, 1000) > tolerance(0.9, 10**9) == 0.005


def test_one_record_several_folders_and_other_forms(made, tmp_path):
    folder, _ = made
    record = next((folder / "records").glob("*.json"))
    one = gz.report(record, tmp_path / "one.html").read_text()
    assert "A verdict takes several runs; this page shows one." in one
    both = gz.report([folder, folder], tmp_path / "both.md", format="md").read_text()
    assert "## Side by side" in both
    code, output = call("report", folder, "--format", "csv", "--out", tmp_path / "r.csv")
    assert code == 0
    assert (tmp_path / "r.csv").read_text().startswith("experiment,dataset")
    code, output = call("report", folder, "--format", "pdf")
    assert code == 2
    assert "'pdf'" in output


def test_a_notebook_shows_the_leaderboard_as_text_that_stays_text(made):
    shown = made[1]._repr_html_()
    assert "lenet5" in shown
    assert "logistic regression" in shown
    assert "<script" not in shown


def test_data_that_came_as_arrays_cannot_be_run_again_and_says_so(tmp_path):
    items, labels = np.random.default_rng(0).normal(size=(24, 3)), ["a", "b", "c"] * 8
    settings = {"arms": ("original",), "architectures": ("lenet5",), "folds": 2, "recipe": {"epochs": 1}}
    page = gz.report(gz.compare((items, labels), out=tmp_path, settings={**settings, "baselines": ()}, workers=1))
    code, output = call("verify", page)
    assert code == 2
    assert "--cells 0" in output
    assert call("verify", page, "--cells", 0)[0] == 0
