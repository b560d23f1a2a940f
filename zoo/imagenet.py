"""ImageNet weights of ``keras.applications`` in the zoo's networks, on any grid.

The two graphs are walked side by side, so that no weight depends on a name. Of what
does not fit the grid, the first layer is adapted and the head drawn anew.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo import _layers
from zoo._layers import Tensor
from zoo.architecture import Architecture
from zoo.drawing import draw
from zoo.errors import ZooError, unknown
from zoo.grid import Grid, GridLike
from zoo.registry import architecture

Affine = tuple[NDArray[np.float64], NDArray[np.float64]]  # factor and offset of each channel

# What ``keras.applications`` calls the modes of its input, for pixels from 0 to 1 in RGB.
_MEAN, _DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
MODES: dict[str, Affine] = {
    "tf": (np.full(3, 2.0), np.full(3, -1.0)),
    "torch": (1 / _DEVIATION, -_MEAN / _DEVIATION),
    "caffe": (np.full(3, 255.0), -np.array([123.68, 116.779, 103.939])),  # and reads BGR
}


@dataclass(frozen=True)
class Source:
    """A network of ``keras.applications``.

    Parameters
    ----------
    constructor : str
    mode : str
        One of `MODES`, or empty where the network scales pixels from 0 to 255 itself.
    arguments : dict
    """

    constructor: str
    mode: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)


SOURCES: dict[str, Source] = {
    "inception-v3": Source("InceptionV3", "tf"),
    "vgg16": Source("VGG16", "caffe"),
    "vgg19": Source("VGG19", "caffe"),
    "xception": Source("Xception", "tf"),
}
SOURCES |= {f"convnext-{size.lower()}": Source(f"ConvNeXt{size}") for size in ("Tiny", "Small", "Base", "Large")}
SOURCES |= {"convnext-xlarge": Source("ConvNeXtXLarge")}
SOURCES |= {f"densenet{depth}": Source(f"DenseNet{depth}", "torch") for depth in (121, 169, 201)}
SOURCES |= {f"efficientnet-b{size}": Source(f"EfficientNetB{size}") for size in range(8)}
SOURCES |= {f"efficientnet-v2-{size.lower()}": Source(f"EfficientNetV2{size}") for size in ("B0", "B1", "B2", "B3")}
SOURCES |= {f"efficientnet-v2-{size.lower()}": Source(f"EfficientNetV2{size}") for size in "SML"}
SOURCES |= {
    f"mobilenet{suffix}": Source("MobileNet", "tf", {"alpha": alpha})
    for suffix, alpha in (("", 1.0), ("-075", 0.75), ("-050", 0.5), ("-025", 0.25))
}
SOURCES |= {
    f"mobilenet-v2{suffix}": Source("MobileNetV2", "tf", {"alpha": alpha})
    for suffix, alpha in (("", 1.0), ("-050", 0.5), ("-140", 1.4))
}
SOURCES |= {
    f"mobilenet-v3-{size.lower()}{suffix}": Source(f"MobileNetV3{size}", "", {"alpha": alpha})
    for size in ("Small", "Large")
    for suffix, alpha in (("", 1.0), ("-075", 0.75))
}
SOURCES |= {f"resnet{depth}-keras": Source(f"ResNet{depth}", "caffe") for depth in (50, 101, 152)}
SOURCES |= {f"resnet{depth}-v2-keras": Source(f"ResNet{depth}V2", "tf") for depth in (50, 101, 152)}

FREE = ("name", "dropout", "drop_path")  # fields that leave every weight where it is


def source_of(arch: Architecture, grid: GridLike) -> Source:
    """Find the weights for an architecture.

    Raises
    ------
    ZooError
        If there are none for its variant, for its settings, or for such grids.
    """
    if arch.name not in SOURCES:
        raise unknown("variant with ImageNet weights", arch.name, SOURCES)
    published, settings = architecture(arch.name).config(), arch.config()
    changed = [name for name, value in settings.items() if name not in FREE and value != published[name]]
    if changed:
        raise ZooError(f"{arch.name} with another {', '.join(changed)} has no ImageNet weights; leave it as published")
    if grid.vocabulary_size or len(grid.shape) > 3:
        raise ZooError(f"ImageNet weights read dense 1-D and 2-D grids, got {grid}; build without weights")
    return SOURCES[arch.name]


def load(source: Source) -> Any:
    """Give the network of ``keras.applications`` with its weights, which Keras downloads once."""
    import keras

    constructor = getattr(keras.applications, source.constructor)
    try:
        return constructor(weights="imagenet", classifier_activation=None, **source.arguments)
    except Exception as error:
        raise ZooError(
            f"the ImageNet weights of {source.constructor} could not be had ({error}); "
            "Keras downloads them once, into its cache: check the network, or build without weights"
        ) from error


def pretrained(arch: Architecture, grid: GridLike, outputs: int, seed: int) -> Any:
    """Draw a network with ImageNet weights; says in a warning what the grid changed about them.

    Returns
    -------
    keras.Model
        Reads pixels from 0 to 1, in RGB where it has three channels.
    """
    source = source_of(arch, grid)
    reference = load(source)
    factor, offset = (spread(values, grid.shape[-1]) for values in scaling(reference, source.mode))

    def prepare(x: Tensor) -> Tensor:
        return _layers.rescale(x, factor.tolist(), offset.tolist(), "pixels")

    model = draw(arch, grid, outputs, seed, prepare)
    changes = transfer(reference, model, arch, flipped=source.mode == "caffe")
    if changes:
        warnings.warn(f"{arch.name} on {grid.shape}, ImageNet weights: {'; '.join(changes)}", stacklevel=3)
    return model


def scaling(reference: Any, mode: str) -> Affine:
    """Find what the network expects of pixels from 0 to 1: by its mode, or from its own first layers."""
    if mode:
        return MODES[mode]
    factor, offset = np.full(3, 255.0), np.zeros(3)
    for layer in reference.layers:
        if type(layer).__name__ == "Rescaling":
            factor, offset = factor * layer.scale, offset * layer.scale + layer.offset
        elif type(layer).__name__ == "Normalization":
            mean, deviation = (np.ravel(np.asarray(v)) for v in (layer.mean, np.sqrt(np.asarray(layer.variance))))
            factor, offset = factor / deviation, (offset - mean) / deviation
    return factor, offset


def spread(values: NDArray[Any], channels: int) -> NDArray[Any]:
    """Give three channels' values to another number of channels: their mean to one, in turn to more."""
    if channels == 1:
        return np.array([values.mean()])
    return np.resize(values, channels)


def transfer(reference: Any, model: Any, arch: Architecture, *, flipped: bool = False) -> list[str]:
    """Copy a network's weights into the same network on another grid.

    Parameters
    ----------
    reference : keras.Model
        Of ``keras.applications``.
    model : keras.Model
        Of `zoo.build`, for ``arch``.
    arch : Architecture
    flipped : bool
        Whether the reference reads its channels in the opposite order.

    Returns
    -------
    list of str
        What does not carry over, and what became of it.
    """
    import keras

    with keras.StatelessScope(initialize_variables=False):
        alike = draw(arch, Grid(tuple(reference.input_shape[1:])), reference.output_shape[-1])
    names = [weight.path for weight in weights_along(alike)]
    theirs = weights_along(reference)
    if len(names) != len(theirs):
        raise ZooError(f"{arch.name} has {len(names)} weights, {reference.name} {len(theirs)}: not the same network")
    values: dict[str, Any] = dict(zip(names, theirs, strict=True))
    if flipped:
        values[names[0]] = values[names[0]].numpy()[..., ::-1, :]
    return carry_over(values, model, names[0])


def carry_over(values: Mapping[str, Any], model: Any, first: str) -> list[str]:
    """Copy weights by name into a network on another grid, as far as they fit.

    Parameters
    ----------
    values : mapping
        From a weight's path to its values. What is missing keeps the model's own.
    model : keras.Model
        Of `zoo.build`.
    first : str
        Path of the kernel that reads the grid's channels.

    Returns
    -------
    list of str
        What does not carry over, and what became of it.
    """
    changes, anew = [], []
    for weight in model.weights:
        fitted = None
        if weight.path in values:
            value = np.asarray(values[weight.path])
            if weight.path == first and weight.shape[-2] != value.shape[-2]:
                channels = weight.shape[-2]
                changes.append(f"{first.split('/')[0]} reads {channels} channels instead of {value.shape[-2]}")
                value = _channels(value, channels)
            fitted = _cropped(value, tuple(weight.shape))
        if fitted is None:
            anew.append(weight.path.split("/")[0])
        else:
            weight.assign(fitted)
    if anew:
        changes.append(f"drawn anew: {', '.join(dict.fromkeys(anew))}")
    return changes


def _channels(kernel: NDArray[Any], channels: int) -> NDArray[Any]:
    """Let a kernel read another number of channels: grey as three alike; more in turn, at the same total."""
    given: int = kernel.shape[-2]
    share = np.zeros((channels, given))
    if channels == 1:
        share[:] = 1
    else:
        share[np.arange(channels), np.arange(channels) % given] = given / channels
    return np.asarray(share @ kernel, kernel.dtype)


def _cropped(values: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any] | None:
    """Keep the middle of a kernel, whose rim meets nothing but padding on a short axis; None if that is not it."""
    if values.ndim <= 2 or len(shape) < values.ndim - 1:
        return values.reshape(shape) if values.size == np.prod(shape) else None
    if values.shape[-2] * values.shape[-1] != shape[-2] * shape[-1]:
        return None
    # A depthwise kernel (cells, channels, 1) may be written as that of groups (cells, 1, channels).
    values = values.reshape(*values.shape[:-2], *shape[-2:])
    wanted = (1,) * (values.ndim - len(shape)) + shape
    starts = [(n - k) // 2 for n, k in zip(values.shape, wanted, strict=False)]
    middle = values[tuple(slice(start, start + k) for start, k in zip(starts, wanted, strict=False))]
    return middle.reshape(shape) if middle.size == np.prod(shape) else None


def _parents(operation: Any) -> list[Any]:
    return [node.operation for node in operation._inbound_nodes[0].parent_nodes]


def weights_along(model: Any) -> list[Any]:
    """List weights in an order that the graph alone decides: depth first, at sums the shorter path first."""
    import keras

    depths: dict[Any, int] = {}
    for operation in model.operations:  # inputs first
        depths[operation] = 1 + max((depths[parent] for parent in _parents(operation)), default=0)
    found: list[Any] = []
    seen: set[Any] = set()
    waiting = [(model.output._keras_history.operation, False)]
    while waiting:
        operation, parents_done = waiting.pop()
        if parents_done:
            learned = isinstance(operation, keras.Layer) and not isinstance(operation, keras.layers.Normalization)
            found += operation.weights if learned else []
        elif operation not in seen:
            seen.add(operation)
            parents = _parents(operation)
            if type(operation).__name__ in {"Add", "Multiply"}:
                parents = sorted(parents, key=depths.__getitem__)
            waiting.append((operation, True))
            waiting += [(parent, False) for parent in reversed(parents)]
    return found
