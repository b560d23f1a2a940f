"""Each case walked once."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import numpy as np
import pytest

from training.fitting.predictor import Predictor
from training.walk.record import Walk
from training.walk.walk import walk


def _beside(name: str) -> ModuleType:
    """Import a module of this folder: pytest's importlib mode puts no folder on the path."""
    spec = util.spec_from_file_location(f"walk_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


CASES = _beside("cases")


@dataclass(frozen=True)
class Walked:
    """A walk, and the network that it must agree with."""

    predictor: Predictor
    item: Any
    found: Walk
    label: str

    @property
    def model(self) -> Any:
        """The predictor's own network, not the copy that the walk looked through."""
        return self.predictor.network.model

    @property
    def grid(self) -> Any:
        """What it reads."""
        return self.predictor.scaler(self.predictor.adapter.transform([self.item]))

    def outputs(self, name: str) -> Any:
        """What a layer gives."""
        return self._of(self.model.get_layer(name).output)

    def inputs(self, name: str) -> Any:
        """What a layer is given."""
        return self._of(self.model.get_layer(name).input)

    def _of(self, tensor: Any) -> Any:
        return np.asarray(keras.Model(self.model.input, tensor)(self.grid, training=False))[0]


@cache
def _walked(name: str) -> Walked:
    predictor, item = CASES.drawn(name)
    label = CASES.CLASSES[1]
    return Walked(predictor, item, walk(predictor, item, name=name, label=label), label)


@pytest.fixture(scope="session")
def cases() -> ModuleType:
    """The cases, to make more of them."""
    return CASES


@pytest.fixture(scope="session", params=CASES.CASES)
def walked(request: pytest.FixtureRequest) -> Walked:
    """Every case."""
    return _walked(request.param)


@pytest.fixture(scope="session")
def one() -> Any:
    """A case by its name."""
    return _walked
