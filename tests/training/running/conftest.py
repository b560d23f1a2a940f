"""Runs that need no TensorFlow, and a folder for their records."""

import numpy as np
import pytest

from adapters.cache import Cache
from adapters.sources.memory import from_arrays
from training.experiment import Experiment
from training.folder import RunFolder
from training.planning import prepare, tasks_of


@pytest.fixture
def tasks(tmp_path):
    """Five folds of a baseline on a small table."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 4))
    data = from_arrays(x, np.where(x[:, 0] > 0, "yes", "no"))
    cache = Cache(tmp_path / "cache")
    prepared = prepare(Experiment("data", baselines=("logistic",)), data, cache)
    (tmp_path / "scratch").mkdir()
    return [task for task in tasks_of(prepared, cache, tmp_path / "scratch", 1) if task.run.kind == "baseline"]


@pytest.fixture
def folder(tmp_path):
    made = RunFolder(tmp_path / "runs")
    made.create()
    return made
