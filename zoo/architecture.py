"""The contract of an architecture: a frozen dataclass that draws a Keras graph."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.errors import ZooError, unknown
from zoo.grid import Grid, GridLike, rank, spatial, written
from zoo.space import Dimension, FloatRange


@dataclass(frozen=True)
class Reference:
    """A paper.

    Parameters
    ----------
    title, authors : str
    year : int
    where : str
        arXiv id (``arXiv:1512.03385``), DOI, or where it appeared.
    """

    title: str
    authors: str
    year: int
    where: str

    def __str__(self) -> str:
        return f"{self.authors} ({self.year}). {self.title}. {self.where}"


@dataclass(frozen=True)
class Native:
    """What a network was published for.

    Parameters
    ----------
    shape : tuple of int
        One input: ``(*spatial, channels)``. For networks on words or characters the
        channels are those of their vectors.
    outputs : int
        Number of classes.
    """

    shape: tuple[int, ...]
    outputs: int

    @property
    def grid(self) -> Grid:
        """The input as a grid."""
        return Grid(self.shape)


IMAGENET = Native((224, 224, 3), 1000)
CIFAR10 = Native((32, 32, 3), 10)


@dataclass(frozen=True)
class Variant:
    """One named setting of an architecture.

    Parameters
    ----------
    line : str
        What it is, with the table of the paper or the implementation it follows.
    settings : dict
        Fields that differ from the defaults of the class.
    native : Native, optional
        What it was published for, where that differs from its family's.
    """

    line: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    native: Native | None = None


@dataclass(frozen=True)
class Architecture(ABC):
    """Draw one family of networks; the fields are its hyperparameters.

    A member states its ``title``, ``reference``, ``native`` input, ``variants`` and
    ``search``, and draws itself in `features`; stages end in taps named ``stage1``, ``stage2``, …
    Most heads are the default one: global average, dropout, one dense layer.

    Parameters
    ----------
    name : str
        The variant it came from.
    dropout : float
        Rate before the last layer.

    Attributes
    ----------
    ranks : tuple of int
        Numbers of spatial axes (longer than one cell) that it can read.
    search : dict
        What a tuner may change, and in which range.
    """

    name: str
    dropout: float = 0.0

    title: ClassVar[str]
    reference: ClassVar[Reference]
    native: ClassVar[Native]
    variants: ClassVar[Mapping[str, Variant]]
    search: ClassVar[Mapping[str, Dimension]] = {}
    ranks: ClassVar[tuple[int, ...]] = (1, 2, 3)

    @abstractmethod
    def features(self, x: Tensor) -> Tensor:
        """Draw everything before the head.

        Parameters
        ----------
        x : KerasTensor, shape ``(batch, *spatial, channels)``
        """

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw what turns features into one score a class, named ``logits``."""
        x = _nd.global_pool(x, "Average", "head_pool")
        x = _layers.dropout(x, self.dropout, "head_dropout")
        return _layers.logits(x, outputs)

    def embed(self, ids: Tensor, vocabulary_size: int) -> Tensor:
        """Draw what turns ids into vectors; text networks have their own dimension."""
        return _layers.embedding(ids, vocabulary_size, _layers.EMBEDDING)

    def supports(self, grid: GridLike) -> str:
        """Say why the network cannot be drawn on a grid; empty if it can.

        Examples
        --------
        >>> import zoo
        >>> zoo.architecture("lenet5").supports(zoo.Grid((8, 8, 1)))
        ''
        """
        # A leading axis of one cell is harmless: (1, n) is (n,), for networks on one axis too.
        if rank(grid) in self.ranks and len(spatial(grid)) <= max(2, *self.ranks):
            return ""
        readable = " or ".join(f"{axes}-D" for axes in self.ranks)
        return (
            f"{self.name} reads {readable} grids, got {written(spatial(grid))}; "
            f"zoo.names(rank={rank(grid)}) lists networks that can"
        )

    @property
    def published_for(self) -> Native:
        """The input and the number of classes of the paper.

        Examples
        --------
        >>> import zoo
        >>> zoo.architecture("lenet5").published_for
        Native(shape=(32, 32, 1), outputs=10)
        """
        return self.variants[self.name].native or self.native

    def space(self) -> dict[str, Dimension]:
        """Give the search space, which starts at this very architecture."""
        dimensions = {**self.search, "dropout": FloatRange(0.0, 0.6)}
        return {name: dimension.including(getattr(self, name)) for name, dimension in dimensions.items()}

    def config(self) -> dict[str, Any]:
        """Plain data for JSON: every field, ``name`` the variant it came from.

        Examples
        --------
        >>> import zoo
        >>> zoo.from_config(zoo.architecture("lenet5").config()) == zoo.architecture("lenet5")
        True
        """
        return asdict(self)

    @classmethod
    def of(cls, variant: str, overrides: Mapping[str, Any]) -> Architecture:
        """Make a variant, with some fields changed.

        Raises
        ------
        ZooError
            If a field is unknown or its value is of the wrong kind.
        """
        defaults = {f.name: f.default for f in fields(cls) if f.name != "name"}
        settings = {**defaults, **cls.variants[variant].settings}
        for name, value in overrides.items():
            if name not in defaults:
                raise unknown(f"field of {variant}", name, defaults)
            settings[name] = _converted(f"{variant}.{name}", value, settings[name])
        return cls(name=variant, **settings)


def _converted(where: str, value: Any, default: Any) -> Any:
    """Make lists from JSON tuples again, and refuse values of another kind than the default's."""
    if isinstance(default, tuple) and isinstance(value, list | tuple):
        return _tuples(value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        kind = type(default).__name__
        raise ZooError(f"{where}: expected a value like {default!r} ({kind}), got {value!r} ({type(value).__name__})")
    return value


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list | tuple) else value
