"""One explanation, arranged for a page: the item, its maps with their checks, the network's stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

import numpy as np

from adapters.grid import Axis, GridSpec
from reports.drawings import PLOT_HEIGHT, PLOT_WIDTH, AxisMarks, Bars, Drawing, Frame, Line, bars, line_path
from reports.grids import draw_grid
from reports.inside.anatomy import FeatureView, StageView, filter_drawings, stage_views
from reports.inside.relevance import draw_relevance, strongest
from reports.items import draw_item
from reports.pictures import wav
from reports.scales import Scale
from reports.wording import number, percent
from training.explain.explanation import Curve, Explanation, Relevance

UNCHANGED = 0.5  # a mean rank correlation of this size with maps of random networks: the map hardly depends on training
MOST_CLASSES = 12

ABOUT = {
    "integrated gradients": "The slope, averaged on the way from “nothing there” to the item. Its sum accounts for the output.",
    "gradient × input": "The slope at the item times its distance from “nothing there”.",
    "SmoothGrad": "The slope, averaged over noisy copies of the item, times the same distance.",
    "Grad-CAM": "Where the feature maps that speak for the class are active. Coarse, never negative.",
    "Grad-CAM++": "As Grad-CAM, but a feature counts at each place where it occurs.",
    "occlusion": "How much the output falls when a window of cells is replaced by “nothing there”.",
}


@dataclass(frozen=True)
class Check:
    """One check of one map: whether it passed, and its numbers in words."""

    passed: bool
    text: str


@dataclass(frozen=True)
class MethodView:
    """A method's map, drawn, with its checks."""

    relevance: Relevance
    drawings: Sequence[Drawing]
    strongest: Bars | None
    about: str
    randomised: Check
    deletion: Check
    insertion: Check
    curves: Frame


@dataclass(frozen=True)
class ExplanationView:
    """An explanation, arranged for a page."""

    explanation: Explanation

    @cached_property
    def item(self) -> Drawing:
        """The item as a person knows it."""
        return draw_item(self.explanation.preview)

    @cached_property
    def grid(self) -> Drawing:
        """What the network was given."""
        return draw_grid(self.explanation.grid, self.spec)

    @cached_property
    def spec(self) -> GridSpec:
        """What the grid's cells mean."""
        return GridSpec.from_json(self.explanation.spec)

    @cached_property
    def classes(self) -> Bars:
        """Probabilities of the classes, the most probable first."""
        ranked = sorted(
            zip(self.explanation.probabilities, self.explanation.classes, strict=True), key=lambda pair: -pair[0]
        )
        values = np.array([probability for probability, _ in ranked])
        return bars([name for _, name in ranked], values, "", [percent(p) for p, _ in ranked], most=MOST_CLASSES)

    @property
    def probability(self) -> float:
        """Probability of the explained class."""
        return self.explanation.probabilities[self.explanation.classes.index(self.explanation.target)]

    @cached_property
    def methods(self) -> list[MethodView]:
        """All maps; the first leads."""
        return [_method(relevance, self.explanation) for relevance in self.explanation.relevances]

    @property
    def unaccounted(self) -> float:
        """The part of the output's difference that integrated gradients leave over."""
        found = self.explanation.completeness
        return abs(found.total - found.difference) / max(abs(found.difference), 1e-9)

    @cached_property
    def stages(self) -> list[StageView]:
        """The network's stages."""
        return stage_views(self.explanation, self.axes)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The item's own axes."""
        return tuple(Axis.from_json(axis) for axis in self.explanation.relevances[0].axes)

    @cached_property
    def filters(self) -> list[FeatureView]:
        """The first convolution's filters."""
        return filter_drawings(self.explanation.filters)

    @property
    def sound(self) -> str:
        """The relevant part of a sound, as an address; empty where there is none."""
        heard = self.explanation.heard
        return wav(np.asarray(heard.samples, dtype=float), heard.rate) if heard else ""


def _method(relevance: Relevance, explanation: Explanation) -> MethodView:
    random = explanation.random_order
    return MethodView(
        relevance,
        draw_relevance(relevance, explanation),
        strongest(relevance),
        ABOUT.get(relevance.name, ""),
        _randomised(relevance),
        _against(relevance.deletion, random.deletion, -1),
        _against(relevance.insertion, random.insertion, 1),
        _curves(relevance, explanation),
    )


def _randomised(relevance: Relevance) -> Check:
    """Judge the mean size of the rank correlations; a constant map says nothing."""
    known = [value for value in relevance.randomised if value is not None]
    if not known:
        return Check(False, "constant maps: nothing to compare")
    size = fmean(abs(value) for value in known)
    each = ", ".join("constant" if value is None else number(round(value, 2) + 0.0) for value in relevance.randomised)
    return Check(size < UNCHANGED, f"{number(round(size, 2))} ({each})")


def _against(curve: Curve, random: Sequence[Curve], sign: int) -> Check:
    areas = [one.area for one in random]
    text = f"{number(curve.area)} (random {number(fmean(areas))}, {number(min(areas))} to {number(max(areas))})"
    return Check(sign * curve.area > sign * fmean(areas), text)


def _curves(relevance: Relevance, explanation: Explanation) -> Frame:
    """Both curves, and the mean of the random orders, over the share of cells."""
    scale, random = Scale(0.0, 1.0), explanation.random_order
    shown = {
        "deletion": relevance.deletion.values,
        "insertion": relevance.insertion.values,
        "deletion, random order": np.mean([one.values for one in random.deletion], axis=0).tolist(),
        "insertion, random order": np.mean([one.values for one in random.insertion], axis=0).tolist(),
    }
    return Frame(
        alt=f"probability of the class while cells are deleted or inserted, {relevance.name}: areas "
        f"{number(relevance.deletion.area)} and {number(relevance.insertion.area)}",
        x=AxisMarks("share of cells", scale.ticks(4)),
        y=AxisMarks("probability", scale.ticks(4)),
        width=PLOT_WIDTH,
        height=PLOT_HEIGHT,
        lines=[Line(line_path(np.asarray(values, dtype=float), scale), name) for name, values in shown.items()],
    )
