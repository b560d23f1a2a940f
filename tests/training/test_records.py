"""Records survive as JSON, their key holds what decides them, and no half file is ever seen."""

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import fields, replace

import pytest

from training.chapters import Plan
from training.folder import RunFolder, file_name
from training.records import Record, Run, Trial

RUN = Run(
    dataset="toy", fingerprint="f", adapter={"name": "image"}, kind="cnn", model={"name": "lenet5"}, arm="original",
    recipe={"epochs": 2}, tuning={}, split="official", repeat=0, fold=0, seed=0, versions={"keras": "3"},
)  # fmt: skip
RECORD = Record(RUN, "ok", classes=["a", "b"], scores={"accuracy": 0.5}, trials=[Trial({"x": 1}, 0.5, 3, 0.1)])


def test_round_trip():
    assert Record.from_json(json.loads(json.dumps(RECORD.to_json()))) == RECORD


@pytest.mark.parametrize("name", [f.name for f in fields(Run)])
def test_every_field_decides_the_key(name):
    changed = (
        {"name": "other"} if isinstance(getattr(RUN, name), dict) else 7 if name in ("repeat", "fold", "seed") else "x"
    )
    assert replace(RUN, **{name: changed}).key != RUN.key


def test_orders_of_cells_share_a_cell_and_other_arms_do_not():
    arms = ("permuted", "permuted 0", "permuted 12", "original", "blocks 2", "blocks 4", "mlp permuted")
    assert [replace(RUN, arm=arm).cell[5] for arm in arms] == ["permuted"] * 3 + list(arms[3:])
    assert len({replace(RUN, arm=arm).key for arm in arms}) == len(arms)


def test_a_record_whose_run_was_changed_by_hand_is_refused():
    data = RECORD.to_json()
    data["run"]["seed"] = 1
    with pytest.raises(ValueError, match="expected the record of run"):
        Record.from_json(data)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"schema": 99}', "\x00"])
def test_a_damaged_record_counts_as_not_there(tmp_path, damage):
    folder = RunFolder(tmp_path)
    folder.create()
    folder.write_record(RECORD)
    assert folder.record(RUN) == RECORD
    (tmp_path / "records" / f"{RUN.key}.json").write_text(damage)
    assert folder.record(RUN) is None


def test_plans_come_back(tmp_path):
    folder = RunFolder(tmp_path)
    folder.create()
    plan = Plan("toy", {"source": "toy"}, "gridzoo compare toy", [RUN], {"cores": "2"})
    folder.write_plan(plan)
    assert list(folder.plans()) == [plan]


def test_names_of_data_sets_are_safe_file_names():
    assert file_name("digits") == "digits"
    wild = [file_name(name) for name in ("../up", "a/b", "a b", "<script>", "", "ü")]
    assert len(set(wild)) == len(wild)
    assert all("/" not in name and not name.startswith(".") for name in wild)


@pytest.mark.parametrize("enough", [1, 20, 100])
def test_a_writer_that_is_killed_leaves_whole_records_alone(tmp_path, enough):
    folder = RunFolder(tmp_path)
    folder.create()
    program = textwrap.dedent(
        """
        import sys
        from dataclasses import replace
        from pathlib import Path
        from training.folder import RunFolder
        from training.records import Record
        import json
        record = Record.from_json(json.loads(sys.argv[2]))
        for seed in range(10_000_000):
            RunFolder(Path(sys.argv[1])).write_record(replace(record, run=replace(record.run, seed=seed)))
            print("written", flush=True)
        """
    )
    command = [sys.executable, "-c", program, str(tmp_path), json.dumps(RECORD.to_json())]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        for _ in range(enough):
            process.stdout.readline()
        os.kill(process.pid, 9)
    written = list((tmp_path / "records").glob("[!.]*.json"))
    assert len(written) >= enough
    for path in written:
        assert Record.from_json(json.loads(path.read_text())).run.key == path.stem
