"""The benchmark of verdicts asks for data sets that exist, of every kind, and writes what it kept."""

import importlib
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import create_autospec

import numpy as np
import pytest

from adapters.sources import registry
from training.answers import ANSWERS, JUSTIFIED, NEITHER

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
HOME = Path(os.environ.get("GRIDZOO_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
needs_data = pytest.mark.skipif(not HOME.is_dir(), reason=f"no data sets in {HOME}; set GRIDZOO_DATA")
PLAN = SimpleNamespace(experiment={"tuning": {"rule": "one-standard-error"}})
MODULES = ("verdict_cases", "verdict_page", "verdicts")


@pytest.fixture
def benchmark(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    modules = [importlib.import_module(name) for name in MODULES]
    for module in modules[1:]:
        monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(modules[1], "PAGE", tmp_path / "page.md")
    yield SimpleNamespace(**{name: value for module in modules for name, value in vars(module).items()})
    for name in MODULES:
        del sys.modules[name]


def test_cases_are_known_of_every_kind_and_enough(benchmark):
    entries = [registry._entry(case.source) for case in benchmark.CASES]
    assert len(entries) >= 25
    assert {entry.modality for entry in entries} == {"image", "sound", "text", "series", "table", "board"}
    assert len({case.source for case in benchmark.CASES}) == len(benchmark.CASES)
    assert all(set(case.expected) <= set(ANSWERS) for case in benchmark.CASES)


def test_the_page_counts_and_names_disagreements(benchmark, tmp_path):
    for number, case in enumerate(benchmark.CASES[:6]):
        costs = [
            {"arm": arm, "accuracy": 0.5 + 0.05 * place + 0.01 * number} for place, arm in enumerate(benchmark.ARMS)
        ]
        kept = {
            "answer": JUSTIFIED if number == 0 else NEITHER, "sentence": "So it is.", "outlook": "", "finding": "",
            "costs": costs, "against_permuted": {"better": 0.01}, "seconds": 60.0,
            "structure": number == 1, "among_orders": None, "model": "fcn (tuned)",
        }  # fmt: skip
        benchmark._keep("data", case.source, kept)
    for trial, (answer, low) in enumerate([(NEITHER, -0.02), (JUSTIFIED, 0.01)]):
        order = {"mean": low + 0.02, "low": low, "high": low + 0.04}
        kept = {"answer": answer, "structure": False, "against_permuted": order, "among_orders": {"p_value": 0.03}}
        benchmark._keep("planted", f"none-0-400/{trial:03}", kept)
        benchmark._keep("planted", f"local-0.5-400/{trial:03}", kept)
    columns = "data,network,given,random,difference,low,high,as good,orders,p"
    ordered = ["sonar,res8,81.7,73.0,8.7,-2.4,19.9,0,20,0.02", "sonar,fcn,79.3,76.2,3.0,-10.2,16.2,6,20,0.04"]
    (tmp_path / "orders.csv").write_text("\n".join([columns, *ordered]))
    benchmark.page()
    written = (tmp_path / "page.md").read_text()
    assert "stands out for `res8` on sonar." in written
    assert "| sonar | fcn | 79.3 | 76.2 | +3.0 (-10.2 to 16.2) | 6 of 20 | 0.04 | 0.08 |" in written
    assert "5 of 6 answers are as expected" in written
    assert "agrees with 5 of the 6" in written
    assert f"- **{benchmark.CASES[0].source}**: expected" in written
    assert "Mean ranks over 6 data sets: original 4.00" in written
    assert "| none | 0 | 400 | 2 | 1 | 0 | 0 | 1 | 0 | 0.0 | 1 of 2 | 1 | 2 | 0 |" in written
    assert "| local | 0.5 | 400 | 2 | 1 | 0 | 0 | 1 | 0 | 1.5 | 2 of 2 | 1 | 2 | 0 |" in written
    assert "1 of 2 verdicts say “CNN justified”: 50.0 %, 95 % interval 9.5 to 90.5" in written


@needs_data
def test_shuffled_data_are_the_same_cells_in_another_order(benchmark):
    for kind, items in (("digits", 60), ("sonar", 60)):
        dial = benchmark.Dial(kind, 0.0, items)
        assert dial.null
        one, other = (benchmark._made(dial, seed) for seed in (0, 1))
        plain = benchmark.draw(benchmark.api.load(kind, data_home=benchmark.HOME), items, 0)
        cells = [np.asarray([cells_of(item) for item in made.items]) for made in (plain, one)]
        order = [np.flatnonzero((cells[0] == column[:, None]).all(0))[0] for column in cells[1].T]
        np.testing.assert_array_equal(cells[0][:, order], cells[1])
        assert not np.array_equal(cells[0], cells[1])
        assert list(cells_of(one.items[0])) != list(cells_of(other.items[0]))


def cells_of(item):
    return np.fromiter(item.values(), float) if isinstance(item, dict) else np.ravel(item)


def test_what_is_kept_is_not_done_again(benchmark, tmp_path):
    benchmark._keep("data", "wine", {"answer": NEITHER})
    benchmark._once("data", "wine", lambda: pytest.fail("loaded again"), {}, 600.0, 2)
    assert json.loads((tmp_path / "verdicts_data.jsonl").read_text()) == {"name": "wine", "answer": NEITHER}


def test_what_is_reached_is_kept(benchmark, monkeypatch, tmp_path):
    found = {key: key for key in benchmark.PARTS["data"]}
    verdict = SimpleNamespace(to_json=lambda: found, answer=NEITHER, finding="")
    axes = [{"name": "row", "edges": [0, 1]}, {"name": "column", "edges": [0, 1, 2]}]
    card = SimpleNamespace(screen={"structure": True}, examples=[SimpleNamespace(spec={"axes": axes})])
    chapter = SimpleNamespace(card=card, records=[1, 2], plan=PLAN)
    judged = create_autospec(benchmark.judging.verdict_with_runs)  # refuses what the real one would
    judged.return_value = verdict, SimpleNamespace(chapters=[chapter])
    monkeypatch.setattr(benchmark.judging, "verdict_with_runs", judged)
    benchmark._once("data", "wine", lambda: "data", {}, budget=9.0, workers=1)
    assert judged.call_args.kwargs["settings"]["budget"] == 18.0  # as many seconds of a worker as two have
    kept = json.loads((tmp_path / "verdicts_data.jsonl").read_text())
    assert (
        kept.items()
        >= {
            **found,
            "name": "wine",
            "structure": True,
            "axes": ["column"],
            "rule": "one-standard-error",
            "runs": 2,
            "workers": 1,
            "budget": 9.0,
        }.items()
    )


def test_an_effect_of_the_order_is_expected_where_columns_are_ordered(benchmark):
    case = next(case for case in benchmark.CASES if case.source == "sonar")
    kept = {"answer": NEITHER, "among_orders": {"p_value": 0.04, "orders": 5}}
    assert case.agrees(kept)
    assert not case.agrees({**kept, "among_orders": {"p_value": 0.06, "orders": 5}})
    assert not case.agrees({**kept, "among_orders": None})


def test_runs_that_are_there_are_judged_again(benchmark, monkeypatch, tmp_path):
    found = {key: f"new {key}" for key in benchmark.PARTS["data"]}
    chapters = [SimpleNamespace(plan=PLAN)]
    read = SimpleNamespace(verdicts=lambda: [SimpleNamespace(to_json=lambda: found)], chapters=chapters)
    monkeypatch.setattr(sys.modules["verdicts"], "RUNS", tmp_path)
    monkeypatch.setattr(benchmark.Comparison, "read", lambda path: read)
    (tmp_path / "data" / "wine" / "records").mkdir(parents=True)
    for name in ("wine", "german"):
        benchmark._keep("data", name, {"answer": "old", "seconds": 7.0})
    benchmark.judge_again("data")
    kept = benchmark.kept_of("data")
    assert kept["wine"] == {"name": "wine", "seconds": 7.0, "rule": "one-standard-error", **found}
    assert kept["german"] == {"name": "german", "answer": "old", "seconds": 7.0}
