"""Search spaces over what networks are made of: depths, widths, kernels, kinds of blocks.

A family's own dataclass fields are the genes, so that no network is drawn twice. A field with one
entry a stage (a tuple) becomes a count and that many dimensions, each of which matters while
the count reaches it: one more in the count is one more stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import zoo
from training.records import Settings

COUNT = "count"


@dataclass(frozen=True)
class Stages:
    """A field with one entry a stage, block or window.

    Parameters
    ----------
    most : int
        Entries; one at least.
    each : zoo.Dimension
        What an entry may be.
    """

    most: int
    each: zoo.Dimension

    def space(self, name: str, given: Sequence[int]) -> Iterator[tuple[str, zoo.Dimension]]:
        """Give the count and the entries, which start as they are given; missing ones like the last."""
        most = max(self.most, len(given))
        yield f"{name}.{COUNT}", zoo.IntRange(1, most, default=len(given))
        for number in range(1, most + 1):
            entry = self.each.including(given[min(number, len(given)) - 1])
            reached = (f"{name}.{COUNT}", tuple(range(number, most + 1)))
            yield f"{name}.{number}", replace(entry, when=reached if number > 1 else None)


@dataclass(frozen=True)
class Structure:
    """What can be rebuilt about a family.

    Parameters
    ----------
    stages : mapping of str to Stages
    fields : mapping of str to zoo.Dimension
        Beside, or in place of, what the family's own search space says of a field.
    kinds : tuple of str
        Variants whose blocks may take the place of the family's own. They have the same
        ``stages``; fields that only some have matter for these alone.
    """

    stages: Mapping[str, Stages] = field(default_factory=dict)
    fields: Mapping[str, zoo.Dimension] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()


BLOCKS = Structure(
    {"blocks": Stages(4, zoo.IntRange(1, 4))},
    {
        "width": zoo.IntRange(8, 64, step=8),
        "bottleneck": zoo.Choice((False, True)),
        "squeeze": zoo.Choice((0, 4, 16)),
        "kernel": zoo.IntRange(3, 7, step=2),
    },
    ("resnet18", "resnet50-v2", "convnext-tiny"),
)
# By the title of a family.
STRUCTURES: Mapping[str, Structure] = {
    "ResNet": BLOCKS,
    "ResNet v2": BLOCKS,
    "ConvNeXt": BLOCKS,
    "ResNet (CIFAR)": Structure(fields={"blocks": zoo.IntRange(1, 9), "width": zoo.IntRange(4, 48, step=4)}),
    "VGG": Structure(fields={"units": zoo.Choice((0, 64, 256, 1024)), "keep": zoo.Choice((1, 2, 4))}),
    "LeNet-5": Structure(
        {"maps": Stages(4, zoo.IntRange(2, 32, step=2)), "units": Stages(3, zoo.IntRange(4, 124, step=8))}
    ),
    "DenseNet": Structure({"layers": Stages(4, zoo.IntRange(1, 16))}),
    "TC-ResNet": Structure({"filters": Stages(6, zoo.IntRange(8, 64, step=4))}),
    "TextCNN": Structure({"kernels": Stages(6, zoo.IntRange(1, 8))}),
    "InceptionTime": Structure(fields={"depth": zoo.IntRange(1, 9), "filters": zoo.IntRange(4, 32, step=4)}),
    "ResNet (series)": Structure(
        {"kernels": Stages(4, zoo.IntRange(2, 16))},
        {"blocks": zoo.IntRange(1, 5), "width": zoo.IntRange(8, 64, step=8)},
    ),
    "Time-CNN": Structure({"filters": Stages(4, zoo.IntRange(4, 32, step=2))}),
}


def structure_space(arch: zoo.Architecture) -> dict[str, zoo.Dimension]:
    """Give the space of networks that an architecture can be rebuilt to, its own space included.

    Parameters
    ----------
    arch : zoo.Architecture
        Where a search starts.

    Returns
    -------
    dict
        Empty if its family has no structure to search.

    Examples
    --------
    >>> space = structure_space(zoo.architecture("textcnn"))
    >>> [name for name in space if name.startswith("kernels")][:3]
    ['kernels.count', 'kernels.1', 'kernels.2']
    """
    structure = STRUCTURES.get(arch.title)
    if structure is None:
        return {}
    names = zoo.Choice(structure.kinds).including(arch.name).values if structure.kinds else (arch.name,)
    members = [arch if name == arch.name else zoo.architecture(str(name)) for name in names]
    kinds: dict[str, zoo.Dimension] = {"name": zoo.Choice(names, default=arch.name)} if len(names) > 1 else {}
    stages = [entry for name, rows in structure.stages.items() for entry in rows.space(name, getattr(arch, name))]
    return {**kinds, **dict(stages), **dict(_fields(structure, arch, members))}


def structured(model: Settings, genes: Mapping[str, Any]) -> Settings:
    """Put the genes of a structure into the settings of an architecture.

    Examples
    --------
    >>> structured({"name": "textcnn", "filters": 8}, {"kernels.count": 2, "kernels.1": 3, "kernels.2": 5})
    {'name': 'textcnn', 'filters': 8, 'kernels': (3, 5)}
    """
    plain: dict[str, Any] = {}
    rows: dict[str, dict[int, Any]] = {}
    for name, value in genes.items():
        owner, _, entry = name.partition(".")
        if not entry:
            plain[name] = value
        elif entry != COUNT:
            rows.setdefault(owner, {})[int(entry)] = value
    kind = str(plain.get("name", model["name"]))
    base = model if kind == model["name"] else zoo.architecture(kind).config()
    return {**base, **plain, **{owner: tuple(row[number] for number in sorted(row)) for owner, row in rows.items()}}


def _fields(
    structure: Structure, arch: zoo.Architecture, members: Sequence[zoo.Architecture]
) -> Iterator[tuple[str, zoo.Dimension]]:
    """Give the dimensions that are no stages, those that only some kinds have with their condition."""
    for name in dict.fromkeys([*structure.fields, *(name for member in members for name in member.space())]):
        owners = [member for member in members if name in member.config()]
        if not owners:
            continue
        first = arch if arch in owners else owners[0]
        dimension = structure.fields.get(name) or next(m.space()[name] for m in owners if name in m.space())
        when = None if len(owners) == len(members) else ("name", tuple(member.name for member in owners))
        yield name, replace(dimension.including(getattr(first, name)), when=when)
