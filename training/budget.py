"""One budget, shared fairly: every entrant gets the same seconds, or the same operations.

Shares are equal between entrants (a network in an arm, on an adapter), folds and
repeats. An entrant that is tuned pays its trials from its share, so that a search
is no advantage that others do not have.

Seconds are what a user has, but a run on a busy machine then learns less. Operations are
counted, not timed: the number of epochs follows from the network and the items alone, so that
results do not depend on the machine and the learning rate runs its whole course.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from training.errors import ExperimentError
from training.fitting.recipe import Recipe
from training.running.sizes import Spec, size_of
from training.tuning.flops import training_flops
from training.tuning.settings import Tuning


@dataclass(frozen=True)
class Share:
    """What one entrant may use on one fold.

    Parameters
    ----------
    amount : float
    unit : {"seconds", "flops"}
        Of training on one core; or floating-point operations, two a
        multiply–accumulate and three forward passes a training step.
    """

    amount: float
    unit: str

    def recipe(self, recipe: Recipe, tuning: Tuning | None, spec: Spec, items: int) -> Recipe:
        """Limit a recipe so that all trainings of an entrant keep within its share.

        Parameters
        ----------
        recipe : Recipe
            Its ``epochs`` stay the most that a training does.
        tuning : Tuning or None
            The search before the training, if there is one.
        spec : Spec
            The network as it is before tuning.
        items : int
            Training items of the fold.

        Raises
        ------
        ExperimentError
            If the share is too small for one epoch.
        """
        if self.unit == "seconds":
            searched = search_share(tuning, recipe) if tuning else 0.0
            return replace(recipe, seconds=round(self.amount / (1 + searched), 3))
        epoch = training_flops(size_of(spec).macs, items)
        searched = tuning.expected_epochs if tuning else 0
        epochs = int(self.amount // epoch) - searched
        if epochs < 1:
            raise ExperimentError(
                f"budget: expected at least {(searched + 1) * epoch:.2g} operations for each entrant and fold, "
                f"since an epoch of {spec.model} takes {epoch:.2g}; its share is {self.amount:.2g}. "
                "Give a larger budget, fewer folds or smaller networks"
            )
        return replace(recipe, epochs=min(recipe.epochs, epochs))


def search_share(tuning: Tuning, recipe: Recipe) -> float:
    """Give the cost of a search, in whole trainings."""
    return tuning.within(recipe.epochs).expected_epochs / recipe.epochs
