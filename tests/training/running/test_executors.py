"""Any executor does the runs, among them a real Dask cluster; the records are the same everywhere."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from gridzoo.api import declare, load
from training.comparison import compare
from training.errors import ExperimentError, StoppedError
from training.records import Cost
from training.running.cluster import dask
from training.running.driver import run_all
from training.running.pool import Pool

EXPERIMENT = """
source = "{source}"
target = "label"
architectures = ["lenet5"]
folds = 3
{more}
[recipe]
epochs = 2
"""


@pytest.mark.parametrize("context", [None, "spawn"])
def test_threads_and_spawned_processes(tasks, folder, context):
    executor = ProcessPoolExecutor(1, get_context(context)) if context else ThreadPoolExecutor(2)
    new = []
    with executor, Pool(executor, 2) as pool:
        run_all(tasks, folder, pool, new.append)
    assert [record.status for record in new] == ["ok"] * 5


def test_workers_that_do_not_share_the_disk_are_named(tasks, folder):
    elsewhere = [replace(task, grids=Path("/not/here") / task.grids.name) for task in tasks]
    with (
        pytest.raises(StoppedError, match=r"cannot read /not/here.*GRIDZOO_CACHE"),
        Pool(ThreadPoolExecutor(1), 1) as pool,
    ):
        run_all(elsewhere, folder, pool, lambda record: None)


def test_a_scheduler_that_is_not_there_is_named(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("training.running.cluster.ANSWER", 1.0)
    with pytest.raises(ExperimentError, match=r"expected a Dask scheduler.*127.0.0.1:9"), dask("tcp://127.0.0.1:9"):
        pass


def test_dask_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExperimentError, match=r"gridzoo\[dask\]"), dask("tcp://127.0.0.1:9"):
        pass


# ----- trained for real ---------------------------------------------------------------


@pytest.fixture(scope="module")
def experiment(tmp_path_factory):
    """A file that declares nine short runs on a small table."""
    folder = tmp_path_factory.mktemp("experiment")
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(90, 6)), columns=list("abcdef"))
    table["label"] = np.where(table["a"] + table["b"] > 0, "yes", "no")
    table.to_csv(folder / "table.csv", index=False)
    (folder / "e.toml").write_text(EXPERIMENT.format(source=folder / "table.csv", more=""))
    return folder / "e.toml"


def plain(comparison):
    """Records without what differs between two runs: what they cost."""
    return {
        record.run.key: replace(record, cost=Cost(), trials=[replace(trial, seconds=0.0) for trial in record.trials])
        for record in comparison.chapters[0].records
    }


def run(experiment, out, **how):
    declared = declare(experiment)
    return compare([(declared, load(declared.source, target=declared.target))], out, **how)


@pytest.fixture(scope="module")
def reference(experiment, tmp_path_factory):
    """Done by one worker, undisturbed."""
    comparison = run(experiment, tmp_path_factory.mktemp("reference"), workers=1)
    assert not comparison.failed
    assert len(comparison.chapters[0].records) == 9
    return plain(comparison)


def start(experiment, out):
    command = [sys.executable, "-m", "gridzoo.main", "compare", experiment, "--out", out, "--workers", "2"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=_hear_sigint)


def _hear_sigint():
    """Undo what a shell does to tests that it starts in the background: their children would ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for_records(driver, out, count):
    """Wait until a driver has written so many; gives its worker processes."""
    while len(list((out / "records").glob("*.json"))) < count:
        assert driver.poll() is None, driver.communicate()
        time.sleep(0.02)
    return psutil.Process(driver.pid).children(recursive=True)


def test_one_command_is_interrupted_one_is_killed_and_two_workers_end_with_the_records_of_one(
    experiment, reference, tmp_path
):
    interrupted = start(experiment, tmp_path)
    wait_for_records(interrupted, tmp_path, 1)
    interrupted.send_signal(signal.SIGINT)
    _, said = interrupted.communicate()
    assert interrupted.returncode == 130
    assert f"gridzoo compare {experiment} --out {tmp_path} --workers 2" in said
    assert "Traceback" not in said
    kept = len(list((tmp_path / "records").glob("*.json")))
    assert 1 <= kept < 9
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "records").iterdir()}

    killed = start(experiment, tmp_path)
    workers = wait_for_records(killed, tmp_path, kept + 1)
    killed.kill()
    killed.communicate()
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert alive == []

    finished = run(experiment, tmp_path, workers=2)
    assert plain(finished) == reference
    assert {path: path.stat().st_mtime_ns for path in written} == written  # none of them was done again


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler and two workers, each a process of its own, on loopback."""
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("dask")
    file = str(folder / "scheduler.json")
    shared = ["--scheduler-file", file, "--no-dashboard"]
    cli = [sys.executable, "-m", "dask"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    processes = [
        subprocess.Popen([*cli, *words, *shared], stderr=subprocess.DEVNULL, env=environment)
        for words in (
            ["scheduler", "--host", "127.0.0.1", "--port", "0"],
            ["worker", "--nworkers", "2", "--nthreads", "1", "--local-directory", str(folder)],
        )
    ]
    try:
        while not Path(file).exists():
            assert processes[0].poll() is None
            time.sleep(0.05)
        yield json.loads(Path(file).read_text())["address"]
    finally:
        for process in reversed(processes):  # a worker without a scheduler would look for it
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            process.terminate()
            _, stubborn = psutil.wait_procs(family, timeout=15)
            for one in stubborn:
                one.kill()
            process.wait()


def test_a_dask_cluster_gives_the_same_records(experiment, reference, cluster, tmp_path):
    with dask(cluster) as (executor, size):
        while size < 2:  # the second worker is on its way
            from distributed import get_client

            get_client().wait_for_workers(2, timeout=60)
            size = 2
        finished = run(experiment, tmp_path, executor=executor, workers=size)
    assert plain(finished) == reference


def test_a_run_that_kills_dask_workers_costs_itself_alone(tasks, folder, cluster):
    """Dask gives the runs of a dead worker to another one by itself; ours is not begun a third time."""
    import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    new = []
    with dask(cluster) as (executor, _):
        from distributed import get_client

        client = get_client()
        client.run(_misbehave)
        client.register_plugin(_plugin(), name="misbehave")
        with Pool(executor, 2) as pool:
            run_all(tasks, folder, pool, new.append)
        client.unregister_worker_plugin("misbehave")
    statuses = {record.run.fold: record.status for record in new}
    assert statuses == {0: "ok", 1: "ok", 2: "failed", 3: "ok", 4: "ok"}
    (failed,) = [record for record in new if record.status == "failed"]
    assert failed.reason == "the worker process died, twice"


def _misbehave():
    import os
    import signal

    from training.records import Record
    from training.running import attempts

    def work(task):
        if task.run.fold == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return Record(task.run, "ok")

    attempts.work = work


def _plugin():
    from distributed import WorkerPlugin

    class Misbehaving(WorkerPlugin):
        """Also in the workers that come up for dead ones."""

        def setup(self, worker):
            _misbehave()

    return Misbehaving()
