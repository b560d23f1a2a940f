"""Which grid, which CNN, which hyperparameters, and was a CNN right at all: tested answers.

Examples
--------
>>> import gridzoo as gz
>>> comparison = gz.compare("digits", out="runs/digits")  # doctest: +SKIP
>>> comparison.table()  # doctest: +SKIP
>>> gz.report(comparison)  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adapters.dataset import Dataset as Dataset
    from gridzoo import play as play
    from gridzoo.api import compare as compare
    from gridzoo.api import foresee as foresee
    from gridzoo.api import learn as learn
    from gridzoo.api import load as load
    from gridzoo.api import report as report
    from gridzoo.api import suggest as suggest
    from gridzoo.judging import verdict as verdict
    from gridzoo.looking import explain as explain
    from gridzoo.looking import walk as walk
    from gridzoo.networks import fit as fit
    from gridzoo.networks import tune as tune
    from training.answers import Verdict as Verdict
    from training.comparison import Comparison as Comparison
    from training.experiment import Experiment as Experiment
    from training.explain.explanation import Explanation as Explanation
    from training.export.bundle import Bundle as Bundle
    from training.fitting.estimators import GridClassifier as GridClassifier
    from training.fitting.estimators import GridRegressor as GridRegressor
    from training.fitting.predictor import Predictor as Predictor
    from training.fitting.recipe import Recipe as Recipe
    from training.fitting.tracking import MLflow as MLflow
    from training.genes.evolve import evolve_weights as evolve_weights
    from training.tuning.evolution import EvolutionOracle as EvolutionOracle
    from training.tuning.settings import Tuning as Tuning
    from training.walk.record import Walk as Walk

# Where each public name lives; imported at first use, since TensorFlow takes seconds.
PUBLIC = {
    "Bundle": "training.export.bundle",
    "Comparison": "training.comparison",
    "Dataset": "adapters.dataset",
    "EvolutionOracle": "training.tuning.evolution",
    "Experiment": "training.experiment",
    "GridClassifier": "training.fitting.estimators",
    "GridRegressor": "training.fitting.estimators",
    "MLflow": "training.fitting.tracking",
    "Explanation": "training.explain.explanation",
    "Predictor": "training.fitting.predictor",
    "Recipe": "training.fitting.recipe",
    "Tuning": "training.tuning.settings",
    "Verdict": "training.answers",
    "Walk": "training.walk.record",
    "compare": "gridzoo.api",
    "evolve_weights": "training.genes.evolve",
    "explain": "gridzoo.looking",
    "fit": "gridzoo.networks",
    "learn": "gridzoo.api",
    "foresee": "gridzoo.api",
    "load": "gridzoo.api",
    "report": "gridzoo.api",
    "suggest": "gridzoo.api",
    "tune": "gridzoo.networks",
    "verdict": "gridzoo.judging",
    "walk": "gridzoo.looking",
}
# Rooms of their own, imported at first use as well.
MODULES = ("play",)
__all__ = [*PUBLIC, *MODULES]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'gridzoo' has no attribute {name!r}; it has {', '.join(__all__)}")
    from gridzoo.house import check

    check()
    if name in MODULES:
        return import_module(f"gridzoo.{name}")
    return getattr(import_module(PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
