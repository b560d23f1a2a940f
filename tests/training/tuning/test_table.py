"""One row a trial, with whose it was and what it cost."""

import json
from dataclasses import replace

import numpy as np

from training.records import Record, Run, Trial
from training.tuning.table import COLUMNS, trials_table

RUN = Run("bars", "", {"name": "image", "label": "image 8"}, "cnn", {"name": "lenet5"}, "original", {}, {}, "official", 0, 0, 7, {})  # fmt: skip
TRIALS = [
    Trial({"recipe.learning_rate": 0.1}, 0.9, 15, 2.5, "completed", 1, 1e9, 7, {"loss": [1.0, 0.5]}),
    Trial({"recipe.learning_rate": 0.2, "architecture.depth": 3}, 0.0, 0, 0.1, "failed", reason="no memory"),
]


def test_a_row_a_trial():
    record = Record(RUN, "ok", trials=TRIALS, chosen=TRIALS[0].values)
    table = trials_table([record, replace(record, run=replace(RUN, fold=1))])
    assert list(table["fold"]) == [0, 0, 1, 1]
    assert list(table["trial"]) == [0, 1, 0, 1]
    assert list(table["adapter"]) == ["image 8"] * 4
    assert list(table["chosen"]) == [True, False] * 2
    assert np.isnan(table["score"][1])
    assert np.isnan(table["values.architecture.depth"][0])
    assert table["reason"][1] == "no memory"
    assert table["flops"].sum() == 2e9


def test_a_comparison_without_trials_has_an_empty_table():
    table = trials_table([Record(RUN, "ok")])
    assert list(table.columns) == list(COLUMNS)
    assert table.empty


def test_trials_survive_json():
    record = Record(RUN, "ok", trials=TRIALS, chosen=TRIALS[0].values)
    assert Record.from_json(json.loads(json.dumps(record.to_json()))).trials == TRIALS


def test_records_of_trials_with_four_fields_are_read():
    data = Record(RUN, "ok", trials=TRIALS[:1]).to_json()
    data["trials"] = [{"values": {"recipe.learning_rate": 0.1}, "score": 0.9, "epochs": 15, "seconds": 2.5}]
    (trial,) = Record.from_json(data).trials
    assert (trial.status, trial.score, trial.curves) == ("completed", 0.9, {})
