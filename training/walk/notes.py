"""What a network lacks, and what a walk leaves out, in words."""

from __future__ import annotations

from training.fitting.predictor import Predictor
from training.walk.head import averages
from training.walk.route import Route, activates, pools


def notes(predictor: Predictor, way: Route) -> list[str]:
    """Say which steps this network does not have, and how training differed from the step shown."""
    found = [*_missing(way), *_resting(predictor)]
    recipe = predictor.recipe
    found.append(
        f"Training took its steps by {recipe.optimizer}, over batches of {recipe.batch_size} items; the step here is plain "
        "gradient descent on this item alone."
    )
    if recipe.label_smoothing:
        found.append(f"Training smoothed the labels by {recipe.label_smoothing:g}; the error here is not smoothed.")
    return found


def _missing(way: Route) -> list[str]:
    if way.conv is None:
        return ["This network has no convolution: no filters are matched, and no maps are pooled."]
    layers = [link.layer for link in way.links]
    found = []
    if not way.conv.trainable:
        found.append(
            "The filters of the first convolution are fixed: training does not move them, so they have no slope here."
        )
    if not any(map(activates, layers)):
        found.append("No layer of this network bends the cells of a map, so that step is left out.")
    if not any(map(pools, layers)):
        where = " before its last layer, where the cells vote" if averages(way.last) else ""
        found.append(f"This network has no pooling{where}, so that step is left out.")
    if not way.dense and not averages(way.last):
        found.append(
            "The last layer of this network neither weighs features nor averages cells, so no votes are shown."
        )
    elif not way.dense:
        found.append("This network has no fully connected layer: it averages a map for each class.")
    return found


def _resting(predictor: Predictor) -> list[str]:
    names = {type(layer).__name__ for layer in predictor.network.model.layers}
    found = []
    if "Dropout" in names:
        found.append("Dropout rests: it drops cells in training only.")
    if "BatchNormalization" in names:
        found.append("Normalisation uses the means and deviations that training has gathered; they stay as they are.")
    return found
