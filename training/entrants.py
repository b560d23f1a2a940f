"""Who takes part in an experiment: networks in their arms, and baselines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import zoo
from adapters.base import Adapter
from adapters.dataset import Dataset
from adapters.grid import GridSpec
from training.errors import ExperimentError
from training.experiment import Experiment, Model
from training.records import Settings, label_of
from training.usual import default_architectures, kind_of
from training.verdict import arms, baselines


@dataclass(frozen=True)
class Entrant:
    """What a cell trains: a CNN in an arm, or a baseline."""

    kind: str
    model: Settings
    arm: str
    tuning: Settings

    @property
    def searches_adapter(self) -> bool:
        """Whether the adapter is chosen by its search."""
        return "adapter" in self.tuning.get("over", ())


def labelled(settings: Sequence[Settings]) -> list[Settings]:
    """Add a ``label`` to settings that share their name: what sets them apart."""
    out = []
    for one in settings:
        twins = [other for other in settings if other["name"] == one["name"]]
        apart = [key for key in one if any(other.get(key) != one[key] for other in twins)]
        if len(twins) > 1 and not apart:
            raise ExperimentError(f"{one['name']!r}: expected it once, got it twice with the same settings")
        label = {"label": f"{one['name']} {', '.join(f'{key}={one[key]}' for key in apart)}"} if apart else {}
        out.append({**one, **label})
    return out


def entrants_of(experiment: Experiment, dataset: Dataset, grid: GridSpec, rank: int) -> list[Entrant]:
    """Give all that an experiment trains; ``grid`` is that of its first adapter, ``rank`` the most axes of a grid."""
    axes, tuning = [axis.name for axis in grid.axes], asdict(experiment.tuning.within(experiment.recipe.epochs))
    kind = kind_of(dataset.modality, dataset.items)
    usual = [Model.of(settings, tuned=i == 0) for i, settings in enumerate(default_architectures(kind, rank))]
    models = experiment.architectures or tuple(usual)
    wanted = arms.expanded(experiment.arms, axes, [axis.size for axis in grid.axes])
    found = []
    for tuned in (True, False):
        configs = labelled([zoo.architecture(m.name, m.settings).config() for m in models if m.tuned == tuned])
        for config in configs:
            found += [Entrant("cnn", config, arm, tuning if tuned else {}) for arm in wanted if "mlp" not in arm]
            # An MLP whose size were searched would no longer be equal.
            recipe_alone = {**tuning, "over": ["recipe"]} if tuned else {}
            controls = [arm for arm in wanted if "mlp" in arm]
            equal = _equal_mlp(config, grid, len(dataset.classes)) if controls else {}
            found += [Entrant("cnn", equal, arm, recipe_alone) for arm in controls]
    for name in experiment.baselines:
        found.append(Entrant("baseline", baselines.settings_of(name, dataset.modality, axes, kind), "original", {}))
    return found


def _equal_mlp(config: Settings, grid: GridSpec, outputs: int) -> Settings:
    shape = zoo.Grid(grid.shape, len(grid.vocabulary))
    return {
        **zoo.equal_mlp(architecture_of(config), shape, outputs).config(),
        "label": arms.equal_to(label_of(config)),
    }


def architecture_of(model: Settings) -> zoo.Architecture:
    """Make the architecture that a run's settings name."""
    return zoo.from_config({key: value for key, value in model.items() if key != "label"})


def check_search(experiment: Experiment, entrants: Sequence[Entrant], adapters: Sequence[Adapter]) -> None:
    """Refuse a search among adapters where there is nothing to choose, or where they would not meet the same arms."""
    if not any(entrant.searches_adapter for entrant in entrants):
        return
    if len(adapters) < 2:
        raise ExperimentError("tuning: over: expected several adapters where 'adapter' is searched, got 1; name more")
    others = [arm for arm in experiment.arms if not re.fullmatch(r"original|permuted( \d+)?", arm)]
    if others:
        raise ExperimentError(
            f"arms: expected 'original' and 'permuted' alone where the adapter is searched, got {others}: "
            "grids of different adapters have no axes or sizes in common; leave 'adapter' out of tuning.over"
        )
