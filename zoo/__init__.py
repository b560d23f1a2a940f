"""Convolutional networks for grids of any size, each verified against its paper.

Examples
--------
>>> import zoo
>>> model = zoo.build("lenet5", zoo.Grid((28, 28, 1)), outputs=10)
>>> model.output_shape
(None, 10)
"""

from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.building import build
from zoo.control import equal_mlp
from zoo.errors import ZooError
from zoo.grid import Grid, GridLike
from zoo.measure import LayerSize, Size, layers, layers_of, measure, variants
from zoo.receptive import Field, receptive_fields
from zoo.registry import architecture, describe, from_config, names
from zoo.space import Choice, Dimension, FloatRange, IntRange
from zoo.tuning import chosen, hypermodel, space

__all__ = [
    "Architecture",
    "Choice",
    "Dimension",
    "Field",
    "FloatRange",
    "Grid",
    "GridLike",
    "IntRange",
    "LayerSize",
    "Native",
    "Reference",
    "Size",
    "Variant",
    "ZooError",
    "architecture",
    "build",
    "chosen",
    "describe",
    "equal_mlp",
    "from_config",
    "hypermodel",
    "layers",
    "layers_of",
    "measure",
    "names",
    "receptive_fields",
    "space",
    "variants",
]
