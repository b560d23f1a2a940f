"""The part of a report that looks inside one network: right and wrong items, filters, stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.inside.anatomy import FeatureView, StageView
from reports.inside.explained import Check, ExplanationView, MethodView
from reports.inside.relevance import Found
from reports.wording import count, isolated, percent, plural
from training.chapters import Chapter
from training.explain.explanation import Explanation
from training.explain.insight import Insight, Look

CERTAIN = 0.999
CHECKS = ("random weights", "deletion", "insertion")


@dataclass(frozen=True)
class LookView:
    """One item, arranged for a page; without a view there is only a reason."""

    look: Look
    view: ExplanationView | None

    @property
    def explanation(self) -> Explanation | None:
        """What there is to show."""
        return self.look.explanation

    @cached_property
    def lead(self) -> MethodView | None:
        """The map of relevance that is shown, with its checks."""
        return self.view.methods[0] if self.view else None

    @property
    def checks(self) -> list[tuple[str, Check]]:
        """The checks of that map, by name."""
        lead = self.lead
        return list(zip(CHECKS, (lead.randomised, lead.deletion, lead.insertion), strict=True)) if lead else []

    @cached_property
    def words(self) -> str:
        """What was found, in words."""
        return Found.of(self.lead.relevance).words if self.lead else ""

    @cached_property
    def sureness(self) -> str:
        """Say how sure the network is of its class; none of them is certain."""
        told = self.look.explanation
        if told is None:
            return ""
        given = dict(zip(told.classes, told.probabilities, strict=True))
        own = given[told.predicted]
        said = f"more than {percent(CERTAIN)}" if own > CERTAIN else percent(own)
        said += f" sure of {isolated(told.predicted)}"
        return said if self.look.right else f"{said}, {percent(given[self.look.label])} for {isolated(self.look.label)}"


@dataclass(frozen=True)
class InsightView:
    """A look inside one network, arranged for a page."""

    insight: Insight

    @cached_property
    def looks(self) -> list[LookView]:
        """The items, right ones first."""
        ordered = sorted(self.insight.looks, key=lambda one: (one.explanation is None, not one.right))
        return [LookView(one, ExplanationView(one.explanation) if one.explanation else None) for one in ordered]

    @cached_property
    def opened(self) -> LookView | None:
        """The item on which filters and stages are shown."""
        return next((one for one in self.looks if one.look is self.insight.opened), None)

    @property
    def filters(self) -> Sequence[FeatureView]:
        """The first convolution's filters."""
        return self.opened.view.filters if self.opened and self.opened.view else ()

    @property
    def stages(self) -> Sequence[StageView]:
        """The network's stages."""
        return self.opened.view.stages if self.opened and self.opened.view else ()

    @cached_property
    def which(self) -> str:
        """Say whose network it is."""
        one = self.insight
        return (
            f"{isolated(one.model)} on {isolated(one.adapter)}, split {isolated(one.split)}, "
            f"repeat {one.repeat + 1}, fold {one.fold + 1} (record {one.key})"
        )

    @cached_property
    def why_this(self) -> str:
        """Say why this fold was taken."""
        if self.insight.mistakes:
            return f"the first in which the network mistook a test item: {count(self.insight.mistakes)} of {count(self.insight.items)}"
        return "the first; no fold's network mistook a test item, so all that is shown is right"

    @cached_property
    def sameness(self) -> str:
        """Say how far this network is the run's: one that was trained again, where its weights were gone, may differ."""
        items, same = self.insight.items, self.insight.same
        if same == items:
            return f"Here it labels all {plural(items, 'test item')} as it did in the run."
        return (
            f"Trained again from its seed, it labels {count(same)} of {plural(items, 'test item')} as the run did: "
            "what follows is about the new network."
        )


def insight_view(chapter: Chapter) -> InsightView | None:
    """Arrange what a chapter saw inside a network; None if it has looked into none."""
    return InsightView(chapter.insight) if chapter.insight else None
